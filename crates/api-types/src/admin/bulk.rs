//! Changing many products at once.

use serde::{Deserialize, Serialize};

use super::ProductStatus;
use crate::{CategoryId, JobId, ProductId};

/// Change many products, in the background: either by id or by what they have in common.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkChange {
    /// Which products, at most 1 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(min_items = 1, max_items = 1000))]
    pub ids: Option<Vec<ProductId>>,
    /// Which products, at most 1 000 when it is begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<BulkFilter>,
    /// What to do with each.
    pub operation: BulkOperation,
}

/// What products have in common.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BulkFilter {
    /// Whether they are sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ProductStatus>,
    /// Their shelf, or one that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<CategoryId>,
    /// Part of title, handle or article code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
}

/// What to do with each of many products.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BulkOperation {
    /// Put it up for sale.
    Publish {},
    /// Put it away.
    Archive {},
    /// Put it on a shelf, or on none.
    SetCategory {
        /// The shelf.
        category_id: Option<CategoryId>,
    },
    /// Give it a tag.
    AddTag {
        /// Up to 60 characters.
        #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 60))]
        tag: String,
    },
    /// Take a tag off it.
    RemoveTag {
        /// Which one.
        tag: String,
    },
    /// Change every price of it, rounded half up.
    PricePercent {
        /// Hundredths of a percent, -10 000 to 100 000: 1 000 is ten percent more.
        #[cfg_attr(feature = "server", schema(minimum = -10_000, maximum = 100_000))]
        hundredths: i32,
    },
}

/// Changing many products, as far as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct BulkRun {
    /// The job that does it.
    pub job_id: JobId,
    /// What is done with each.
    pub operation: BulkOperation,
    /// How many there are.
    pub total: i32,
    /// How many are done with, those that failed among them.
    pub done: i32,
    /// What could not be changed, and why.
    pub failures: Vec<BulkFailure>,
    /// Whether there is nothing more to do.
    pub is_finished: bool,
}

/// A product that could not be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct BulkFailure {
    /// Which one.
    pub product_id: ProductId,
    /// Why.
    pub reason: String,
}
