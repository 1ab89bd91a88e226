//! What the shop is called, where it sells, and what its home page says.

pub(crate) mod admin;
mod handlers;
mod known;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::{
    known::{AskedCurrency, Known, Settings},
    store::{bank_account, refund_limit},
};

/// The tag of every finished answer that tells what the shop is called or where it sells.
pub const TAG: &str = "settings";
/// The tag of every finished answer that tells whether prices include tax.
pub const CURRENCIES: &str = "currencies";

/// The routes of a storefront's settings and pages.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::show_config))
        .routes(routes!(handlers::show_home))
        .merge(admin::routes())
}
