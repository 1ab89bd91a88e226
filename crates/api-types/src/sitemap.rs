//! Which addresses search engines should know.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Addresses of one kind are listed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum SitemapKind {
    /// What there is to buy.
    Products,
    /// Shelves.
    Categories,
    /// Pages of words.
    Pages,
    /// Posts of the journal.
    Posts,
}

impl SitemapKind {
    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Categories => "categories",
            Self::Pages => "pages",
            Self::Posts => "posts",
        }
    }
}

/// Every part of the map.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Sitemap {
    /// Kind by kind, each from its first page on.
    pub parts: Vec<SitemapPart>,
}

/// Up to 5,000 addresses of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SitemapPart {
    /// What is in it.
    pub kind: SitemapKind,
    /// Counts from 1 within the kind.
    pub page: u32,
    /// Give this as `cursor` for its addresses.
    pub cursor: String,
    /// When the youngest of them was written anew, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<Utc>>,
}

/// One address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SitemapEntry {
    /// Path on the shop.
    pub path: String,
    /// When it was written anew, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<Utc>>,
}
