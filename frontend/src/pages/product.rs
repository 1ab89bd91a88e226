//! `/products/{handle}`

use axum::extract::State;
use leptos::prelude::*;

use crate::{
    api::Error,
    app::{App, Page},
    extract::Path,
};

/// One thing to buy.
pub async fn product(State(app): State<App>, Path(handle): Path<String>) -> Result<Page, Error> {
    let product = app.api.product(&handle, None).await?;
    let title = product.title;
    Ok(Page::public(title.clone(), move || view! { <div class="page"><h1>{title}</h1></div> }))
}
