//! Oxcart's backend: the JSON API, its background work, and its commands.

mod app;
pub mod config;
pub mod http;
mod search;
pub mod serve;
pub mod telemetry;
mod worker;

pub use self::{
    app::{App, Clock},
    config::Config,
};

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The schema, in order.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Oxcart",
        description = "The shop's API. Money is in minor units, times are RFC 3339 in UTC, errors are problems (RFC 9457).",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(api_types::Problem))
)]
struct Document;

/// Every slice's routes, with their part of the API's document.
fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api", http::health::routes().merge(search::routes()))
}

/// The API's document, OpenAPI 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().into_openapi()
}

/// The whole API, ready to be served.
pub fn router(app: App) -> axum::Router {
    let (routes, document) = api().split_for_parts();
    let routes = routes.merge(http::docs::routes(&document));
    http::layers::around(routes, &app).with_state(app)
}
