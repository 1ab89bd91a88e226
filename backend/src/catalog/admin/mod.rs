//! Staff's work on the catalogue: products, variants, prices, shelves, and many at once.
//!
//! A product's version guards it with its variants, options and pictures. Prices and stock change
//! beside it: their own rules guard them.

mod bulk;
mod edit;
mod grid;
mod handlers;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::bulk::{JOB, run};

/// The routes of staff's catalogue.
pub fn routes() -> OpenApiRouter<App> {
    use handlers::{bulk, categories, options, prices, products, variants};

    OpenApiRouter::new()
        .routes(routes!(products::list_all_products, products::make_product))
        .routes(routes!(
            products::show_product_sheet,
            products::update_product,
            products::delete_product
        ))
        .routes(routes!(products::publish_product))
        .routes(routes!(products::archive_product))
        .routes(routes!(products::restore_product))
        .routes(routes!(products::duplicate_product))
        .routes(routes!(options::set_options))
        .routes(routes!(options::set_pictures))
        .routes(routes!(variants::make_variant))
        .routes(routes!(variants::generate_variants))
        .routes(routes!(variants::update_variant, variants::delete_variant))
        .routes(routes!(prices::set_prices))
        .routes(routes!(categories::list_all_categories, categories::make_category))
        .routes(routes!(
            categories::show_category_sheet,
            categories::update_category,
            categories::delete_category
        ))
        .routes(routes!(categories::move_category))
        .routes(routes!(bulk::change_many_products))
        .routes(routes!(bulk::show_bulk_run))
}
