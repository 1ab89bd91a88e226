//! What a basket costs, and why.
//!
//! Pure: no database, no clock, no rounding but the one its rules name. Whoever asks brings
//! prices, rates and delivery as rows; out comes every amount of an order and the reasons for
//! it. Amounts are minor units of the basket's currency throughout.

mod exact;
mod price;
mod promotion;
mod shipping;
mod spread;
mod tax;
#[cfg(test)]
mod tests;
mod trace;

use std::collections::{BTreeMap, BTreeSet};

use api_types::{Currency, TaxClassId, VariantId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    price::{ListRank, PriceRow},
    promotion::{Adjustment, Discount, Off, Promotions, Target},
    shipping::{QuotedShipping, ShippingCharge, ShippingRate, charge, until_free},
    spread::spread,
    tax::{Foreign, Rounding, ShippingTax, TaxRate, TaxRules, TaxShare},
    trace::{Step, StepKind, Subject},
};

use self::{exact::sum, shipping::Delivery, tax::Taxable, trace::Trace};

/// Everything that decides what a cart costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Basket {
    /// Currency of every amount in it.
    pub currency: Currency,
    /// How and at which rates it is taxed.
    pub tax: TaxRules,
    /// What is bought; ids are unique.
    pub lines: Vec<Line>,
    /// The chosen delivery; absent until there is one.
    pub shipping: Option<ShippingCharge>,
    /// What promotions take off.
    pub promotions: Promotions,
}

/// One line of a basket.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which line; breaks ties when an odd cent must land somewhere.
    pub id: Uuid,
    /// What is bought.
    pub variant: VariantId,
    /// How many, 1 or more.
    pub quantity: i32,
    /// All prices of the variant that hold for this shopper, in the basket's currency.
    pub prices: Vec<PriceRow>,
    /// How it is taxed.
    pub tax_class: TaxClassId,
}

/// What a basket costs.
///
/// `total = Σ lines.total + shipping.total`, whatever the tax mode. As the sums of a receipt:
/// `subtotal − discount + shipping_total`, plus `tax` unless it is included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// Currency of every amount.
    pub currency: Currency,
    /// Whether prices, discounts and delivery contain the tax.
    pub tax_included: bool,
    /// A line for each of the basket's, in its order.
    pub lines: Vec<QuotedLine>,
    /// Delivery; absent as in the basket.
    pub shipping: Option<QuotedShipping>,
    /// All lines before discounts.
    pub subtotal: i64,
    /// Taken off the lines.
    pub discount: i64,
    /// Delivery after its own discounts, without the tax that comes on top.
    pub shipping_total: i64,
    /// All taxes, included or on top, delivery's among them.
    pub tax: i64,
    /// To pay.
    pub total: i64,
    /// The taxes summed by rate, in order of name.
    pub tax_lines: Vec<TaxShare>,
    /// Every discount, cut to the line or delivery it came to.
    pub discounts: Vec<Discount>,
    /// How the amounts came about, step by step.
    pub trace: Vec<Step>,
}

impl Quote {
    /// The goods after discounts: what bands of delivery and free delivery are measured by.
    pub fn goods_total(&self) -> i64 {
        self.subtotal - self.discount
    }

    /// Why a line costs what it costs, a sentence a step.
    pub fn why(&self, line: Uuid) -> impl Iterator<Item = &str> {
        self.trace
            .iter()
            .filter(move |step| step.subject == Subject::Line(line))
            .map(|step| step.text.as_str())
    }
}

/// What one line costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotedLine {
    /// The basket's line.
    pub id: Uuid,
    /// Price of one.
    pub unit_price: i64,
    /// What one cost before a sale; more than `unit_price`.
    pub compare_at: Option<i64>,
    /// How many.
    pub quantity: i32,
    /// `unit_price × quantity`.
    pub subtotal: i64,
    /// Taken off, the line's share of order discounts among it.
    pub discount: i64,
    /// Tax on it, included or on top.
    pub tax: i64,
    /// What is paid for the line, tax included.
    pub total: i64,
    /// The tax by rate.
    pub taxes: Vec<TaxShare>,
}

/// Why a basket has no total.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// The line's variant is not sold in this currency, or not in this quantity.
    #[error("line {line} has no price in this currency")]
    NoPrice {
        /// The basket's line.
        line: Uuid,
    },
    /// Less than one of something, or a price from less than none.
    #[error("line {line} has a quantity that cannot be bought")]
    BadQuantity {
        /// The basket's line.
        line: Uuid,
    },
    /// Two lines with one id: cents could not be placed the same way twice.
    #[error("line {line} is in the basket twice")]
    DuplicateLine {
        /// The basket's line.
        line: Uuid,
    },
    /// A price, rate, charge or discount below zero.
    #[error("an amount or rate is negative")]
    Negative,
    /// An amount to spread, and nothing to spread it over.
    #[error("an amount has nothing to be spread over")]
    NoParts,
    /// More money than 64 bits hold.
    #[error("an amount is too large")]
    Overflow,
}

/// A line on its way through the steps.
#[derive(Clone, Debug)]
struct Goods {
    id: Uuid,
    class: TaxClassId,
    quantity: i32,
    unit_price: i64,
    compare_at: Option<i64>,
    subtotal: i64,
    /// `subtotal` less the discounts so far.
    left: i64,
}

