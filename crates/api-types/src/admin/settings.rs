//! What staff keep of the shop's own things: settings, regions, taxes, delivery.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Currency, Money, ShippingMethodId, ShippingZoneId, TaxClassId, TaxLine};

/// Something that is kept, with the version to send back when it is changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Kept<I, T> {
    /// Which one.
    pub id: I,
    /// Its version.
    pub version: i32,
    /// What it is.
    pub value: T,
}

/// A setting with what it may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Setting {
    /// Its name.
    pub key: String,
    /// Its version; 0 while it is at its default.
    pub version: i32,
    /// What kind of value it takes, in words.
    pub kind: String,
    /// What it is for.
    pub doc: String,
    /// What holds.
    pub value: Value,
    /// What holds when nobody set it.
    pub default: Value,
}

/// Another value for a setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetSetting {
    /// The value; `null` goes back to the default.
    pub value: Value,
}

/// A country of a region, with the rules of its addresses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegionCountry {
    /// ISO 3166 code, two capital letters.
    #[cfg_attr(feature = "server", schema(pattern = "^[A-Z]{2}$"))]
    pub code: String,
    /// Its name.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub title: String,
    /// States or provinces that an address must name: (code, name).
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(value_type = Vec<crate::Pair>))]
    pub states: Vec<(String, String)>,
    /// What a postal code looks like, a regular expression; absent where none is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_pattern: Option<String>,
    /// A postal code that fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_example: Option<String>,
}

/// Countries that share a currency and whether prices include tax.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetRegion {
    /// Its name.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub title: String,
    /// Its currency.
    pub currency: Currency,
    /// Whether its prices include tax.
    pub tax_included: bool,
    /// Where it stands among the others.
    #[serde(default)]
    pub position: i32,
    /// Where it sells, in order.
    pub countries: Vec<RegionCountry>,
}

/// Goods that are taxed alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetTaxClass {
    /// Its name for programs and files, unique.
    #[cfg_attr(feature = "server", schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 60))]
    pub code: String,
    /// Its name.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub title: String,
}

/// A tax that a country takes on a class of goods, or one of its states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetTaxRate {
    /// ISO 3166 code of the country.
    #[cfg_attr(feature = "server", schema(pattern = "^[A-Z]{2}$"))]
    pub country: String,
    /// Code of the state; its rates hold instead of its country's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// On which goods.
    pub tax_class_id: TaxClassId,
    /// Its name on the receipt.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// Parts per million: 190000 is 19 %.
    #[cfg_attr(feature = "server", schema(minimum = 0, maximum = 1_000_000))]
    pub rate_ppm: i64,
    /// Whether it is taken on top of the other taxes.
    #[serde(default)]
    pub is_compound: bool,
    /// Where it stands among the others.
    #[serde(default)]
    pub position: i32,
}

/// Countries that are delivered to alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetShippingZone {
    /// Its name.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub title: String,
    /// ISO 3166 codes; a country is in one zone.
    pub countries: Vec<String>,
}

/// A way to deliver to a zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetShippingMethod {
    /// To where.
    pub zone_id: ShippingZoneId,
    /// Its name for programs, unique in its zone.
    #[cfg_attr(feature = "server", schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 60))]
    pub code: String,
    /// Its name.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub title: String,
    /// What to expect of it.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(max_length = 500))]
    pub description: String,
    /// Fewest working days.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    pub min_days: i32,
    /// Most working days.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    pub max_days: i32,
    /// Where it stands among the others.
    #[serde(default)]
    pub position: i32,
}

/// What a way to deliver costs within bands that contain both their ends; the cheapest that fits holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetShippingRate {
    /// By which way.
    pub method_id: ShippingMethodId,
    /// Currency of its amounts.
    pub currency: Currency,
    /// Lightest basket, in grams.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_weight_g: Option<i64>,
    /// Heaviest basket, in grams.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_weight_g: Option<i64>,
    /// Least value of the goods, in minor units.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_subtotal: Option<i64>,
    /// Greatest value of the goods, in minor units.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_subtotal: Option<i64>,
    /// Its price, in minor units.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    pub amount_minor: i64,
    /// Value of the goods from which it costs nothing.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_over_minor: Option<i64>,
}

/// Goods of one class in a question about taxes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TaxedGoods {
    /// How they are taxed.
    pub tax_class_id: TaxClassId,
    /// Price of one, in minor units.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    pub amount: i64,
    /// How many.
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 9999))]
    pub quantity: i32,
}

/// Goods that go somewhere: what is their tax?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TaxQuestion {
    /// ISO 3166 code of the country.
    #[cfg_attr(feature = "server", schema(pattern = "^[A-Z]{2}$"))]
    pub country: String,
    /// Code of the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Currency of the amounts.
    pub currency: Currency,
    /// What goes there.
    #[cfg_attr(feature = "server", schema(min_items = 1, max_items = 100))]
    pub lines: Vec<TaxedGoods>,
    /// Price of the delivery, in minor units.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<i64>,
}

/// What goods cost with their tax, as a cart would.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TaxAnswer {
    /// Whether the amounts asked for include tax.
    pub tax_included: bool,
    /// The goods.
    pub subtotal: Money,
    /// The delivery.
    pub delivery: Money,
    /// All taxes.
    pub tax: Money,
    /// The taxes by rate.
    pub tax_lines: Vec<TaxLine>,
    /// To pay.
    pub total: Money,
}

/// A basket that goes somewhere: how can it be delivered?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShippingQuestion {
    /// ISO 3166 code of the country.
    #[cfg_attr(feature = "server", schema(pattern = "^[A-Z]{2}$"))]
    pub country: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Its weight, in grams.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    pub weight_g: i64,
    /// Value of the goods, in minor units.
    #[cfg_attr(feature = "server", schema(minimum = 0))]
    pub subtotal: i64,
}
