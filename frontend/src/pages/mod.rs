//! One file per page: it reads its URL, asks the backend, draws.

pub mod account;
mod address;
pub mod cart;
pub mod category;
pub mod checkout;
pub mod content;
pub mod errors;
pub mod find_order;
mod head;
pub mod home;
pub mod journal;
mod listing;
mod listing_query;
mod moved;
pub mod order;
pub mod product;
mod product_data;
pub mod search;
pub mod share;

pub use head::absolute;
