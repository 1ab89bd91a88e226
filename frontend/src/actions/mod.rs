//! What the button of each form does.

pub mod account;
pub mod cart;
pub mod checkout;
pub mod currency;
pub mod find_order;
pub mod order;
pub mod share;
