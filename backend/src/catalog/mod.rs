//! What there is to sell: shelves, products, and whether they can be bought.

mod availability;
mod store;

pub use self::{
    availability::{Stock, availability},
    store::cards,
};
