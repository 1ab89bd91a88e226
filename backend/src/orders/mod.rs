//! What was bought, and how far along it is.

mod admin;
mod again;
mod cancel;
mod fulfil;
mod handlers;
mod invoice;
mod link;
pub mod status;
mod store;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::{
    cancel::{called_off, expire},
    fulfil::{parcel, recount, restock},
    invoice::Seller,
    link::{OrderAccess, address, token},
    store::{
        Entry, Head, NewLine, NewOrder, NewTaxLine, claim, due_to_expire, head, insert,
        mark_placed, note_entry, note_event, numbered, of_customer, set_money, set_payment_method,
    },
    view::order,
};

/// The orders' routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(handlers::show_order))
        .routes(routes!(handlers::cancel_order))
        .routes(routes!(handlers::reorder))
        .routes(routes!(handlers::show_invoice))
        .merge(admin::routes())
}
