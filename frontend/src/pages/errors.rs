//! Pages for when something is not as it should be.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use crate::{api::Error, page::Page, session::Wall};

/// The page for what the backend did not do.
pub fn failed(error: &Error) -> Page {
    if error.is_not_found() {
        return not_found();
    }
    if error.is_temporary() {
        tracing::warn!(%error, "the backend could not be asked");
        return away();
    }
    tracing::error!(%error, "the backend refused what it should not");
    broken()
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match Wall::of(&self) {
            Some(wall) => wall.into_response(),
            None => failed(&self).into_response(),
        }
    }
}

/// 404: no such address.
pub fn not_found() -> Page {
    plain(
        StatusCode::NOT_FOUND,
        "We could not find that page",
        "It may have moved, or the link may be old. Search for what you need, or start from the shop.",
    )
}

/// 400: an address or a form that cannot be read.
pub fn bad_request() -> Page {
    plain(
        StatusCode::BAD_REQUEST,
        "We could not read that",
        "Something in the address or the form was not what this page expects. Go back and try again.",
    )
}

/// 403: a form that no page of ours drew for this visitor.
pub fn forbidden() -> Page {
    plain(
        StatusCode::FORBIDDEN,
        "That form has expired",
        "Nothing was changed. Go back, load the page again and send it once more. Cookies must be allowed for this shop.",
    )
}

/// 503: the backend is away.
pub fn away() -> Page {
    plain(
        StatusCode::SERVICE_UNAVAILABLE,
        "The shop is taking a short break",
        "We cannot reach our stock room right now. Your cart is safe. Try again in a moment.",
    )
}

/// 500: our mistake.
pub fn broken() -> Page {
    plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong on our side",
        "It has been written down and we will look at it. Try again, or come back a little later.",
    )
}

fn plain(status: StatusCode, title: &'static str, text: &'static str) -> Page {
    let is_temporary = status == StatusCode::SERVICE_UNAVAILABLE;
    Page::public(title, move || {
        view! {
            <div class="page plain-page">
                <h1>{title}</h1>
                <p class="lead">{text}</p>
                <p class="ways">
                    {is_temporary.then(|| view! { <a class="button" href="">"Try again"</a> })}
                    <a class="button" href="/">"Go to the shop"</a>
                    <a href="/cart">"Your cart"</a>
                </p>
            </div>
        }
    })
    .with_status(status)
}
