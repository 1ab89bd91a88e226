//! Orders as staff work on them: found, held, called off, sent, delivered.

mod fulfilments;
mod handlers;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The routes of staff's work on orders.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::list_orders))
        .routes(routes!(handlers::show_staff_order))
        .routes(routes!(handlers::add_order_note))
        .routes(routes!(handlers::hold_order))
        .routes(routes!(handlers::release_order))
        .routes(routes!(handlers::cancel_order_by_staff))
        .routes(routes!(fulfilments::make_fulfilment))
        .routes(routes!(fulfilments::show_fulfilment, fulfilments::set_tracking))
        .routes(routes!(fulfilments::pack_fulfilment))
        .routes(routes!(fulfilments::ship_fulfilment))
        .routes(routes!(fulfilments::deliver_fulfilment))
        .routes(routes!(fulfilments::fail_fulfilment))
        .routes(routes!(fulfilments::return_fulfilment))
        .routes(routes!(fulfilments::cancel_fulfilment))
}
