//! Orders and customers as CSV, for books and spreadsheets.
//!
//! Rows are read and sent page by page, so that a large shop is never held as a whole. Every file is
//! noted in the audit log before its first byte, and counted, so that operators can be told.

mod cells;
mod handlers;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The routes of exports.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::export_orders))
        .routes(routes!(handlers::export_customers))
}
