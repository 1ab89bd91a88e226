//! Staff's work on the shop's own things: settings, regions, taxes, delivery.
//!
//! What is kept in rows is a [`Keep`]; [`keep`] reads and changes any of them by the same rules.

mod delivery;
mod handlers;
pub mod keep;
mod known;
mod preview;
mod refusal;
mod regions;
mod settings;
mod store;
mod taxes;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::{
    keep::Keep,
    known::path,
    refusal::{code, in_use, text},
    store::settings::{menu, set_menu},
};

/// The routes of staff's work on the shop's own things.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(settings::list_settings))
        .routes(routes!(settings::set_setting))
        .routes(routes!(handlers::list_regions, handlers::add_region))
        .routes(routes!(handlers::show_region, handlers::set_region, handlers::remove_region))
        .routes(routes!(handlers::list_tax_classes, handlers::add_tax_class))
        .routes(routes!(
            handlers::show_tax_class,
            handlers::set_tax_class,
            handlers::remove_tax_class
        ))
        .routes(routes!(handlers::list_tax_rates, handlers::add_tax_rate))
        .routes(routes!(handlers::show_tax_rate, handlers::set_tax_rate, handlers::remove_tax_rate))
        .routes(routes!(handlers::list_shipping_zones, handlers::add_shipping_zone))
        .routes(routes!(
            handlers::show_shipping_zone,
            handlers::set_shipping_zone,
            handlers::remove_shipping_zone
        ))
        .routes(routes!(handlers::list_shipping_methods, handlers::add_shipping_method))
        .routes(routes!(
            handlers::show_shipping_method,
            handlers::set_shipping_method,
            handlers::remove_shipping_method
        ))
        .routes(routes!(handlers::list_shipping_rates, handlers::add_shipping_rate))
        .routes(routes!(
            handlers::show_shipping_rate,
            handlers::set_shipping_rate,
            handlers::remove_shipping_rate
        ))
        .routes(routes!(preview::preview_tax))
        .routes(routes!(preview::preview_shipping))
}
