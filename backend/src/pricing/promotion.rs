//! What promotions take off: lines first, then the order, then delivery.
//!
//! Which promotions hold is decided before; here their adjustments become whole cents on lines
//! and delivery. Later ones take from what earlier ones left, and none takes more than there is.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Goods, PricingError, Subject,
    exact::{MILLION, half_up, sum},
    shipping::Delivery,
    spread::spread,
    trace::Trace,
};

/// What promotions take off a basket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promotions {
    /// In any order: target, priority and id decide which comes first.
    pub adjustments: Vec<Adjustment>,
}

/// What one promotion takes off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Adjustment {
    /// From what.
    pub target: Target,
    /// Among those of one kind of target the higher comes first, then the lower id.
    pub priority: i32,
    /// Which promotion.
    pub promotion: Uuid,
    /// Its name, for the reasons.
    pub title: String,
    /// How much.
    pub off: Off,
}

/// What an adjustment takes from, in the order in which it is taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// These lines, together.
    Lines(Vec<Uuid>),
    /// All lines, together.
    Order,
    /// The delivery.
    Shipping,
}

/// How much is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Off {
    /// Minor units.
    Amount(i64),
    /// Parts per million of what the target still costs: 100000 is 10 %.
    Ppm(i64),
}

impl Off {
    /// The amount or the parts per million, for checking.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Amount(number) | Self::Ppm(number) => number,
        }
    }

    /// What is taken off something that costs `left`, never more than that.
    fn from(self, left: i64) -> Result<i64, PricingError> {
        let amount = match self {
            Self::Amount(amount) => amount,
            Self::Ppm(ppm) => half_up(i128::from(left) * i128::from(ppm), MILLION)?,
        };
        Ok(amount.min(left))
    }
}

/// What a promotion took off one line or the delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// Which promotion.
    pub promotion: Uuid,
    /// Its name.
    pub title: String,
    /// The line; the delivery without one.
    pub line: Option<Uuid>,
    /// Taken off, more than 0.
    pub amount: i64,
}

/// Takes what promotions take from lines and order; returns what came to each line.
pub(super) fn on_goods(
    promotions: &Promotions,
    goods: &mut [Goods],
    trace: &mut Trace,
) -> Result<Vec<Discount>, PricingError> {
    let mut discounts = Vec::new();
    for adjustment in in_order(promotions, |target| *target != Target::Shipping) {
        let is_meant = |goods: &Goods| match &adjustment.target {
            Target::Lines(lines) => lines.contains(&goods.id),
            Target::Order => true,
            Target::Shipping => false,
        };
        let meant: Vec<_> = goods.iter_mut().filter(|goods| is_meant(goods)).collect();
        let left: Vec<_> = meant.iter().map(|goods| (goods.id, goods.left)).collect();
        let cut = take(adjustment, &left)?;
        if cut.iter().all(|&amount| amount == 0) {
            trace.no_discount(Subject::Order, &adjustment.title);
        }
        for (goods, amount) in meant.into_iter().zip(cut).filter(|&(_, amount)| amount > 0) {
            goods.left -= amount;
            discounts.push(discount(adjustment, Some(goods.id), amount));
            trace.discount(Subject::Line(goods.id), &adjustment.title, amount);
        }
    }
    Ok(discounts)
}

/// Takes what promotions take from the delivery.
pub(super) fn on_delivery(
    promotions: &Promotions,
    delivery: &mut Delivery,
    trace: &mut Trace,
) -> Result<Vec<Discount>, PricingError> {
    let mut discounts = Vec::new();
    for adjustment in in_order(promotions, |target| *target == Target::Shipping) {
        let left: Vec<_> = delivery.parts.iter().map(|part| (part.class, part.left)).collect();
        let cut = take(adjustment, &left)?;
        for (part, amount) in delivery.parts.iter_mut().zip(&cut) {
            part.left -= amount;
        }
        let amount = sum(cut)?;
        if amount == 0 {
            trace.no_discount(Subject::Shipping, &adjustment.title);
            continue;
        }
        discounts.push(discount(adjustment, None, amount));
        trace.discount(Subject::Shipping, &adjustment.title, amount);
    }
    Ok(discounts)
}

/// Those with a target that is meant: lines before the order, then by priority and id, then by
/// all else, so that the order in which they came changes nothing.
fn in_order(promotions: &Promotions, is_meant: impl Fn(&Target) -> bool) -> Vec<&Adjustment> {
    let stage = |target: &Target| match target {
        Target::Lines(_) => 0,
        Target::Order => 1,
        Target::Shipping => 2,
    };
    let mut adjustments: Vec<_> =
        promotions.adjustments.iter().filter(|adjustment| is_meant(&adjustment.target)).collect();
    adjustments.sort_by_cached_key(|adjustment| {
        let first = (stage(&adjustment.target), Reverse(adjustment.priority));
        (first, adjustment.promotion, (*adjustment).clone())
    });
    adjustments
}

fn take<K: Ord>(adjustment: &Adjustment, left: &[(K, i64)]) -> Result<Vec<i64>, PricingError> {
    let amount = adjustment.off.from(sum(left.iter().map(|&(_, left)| left))?)?;
    spread(amount, left)
}

fn discount(adjustment: &Adjustment, line: Option<Uuid>, amount: i64) -> Discount {
    let Adjustment { promotion, title, .. } = adjustment;
    Discount { promotion: *promotion, title: title.clone(), line, amount }
}