/// Prices a basket: prices, line promotions, order promotions, delivery and its promotions, tax.
pub fn quote(basket: &Basket) -> Result<Quote, PricingError> {
    check(basket)?;
    let mut trace = Trace::new(basket.currency);
    let mut goods = price::goods(basket, &mut trace)?;
    let mut discounts = promotion::on_goods(&basket.promotions, &mut goods, &mut trace)?;
    let mut delivery = shipping::delivery(basket, &goods, &mut trace)?;
    if let Some(delivery) = &mut delivery {
        discounts.extend(promotion::on_delivery(&basket.promotions, delivery, &mut trace)?);
    }

    let mut taxes = tax::taxes(&basket.tax, &taxables(&goods, delivery.as_ref()))?.into_iter();
    let lines = goods
        .iter()
        .zip(taxes.by_ref())
        .map(|(goods, taxes)| quoted_line(goods, taxes, &basket.tax, &mut trace))
        .collect::<Result<Vec<_>, _>>()?;
    let shipping = delivery
        .map(|delivery| delivery.quoted(taxes.flatten(), &basket.tax, &mut trace))
        .transpose()?;

    receipt(basket, Receipt { lines, shipping, discounts, trace })
}

/// Refuses what no shop means.
fn check(basket: &Basket) -> Result<(), PricingError> {
    let mut seen = BTreeSet::new();
    for line in &basket.lines {
        if !seen.insert(line.id) {
            return Err(PricingError::DuplicateLine { line: line.id });
        }
        if line.quantity < 1 || line.prices.iter().any(|row| row.min_quantity < 0) {
            return Err(PricingError::BadQuantity { line: line.id });
        }
    }

    let prices = basket.lines.iter().flat_map(|line| &line.prices);
    let amounts = prices.flat_map(|row| [row.amount, row.compare_at.unwrap_or(0)]);
    let rates = basket.tax.home.iter().chain(&basket.tax.destination).map(|rate| rate.rate_ppm);
    let charges = basket.shipping.iter().map(|shipping| shipping.amount);
    let discounts = basket.promotions.adjustments.iter().map(|adjustment| adjustment.off.number());
    let all_right = amounts.chain(rates).chain(charges).chain(discounts).all(|number| number >= 0);
    if all_right { Ok(()) } else { Err(PricingError::Negative) }
}

/// What is taxed: the lines in their order, then the parts of the delivery.
fn taxables(goods: &[Goods], delivery: Option<&Delivery>) -> Vec<Taxable> {
    let lines = goods.iter().map(|goods| Taxable {
        subject: Subject::Line(goods.id),
        class: Some(goods.class),
        base: goods.left,
        quantity: goods.quantity,
    });
    let parts = delivery.iter().flat_map(|delivery| &delivery.parts).map(|part| Taxable {
        subject: Subject::Shipping,
        class: part.class,
        base: part.left,
        quantity: 1,
    });
    lines.chain(parts).collect()
}

fn quoted_line(
    goods: &Goods,
    taxes: Vec<TaxShare>,
    rules: &TaxRules,
    trace: &mut Trace,
) -> Result<QuotedLine, PricingError> {
    trace.taxes(Subject::Line(goods.id), &taxes, rules);
    let tax = sum(taxes.iter().map(|share| share.amount))?;
    Ok(QuotedLine {
        id: goods.id,
        unit_price: goods.unit_price,
        compare_at: goods.compare_at,
        quantity: goods.quantity,
        subtotal: goods.subtotal,
        discount: goods.subtotal - goods.left,
        tax,
        total: rules.paid(goods.left, tax)?,
        taxes,
    })
}

/// The parts of a quote before they are summed up.
struct Receipt {
    lines: Vec<QuotedLine>,
    shipping: Option<QuotedShipping>,
    discounts: Vec<Discount>,
    trace: Trace,
}

fn receipt(basket: &Basket, receipt: Receipt) -> Result<Quote, PricingError> {
    let Receipt { lines, shipping, discounts, trace } = receipt;
    let delivery = shipping.as_ref();
    let shares = lines
        .iter()
        .flat_map(|line| &line.taxes)
        .chain(delivery.iter().flat_map(|shipping| &shipping.taxes));
    let tax_lines = by_rate(shares)?;
    Ok(Quote {
        currency: basket.currency,
        tax_included: basket.tax.prices_include_tax,
        subtotal: sum(lines.iter().map(|line| line.subtotal))?,
        discount: sum(lines.iter().map(|line| line.discount))?,
        shipping_total: delivery.map_or(0, |shipping| shipping.amount - shipping.discount),
        tax: sum(tax_lines.iter().map(|share| share.amount))?,
        total: sum(lines
            .iter()
            .map(|line| line.total)
            .chain(delivery.map(|shipping| shipping.total)))?,
        tax_lines,
        lines,
        shipping,
        discounts,
        trace: trace.steps,
    })
}

/// Shares of one name and rate, added up; in order of name.
fn by_rate<'a>(shares: impl Iterator<Item = &'a TaxShare>) -> Result<Vec<TaxShare>, PricingError> {
    let mut sums = BTreeMap::new();
    for share in shares {
        let (base, amount) = sums.entry((share.name.as_str(), share.rate_ppm)).or_insert((0, 0));
        *base = sum([*base, share.base])?;
        *amount = sum([*amount, share.amount])?;
    }
    Ok(sums
        .into_iter()
        .map(|((name, rate_ppm), (base, amount))| TaxShare {
            name: name.to_owned(),
            rate_ppm,
            base,
            amount,
        })
        .collect())
}
