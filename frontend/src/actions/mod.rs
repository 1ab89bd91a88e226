//! What the button of each form does.

pub mod cart;
pub mod checkout;
pub mod order;
