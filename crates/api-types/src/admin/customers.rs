//! Customers as staff see them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Customer, CustomerAddress, CustomerId, Export, Money, OrderSummary};

/// A customer in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CustomerRow {
    /// Which one.
    pub id: CustomerId,
    /// Where letters go.
    pub email: String,
    /// What to call them; may be empty.
    pub name: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Orders that they placed.
    pub order_count: i64,
}

/// What a customer spent in one currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CustomerSum {
    /// Orders that they placed.
    pub order_count: i64,
    /// Money that came.
    pub paid: Money,
    /// Money that went back.
    pub refunded: Money,
}

/// A customer with what is theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CustomerSheet {
    /// As they see themselves; send its version back as `If-Match`.
    pub customer: Customer,
    /// Where they have things sent.
    pub addresses: Vec<CustomerAddress>,
    /// Their latest orders, at most 20, the newest first.
    pub orders: Vec<OrderSummary>,
    /// All their orders by currency.
    pub sums: Vec<CustomerSum>,
    /// Devices that they are signed in on.
    pub device_count: i64,
    /// The copy of their data, where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<Export>,
}
