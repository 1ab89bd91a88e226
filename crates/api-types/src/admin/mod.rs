//! What staff see and ask for; each file has the words of one part of the shop.

mod bulk;
mod content;
mod customers;
mod goods;
mod jobs;
mod media;
mod orders;
mod settings;
mod shelves;
mod stock;

pub use self::{
    bulk::*, content::*, customers::*, goods::*, jobs::*, media::*, orders::*, settings::*,
    shelves::*, stock::*,
};

use serde::{Deserialize, Deserializer};

/// Tells a field that was sent as null, which clears it, from one that was not sent.
#[expect(clippy::option_option, reason = "absent leaves it, null clears it")]
fn sent<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
