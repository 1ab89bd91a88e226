//! One file per page: it reads its URL, asks the backend, draws.

pub mod cart;
pub mod category;
pub mod checkout;
pub mod content;
pub mod errors;
pub mod home;
pub mod order;
pub mod product;
pub mod search;
