//! What staff do: a file for each part of the shop.

mod bulk;
mod categories;
mod content;
mod customers;
pub mod desk;
mod exports;
mod freshness;
mod fulfilment;
mod goods;
mod grid;
mod jobs;
mod orders;
mod prices;
mod races;
mod refunds;
mod settings;
mod stock;
