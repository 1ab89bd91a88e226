//! What the shop is called, where it sells, and what its home page says.

mod handlers;
mod known;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::{
    known::{AskedCurrency, Known, Settings},
    store::refund_limit,
};

/// The routes of a storefront's settings and pages.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(handlers::show_config)).routes(routes!(handlers::show_home))
}
