//! Pages for when something is not as it should be.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use crate::{api::Error, page::Page, texts};

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
        failed(&self).into_response()
    }
}

/// 404: no such address.
pub fn not_found() -> Page {
    plain(StatusCode::NOT_FOUND, texts::errors_not_found(), texts::errors_not_found_text())
}

/// 400: an address or a form that cannot be read.
pub fn bad_request() -> Page {
    plain(StatusCode::BAD_REQUEST, texts::errors_bad_request(), texts::errors_bad_request_text())
}

/// 403: a form that no page of ours drew for this visitor.
pub fn forbidden() -> Page {
    plain(StatusCode::FORBIDDEN, texts::errors_forbidden(), texts::errors_forbidden_text())
}

/// 503: the backend is away.
pub fn away() -> Page {
    plain(StatusCode::SERVICE_UNAVAILABLE, texts::errors_away(), texts::errors_away_text())
}

/// 500: our mistake.
pub fn broken() -> Page {
    plain(StatusCode::INTERNAL_SERVER_ERROR, texts::errors_broken(), texts::errors_broken_text())
}

fn plain(status: StatusCode, title: &'static str, text: &'static str) -> Page {
    let is_temporary = status == StatusCode::SERVICE_UNAVAILABLE;
    Page::public(title, move || {
        view! {
            <div class="page plain-page">
                <h1>{title}</h1>
                <p class="lead">{text}</p>
                <p class="ways">
                    {is_temporary.then(|| view! { <a class="button" href="">{texts::errors_away_again()}</a> })}
                    <a class="button" href="/">{texts::errors_ways_shop()}</a>
                    <a href="/cart">{texts::errors_ways_cart()}</a>
                </p>
            </div>
        }
    })
    .with_status(status)
}
