//! What handlers need of HTTP; knows nothing of the shop.

pub mod docs;
mod error;
mod extract;
pub mod health;
pub mod idempotency;
pub mod layers;
mod page;

pub use self::{
    error::{ApiError, Failures, Result},
    extract::{Json, Path, Query},
    page::{decode_cursor, encode_cursor},
};
