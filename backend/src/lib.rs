//! Oxcart's backend: the JSON API, its background work, and its commands.

mod app;
pub mod cache;
mod cart;
pub mod catalog;
mod checkout;
pub mod config;
mod content;
pub mod events;
pub mod http;
mod inventory;
pub mod jobs;
mod mail;
mod media;
mod orders;
pub mod payments;
pub mod pricing;
mod search;
pub mod seed;
pub mod serve;
pub mod settings;
mod sitemap;
pub mod telemetry;
mod texts;
pub mod verify;
pub mod worker;

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
    // Named by answers and parameters only, which are not searched for schemas.
    components(schemas(api_types::Problem, api_types::FieldError, api_types::Sort))
)]
struct Document;

/// Every slice's routes, with their part of the API's document.
fn api() -> OpenApiRouter<App> {
    let slices = OpenApiRouter::new()
        .merge(http::health::routes())
        .merge(settings::routes())
        .merge(content::routes())
        .merge(catalog::routes())
        .merge(media::routes())
        .merge(cart::routes())
        .merge(checkout::routes())
        .merge(orders::routes())
        .merge(payments::routes())
        .merge(search::routes())
        .merge(sitemap::routes());
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api", slices)
}

/// The API's document, OpenAPI 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::docs::complete(api().into_openapi())
}

/// The whole API, ready to be served.
pub fn router(app: App) -> axum::Router {
    let (routes, document) = api().split_for_parts();
    let routes = routes.merge(http::docs::routes(&http::docs::complete(document)));
    http::layers::around(routes, &app).with_state(app)
}
