//! Which of a variant's prices holds.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, btree_map::Entry},
};

use api_types::VariantId;

use super::{
    Basket, Goods, Line, PricingError,
    exact::{Ratio, whole},
    trace::Trace,
};

/// One price of a variant: the base price, or that of a list; from some quantity on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRow {
    /// Price of one.
    pub amount: i64,
    /// What one cost before a sale.
    pub compare_at: Option<i64>,
    /// From how many pieces of the variant in the whole basket it holds; 0 and 1 are always.
    pub min_quantity: i32,
    /// The price list it is of; the base price without one.
    pub list: Option<ListRank>,
}

/// A price list, and how it ranks among others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListRank {
    /// The higher one wins.
    pub priority: i32,
    /// How many rules it has: among equal priorities the more exact one wins.
    pub rules: i32,
    /// Its name, for the reasons.
    pub name: String,
}

/// The row that holds when the basket has `quantity` of the variant.
///
/// Each list first gives its price for that quantity. Then a list beats the base price; of
/// several, priority decides, then the number of rules, then the lower amount.
pub(super) fn winner(rows: &[PriceRow], quantity: i64) -> Option<&PriceRow> {
    let tier = |row: &PriceRow| (Reverse(row.min_quantity), row.amount, row.compare_at);
    let mut tiers: BTreeMap<Option<&ListRank>, &PriceRow> = BTreeMap::new();
    for row in rows.iter().filter(|row| i64::from(row.min_quantity) <= quantity) {
        match tiers.entry(row.list.as_ref()) {
            Entry::Vacant(entry) => {
                entry.insert(row);
            }
            Entry::Occupied(mut entry) if tier(row) < tier(entry.get()) => {
                entry.insert(row);
            }
            Entry::Occupied(_) => {}
        }
    }

    tiers.into_values().min_by_key(|row| {
        let rank = row.list.as_ref();
        let order = rank.map(|list| (Reverse(list.priority), Reverse(list.rules)));
        (rank.is_none(), order, row.amount, rank.map(|list| list.name.as_str()))
    })
}

/// The basket's lines with the prices that hold.
pub(super) fn goods(basket: &Basket, trace: &mut Trace) -> Result<Vec<Goods>, PricingError> {
    let mut quantities: BTreeMap<VariantId, i64> = BTreeMap::new();
    for line in &basket.lines {
        *quantities.entry(line.variant).or_default() += i64::from(line.quantity);
    }
    basket.lines.iter().map(|line| priced(basket, line, quantities[&line.variant], trace)).collect()
}

fn priced(
    basket: &Basket,
    line: &Line,
    in_basket: i64,
    trace: &mut Trace,
) -> Result<Goods, PricingError> {
    let row = winner(&line.prices, in_basket).ok_or(PricingError::NoPrice { line: line.id })?;
    trace.price(line.id, row);

    let exchange = basket.tax.exchange(Some(line.tax_class))?;
    let unit_price = exchange.of(row.amount)?;
    if exchange != Ratio::ONE {
        trace.exchange(line.id, row.amount, unit_price);
    }
    let compare_at = row.compare_at.map(|amount| exchange.of(amount)).transpose()?;
    let subtotal = whole(i128::from(unit_price) * i128::from(line.quantity))?;
    Ok(Goods {
        id: line.id,
        class: line.tax_class,
        quantity: line.quantity,
        unit_price,
        compare_at: compare_at.filter(|&before| before > unit_price),
        subtotal,
        left: subtotal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(amount: i64, min_quantity: i32) -> PriceRow {
        PriceRow { amount, compare_at: None, min_quantity, list: None }
    }

    fn listed(amount: i64, min_quantity: i32, priority: i32, rules: i32, name: &str) -> PriceRow {
        let list = Some(ListRank { priority, rules, name: name.to_owned() });
        PriceRow { amount, compare_at: None, min_quantity, list }
    }

    fn won(rows: &[PriceRow], quantity: i64) -> Option<i64> {
        winner(rows, quantity).map(|row| row.amount)
    }

    #[test]
    fn the_highest_tier_that_is_reached_holds() {
        let rows = [base(1_800, 10), base(2_000, 1), base(1_500, 50)];

        for (quantity, amount) in
            [(1, 2_000), (9, 2_000), (10, 1_800), (49, 1_800), (50, 1_500), (999, 1_500)]
        {
            assert_eq!(won(&rows, quantity), Some(amount), "{quantity} pieces");
        }
    }

    #[test]
    fn a_list_beats_the_base_price_even_when_it_is_dearer() {
        let rows = [base(2_000, 1), listed(2_100, 1, 0, 0, "Override")];

        assert_eq!(won(&rows, 1), Some(2_100));
    }

    #[test]
    fn among_lists_priority_then_rules_then_the_lower_amount_decide() {
        for (rows, amount) in [
            ([listed(900, 1, 1, 3, "a"), listed(950, 1, 2, 0, "b")], 950),
            ([listed(900, 1, 1, 1, "a"), listed(950, 1, 1, 2, "b")], 950),
            ([listed(900, 1, 1, 1, "a"), listed(950, 1, 1, 1, "b")], 900),
            ([listed(900, 1, -2, 9, "a"), listed(950, 1, -1, 0, "b")], 950),
        ] {
            let reversed: Vec<_> = rows.iter().rev().cloned().collect();

            assert_eq!(won(&rows, 1), Some(amount), "{rows:?}");
            assert_eq!(won(&reversed, 1), Some(amount), "{rows:?}");
        }
    }

    #[test]
    fn a_list_competes_with_its_price_for_the_quantity() {
        let rows = [
            listed(1_000, 1, 0, 0, "Trade"),
            listed(700, 10, 0, 0, "Trade"),
            listed(800, 1, 0, 0, "Spring"),
        ];

        assert_eq!(won(&rows, 9), Some(800));
        assert_eq!(won(&rows, 10), Some(700));
    }

    #[test]
    fn a_list_whose_quantity_is_not_reached_leaves_the_base_price() {
        let rows = [listed(700, 10, 5, 5, "Trade"), base(2_000, 1)];

        assert_eq!(won(&rows, 9), Some(2_000));
    }

    #[test]
    fn a_variant_without_a_price_for_the_quantity_has_none() {
        assert_eq!(won(&[], 5), None);
        assert_eq!(won(&[base(1_800, 10)], 5), None);
    }
}
