//! Staff's stock in the database.

pub mod levels;
pub mod lists;
pub mod locations;
