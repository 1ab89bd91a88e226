//! Ways to deliver a cart, and what they cost for it.

use api_types::{Currency, Money, ShippingMethodId, ShippingOption};
use sqlx::types::Json;

use crate::pricing::{self, ShippingRate};

/// A way to deliver with its rates in the cart's currency.
#[derive(Clone, Debug)]
pub struct MethodRow {
    /// Which one.
    pub id: ShippingMethodId,
    /// Its name.
    pub title: String,
    /// What to expect of it.
    pub description: String,
    /// Fewest working days.
    pub min_days: i32,
    /// Most working days.
    pub max_days: i32,
    /// (least grams, most grams, least subtotal, most subtotal, amount, free over), minor units.
    pub rates: Json<Vec<Band>>,
}

/// A rate as the database packs it.
pub type Band = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, i64, Option<i64>);

impl MethodRow {
    /// Its rates for the pricing engine.
    pub fn rates(&self) -> Vec<ShippingRate> {
        self.rates
            .iter()
            .map(|&(min_weight_g, max_weight_g, min_subtotal, max_subtotal, amount, free_over)| {
                ShippingRate {
                    min_weight_g: min_weight_g.unwrap_or(0),
                    max_weight_g,
                    min_subtotal: min_subtotal.unwrap_or(0),
                    max_subtotal,
                    amount,
                    free_over,
                }
            })
            .collect()
    }

    /// What it costs for this weight and these goods; absent when it does not carry them.
    pub fn charge(&self, weight_g: i64, goods: i64) -> Option<i64> {
        pricing::charge(&self.rates(), weight_g, goods)
    }

    /// The same as an option of a cart.
    pub fn option(
        &self,
        weight_g: i64,
        goods: i64,
        currency: Currency,
        chosen: Option<ShippingMethodId>,
    ) -> Option<ShippingOption> {
        Some(ShippingOption {
            id: self.id,
            title: self.title.clone(),
            description: Some(self.description.clone()).filter(|text| !text.is_empty()),
            price: Money::new(self.charge(weight_g, goods)?, currency),
            min_days: self.min_days,
            max_days: self.max_days,
            is_chosen: chosen == Some(self.id),
        })
    }
}
