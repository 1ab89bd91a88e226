//! Staff's work on stock: levels, movements, holds and locations.
//!
//! A hold cannot be let go of here: an active one is of an order that waits for its money, a converted
//! one of an order that is paid, and either promises its goods (I5, A3). Cancelling the order lets go.

mod change;
mod handlers;
mod store;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The routes of staff's stock.
pub fn routes() -> OpenApiRouter<App> {
    use handlers::{levels, locations};

    OpenApiRouter::new()
        .routes(routes!(levels::list_stock))
        .routes(routes!(levels::adjust_stock))
        .routes(routes!(levels::transfer_stock))
        .routes(routes!(levels::list_stock_movements))
        .routes(routes!(levels::list_stock_holds))
        .routes(routes!(locations::list_locations, locations::make_location))
        .routes(routes!(locations::update_location))
}
