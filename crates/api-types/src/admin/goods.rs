//! Products, variants and prices.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{LevelSheet, sent};
use crate::{
    CategoryId, Currency, Detail, MediaId, OptionRef, Picture, ProductId, ProductOption,
    ProductPicture, TaxClassId, VariantId,
};

/// Whether a product is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Being made; shoppers do not see it.
    Draft,
    /// For sale, once it is published.
    Active,
    /// Put away.
    Archived,
}

/// A product as staff list it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProductRow {
    /// Which one.
    pub id: ProductId,
    /// Its name in addresses.
    pub handle: String,
    /// Its name for people.
    pub title: String,
    /// Whether it is sold.
    pub status: ProductStatus,
    /// Its shelf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<CategoryId>,
    /// How many variants it has that are not archived.
    pub variants: i64,
    /// Units of it on hand at all locations.
    pub on_hand: i64,
    /// Its first picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts changes; send it back as `If-Match`.
    pub version: i32,
}

/// All that staff know of a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ProductSheet {
    /// Which one.
    pub id: ProductId,
    /// Its name in addresses; an old one leads on to it.
    pub handle: String,
    /// Whether it is sold.
    pub status: ProductStatus,
    /// Its name for people.
    pub title: String,
    /// A line below the name.
    pub subtitle: Option<String>,
    /// Clean HTML.
    pub description_html: String,
    /// Who made it.
    pub brand: Option<String>,
    /// What kind of thing it is.
    pub product_type: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Specification table.
    pub details: Vec<Detail>,
    /// Columns of an import that the shop has no place for.
    pub attributes: BTreeMap<String, String>,
    /// Its shelf.
    pub category_id: Option<CategoryId>,
    /// How it is taxed.
    pub tax_class_id: TaxClassId,
    /// Title for search engines; the title when absent.
    pub seo_title: Option<String>,
    /// Summary for search engines.
    pub seo_description: Option<String>,
    /// Since when shoppers may see it; absent when they may not.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts changes of the product, its variants, options and pictures; send it back as `If-Match`.
    /// Prices and stock stand beside it.
    pub version: i32,
    /// Ways to choose, at most three.
    pub options: Vec<ProductOption>,
    /// What can be bought, and what could be.
    pub variants: Vec<VariantSheet>,
    /// Its pictures, in order.
    pub pictures: Vec<ProductPicture>,
}

/// All that staff know of a variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct VariantSheet {
    /// Which one.
    pub id: VariantId,
    /// Article code, unique in the shop.
    pub sku: Option<String>,
    /// Its code at a till, such as an EAN.
    pub barcode: Option<String>,
    /// One value for each option of the product, in their order.
    pub options: Vec<String>,
    /// Grams.
    pub weight_g: i32,
    /// Whether it is sent.
    pub requires_shipping: bool,
    /// Whether units are counted.
    pub track_inventory: bool,
    /// The most that one basket may hold.
    pub purchase_limit: i32,
    /// What one unit costs the shop, in minor units of the shop's own currency.
    pub cost: Option<i64>,
    /// Whether it is put away: it was bought before, and is sold no more.
    pub is_archived: bool,
    /// What it costs, by currency and number.
    pub prices: Vec<PriceSheet>,
    /// How many there are, by location.
    pub stock: Vec<LevelSheet>,
}

/// What one unit costs when at least so many are bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PriceSheet {
    /// ISO 4217 code.
    pub currency: Currency,
    /// From how many units on.
    pub min_quantity: i32,
    /// Minor units.
    pub amount: i64,
    /// What it cost before a sale, in minor units; higher than `amount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare_at: Option<i64>,
}

/// Make a draft with one variant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// Its name for people, up to 200 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 200))]
    pub title: String,
    /// Its name in addresses; made of the title when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100))]
    pub handle: Option<String>,
    /// HTML; what is not harmless is taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100_000))]
    pub description_html: Option<String>,
    /// Its shelf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<CategoryId>,
    /// How it is taxed; as usual when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class_id: Option<TaxClassId>,
}

