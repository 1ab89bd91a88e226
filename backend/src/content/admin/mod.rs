//! Staff's work on what the shop says: pages, posts, menus, and where old addresses lead.

mod handlers;
mod kept;
mod links;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The routes of staff's work on what the shop says.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::list_content_pages, handlers::add_content_page))
        .routes(routes!(
            handlers::show_content_page,
            handlers::set_content_page,
            handlers::remove_content_page
        ))
        .routes(routes!(handlers::list_journal, handlers::add_post))
        .routes(routes!(handlers::show_journal_post, handlers::set_post, handlers::remove_post))
        .routes(routes!(links::show_menu, links::set_menu))
        .routes(routes!(links::list_redirects, links::add_redirect, links::remove_redirect))
}
