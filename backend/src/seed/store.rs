//! Writing the demo shop in batches.

pub mod products;
pub mod settings;
pub mod shop;
