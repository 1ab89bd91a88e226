//! Staff's catalogue in the database.

pub mod bulk;
pub mod categories;
pub mod options;
pub mod prices;
pub mod products;
pub mod sheet;
pub mod variants;
