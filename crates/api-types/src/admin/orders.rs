//! Orders as staff see them: how they are sent, how money goes back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    CustomerId, FulfilmentId, FulfilmentStatus, LocationId, Money, Order, OrderId, OrderLineId,
    OrderStatus, PaymentStatus, RefundId, VariantId,
};

/// How far along a parcel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum FulfilmentState {
    /// To be packed.
    Pending,
    /// Packed.
    Packed,
    /// On its way.
    Shipped,
    /// Arrived.
    Delivered,
    /// Not sent after all.
    Cancelled,
    /// The carrier could not hand it over.
    FailedDelivery,
    /// Back with us, and in stock again.
    Returned,
}

/// Where money is that goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "server",
    derive(sqlx::Type, utoipa::ToSchema),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// A second person must agree.
    Awaiting,
    /// On its way to the provider; a transfer is to be made by hand and then confirmed.
    Pending,
    /// Gone back.
    Succeeded,
    /// The provider would not.
    Failed,
    /// The second person did not agree.
    Declined,
}

/// An order in a list of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OrderRow {
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
    /// Where letters about it go.
    pub email: String,
    /// To whom it goes; absent when nothing is delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// ISO 3166 code of the country it goes to.
    pub country: String,
    /// To pay.
    pub total: Money,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was bought; absent while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<DateTime<Utc>>,
}

/// An order with everything that staff need to know of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StaffOrder {
    /// As its shopper sees it; its version is what `If-Match` names.
    pub order: Order,
    /// Whose it is, when its shopper was signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    /// Each time that money was asked for.
    pub payments: Vec<PaymentTry>,
    /// Money that goes back.
    pub refunds: Vec<Refund>,
    /// Parcels.
    pub fulfilments: Vec<Fulfilment>,
    /// Stock that is kept for it.
    pub holds: Vec<OrderHold>,
    /// All that happened, oldest first, with what only staff see.
    pub history: Vec<HistoryEntry>,
    /// How the total came about, step by step.
    pub price_trace: Value,
}

/// One time that money was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PaymentTry {
    /// Counts from 1.
    pub number: i32,
    /// Who takes it; `manual` when staff said that it came.
    pub provider: String,
    /// Its name there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// `created`, `requires_action`, `captured`, `failed` or `cancelled`.
    pub state: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
}

/// Money that goes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Refund {
    /// Which one.
    pub id: RefundId,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Where it is.
    pub state: RefundState,
    /// Who asked for it.
    pub made_by: String,
    /// Who agreed or did not, where a second person was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it had gone back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<DateTime<Utc>>,
}

/// A parcel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Fulfilment {
    /// Which one.
    pub id: FulfilmentId,
    /// The order that it is of.
    pub order_id: OrderId,
    /// How far along it is.
    pub state: FulfilmentState,
    /// What is in it.
    pub lines: Vec<FulfilmentLine>,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// Its number there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_number: Option<String>,
    /// Where to follow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_url: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
}

/// Some of an order's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FulfilmentLine {
    /// Which line.
    pub line_id: OrderLineId,
    /// How many of it, 1 to 999.
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 999))]
    pub quantity: i32,
}

/// Stock that is kept for an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct OrderHold {
    /// Of which variant.
    pub variant_id: VariantId,
    /// Where it lies.
    pub location_id: LocationId,
    /// How many were kept.
    pub quantity: i32,
    /// How many of them were sent.
    pub shipped: i32,
    /// `active`, `converted`, `released`, `expired` or `shipped`.
    pub state: String,
}

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct HistoryEntry {
    /// Counts from 1 within the order.
    pub seq: i32,
    /// What.
    pub kind: String,
    /// For people.
    pub message: String,
    /// Who did it: `shop`, or an id of somebody.
    pub actor: String,
    /// Whether its shopper does not see it.
    pub is_staff_only: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// Write a note that only staff see.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddNote {
    /// 1 to 2,000 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 2000))]
    pub text: String,
}

/// Put some of an order into a parcel.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MakeFulfilment {
    /// What goes in; all that is left when empty.
    #[serde(default)]
    pub lines: Vec<FulfilmentLine>,
}

/// Say how a parcel can be followed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// Who carries it, up to 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 60))]
    pub carrier: Option<String>,
    /// Its number there, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 100))]
    pub tracking_number: Option<String>,
    /// Where to follow it: an `https` address; an empty one changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(pattern = r"^\s*(https://|$)", max_length = 2000))]
    pub tracking_url: Option<String>,
}

/// Give money back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MakeRefund {
    /// How much; all that is left when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Why, 1 to 500 characters; its shopper does not see it.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 500))]
    pub reason: String,
    /// What came back with it, to be sold again: only of what was sent.
    #[serde(default)]
    pub restock: Vec<FulfilmentLine>,
}

/// Say that the money of a transfer has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MarkPaid {
    /// What came: exactly what is owed.
    pub amount: Money,
    /// The bank's word for it, 1 to 200 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 200))]
    pub reference: String,
}

/// Money that came and has no order to go to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PaymentCase {
    /// The order that it was sent for.
    pub order_id: OrderId,
    /// How much.
    pub amount: Money,
    /// Why the order could not take it.
    pub reason: String,
    /// `open` while it is on its way back, then `refunded`.
    pub state: String,
    /// When it came.
    pub created_at: DateTime<Utc>,
}
