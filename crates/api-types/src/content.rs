//! What the shop says beside its goods: pages of words, and the journal.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Picture;

/// A page of words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ContentPage {
    /// Its name in addresses, unique.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// A sentence about it; empty when nobody wrote one.
    #[serde(default)]
    pub summary: String,
    /// Clean HTML.
    pub body_html: String,
    /// When it was written anew.
    pub updated_at: DateTime<Utc>,
}

/// A page of words as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ContentLink {
    /// Its name in addresses, unique.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// A sentence about it; empty when nobody wrote one.
    pub summary: String,
    /// When it was written anew.
    pub updated_at: DateTime<Utc>,
}

/// A post of the journal as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PostCard {
    /// Its name in addresses, unique.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// A wide picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// Since when it can be read.
    pub published_at: DateTime<Utc>,
}

/// A post of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Post {
    /// What a list shows of it.
    #[serde(flatten)]
    pub card: PostCard,
    /// Clean HTML.
    pub body_html: String,
    /// When it was written anew.
    pub updated_at: DateTime<Utc>,
    /// The newest others, at most three.
    pub others: Vec<PostCard>,
}
