//! What the shop is called, where it sells, and what its home page says.

use serde::{Deserialize, Serialize};

use crate::{Category, Currency, Picture, PostCard, ProductCard, RegionId};

/// What a storefront must know before it draws a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ShopConfig {
    /// The shop's name.
    pub name: String,
    /// What it stands for, in a line.
    pub tagline: String,
    /// Currency of prices when none is asked for.
    pub default_currency: Currency,
    /// Currencies with prices.
    pub currencies: Vec<Currency>,
    /// Where it sells.
    pub regions: Vec<Region>,
    /// Top categories with their children.
    pub categories: Vec<Category>,
    /// Links of the foot of every page.
    pub footer: Vec<MenuLink>,
    /// Whether the journal has anything to read.
    #[serde(default)]
    pub has_journal: bool,
    /// Total from which standard delivery is free, in the default currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_delivery_from: Option<crate::Money>,
}

/// Countries that share a currency and ways to pay and deliver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Region {
    /// Which one.
    pub id: RegionId,
    /// Its name.
    pub title: String,
    /// Its currency.
    pub currency: Currency,
    /// Whether prices shown include tax.
    pub tax_included: bool,
    /// Where it delivers.
    pub countries: Vec<Country>,
}

/// A country the shop delivers to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Country {
    /// ISO 3166 code, two capital letters.
    pub code: String,
    /// Its name.
    pub title: String,
    /// States or provinces that an address must name: (code, name).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "server", schema(value_type = Vec<crate::Pair>))]
    pub states: Vec<(String, String)>,
    /// Whether an address must have a postal code.
    pub needs_postal_code: bool,
    /// What a postal code looks like: a regular expression, and an example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<crate::Pair>))]
    pub postal_code: Option<(String, String)>,
}

/// A link in a menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MenuLink {
    /// Words.
    pub title: String,
    /// Path on the shop.
    pub path: String,
}

/// A large picture of the home page with its words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct HomeSection {
    /// Heading.
    pub title: String,
    /// Text below it.
    pub text: String,
    /// The one link.
    pub link: MenuLink,
    /// Wide picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// The same for phones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_picture: Option<Picture>,
}

/// A promise of the shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Promise {
    /// In a few words.
    pub title: String,
    /// In a sentence.
    pub text: String,
}

/// The home page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct HomePage {
    /// First thing seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hero: Option<HomeSection>,
    /// Newest products, at most eight.
    pub new_arrivals: Vec<ProductCard>,
    /// Best selling products, at most eight.
    pub best_sellers: Vec<ProductCard>,
    /// A story.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<HomeSection>,
    /// Newest posts of the journal, at most three.
    #[serde(default)]
    pub posts: Vec<PostCard>,
    /// What the shop promises.
    pub promises: Vec<Promise>,
    /// The top categories.
    pub categories: Vec<Category>,
}
