//! `/`

use axum::extract::State;
use leptos::prelude::*;

use crate::{
    api::Error,
    app::{App, Page},
};

/// What is new, what sells, what the shop promises.
pub async fn home(State(app): State<App>) -> Result<Page, Error> {
    let home = app.api.home(None).await?;
    let title = home.hero.map_or_else(|| "Welcome".to_owned(), |hero| hero.title);
    Ok(Page::public("", move || view! { <div class="page"><h1>{title}</h1></div> }))
}
