//! Shelves as staff arrange them.

use serde::{Deserialize, Serialize};

use super::sent;
use crate::{CategoryId, MediaId};

/// A shelf as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CategorySheet {
    /// Which one.
    pub id: CategoryId,
    /// The shelf that it stands in.
    pub parent_id: Option<CategoryId>,
    /// Its name in addresses; an old one leads on to it.
    pub handle: String,
    /// Its name for people.
    pub title: String,
    /// One or two sentences about it.
    pub intro: String,
    /// A picture of what is there.
    pub media_id: Option<MediaId>,
    /// Its place among those beside it.
    pub position: i32,
    /// Products on it, whatever their status; not those on shelves inside it.
    pub products: i64,
    /// Counts changes; send it back as `If-Match`.
    pub version: i32,
    /// Shelves inside it, in order.
    #[cfg_attr(feature = "server", schema(no_recursion))]
    pub children: Vec<CategorySheet>,
}

/// Make a shelf.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// Its name for people, up to 100 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub title: String,
    /// Its name in addresses; made of the title when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100))]
    pub handle: Option<String>,
    /// The shelf that it stands in; a top shelf when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CategoryId>,
    /// One or two sentences about it, up to 1 000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 1000))]
    pub intro: Option<String>,
}

/// Change a shelf: what is absent stays, null clears.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateCategory {
    /// Its name for people, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub title: Option<String>,
    /// Its name in addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100))]
    pub handle: Option<String>,
    /// One or two sentences about it, up to 1 000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 1000))]
    pub intro: Option<String>,
    /// A picture of what is there.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<MediaId>))]
    pub media_id: Option<Option<MediaId>>,
}

/// Put a shelf, and all inside it, elsewhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveCategory {
    /// The shelf to stand in; a top shelf when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CategoryId>,
    /// Its place among those beside it, from 0; the last when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    pub position: Option<i32>,
}
