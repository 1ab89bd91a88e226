//! What staff see and change, by what it is about.

mod customers;

pub use self::customers::*;
