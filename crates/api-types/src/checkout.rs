//! From cart to order.

use serde::{Deserialize, Serialize};

use crate::{Money, Order, ShippingMethodId};

/// Where to deliver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Full name, up to 100 characters; an order needs one.
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub name: String,
    /// Company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub company: Option<String>,
    /// Street and number.
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub line1: String,
    /// Flat, floor, care of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub line2: Option<String>,
    /// Town.
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub city: String,
    /// State or province, where the country has them in addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub region: Option<String>,
    /// Postal code, where the country has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub postal_code: Option<String>,
    /// ISO 3166 code, two capital letters.
    #[cfg_attr(feature = "server", schema(pattern = "^[A-Z]{2}$"))]
    pub country: String,
    /// Phone number for the carrier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub phone: Option<String>,
}

/// A way to deliver this cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ShippingOption {
    /// Which one.
    pub id: ShippingMethodId,
    /// Its name.
    pub title: String,
    /// What to expect of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it costs for this cart.
    pub price: Money,
    /// Fewest working days.
    pub min_days: i32,
    /// Most working days.
    pub max_days: i32,
    /// Whether the cart has chosen it.
    pub is_chosen: bool,
}

/// Choose a way to deliver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChooseShipping {
    /// One of the cart's shipping options.
    pub method_id: ShippingMethodId,
}

/// A way to pay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PaymentMethod {
    /// Its name for programs, such as `test` or `bank_transfer`.
    pub code: String,
    /// Its name for people.
    pub title: String,
    /// What happens when it is chosen.
    pub description: String,
    /// Test cards to choose from, when it takes them: (token, description).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "server", schema(value_type = Vec<crate::Pair>))]
    pub test_cards: Vec<(String, String)>,
}

/// How the shopper pays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PaymentChoice {
    /// Code of a payment method.
    pub method: String,
    /// What the provider's form made of the card; never a card number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// Buy the cart. The same cart with a pending order pays that order again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CompleteCart {
    /// The total that the shopper saw; another one is refused with `cart_changed`.
    pub expected_total: Money,
    /// How the shopper pays.
    pub payment: PaymentChoice,
}

/// What came of buying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Completion {
    /// The order is placed.
    Placed,
    /// The shopper must confirm at the provider; see `redirect_url`.
    RequiresAction,
    /// The provider has not answered yet; the order page will know.
    Pending,
}

/// The order made of a cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Completed {
    /// What came of it.
    pub status: Completion,
    /// The order.
    pub order: Order,
    /// The secret that opens the order; part of its link. Shown once, and again when replayed.
    pub order_token: String,
    /// Where the provider asks the shopper to confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_url: Option<String>,
}
