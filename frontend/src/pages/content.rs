//! `/pages/{slug}`

use axum::extract::State;
use leptos::prelude::*;

use crate::{
    api::Error,
    app::{App, Page},
    extract::Path,
};

/// A page of words.
pub async fn content(State(app): State<App>, Path(slug): Path<String>) -> Result<Page, Error> {
    let page = app.api.content(&slug).await?;
    let (title, body) = (page.title.clone(), page.body_html);
    Ok(Page::public(page.title, move || {
        view! { <article class="page"><h1>{title}</h1><div inner_html=body></div></article> }
    }))
}
