//! Which addresses search engines should know: read from the database as it is, part by part.

mod handlers;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The routes of the map.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::show_sitemap))
        .routes(routes!(handlers::list_sitemap))
}
