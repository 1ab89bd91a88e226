//! Why a basket costs what it costs, in words.

use api_types::{Currency, Money};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{PriceRow, TaxRules, TaxShare};

/// One reason for one amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What happened, for programs.
    pub kind: StepKind,
    /// To what.
    pub subject: Subject,
    /// The amount it is about.
    pub amount: i64,
    /// What happened, for people.
    pub text: String,
}

/// What happened in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The base price holds; the amount is that of one.
    BasePrice,
    /// The base price from a quantity on holds; the amount is that of one.
    QuantityPrice,
    /// A price list's price holds; the amount is that of one.
    ListPrice,
    /// The tax of home was exchanged for the destination's; the amount is the new price of one.
    TaxExchanged,
    /// A promotion took the amount off.
    Discount,
    /// A promotion found nothing to take off.
    NoDiscount,
    /// Delivery costs the amount.
    Delivery,
    /// The amount of tax is included.
    TaxIncluded,
    /// The amount of tax comes on top.
    TaxAdded,
    /// No tax is due at the destination.
    Untaxed,
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A line of the basket.
    Line(Uuid),
    /// The delivery.
    Shipping,
    /// All lines.
    Order,
}

/// The steps so far.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    currency: Currency,
    /// In the order in which they were taken.
    pub steps: Vec<Step>,
}

impl Trace {
    /// Nothing has happened yet.
    pub(super) fn new(currency: Currency) -> Self {
        Self { currency, steps: Vec::new() }
    }

    fn money(&self, amount: i64) -> Money {
        Money::new(amount, self.currency)
    }

    fn note(&mut self, kind: StepKind, subject: Subject, amount: i64, text: String) {
        self.steps.push(Step { kind, subject, amount, text });
    }

    /// This price holds for a line.
    pub(super) fn price(&mut self, line: Uuid, row: &PriceRow) {
        let each = self.money(row.amount);
        let from = row.min_quantity;
        let (kind, text) = match &row.list {
            Some(list) if from > 1 => {
                let name = &list.name;
                (
                    StepKind::ListPrice,
                    format!("{each} each, the price of “{name}” from {from} pieces"),
                )
            }
            Some(list) => {
                (StepKind::ListPrice, format!("{each} each, the price of “{}”", list.name))
            }
            None if from > 1 => {
                (StepKind::QuantityPrice, format!("{each} each, the price from {from} pieces"))
            }
            None => (StepKind::BasePrice, format!("{each} each, the regular price")),
        };
        self.note(kind, Subject::Line(line), row.amount, text);
    }

    /// A line's price was stripped of the tax of home and given the destination's.
    pub(super) fn exchange(&mut self, line: Uuid, home: i64, abroad: i64) {
        let text = format!(
            "{} each instead of {}: the tax of the destination replaces that of the shop",
            self.money(abroad),
            self.money(home),
        );
        self.note(StepKind::TaxExchanged, Subject::Line(line), abroad, text);
    }

    /// A promotion took something off.
    pub(super) fn discount(&mut self, subject: Subject, title: &str, amount: i64) {
        let text = format!("{} off by “{title}”", self.money(amount));
        self.note(StepKind::Discount, subject, amount, text);
    }

    /// A promotion took nothing off.
    pub(super) fn no_discount(&mut self, subject: Subject, title: &str) {
        let text = format!("“{title}” takes nothing off: there is nothing left to take it from");
        self.note(StepKind::NoDiscount, subject, 0, text);
    }

    /// Delivery has a price.
    pub(super) fn delivery(&mut self, title: &str, amount: i64) {
        let text = if amount == 0 {
            format!("“{title}” is free")
        } else {
            format!("“{title}” costs {}", self.money(amount))
        };
        self.note(StepKind::Delivery, Subject::Shipping, amount, text);
    }

    /// A line or the delivery was taxed.
    pub(super) fn taxes(&mut self, subject: Subject, taxes: &[TaxShare], rules: &TaxRules) {
        if taxes.is_empty() {
            let text = "No tax is due at the destination".to_owned();
            self.note(StepKind::Untaxed, subject, 0, text);
        }
        let (kind, verb) = if rules.prices_include_tax {
            (StepKind::TaxIncluded, "included")
        } else {
            (StepKind::TaxAdded, "added")
        };
        for share in taxes {
            let text = format!("{} {verb}: {}", rate_name(share), self.money(share.amount));
            self.note(kind, subject, share.amount, text);
        }
    }
}

/// The rate's name, with the rate unless it names it itself: `Sales tax 8.875 %`.
fn rate_name(share: &TaxShare) -> String {
    if share.name.contains('%') {
        return share.name.clone();
    }
    let decimals = format!("{:04}", share.rate_ppm % 10_000);
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    format!("{} {}{point}{decimals} %", share.name, share.rate_ppm / 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::ListRank;

    #[test]
    fn a_price_says_whose_it_is_and_from_how_many_pieces() {
        for (list, min_quantity, kind, said) in [
            (None, 1, StepKind::BasePrice, "€18.00 each, the regular price"),
            (None, 2, StepKind::QuantityPrice, "€18.00 each, the price from 2 pieces"),
            (Some("Trade"), 1, StepKind::ListPrice, "€18.00 each, the price of “Trade”"),
            (
                Some("Trade"),
                2,
                StepKind::ListPrice,
                "€18.00 each, the price of “Trade” from 2 pieces",
            ),
        ] {
            let list = list.map(|name| ListRank { priority: 0, rules: 0, name: name.to_owned() });
            let mut trace = Trace::new(Currency::EUR);

            trace.price(
                Uuid::nil(),
                &PriceRow { amount: 1_800, compare_at: None, min_quantity, list },
            );

            assert_eq!((trace.steps[0].kind, trace.steps[0].text.as_str()), (kind, said));
        }
    }

    #[test]
    fn a_rate_is_named_once_and_exactly() {
        for (name, rate_ppm, shown) in [
            ("VAT 19 %", 190_000, "VAT 19 %"),
            ("VAT", 190_000, "VAT 19 %"),
            ("Sales tax", 88_750, "Sales tax 8.875 %"),
            ("Levy", 100, "Levy 0.01 %"),
            ("VAT", 0, "VAT 0 %"),
        ] {
            let share = TaxShare { name: name.to_owned(), rate_ppm, base: 0, amount: 0 };

            assert_eq!(rate_name(&share), shown);
        }
    }
}
