//! From cart to order: the only slice that calls many others.
//!
//! [`place`] writes the order and holds its stock in one transaction; then,
//! outside any transaction, the provider is asked for the money.

mod handlers;
mod order;
mod place;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The checkout's route.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(handlers::complete_cart))
}
