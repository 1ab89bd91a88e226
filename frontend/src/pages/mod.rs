//! One file per page: it reads its URL, asks the backend, draws.

pub mod account;
mod address;
pub mod cart;
pub mod category;
pub mod checkout;
pub mod content;
pub mod errors;
mod head;
pub mod home;
mod listing;
mod listing_query;
mod moved;
pub mod order;
pub mod product;
mod product_data;
pub mod search;
