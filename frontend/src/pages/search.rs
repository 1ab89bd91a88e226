//! `/search?q=`

use axum::extract::State;
use leptos::prelude::*;

use crate::{
    api::Error,
    app::{App, Page},
};

/// Products that match what was typed.
pub async fn search(State(_): State<App>) -> Result<Page, Error> {
    Ok(Page::public("Search", || view! { <div class="page"><h1>"Search"</h1></div> }))
}
