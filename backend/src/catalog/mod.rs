//! What there is to sell: shelves, products, and whether they can be bought.

mod availability;
mod handlers;
pub mod import;
mod shelves;
mod store;

use api_types::ProductId;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::{
    availability::{Stock, availability, best},
    shelves::{Shelves, without_children},
    store::cards,
};

/// The catalogue's routes, but for lists and suggestions, which are the search's.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::list_categories))
        .routes(routes!(handlers::show_category))
        .routes(routes!(handlers::show_product))
        .routes(routes!(handlers::resolve_redirect))
        .merge(import::routes())
}

/// The tag of every finished answer about this product.
pub fn tag(product: ProductId) -> String {
    format!("product:{product}")
}
