//! Pictures, as staff keep them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{MediaId, Picture};

/// A picture that the shop keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MediaSheet {
    /// Which one.
    pub id: MediaId,
    /// Counts changes; send it back as `If-Match`.
    pub version: i32,
    /// Where it came from: `upload:` and a hash, the address that an import named, or a name of the demo shop.
    /// The setting `home` names pictures by it.
    pub source: String,
    /// Whether all of its sizes are made. Until the first are, shoppers do not see it.
    pub is_ready: bool,
    /// All of its files together, in bytes.
    pub bytes: i64,
    /// In how many places it hangs: products, shelves, posts, the home page.
    pub uses: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// What shoppers see.
    pub picture: Picture,
}

/// What is to be different about a picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateMedia {
    /// What it shows, in words, for those who do not see it; empty for one that only decorates.
    #[cfg_attr(feature = "server", schema(max_length = 300))]
    pub alt: String,
}

/// Where a picture hangs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MediaUse {
    /// `product`, `category`, `post` or `home`.
    pub kind: String,
    /// Its name in addresses; `home` of the home page.
    pub name: String,
}
