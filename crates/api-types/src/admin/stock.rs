//! How many there are, where, and who holds them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{LocationId, OrderId, ProductId, VariantId};

/// How many of a variant lie at a location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct LevelSheet {
    /// Where.
    pub location_id: LocationId,
    /// Units that lie there.
    pub on_hand: i32,
    /// Units that orders hold.
    pub reserved: i32,
    /// Units that are kept back.
    pub safety: i32,
    /// Units that may be promised beyond what lies there.
    pub backorder_limit: i32,
    /// At how many units left it counts as low.
    pub low_threshold: i32,
}

/// A level with what it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StockLevel {
    /// Of which variant.
    pub variant_id: VariantId,
    /// Of which product.
    pub product_id: ProductId,
    /// The product's name for people.
    pub title: String,
    /// Article code.
    pub sku: Option<String>,
    /// The variant's values, in the order of the product's options.
    pub options: Vec<String>,
    /// How many, and where.
    pub level: LevelSheet,
    /// Whether few are left to sell.
    pub is_low: bool,
}

/// How stock is changed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AdjustKind {
    /// Units came in.
    Receive,
    /// There are more or fewer than was thought.
    Adjust,
    /// Somebody counted.
    Count,
}

/// Change how many there are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdjustStock {
    /// Of what.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// How.
    pub kind: AdjustKind,
    /// Units that came in, the difference, or what was counted; up to 1 000 000.
    #[cfg_attr(feature = "server", schema(minimum = -1_000_000, maximum = 1_000_000))]
    pub quantity: i32,
    /// Why, 1 to 200 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// Carry units from one location to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransferStock {
    /// Of what.
    pub variant_id: VariantId,
    /// Where from.
    pub from_id: LocationId,
    /// Where to.
    pub to_id: LocationId,
    /// How many, 1 to 1 000 000; what orders hold stays where it is.
    #[cfg_attr(feature = "server", schema(minimum = 1, maximum = 1_000_000))]
    pub quantity: i32,
    /// Why, 1 to 200 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// Why a level changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Units came in.
    Receive,
    /// Somebody counted, or said that there are more or fewer.
    Adjust,
    /// An order took hold of units.
    Hold,
    /// An order let go of units.
    Release,
    /// An order was paid.
    Commit,
    /// Units were sent.
    Ship,
    /// Units came back.
    Return,
    /// Units were carried to another location.
    TransferOut,
    /// Units came from another location.
    TransferIn,
}

/// One change of a level, which stays for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StockMovement {
    /// Its number; a later one is higher.
    pub id: i64,
    /// Of what.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// Why in one word.
    pub kind: MovementKind,
    /// Units that came, or went when negative.
    pub on_hand: i32,
    /// Units that were promised, or let go when negative.
    pub reserved: i32,
    /// Units promised to orders that are missing since then.
    pub missing: i32,
    /// Why in words.
    pub reason: String,
    /// Who: somebody of the staff, a key, or a part of the shop.
    pub actor: String,
    /// For which order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What carrying units left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StockTransfer {
    /// What went.
    pub out: StockMovement,
    /// What came.
    pub into: StockMovement,
}

/// What became of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    /// Its order waits for its money.
    Active,
    /// Its order is paid, and its goods wait to be sent.
    Converted,
    /// Its order was called off.
    Released,
    /// Nobody paid in time.
    Expired,
    /// Its goods are sent.
    Shipped,
}

/// Units that an order holds. A hold ends with its order: to let go of it, cancel that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StockHold {
    /// Whose.
    pub order_id: OrderId,
    /// The order's number for people.
    pub order_number: i64,
    /// Of what.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// How many.
    pub quantity: i32,
    /// What became of it.
    pub state: HoldState,
    /// Until when it waits for money.
    pub expires_at: DateTime<Utc>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// A place where stock lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct StockLocation {
    /// Which one.
    pub id: LocationId,
    /// Its name for people.
    pub title: String,
    /// Lower is asked first; each location has its own.
    pub priority: i32,
    /// Whether it serves orders.
    pub is_active: bool,
    /// Counts changes; send it back as `If-Match`.
    pub version: i32,
}

/// Make a location, which serves orders at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLocation {
    /// Its name for people, up to 100 characters.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub title: String,
    /// Lower is asked first, 0 to 1 000; behind all others when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 0, maximum = 1000))]
    pub priority: Option<i32>,
}

/// Change a location: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateLocation {
    /// Its name for people, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 100))]
    pub title: Option<String>,
    /// Lower is asked first, 0 to 1 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 0, maximum = 1000))]
    pub priority: Option<i32>,
    /// Whether it serves orders. One must always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}
