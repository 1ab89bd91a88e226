//! Oxcart's backend: the JSON API, its background work, and its commands.

mod accounts;
mod app;
mod audit;
pub mod cache;
mod cart;
pub mod catalog;
mod checkout;
pub mod config;
mod content;
pub mod events;
mod exports;
#[doc(hidden)]
pub mod fuzzing;
pub mod http;
mod inventory;
pub mod jobs;
pub mod keys;
pub mod limits;
mod mail;
mod markup;
mod media;
mod orders;
pub mod payments;
pub mod pricing;
mod seal;
mod search;
mod secrets;
pub mod seed;
pub mod serve;
pub mod settings;
mod sitemap;
mod spreadsheet;
pub mod staff;
pub mod telemetry;
mod texts;
pub mod verify;
pub mod worker;

pub use self::{
    app::{App, Clock},
    config::Config,
};

use std::net::SocketAddr;

use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
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
    modifiers(&Security),
    // Named by answers and parameters only, which are not searched for schemas.
    components(schemas(
        api_types::Problem, api_types::FieldError, api_types::Sort,
        http::IfMatch, http::idempotency::IdempotencyKey,
    ))
)]
struct Document;

/// How customers and staff show who they are, in the API's words.
struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "A customer's access token, from signing in; browsers send it as the cookie `__Host-access`.",
            ))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("customer", SecurityScheme::Http(bearer));
        let staff = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The token of an open session of staff, or the secret of a program's key. What an operation needs of them stands beside it: docs/roles.md.",
            ))
            .build();
        components.add_security_scheme("staff", SecurityScheme::Http(staff));
    }
}

/// Every slice's routes, with their part of the API's document.
fn api() -> OpenApiRouter<App> {
    let slices = OpenApiRouter::new()
        .merge(http::health::routes())
        .merge(settings::routes())
        .merge(accounts::routes())
        .merge(content::routes())
        .merge(catalog::routes())
        .merge(media::routes())
        .merge(cart::routes())
        .merge(checkout::routes())
        .merge(orders::routes())
        .merge(payments::routes())
        .merge(search::routes())
        .merge(sitemap::routes())
        .merge(inventory::admin::routes())
        .merge(staff::routes())
        .merge(audit::routes())
        .merge(jobs::routes())
        .merge(exports::routes());
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api", slices)
}

/// The API's document, OpenAPI 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::docs::complete(api().into_openapi())
}

/// The whole API as a listener serves it, which tells each request who holds its connection.
pub fn service(app: App) -> IntoMakeServiceWithConnectInfo<axum::Router, SocketAddr> {
    router(app).into_make_service_with_connect_info::<SocketAddr>()
}

/// The whole API, ready to be served.
pub fn router(app: App) -> axum::Router {
    let (routes, document) = api().split_for_parts();
    let routes = routes.merge(http::docs::routes(&http::docs::complete(document)));
    http::layers::around(routes, &app).with_state(app)
}
