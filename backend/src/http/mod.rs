//! What handlers need of HTTP; knows nothing of the shop.

mod admission;
mod checks;
mod client;
pub mod docs;
mod error;
mod extract;
pub mod health;
pub mod idempotency;
pub mod layers;
mod origin;
mod page;
mod rate_limit;
mod strict;
mod version;

pub use self::{
    checks::{Checks, LONGEST_HANDLE, line, pattern, words},
    client::Client,
    error::{ApiError, Failures, Result},
    extract::{Form, Json, Path, Query, Raw, bearer},
    page::{All, PageSize, decode_cursor, encode_cursor},
    rate_limit::{Key, Limits, Standing},
    version::{IfMatch, Versioned},
};
