//! Customers and what is kept of them.

pub mod addresses;
pub mod customers;
pub mod leaving;
pub mod letters;
pub mod passkeys;
pub mod sessions;
