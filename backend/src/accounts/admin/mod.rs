//! Customers as staff see them: found, put right, signed out, and let go.
//!
//! The audit log says which fields of a customer changed and never what is in them: it cannot be
//! altered, and a customer may leave.

mod handlers;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The routes of staff about customers.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::list_customers))
        .routes(routes!(handlers::show_customer, handlers::edit_customer))
        .routes(routes!(handlers::sign_out_customer))
        .routes(routes!(handlers::send_customer_password_letter))
        .routes(routes!(handlers::erase_customer))
        .routes(routes!(handlers::ask_for_customer_export))
        .routes(routes!(handlers::fetch_customer_export))
}
