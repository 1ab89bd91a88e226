//! What the shop says beside its goods: pages of words, and the journal.

mod admin;
mod handlers;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::store::{has_posts, newest_posts};

/// The tag of every finished answer that shows pages or posts.
pub const TAG: &str = "content";

/// The routes of pages and posts.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::list_pages))
        .routes(routes!(handlers::show_page))
        .routes(routes!(handlers::list_posts))
        .routes(routes!(handlers::show_post))
        .merge(admin::routes())
}
