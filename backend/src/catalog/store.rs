//! Reading the catalogue.

mod cards;

pub use cards::cards;
