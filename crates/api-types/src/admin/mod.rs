//! What staff see and ask for; each file has the words of one part of the shop.

mod customers;
mod goods;
mod orders;
mod stock;

pub use self::{customers::*, goods::*, orders::*, stock::*};

use serde::{Deserialize, Deserializer};

/// Tells a field that was sent as null, which clears it, from one that was not sent.
#[expect(clippy::option_option, reason = "absent leaves it, null clears it")]
fn sent<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
