//! What was bought, and how far along it is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Address, Cart, CartId, Currency, Money, OptionRef, OrderId, OrderLineId, Picture, Totals,
    VariantId,
};

/// What the shop means to do with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Written, not paid.
    PendingPayment,
    /// Bought.
    Placed,
    /// Waits for staff.
    OnHold,
    /// Done.
    Completed,
    /// Called off.
    Cancelled,
    /// Not paid in time.
    Expired,
}

/// Where the money of an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// None came.
    Unpaid,
    /// Promised by the provider.
    Authorized,
    /// Some came.
    PartiallyPaid,
    /// All came.
    Paid,
    /// Some went back.
    PartiallyRefunded,
    /// All went back.
    Refunded,
    /// The promise was given back.
    Voided,
    /// More came than was asked for.
    Overpaid,
}

/// Where the goods of an order are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum FulfilmentStatus {
    /// All with us.
    Unfulfilled,
    /// Some sent.
    Partial,
    /// All sent.
    Fulfilled,
    /// All arrived.
    Delivered,
    /// Some came back.
    PartiallyReturned,
    /// All came back.
    Returned,
    /// Nothing to send.
    NotRequired,
}

/// What was bought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Order {
    /// Which one.
    pub id: OrderId,
    /// Its number for people.
    pub number: i64,
    /// The cart that it was made of.
    pub cart_id: CartId,
    /// What the shop means to do with it.
    pub status: OrderStatus,
    /// Where its money is.
    pub payment_status: PaymentStatus,
    /// Where its goods are.
    pub fulfilment_status: FulfilmentStatus,
    /// When it was bought; absent while it is not paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<DateTime<Utc>>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Until when it can be paid, while it is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// Where letters about it go.
    pub email: String,
    /// Currency of every amount in it.
    pub currency: Currency,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// What it costs.
    pub totals: Totals,
    /// Money that came.
    pub paid: Money,
    /// Money that went back.
    pub refunded: Money,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_address: Option<Address>,
    /// How it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_title: Option<String>,
    /// Working days that takes: fewest and most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_days: Option<(i32, i32)>,
    /// How it is paid.
    pub payment_title: String,
    /// What the shopper must do to pay, such as the account to transfer to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_instructions: Option<String>,
    /// What happened, oldest first.
    pub events: Vec<OrderEvent>,
    /// Whether the shopper may call it off.
    pub can_cancel: bool,
    /// Whether it waits for money and can be paid again.
    pub can_pay: bool,
    /// A note to the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Counts changes; also its `ETag`.
    pub version: i32,
}

/// One variant in an order, as it was when bought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OrderLine {
    /// Which line.
    pub id: OrderLineId,
    /// Which variant, if it still exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// Product handle.
    pub handle: String,
    /// Product title.
    pub title: String,
    /// What was chosen.
    pub options: Vec<OptionRef>,
    /// Stock keeping unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// A picture of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// How many.
    pub quantity: i32,
    /// Price of one.
    pub unit_price: Money,
    /// Taken off.
    pub discount: Money,
    /// Tax on it.
    pub tax: Money,
    /// To pay for it.
    pub total: Money,
    /// How many were sent.
    pub quantity_fulfilled: i32,
    /// How many were called off.
    pub quantity_cancelled: i32,
}

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OrderEvent {
    /// Counts from 1 within the order.
    pub seq: i32,
    /// What: `created`, `placed`, `payment_received`, `payment_failed`, `cancelled`, `expired`, `refunded`.
    pub kind: String,
    /// For people.
    pub message: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OrderSummary {
    /// Which one.
    pub id: OrderId,
    /// Its number for people.
    pub number: i64,
    /// What the shop means to do with it.
    pub status: OrderStatus,
    /// Where its money is.
    pub payment_status: PaymentStatus,
    /// Where its goods are.
    pub fulfilment_status: FulfilmentStatus,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// To pay.
    pub total: Money,
    /// Units in it.
    pub item_count: i64,
    /// Titles of its lines, the first three.
    pub titles: Vec<String>,
    /// A picture of its first line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// A cart with what an order held, as far as the shop still sells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Reordered {
    /// The cart.
    pub cart: Cart,
    /// Send this as `X-Cart-Token`; empty when the cart is opened by its customer.
    pub token: String,
    /// What the shop does not sell any more, by name.
    pub left_out: Vec<String>,
}

/// Ask for an order's link by letter. The answer is the same whether there is such an order or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FindOrder {
    /// The order's number.
    pub number: i64,
    /// The address that it was ordered with.
    #[cfg_attr(feature = "server", schema(format = "email", max_length = 254))]
    pub email: String,
}
