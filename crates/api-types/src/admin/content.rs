//! What staff write: pages, posts, menus, and where old addresses lead.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{MediaId, MenuLink};

/// A page of words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPage {
    /// Its name in addresses, unique; an old one leads on.
    #[cfg_attr(feature = "server", schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100))]
    pub slug: String,
    /// Its title.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// A sentence about it.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(max_length = 1000))]
    pub summary: String,
    /// HTML; what could harm is taken out.
    #[cfg_attr(feature = "server", schema(max_length = 200_000))]
    pub body_html: String,
    /// Where it stands among the others.
    #[serde(default)]
    pub position: i32,
}

/// A post of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPost {
    /// Its name in addresses, unique; an old one leads on.
    #[cfg_attr(feature = "server", schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100))]
    pub slug: String,
    /// Its title.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// What it is about, in a sentence or two.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(max_length = 1000))]
    pub summary: String,
    /// HTML; what could harm is taken out.
    #[cfg_attr(feature = "server", schema(max_length = 200_000))]
    pub body_html: String,
    /// A wide picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    /// Since when it can be read, or from when on; a draft has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<DateTime<Utc>>,
}

/// The links of a menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetMenu {
    /// In order; none goes back to what the shop makes of its pages.
    #[cfg_attr(feature = "server", schema(max_items = 50))]
    pub links: Vec<MenuLink>,
}

/// An old address and where it leads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetRedirect {
    /// The path that was.
    #[cfg_attr(feature = "server", schema(pattern = "^/", max_length = 500))]
    pub path: String,
    /// The path that is.
    #[cfg_attr(feature = "server", schema(pattern = "^/", max_length = 500))]
    pub target: String,
}
