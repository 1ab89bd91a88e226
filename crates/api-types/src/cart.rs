//! What a shopper means to buy.

use serde::{Deserialize, Serialize};

use crate::{
    Address, Availability, CartId, Currency, LineId, Money, OptionRef, OrderId, Picture,
    ShippingMethodId, VariantId,
};

/// Open a cart, empty or with lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenCart {
    /// ISO 3166 code of the country to deliver to; the shop's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(pattern = "^[A-Z]{2}$"))]
    pub country: Option<String>,
    /// Currency; that of the country's region when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What to put into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "server", schema(max_items = 50))]
    pub lines: Vec<AddLine>,
}

/// A new cart and the secret that opens it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OpenedCart {
    /// The cart.
    pub cart: Cart,
    /// Send this as `X-Cart-Token`; it is not shown again.
    pub token: String,
}

/// Put variants into the cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddLines {
    /// What to add, 1 to 50 entries.
    #[cfg_attr(feature = "server", schema(min_items = 1, max_items = 50))]
    pub lines: Vec<AddLine>,
}

/// Put a variant into the cart; raises the quantity when it is there already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddLine {
    /// Which variant.
    pub variant_id: VariantId,
    /// How many more, 1 to 999.
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 999))]
    pub quantity: i32,
}

/// Set how many of a line there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetQuantity {
    /// 0 removes the line; at most 999.
    #[cfg_attr(feature = "server", schema(minimum = 0, maximum = 999))]
    pub quantity: i32,
}

/// Change what a cart says of its shopper. An absent field stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateCart {
    /// Where letters about the order go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(format = "email", max_length = 254))]
    pub email: Option<String>,
    /// ISO 3166 code of the country to deliver to, for prices before an address is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(pattern = "^[A-Z]{2}$"))]
    pub country: Option<String>,
    /// Currency of prices, one that the shop has prices in and delivers for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Where to deliver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_address: Option<Address>,
    /// A note to the shop, up to 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 500))]
    pub note: Option<String>,
}

/// Where a cart stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum CartStatus {
    /// Can be changed.
    Open,
    /// An order names it; it cannot be changed.
    Ordered,
    /// Its time is over.
    Expired,
}

/// A cart with its prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Cart {
    /// Which one.
    pub id: CartId,
    /// Counts changes; also its `ETag`.
    pub version: i32,
    /// Where it stands.
    pub status: CartStatus,
    /// Currency of every amount in it.
    pub currency: Currency,
    /// ISO 3166 code of the country to deliver to.
    pub country: String,
    /// Where letters about the order go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where to deliver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_address: Option<Address>,
    /// A note to the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// In the order they were added.
    pub lines: Vec<CartLine>,
    /// Units in it.
    pub item_count: i64,
    /// The chosen way to deliver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_method: Option<ShippingMethodId>,
    /// Whether anything in it is delivered.
    pub requires_shipping: bool,
    /// What it costs.
    pub totals: Totals,
    /// How much more to spend for free delivery; absent when none is offered or it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_free_delivery: Option<Money>,
    /// What stands in the way of buying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<CartProblem>,
    /// The order made from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
}

/// One variant in a cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CartLine {
    /// Which line.
    pub id: LineId,
    /// Which variant.
    pub variant_id: VariantId,
    /// Product handle.
    pub handle: String,
    /// Product title.
    pub title: String,
    /// What was chosen.
    pub options: Vec<OptionRef>,
    /// Stock keeping unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// A picture of the variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many.
    pub quantity: i32,
    /// The most that can be bought now.
    pub max_quantity: i32,
    /// Price of one.
    pub unit_price: Money,
    /// What one cost before a sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare_at: Option<Money>,
    /// Price of all, before discounts.
    pub total: Money,
    /// Whether it can be bought.
    pub availability: Availability,
    /// What the shopper should know of this line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<LineNotice>,
    /// Why it costs what it costs, a sentence a step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
}

/// Something the shopper should know of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum LineNotice {
    /// Fewer can be bought than are in the cart.
    InsufficientStock {
        /// How many can be bought.
        available: i32,
    },
    /// It is not sold any more.
    Unavailable,
    /// The price differs from the one at which it was added.
    PriceChanged {
        /// Price of one when it was added.
        was: Money,
    },
}

/// What the link of a cart holds, as the shop sells it now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SharedCart {
    /// Currency of its prices.
    pub currency: Currency,
    /// In the link's order.
    pub lines: Vec<SharedLine>,
    /// How many of the things named are not sold any more.
    pub left_out: u32,
    /// Price of all, before taxes on top and delivery.
    pub total: Money,
}

/// One variant in the link of a cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SharedLine {
    /// Which variant.
    pub variant_id: VariantId,
    /// Product handle.
    pub handle: String,
    /// Product title.
    pub title: String,
    /// What was chosen.
    pub options: Vec<OptionRef>,
    /// A picture of the variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many.
    pub quantity: i32,
    /// Price of one.
    pub unit_price: Money,
    /// Price of all.
    pub total: Money,
    /// Whether that many can be bought now.
    pub is_available: bool,
}

/// What stands in the way of buying a cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CartProblem {
    /// A stable name: `empty`, `insufficient_stock`, `unavailable`, `email_missing`, `address_missing`, `shipping_missing`, `shipping_unavailable`.
    pub code: String,
    /// For people.
    pub message: String,
    /// The line it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_id: Option<LineId>,
}

/// What a cart or an order costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Totals {
    /// All lines before discounts.
    pub subtotal: Money,
    /// Taken off.
    pub discount: Money,
    /// Delivery; absent until a way to deliver is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Money>,
    /// All taxes, whether included in the prices or on top.
    pub tax: Money,
    /// Whether prices include the tax.
    pub tax_included: bool,
    /// A line a rate.
    pub tax_lines: Vec<TaxLine>,
    /// To pay.
    pub total: Money,
}

/// One tax rate's share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TaxLine {
    /// Its name, such as `VAT`.
    pub name: String,
    /// Parts per million: 190000 is 19 %.
    pub rate_ppm: i64,
    /// How much.
    pub amount: Money,
}

impl TaxLine {
    /// Name and rate as shoppers read them: `VAT 19 %`, `Sales tax 8.875 %`.
    pub fn title(&self) -> String {
        let (whole, part) = (self.rate_ppm / 10_000, self.rate_ppm % 10_000);
        let part = format!("{part:04}");
        match part.trim_end_matches('0') {
            "" => format!("{} {whole} %", self.name),
            part => format!("{} {whole}.{part} %", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_shown_with_the_decimals_it_has() {
        for (rate_ppm, shown) in
            [(190_000, "VAT 19 %"), (88_750, "VAT 8.875 %"), (55_000, "VAT 5.5 %"), (0, "VAT 0 %")]
        {
            let line =
                TaxLine { name: "VAT".to_owned(), rate_ppm, amount: Money::new(1, Currency::EUR) };

            assert_eq!(line.title(), shown);
        }
    }
}
