//! What delivery costs, and how its price is cut for taxing.

use std::collections::BTreeMap;

use api_types::TaxClassId;
use serde::{Deserialize, Serialize};

use super::{
    Basket, Goods, PricingError, ShippingTax, Subject, TaxRules, TaxShare, by_rate, exact::sum,
    spread::spread, trace::Trace,
};

/// What a way to deliver costs in one zone, for some weights and values of goods.
///
/// Bands contain both their ends, so neighbours that share one leave no gap: the cheaper holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShippingRate {
    /// Lightest basket, in grams.
    pub min_weight_g: i64,
    /// Heaviest basket, in grams; no end without one.
    pub max_weight_g: Option<i64>,
    /// Least value of the goods after discounts.
    pub min_subtotal: i64,
    /// Greatest value of the goods after discounts; no end without one.
    pub max_subtotal: Option<i64>,
    /// The price.
    pub amount: i64,
    /// Value of the goods from which it costs nothing.
    pub free_over: Option<i64>,
}

impl ShippingRate {
    fn carries(&self, weight_g: i64) -> bool {
        self.min_weight_g <= weight_g && self.max_weight_g.is_none_or(|most| weight_g <= most)
    }

    fn price(&self, subtotal: i64) -> Option<i64> {
        let holds =
            self.min_subtotal <= subtotal && self.max_subtotal.is_none_or(|most| subtotal <= most);
        let is_free = self.free_over.is_some_and(|from| subtotal >= from);
        holds.then_some(if is_free { 0 } else { self.amount })
    }

    /// Least value of the goods at which it costs nothing.
    fn free_from(&self) -> Option<i64> {
        let from = if self.amount == 0 { Some(self.min_subtotal) } else { self.free_over };
        let from = from?.max(self.min_subtotal);
        self.max_subtotal.is_none_or(|most| from <= most).then_some(from)
    }
}

/// What one way to deliver costs: the cheapest of its rates in the zone of the address that
/// hold. `None` when it does not deliver such a basket.
pub fn charge(rates: &[ShippingRate], weight_g: i64, subtotal: i64) -> Option<i64> {
    let rates = rates.iter().filter(|rate| rate.carries(weight_g));
    rates.filter_map(|rate| rate.price(subtotal)).min()
}

/// How much more to spend for free delivery; `None` when none is offered or it is reached.
pub fn until_free(rates: &[ShippingRate], weight_g: i64, subtotal: i64) -> Option<i64> {
    if charge(rates, weight_g, subtotal) == Some(0) {
        return None;
    }
    let rates = rates.iter().filter(|rate| rate.carries(weight_g));
    let next = rates.filter_map(ShippingRate::free_from).filter(|&from| from > subtotal).min()?;
    next.checked_sub(subtotal)
}

/// The chosen delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippingCharge {
    /// Its name.
    pub title: String,
    /// Its price; with tax where prices are.
    pub amount: i64,
}

/// What delivery costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotedShipping {
    /// Its name.
    pub title: String,
    /// Its price before discounts; with tax where prices are.
    pub amount: i64,
    /// Taken off.
    pub discount: i64,
    /// Tax on it, included or on top.
    pub tax: i64,
    /// What is paid for it, tax included.
    pub total: i64,
    /// The tax by rate.
    pub taxes: Vec<TaxShare>,
}

/// The delivery on its way through the steps.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    title: String,
    amount: i64,
    /// One for each class of goods it is taxed as.
    pub parts: Vec<Part>,
}

/// What of the delivery is taxed as one class of goods.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The class; untaxed without one.
    pub class: Option<TaxClassId>,
    /// Its price less the discounts so far.
    pub left: i64,
}

/// The basket's delivery at the destination's price, cut by how it is taxed.
pub(super) fn delivery(
    basket: &Basket,
    goods: &[Goods],
    trace: &mut Trace,
) -> Result<Option<Delivery>, PricingError> {
    let Some(charge) = &basket.shipping else { return Ok(None) };
    let parts = cut(&basket.tax, charge.amount, goods)?
        .into_iter()
        .map(|(class, amount)| {
            let left = basket.tax.exchange(class)?.of(amount)?;
            Ok(Part { class, left })
        })
        .collect::<Result<Vec<_>, PricingError>>()?;
    let amount = sum(parts.iter().map(|part| part.left))?;
    trace.delivery(&charge.title, amount);
    Ok(Some(Delivery { title: charge.title.clone(), amount, parts }))
}

type Cut = Vec<(Option<TaxClassId>, i64)>;

fn cut(rules: &TaxRules, amount: i64, goods: &[Goods]) -> Result<Cut, PricingError> {
    let by_class = weights(goods)?;
    match rules.shipping {
        ShippingTax::Class(class) => Ok(vec![(Some(class), amount)]),
        _ if by_class.is_empty() => Ok(vec![(None, amount)]),
        ShippingTax::Proportional => {
            let amounts = spread(amount, &by_class)?;
            let classes = by_class.into_iter().map(|(class, _)| Some(class));
            Ok(classes.zip(amounts).collect())
        }
        ShippingTax::Highest => {
            let class = highest(rules, &by_class)?;
            Ok(vec![(class, amount)])
        }
    }
}

