//! What staff ask of stock.

pub mod levels;
pub mod locations;
