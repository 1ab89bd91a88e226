//! What there is to sell.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{CategoryId, Currency, MediaId, Money, ProductId, VariantId};

/// A picture, in the sizes that there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Picture {
    /// Which one.
    pub id: MediaId,
    /// What it shows, in words.
    pub alt: String,
    /// Width of the largest source in pixels.
    pub width: i32,
    /// Height of the largest source in pixels.
    pub height: i32,
    /// Files to choose from, best format first, small to large within a format.
    pub sources: Vec<PictureSource>,
}

/// One file of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PictureSource {
    /// Where it is; relative to the shop's address.
    pub url: String,
    /// Width in pixels.
    pub width: i32,
    /// Media type, such as `image/avif`.
    pub mime: String,
}

/// A shelf of the shop, with the shelves inside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Category {
    /// Which one.
    pub id: CategoryId,
    /// Its name in addresses, unique.
    pub handle: String,
    /// Its name for people.
    pub title: String,
    /// One or two sentences about it.
    pub intro: String,
    /// Handle of the shelf that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// A picture of what is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// Products on sale in it and below it.
    pub product_count: i64,
    /// Shelves inside it, in order.
    #[cfg_attr(feature = "server", schema(no_recursion))]
    pub children: Vec<Category>,
}

/// One shelf, and the way to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CategoryDetail {
    /// The shelf.
    pub category: Category,
    /// From the top down to this shelf.
    pub breadcrumbs: Vec<Crumb>,
}

/// A step on the way to a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Crumb {
    /// Category handle.
    pub handle: String,
    /// Its name for people.
    pub title: String,
}

/// Whether a variant, or any variant of a product, can be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Can be bought.
    InStock,
    /// Can be bought, and few are left.
    Low,
    /// Can be ordered, and is sent later.
    Backorder,
    /// Cannot be bought now.
    SoldOut,
}

/// A colour that a product comes in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Swatch {
    /// Its name.
    pub value: String,
    /// Hex colour, `#7c8b6f`.
    pub hex: String,
    /// Product picture in that colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// A product as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProductCard {
    /// Which one.
    pub id: ProductId,
    /// Its name in addresses, unique.
    pub handle: String,
    /// Its name for people.
    pub title: String,
    /// A line below the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Handle of its category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Lowest price among its variants.
    pub price: Money,
    /// Whether some variants cost more.
    pub price_varies: bool,
    /// What that variant cost before a sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare_at: Option<Money>,
    /// The best of its variants.
    pub availability: Availability,
    /// First and second picture.
    pub pictures: Vec<Picture>,
    /// Colours, at most eight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swatches: Vec<Swatch>,
}

/// In which order a list comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best match first; best selling without a query.
    #[default]
    Relevance,
    /// Lowest price first.
    PriceAsc,
    /// Highest price first.
    PriceDesc,
    /// Newest first.
    Newest,
    /// Best selling of the last 30 days first.
    BestSelling,
    /// By name.
    Name,
}

/// Which products to list. Prices are minor units of `currency`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ProductQuery {
    /// Words to search for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Category handle; its children count too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Lowest price, minor units, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_min: Option<i64>,
    /// Highest price, minor units, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_max: Option<i64>,
    /// Only what can be bought now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<bool>,
    /// Order of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// Currency of prices; the shop's own when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// `next_cursor` or `prev_cursor` of another page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows on a page, 1 to 100; 24 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `total` to count all rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<String>,
}

/// One way to choose a product, such as Colour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProductOption {
    /// Its name.
    pub name: String,
    /// What there is to choose from, in order.
    pub values: Vec<OptionValue>,
}

/// One choice of an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OptionValue {
    /// Its name.
    pub value: String,
    /// Hex colour, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swatch: Option<String>,
}

/// One choice, named with its option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OptionRef {
    /// Option name.
    pub name: String,
    /// Value name.
    pub value: String,
}

/// One thing to put into a basket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Variant {
    /// Which one.
    pub id: VariantId,
    /// Stock keeping unit, unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// One value for each option of the product, in the options' order.
    pub options: Vec<String>,
    /// Price in the asked-for currency; absent when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// What it cost before a sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare_at: Option<Money>,
    /// Lowest price of the last 30 days, when it is on sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lowest_30d: Option<Money>,
    /// Whether it can be bought.
    pub availability: Availability,
    /// How many are left, when few are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<i32>,
    /// The most that one basket may hold.
    pub max_quantity: i32,
    /// Grams.
    pub weight_g: i32,
}

/// A picture of a product, and what it shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProductPicture {
    /// The picture.
    pub picture: Picture,
    /// The choice that it shows; absent when it is of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<OptionRef>,
}

/// A line of the specification table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Detail {
    /// What.
    pub name: String,
    /// How much or which.
    pub value: String,
}

/// A product with all that its page needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProductDetail {
    /// Which one.
    pub id: ProductId,
    /// Its name in addresses, unique.
    pub handle: String,
    /// Its name for people.
    pub title: String,
    /// A line below the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Clean HTML.
    pub description_html: String,
    /// Title for search engines; the title when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo_title: Option<String>,
    /// Summary for search engines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seo_description: Option<String>,
    /// Specification table.
    pub details: Vec<Detail>,
    /// Ways to choose, at most three.
    pub options: Vec<ProductOption>,
    /// What can be bought.
    pub variants: Vec<Variant>,
    /// All pictures, in order.
    pub pictures: Vec<ProductPicture>,
    /// From the top down to its category.
    pub breadcrumbs: Vec<Crumb>,
    /// Others like it, at most four.
    pub related: Vec<ProductCard>,
    /// Lowest price among its variants.
    pub price: Money,
    /// Whether some variants cost more.
    pub price_varies: bool,
    /// The best of its variants.
    pub availability: Availability,
    /// Whether prices include tax.
    pub tax_included: bool,
    /// Changes with every change of the product.
    pub version: i32,
    /// When it went on sale.
    pub published_at: DateTime<Utc>,
}

/// What a search might become.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Suggestions {
    /// Best first.
    pub data: Vec<Suggestion>,
}

/// What a suggestion leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// A product page.
    Product,
    /// A category page.
    Category,
}

/// One suggestion while typing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Suggestion {
    /// What it leads to.
    pub kind: SuggestionKind,
    /// Handle of the product or category.
    pub handle: String,
    /// Its name.
    pub title: String,
    /// Price of a product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Picture of a product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// Where an old address leads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Redirect {
    /// Path on the shop, such as `/products/mug`.
    pub target: String,
}
