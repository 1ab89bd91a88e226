//! Customers: signing up and in, devices, addresses, carts and orders of theirs, leaving.

mod addresses;
mod carts;
mod guessing;
pub mod leaving;
mod orders;
mod passwords;
mod registering;
mod sessions;
mod timing;
mod tokens;