/// What the goods of each class cost; when all cost nothing, how many there are.
fn weights(goods: &[Goods]) -> Result<Vec<(TaxClassId, i64)>, PricingError> {
    let are_free = goods.iter().all(|goods| goods.left == 0);
    let mut by_class = BTreeMap::new();
    for goods in goods {
        let weight = if are_free { goods.quantity.into() } else { goods.left };
        let total = by_class.entry(goods.class).or_insert(0);
        *total = sum([*total, weight])?;
    }
    by_class.retain(|_, weight| *weight > 0);
    Ok(by_class.into_iter().collect())
}

/// The class with the highest rate at the destination, of equals the lower id.
fn highest(
    rules: &TaxRules,
    by_class: &[(TaxClassId, i64)],
) -> Result<Option<TaxClassId>, PricingError> {
    let mut best = None;
    for &(class, _) in by_class {
        let factor = rules.factor(class)?;
        let is_higher = match best {
            Some((_, most)) => factor.compare(most)?.is_gt(),
            None => true,
        };
        if is_higher {
            best = Some((class, factor));
        }
    }
    Ok(best.map(|(class, _)| class))
}

impl Delivery {
    /// With the taxes of its parts.
    pub(super) fn quoted(
        self,
        taxes: impl Iterator<Item = TaxShare>,
        rules: &TaxRules,
        trace: &mut Trace,
    ) -> Result<QuotedShipping, PricingError> {
        let taxes = by_rate(taxes.collect::<Vec<_>>().iter())?;
        trace.taxes(Subject::Shipping, &taxes, rules);
        let left = sum(self.parts.iter().map(|part| part.left))?;
        let tax = sum(taxes.iter().map(|share| share.amount))?;
        Ok(QuotedShipping {
            title: self.title,
            amount: self.amount,
            discount: self.amount - left,
            tax,
            total: rules.paid(left, tax)?,
            taxes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(
        weights: (i64, Option<i64>),
        subtotals: (i64, Option<i64>),
        amount: i64,
    ) -> ShippingRate {
        ShippingRate {
            min_weight_g: weights.0,
            max_weight_g: weights.1,
            min_subtotal: subtotals.0,
            max_subtotal: subtotals.1,
            amount,
            free_over: None,
        }
    }

    fn free_over(rate: ShippingRate, from: i64) -> ShippingRate {
        ShippingRate { free_over: Some(from), ..rate }
    }

    #[test]
    fn the_cheapest_rate_whose_bands_hold_is_charged() {
        let rates = [
            rate((0, Some(2_000)), (0, None), 490),
            rate((2_000, Some(10_000)), (0, None), 890),
            rate((0, Some(10_000)), (20_000, None), 250),
        ];

        for (weight, subtotal, charged) in [
            (0, 1_000, Some(490)),
            (2_000, 1_000, Some(490)),
            (2_001, 1_000, Some(890)),
            (10_000, 19_999, Some(890)),
            (10_000, 20_000, Some(250)),
            (10_001, 20_000, None),
        ] {
            assert_eq!(charge(&rates, weight, subtotal), charged, "{weight} g, {subtotal}");
        }
    }

    #[test]
    fn from_the_free_value_on_delivery_costs_nothing() {
        let rates = [free_over(rate((0, None), (0, None), 490), 5_000)];

        for (subtotal, charged, missing) in [
            (0, Some(490), Some(5_000)),
            (4_999, Some(490), Some(1)),
            (5_000, Some(0), None),
            (9_000, Some(0), None),
        ] {
            assert_eq!(charge(&rates, 100, subtotal), charged, "{subtotal}");
            assert_eq!(until_free(&rates, 100, subtotal), missing, "{subtotal}");
        }
    }

    #[test]
    fn free_delivery_by_one_rate_is_not_promised_again_by_another() {
        let always = rate((0, None), (0, None), 490);
        let rates = [free_over(always, 9_000), free_over(always, 5_000)];

        assert_eq!(until_free(&rates, 100, 4_000), Some(1_000));
        assert_eq!(until_free(&rates, 100, 6_000), None);
    }

    #[test]
    fn a_free_band_is_free_delivery_too() {
        let rates = [rate((0, None), (0, Some(4_999)), 490), rate((0, None), (5_000, None), 0)];

        assert_eq!(charge(&rates, 0, 5_000), Some(0));
        assert_eq!(until_free(&rates, 0, 4_000), Some(1_000));
    }

    #[test]
    fn free_delivery_that_cannot_be_reached_is_not_promised() {
        let too_heavy = free_over(rate((0, Some(1_000)), (0, None), 490), 5_000);
        let band_ends = free_over(rate((0, None), (0, Some(4_000)), 490), 5_000);
        let never = rate((0, None), (0, None), 490);

        assert_eq!(until_free(&[too_heavy, band_ends, never], 2_000, 3_000), None);
    }

    #[test]
    fn free_delivery_begins_no_earlier_than_its_band() {
        let rates = [free_over(rate((0, None), (6_000, None), 490), 5_000)];

        assert_eq!(until_free(&rates, 0, 1_000), Some(5_000));
    }
}
