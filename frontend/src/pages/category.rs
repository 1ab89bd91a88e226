//! `/categories/{handle}`

use axum::extract::State;
use leptos::prelude::*;

use crate::{
    api::Error,
    app::{App, Page},
    extract::Path,
};

/// One shelf of the shop.
pub async fn category(State(app): State<App>, Path(handle): Path<String>) -> Result<Page, Error> {
    let detail = app.api.category(&handle).await?;
    let title = detail.category.title;
    Ok(Page::public(title.clone(), move || view! { <div class="page"><h1>{title}</h1></div> }))
}
