//! The moving parts: each wraps HTML that works without it and makes it quicker.
//!
//! An island takes its facts from the HTML that it wraps, not from props: nothing is
//! sent twice, and the browser needs no JSON reader of ours.

mod cart_badge;
mod cart_drawer;
mod dom;
mod fetch;
mod gallery;
mod json;
mod quantity;
mod search_suggest;
mod variant_picker;

pub use self::{
    cart_badge::CartBadge, cart_drawer::CartDrawer, gallery::Gallery, quantity::Stepper,
    search_suggest::SearchSuggest, variant_picker::VariantPicker,
};
