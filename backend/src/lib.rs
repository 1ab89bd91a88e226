//! Oxcart.
pub mod pricing;