/// Change a product: what is absent stays, null clears.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateProduct {
    /// Its name for people, up to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 200))]
    pub title: Option<String>,
    /// Its name in addresses: lower case, digits and `-`, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100))]
    pub handle: Option<String>,
    /// A line below the name, up to 200 characters.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, max_length = 200))]
    pub subtitle: Option<Option<String>>,
    /// HTML, up to 100 000 characters; what is not harmless is taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100_000))]
    pub description_html: Option<String>,
    /// Who made it, up to 100 characters.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, max_length = 100))]
    pub brand: Option<Option<String>>,
    /// What kind of thing it is, up to 100 characters.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, max_length = 100))]
    pub product_type: Option<Option<String>>,
    /// Words to find it by, at most 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_items = 50))]
    pub tags: Option<Vec<String>>,
    /// Specification table, at most 100 lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_items = 100))]
    pub details: Option<Vec<Detail>>,
    /// Its shelf.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<CategoryId>))]
    pub category_id: Option<Option<CategoryId>>,
    /// How it is taxed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class_id: Option<TaxClassId>,
    /// Title for search engines, up to 200 characters.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, max_length = 200))]
    pub seo_title: Option<Option<String>>,
    /// Summary for search engines, up to 500 characters.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, max_length = 500))]
    pub seo_description: Option<Option<String>>,
    /// Since when shoppers may see it, not in the future; null hides it.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<DateTime<Utc>>))]
    pub published_at: Option<Option<DateTime<Utc>>>,
}

/// The ways to choose, all of them, in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetOptions {
    /// At most three. A variant whose values are gone is deleted, or archived once it was put into
    /// a cart, bought or stocked.
    #[cfg_attr(feature = "server", schema(max_items = 3))]
    pub options: Vec<GivenOption>,
}

/// A way to choose.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GivenOption {
    /// Its name, up to 60 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 60))]
    pub name: String,
    /// What it was called until now, when it is renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What can be chosen, 1 to 100 values; variants get the first of an option that is new.
    #[cfg_attr(feature = "server", schema(min_items = 1, max_items = 100))]
    pub values: Vec<GivenValue>,
}

/// A value that can be chosen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GivenValue {
    /// Its name, up to 60 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 60))]
    pub value: String,
    /// What it was called until now, when it is renamed: its variants stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// Hex colour in lower case, `#7c8b6f`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(pattern = "^#[0-9a-f]{6}$"))]
    pub swatch: Option<String>,
}

/// Make a variant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewVariant {
    /// One value for each option of the product, in their order.
    #[cfg_attr(feature = "server", schema(max_items = 3))]
    pub options: Vec<String>,
    /// Article code, unique in the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub sku: Option<String>,
}

/// Change a variant: what is absent stays, null clears.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateVariant {
    /// Article code, unique in the shop, up to 100 characters.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, max_length = 100))]
    pub sku: Option<Option<String>>,
    /// Its code at a till, up to 100 characters.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<String>, max_length = 100))]
    pub barcode: Option<Option<String>>,
    /// Grams, up to 1 000 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 0, maximum = 1_000_000))]
    pub weight_g: Option<i32>,
    /// Whether it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires_shipping: Option<bool>,
    /// Whether units are counted. What was sold uncounted cannot be counted later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub track_inventory: Option<bool>,
    /// The most that one basket may hold, 1 to 999.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 999))]
    pub purchase_limit: Option<i32>,
    /// What one unit costs the shop, in minor units of the shop's own currency.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(value_type = Option<i64>, minimum = 0, maximum = 1_000_000_000_000_i64))]
    pub cost: Option<Option<i64>>,
    /// Whether it is put away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
}

/// A product's pictures, all of them, in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPictures {
    /// At most 100, each once.
    #[cfg_attr(feature = "server", schema(max_items = 100))]
    pub pictures: Vec<GivenPicture>,
}

/// A picture's place on a product.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GivenPicture {
    /// Which picture.
    pub media_id: MediaId,
    /// The choice that it shows; absent when it is of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<OptionRef>,
}

/// Prices to set or take away, all or none.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetPrices {
    /// 1 to 500, each variant, currency and number once.
    #[cfg_attr(feature = "server", schema(min_items = 1, max_items = 500))]
    pub rows: Vec<GivenPrice>,
}

/// A price to set or take away.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GivenPrice {
    /// Of what.
    pub variant_id: VariantId,
    /// A currency of the shop.
    #[cfg_attr(feature = "server", schema(value_type = Currency))]
    pub currency: String,
    /// From how many units on, 1 to 999; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 999))]
    pub min_quantity: Option<i32>,
    /// Minor units; absent to take the price away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 0, maximum = 1_000_000_000_000_i64))]
    pub amount: Option<i64>,
    /// What it cost before a sale, in minor units; higher than `amount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 0, maximum = 1_000_000_000_000_i64))]
    pub compare_at: Option<i64>,
}

/// What came of setting prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PricesSet {
    /// Prices that are different now.
    pub changed: i64,
}
