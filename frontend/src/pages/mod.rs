//! One file per page: it reads its URL, asks the backend, draws.

pub mod category;
pub mod content;
pub mod errors;
pub mod home;
pub mod product;
pub mod search;
