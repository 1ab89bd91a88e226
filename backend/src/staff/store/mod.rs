//! The rows of staff.

pub mod keys;
pub mod members;
pub mod sessions;
