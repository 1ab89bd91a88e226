//! What a shopper means to buy: opened by its token, priced afresh at every look.

mod access;
pub mod address;
mod handlers;
mod merge;
mod opening;
mod priced;
mod problems;
mod share;
mod shipping;
mod store;
mod tax;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::{
    access::{CartAccess, in_cookie},
    opening::opened,
    priced::{Priced, priced},
    shipping::MethodRow,
    store::{
        CartRow, LineRow, country, expire_old, lock, mark_ordered, on_sale, reopen,
        shipping_methods,
    },
    tax::{Choices, rules as tax_rules},
};

/// The cart's routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::open_cart))
        .routes(routes!(handlers::current_cart))
        .routes(routes!(handlers::show_permalink))
        .routes(routes!(handlers::show_cart, handlers::update_cart, handlers::discard_cart))
        .routes(routes!(merge::merge_cart))
        .routes(routes!(handlers::add_lines))
        .routes(routes!(handlers::set_quantity, handlers::remove_line))
        .routes(routes!(handlers::list_shipping_options))
        .routes(routes!(handlers::choose_shipping))
        .routes(routes!(handlers::list_payment_methods))
}
