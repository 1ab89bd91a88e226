//! `/cart/share` and `/cart/add?lines=`

use std::fmt::Write as _;

use api_types::{Cart, SharedCart, SharedLine};
use axum::{extract::State, http::Uri};
use leptos::prelude::*;
use serde::Deserialize;

use super::head::absolute;
use crate::{
    api::Error,
    app::{App, Page},
    components::{EmptyState, Notice, Tone, order_summary::thumb},
    currency::Prices,
    extract::{Query, Visitor},
    pages::errors,
    texts,
};

/// What the link of a cart says.
#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    lines: String,
}

/// The path of a link that holds what is in a cart; `None` when nothing is.
fn path(cart: &Cart) -> Option<String> {
    let mut lines = String::new();
    for line in &cart.lines {
        let comma = if lines.is_empty() { "" } else { "," };
        let _ = write!(lines, "{comma}{}:{}", line.variant_id, line.quantity);
    }
    (!lines.is_empty()).then(|| format!("/cart/add?lines={lines}"))
}

/// A link to give away, which holds what is in the visitor's cart and nothing about the visitor.
pub async fn share(State(app): State<App>, visitor: Visitor) -> Result<Page, Error> {
    let cart = visitor.cart().await?.map(|(_, cart)| cart);
    let path = cart.as_ref().and_then(path);
    let link = path.map(|path| absolute(&app.config.public_url, &path));
    Ok(Page::private(texts::share_title(), move || shown(link)))
}

fn shown(link: Option<String>) -> impl IntoView {
    let Some(link) = link else {
        return view! {
            <div class="page">
                <EmptyState title=texts::share_nothing() text=texts::share_nothing_text()>
                    <a class="button primary" href="/search?sort=newest">{texts::share_nothing_new()}</a>
                </EmptyState>
            </div>
        }
        .into_any();
    };
    view! {
        <div class="page plain-page">
            <h1>{texts::share_title()}</h1>
            <p class="lead">
                {texts::share_title_text()}
            </p>
            <div class="field share-link">
                <label for="link">{texts::share_title_link()}</label>
                <input id="link" type="url" readonly value=link.clone()/>
            </div>
            <p class="ways">
                <a class="button" href=link>{texts::share_title_open()}</a>
                <a href="/cart">{texts::share_title_back()}</a>
            </p>
        </div>
    }
    .into_any()
}

/// What is in the cart behind a link; it changes nothing until the button is pressed.
pub async fn add(
    State(app): State<App>,
    Prices(currency): Prices,
    Query(link): Query<Link>,
    uri: Uri,
) -> Result<Page, Error> {
    let shared = match app.api.shared_cart(&link.lines, currency).await {
        Ok(shared) => shared,
        Err(error) if error.code() == Some("invalid") => {
            tracing::debug!(%uri, "not the link of a cart");
            return Ok(errors::bad_request());
        }
        Err(error) => return Err(error),
    };
    Ok(Page::private(texts::share_offered(), move || offered(shared)))
}

fn offered(shared: SharedCart) -> impl IntoView {
    if shared.lines.is_empty() {
        return view! {
            <div class="page">
                <EmptyState
                    title=texts::share_gone()
                    text=texts::share_gone_text()
                >
                    <a class="button primary" href="/search?sort=newest">{texts::share_nothing_new()}</a>
                </EmptyState>
            </div>
        }
        .into_any();
    }
    let left_out = (shared.left_out > 0).then(|| {
        view! { <Notice tone=Tone::Plain>{texts::share_left_out(u64::from(shared.left_out))}</Notice> }
    });
    let lines = shared
        .lines
        .iter()
        .map(|line| format!("{}:{}", line.variant_id, line.quantity))
        .collect::<Vec<_>>()
        .join(",");
    let rows = shared.lines.into_iter().map(row).collect_view();
    view! {
        <div class="page shared">
            <h1>{texts::share_offered()}</h1>
            <p class="lead">{texts::share_offered_text()}</p>
            {left_out}
            <ul class="small-lines">{rows}</ul>
            <p class="shared-total"><span>{texts::share_offered_together()}</span><span class="price">{shared.total.to_string()}</span></p>
            <form method="post" action="/cart/add">
                <input type="hidden" name="lines" value=lines/>
                <button class="button primary">{texts::share_offered_put()}</button>
            </form>
            <p class="muted small">{texts::share_offered_note()}</p>
        </div>
    }
    .into_any()
}

fn row(line: SharedLine) -> impl IntoView {
    let chosen: Vec<_> = line.options.iter().map(|option| option.value.clone()).collect();
    let short =
        (!line.is_available).then(|| view! { <p class="signal small">{texts::share_short()}</p> });
    view! {
        <li>
            {thumb(line.picture.as_ref(), &line.title).into_any()}
            <div>
                <p><a href=format!("/products/{}", line.handle)>{line.title}</a></p>
                <p class="muted small">{chosen.join(", ")}</p>
                <p class="muted small">{texts::share_quantity(line.quantity)}</p>
                {short}
            </div>
            <p class="price">{line.total.to_string()}</p>
        </li>
    }
    .into_any()
}
