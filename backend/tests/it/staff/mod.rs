//! Those who work for the shop: coming in, what each role may, what is written down of it.

mod audit;
mod coming_in;
mod keys;
mod roles;
mod sealed;
