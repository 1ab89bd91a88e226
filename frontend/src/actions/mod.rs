//! What the button of each form does.

pub mod account;
pub mod cart;
pub mod checkout;
pub mod order;
