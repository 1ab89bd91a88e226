//! The rows of what staff keep of the shop's own things; a file for each kind of row.

pub mod methods;
pub mod rates;
pub mod regions;
pub mod settings;
pub mod tax_classes;
pub mod tax_rates;
pub mod zones;
