//! The API's document, and a page to read it that needs nothing from elsewhere.

use axum::{Router, http::header, response::Html, routing::get};
use utoipa::openapi::OpenApi;

use crate::App;

/// `/api/openapi.json` and `/api/docs`.
pub fn routes(document: &OpenApi) -> Router<App> {
    let json = document.to_pretty_json().unwrap_or_default();
    let page = reading_page(document);
    Router::new()
        .route(
            "/api/openapi.json",
            get(async move || ([(header::CONTENT_TYPE, "application/json")], json)),
        )
        .route("/api/docs", get(async move || Html(page)))
}

fn reading_page(document: &OpenApi) -> String {
    format!("<!doctype html><title>{}</title>", document.info.title)
}
