//! The API's document, and a page to read it that needs nothing from elsewhere.

mod page;

use axum::{
    Router,
    http::{StatusCode, header},
    response::{Html, IntoResponse},
    routing::get,
};
use utoipa::openapi::{
    OpenApi, RefOr,
    schema::{AdditionalProperties, Schema},
};

use crate::App;

/// The page is text in our own style, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What is sent in one of several kinds, none of which has room for more: its derived schema does not say so.
const CLOSED: [&str; 1] = ["BulkOperation"];

/// `/api/openapi.json` and `/api/docs`.
pub fn routes(document: &OpenApi) -> Router<App> {
    let json = document.to_pretty_json().unwrap_or_default();
    let page = page::page(&serde_json::to_value(document).unwrap_or_default());
    Router::new()
        .route("/api/openapi.json", get(async || fixed("application/json", json)))
        .route("/api/docs", get(async || ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page))))
        .route(
            "/api/docs/style.css",
            get(async || fixed("text/css; charset=utf-8", include_str!("style.css"))),
        )
}

/// Gives every answer its status in words where its operation says no more: OpenAPI 3.1 wants some. A
/// parameter that may be left out is left out: none is ever null. What has no room for more says so.
pub fn complete(mut document: OpenApi) -> OpenApi {
    for item in document.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        let mut operations: Vec<_> = operations.into_iter().flatten().collect();
        for parameter in operations.iter_mut().flat_map(|it| &mut it.parameters).flatten() {
            let RefOr::T(parameter) = parameter else { continue };
            let Some(RefOr::T(Schema::OneOf(either))) = &parameter.schema else { continue };
            let named = either.items.iter().find(|item| matches!(item, RefOr::Ref(_))).cloned();
            parameter.schema = named.or(parameter.schema.take());
        }
        for (status, answer) in operations.into_iter().flat_map(|it| &mut it.responses.responses) {
            let RefOr::T(answer) = answer else { continue };
            if answer.description.is_empty() {
                let known =
                    status.parse().ok().and_then(|code: StatusCode| code.canonical_reason());
                known.unwrap_or(status).clone_into(&mut answer.description);
            }
        }
    }
    let schemas = document.components.iter_mut().flat_map(|parts| &mut parts.schemas);
    schemas.filter(|(name, _)| CLOSED.contains(&name.as_str())).for_each(|(_, it)| close(it));
    document
}

/// Says of every kind of a thing that it has no other fields.
fn close(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(kinds)) = schema else { return };
    for kind in &mut kinds.items {
        if let RefOr::T(Schema::Object(kind)) = kind {
            kind.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
}

/// The same until another version runs.
fn fixed(mime: &'static str, body: impl IntoResponse) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, "public, max-age=300")], body)
}
