//! What staff do in the day's work.

mod bulk;
mod categories;
mod desk;
mod freshness;
mod goods;
mod grid;
mod prices;
mod races;
mod stock;
