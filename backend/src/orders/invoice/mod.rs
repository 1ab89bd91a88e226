//! The invoice of an order, as a PDF that can be filed: what [`read`] finds, [`pdf`] lays out and draws.

mod layout;
mod paper;
mod store;

pub use self::{layout::pdf, store::read};

use api_types::{Order, OrderLineId};
use serde::{Deserialize, Serialize};

/// All that an invoice says.
pub struct Invoice {
    /// Who sells.
    pub seller: Seller,
    /// What was bought, by whom, and how it is paid.
    pub order: Order,
    /// The buyer's country, as people say it.
    pub country: Option<String>,
    /// The taxes by rate, with what they were taken on.
    pub taxes: Vec<TaxRow>,
    /// The rates of each line, such as `19 %`.
    pub rates: Vec<(OrderLineId, String)>,
}

/// Who sells, as the law wants it on an invoice; kept under the setting `seller`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Seller {
    /// The company.
    pub name: String,
    /// Its address, line by line.
    pub address: Vec<String>,
    /// Its number for value added tax.
    pub vat_number: String,
    /// Where to write to.
    pub email: String,
}

/// One rate's share of an order.
pub struct TaxRow {
    /// Name and rate, `VAT 19 %`.
    pub title: String,
    /// What it was taken on, without the tax, in minor units.
    pub net: i64,
    /// How much.
    pub tax: i64,
}
