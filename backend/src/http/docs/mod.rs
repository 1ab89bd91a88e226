//! The API's document, and a page to read it that needs nothing from elsewhere.

mod page;

use axum::{
    Router,
    http::header,
    response::{Html, IntoResponse},
    routing::get,
};
use utoipa::openapi::OpenApi;

use crate::App;

/// The page is text in our own style, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `/api/openapi.json` and `/api/docs`.
pub fn routes(document: &OpenApi) -> Router<App> {
    let json = document.to_pretty_json().unwrap_or_default();
    let page = page::page(&serde_json::to_value(document).unwrap_or_default());
    Router::new()
        .route("/api/openapi.json", get(async || fixed("application/json", json)))
        .route(
            "/api/docs",
            get(async || ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page))),
        )
        .route("/api/docs/style.css", get(async || fixed("text/css; charset=utf-8", include_str!("style.css"))))
}

/// The same until another version runs.
fn fixed(mime: &'static str, body: impl IntoResponse) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, "public, max-age=300")], body)
}
