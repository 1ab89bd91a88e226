//! The rows of staff.

pub mod authenticators;
pub mod keys;
pub mod members;
pub mod sessions;
