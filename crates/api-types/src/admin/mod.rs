//! What staff send and see in the day's work, under `/api/admin`.

mod goods;
mod stock;

pub use self::{goods::*, stock::*};

use serde::{Deserialize, Deserializer};

/// Tells a field that was sent as null, which clears it, from one that was not sent.
#[expect(clippy::option_option, reason = "absent leaves it, null clears it")]
fn sent<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
