//! What a new shop begins with: where it sells, and the demo shop. Running it again changes nothing.

mod countries;
mod delivery;
mod demo;
mod pictures;
mod rows;
mod run;
mod settings;
mod store;
mod taxes;

pub use self::{run::seed, settings::settings};

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// When the demo shop opened: its ids sort as if made then (2026-01-01).
const OPENED_MS: u64 = 1_767_225_600_000;

/// The id that `name` always gets, so that a second run finds what the first one made.
fn id(name: &str) -> Uuid {
    numbered_id(0, name)
}

/// The same, in the order of `number`: rows made one after the other lie side by side.
fn numbered_id(number: u64, name: &str) -> Uuid {
    let hash = Sha256::digest(name.as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    uuid::Builder::from_unix_timestamp_millis(OPENED_MS + number, &random).into_uuid()
}

/// The location that the shop's stock lies at.
pub fn main_location() -> api_types::LocationId {
    api_types::LocationId(id("location main"))
}

/// The class of goods that are taxed like most.
pub fn standard_tax() -> api_types::TaxClassId {
    api_types::TaxClassId(id("tax class standard"))
}

/// The class of goods that are taxed less, such as food and books.
pub fn reduced_tax() -> api_types::TaxClassId {
    api_types::TaxClassId(id("tax class reduced"))
}
