//! Taxes: included or on top, several rates, three levels of rounding.

use std::collections::BTreeMap;

use api_types::TaxClassId;
use serde::{Deserialize, Serialize};

use super::{
    PricingError, Subject,
    exact::{MILLION, Ratio, half_up, sum},
    spread::spread,
};

/// How and at which rates a basket is taxed.
#[derive(Clone, Debug, PartialEq)]
pub struct TaxRules {
    /// Whether prices and delivery contain the tax.
    pub prices_include_tax: bool,
    /// Where a fraction of a cent is rounded.
    pub rounding: Rounding,
    /// What becomes of a price with tax where other rates hold.
    pub foreign: Foreign,
    /// Rates that prices with tax contain.
    pub home: Vec<TaxRate>,
    /// Rates where the goods go to; a class that has none is not taxed there.
    pub destination: Vec<TaxRate>,
    /// How delivery is taxed.
    pub shipping: ShippingTax,
}

/// Where a fraction of a cent is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Once for each line.
    #[default]
    Line,
    /// For each piece of a line.
    Unit,
    /// Once for all that is taxed alike, then spread over the lines.
    Order,
}

/// What becomes of a price with tax where other rates hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Foreign {
    /// The price stays, and contains the destination's tax.
    #[default]
    KeepGross,
    /// The tax of home is taken out of the price and the destination's put in.
    KeepNet,
}

/// How delivery is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShippingTax {
    /// As goods of this class.
    Class(TaxClassId),
    /// As the lines are, in proportion to what they cost.
    Proportional,
    /// As the line with the highest rate.
    Highest,
}

/// A rate that holds for a class of goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRate {
    /// For which goods.
    pub class: TaxClassId,
    /// Its name on the receipt, such as `VAT 19 %`.
    pub name: String,
    /// Parts per million: 190000 is 19 %.
    pub rate_ppm: i64,
    /// Whether it is taken on the price and all simple taxes; of several, each on those before
    /// it in order of name.
    pub is_compound: bool,
}

/// One rate's share of a tax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxShare {
    /// The rate's name.
    pub name: String,
    /// Parts per million: 190000 is 19 %.
    pub rate_ppm: i64,
    /// What the rate was taken on.
    pub base: i64,
    /// The tax.
    pub amount: i64,
}

impl TaxRules {
    /// What is paid for something that costs `base`.
    pub(super) fn paid(&self, base: i64, tax: i64) -> Result<i64, PricingError> {
        if self.prices_include_tax { Ok(base) } else { sum([base, tax]) }
    }

    /// By how much a price with the tax of home changes at the destination.
    pub(super) fn exchange(&self, class: Option<TaxClassId>) -> Result<Ratio, PricingError> {
        if !self.prices_include_tax || self.foreign == Foreign::KeepGross {
            return Ok(Ratio::ONE);
        }
        let home = Stack::of(&self.home, class).factor()?;
        Stack::of(&self.destination, class).factor()?.over(home)
    }

    /// From price without tax to price with tax at the destination.
    pub(super) fn factor(&self, class: TaxClassId) -> Result<Ratio, PricingError> {
        Stack::of(&self.destination, Some(class)).factor()
    }
}

/// Something that is taxed: a line, or a part of the delivery.
#[derive(Clone, Debug)]
pub(super) struct Taxable {
    /// What it is of.
    pub subject: Subject,
    /// How it is taxed; not at all without one.
    pub class: Option<TaxClassId>,
    /// What it costs after discounts.
    pub base: i64,
    /// Of how many pieces, 1 or more.
    pub quantity: i32,
}

/// The taxes of each, in the order given.
pub(super) fn taxes(
    rules: &TaxRules,
    taxables: &[Taxable],
) -> Result<Vec<Vec<TaxShare>>, PricingError> {
    let included = rules.prices_include_tax;
    let stacks: Vec<Stack> =
        taxables.iter().map(|taxable| Stack::of(&rules.destination, taxable.class)).collect();
    let amounts = match rules.rounding {
        Rounding::Line => taxables
            .iter()
            .zip(&stacks)
            .map(|(taxable, stack)| stack.amounts(taxable.base, included))
            .collect::<Result<_, _>>()?,
        Rounding::Unit => taxables
            .iter()
            .zip(&stacks)
            .map(|(taxable, stack)| stack.amounts_by_unit(taxable, included))
            .collect::<Result<_, _>>()?,
        Rounding::Order => amounts_of_order(taxables, &stacks, included)?,
    };
    let shares = taxables.iter().zip(&stacks).zip(amounts);
    shares
        .map(|((taxable, stack), amounts)| stack.shares(taxable.base, &amounts, included))
        .collect()
}

/// The rates that hold for one class, in an order of their own, so that the order of rows
/// changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stack<'a> {
    simple: Vec<(&'a str, i64)>,
    compound: Vec<(&'a str, i64)>,
}

impl<'a> Stack<'a> {
    fn of(rates: &'a [TaxRate], class: Option<TaxClassId>) -> Self {
        let named = |is_compound: bool| {
            let mut rates: Vec<_> = rates
                .iter()
                .filter(|rate| Some(rate.class) == class && rate.is_compound == is_compound)
                .map(|rate| (rate.name.as_str(), rate.rate_ppm))
                .collect();
            rates.sort_unstable();
            rates
        };
        Self { simple: named(false), compound: named(true) }
    }

    /// All simple rates together, in parts per million.
    fn simple_ppm(&self) -> Result<i64, PricingError> {
        sum(self.simple.iter().map(|&(_, rate)| rate))
    }

    /// From price without tax to price with tax.
    fn factor(&self) -> Result<Ratio, PricingError> {
        let compound = self.compound.iter().map(|&(_, rate)| rate);
        [self.simple_ppm()?].into_iter().chain(compound).try_fold(Ratio::ONE, |factor, rate| {
            factor.times(Ratio::new(MILLION + i128::from(rate), MILLION))
        })
    }

    /// The tax of each rate, simple ones first. Simple ones share one rounding; compound ones
    /// are each rounded on top, and taken off in reverse where the tax is included.
    fn amounts(&self, base: i64, included: bool) -> Result<Vec<i64>, PricingError> {
        let tax = |base: i64, rate: i64| {
            let whole = if included { MILLION + i128::from(rate) } else { MILLION };
            half_up(i128::from(base) * i128::from(rate), whole)
        };
        let simple_ppm = self.simple_ppm()?;
        let mut compound = vec![0; self.compound.len()];
        let shared;
        if included {
            let mut rest = base;
            for (amount, &(_, rate)) in compound.iter_mut().zip(&self.compound).rev() {
                *amount = tax(rest, rate)?;
                rest -= *amount;
            }
            shared = tax(rest, simple_ppm)?;
        } else {
            shared = tax(base, simple_ppm)?;
            let mut rest = sum([base, shared])?;
            for (amount, &(_, rate)) in compound.iter_mut().zip(&self.compound) {
                *amount = tax(rest, rate)?;
                rest = sum([rest, *amount])?;
            }
        }

        let rates: Vec<_> =
            self.simple.iter().enumerate().map(|(place, &(_, rate))| (place, rate)).collect();
        let mut amounts = spread(shared, &rates)?;
        amounts.extend(compound);
        Ok(amounts)
    }

    /// The same, rounded for each piece. A discount is cut into pieces of whole cents first, so
    /// no piece is taxed on a fraction.
    fn amounts_by_unit(&self, taxable: &Taxable, included: bool) -> Result<Vec<i64>, PricingError> {
        let quantity = i64::from(taxable.quantity);
        let (each, dearer) = (taxable.base / quantity, taxable.base % quantity);
        let cheap = self.amounts(each, included)?;
        if dearer == 0 {
            return cheap.into_iter().map(|amount| times(amount, quantity)).collect();
        }
        let dear = self.amounts(each + 1, included)?;
        cheap
            .into_iter()
            .zip(dear)
            .map(|(cheap, dear)| sum([times(cheap, quantity - dearer)?, times(dear, dearer)?]))
            .collect()
    }

    /// The amounts with their names, and what each was taken on.
    fn shares(
        &self,
        base: i64,
        amounts: &[i64],
        included: bool,
    ) -> Result<Vec<TaxShare>, PricingError> {
        let all = sum(amounts.iter().copied())?;
        let net = if included { base - all } else { base };
        let share = |&(name, rate_ppm): &(&str, i64), base, amount| TaxShare {
            name: name.to_owned(),
            rate_ppm,
            base,
            amount,
        };

        let (simple, compound) = amounts.split_at(self.simple.len());
        let mut shares: Vec<_> = self
            .simple
            .iter()
            .zip(simple)
            .map(|(rate, &amount)| share(rate, net, amount))
            .collect();
        let mut rest = sum(simple.iter().copied().chain([net]))?;
        for (rate, &amount) in self.compound.iter().zip(compound) {
            shares.push(share(rate, rest, amount));
            rest = sum([rest, amount])?;
        }
        Ok(shares)
    }
}

fn times(amount: i64, quantity: i64) -> Result<i64, PricingError> {
    amount.checked_mul(quantity).ok_or(PricingError::Overflow)
}

/// Rounds once for all that is taxed alike.
fn amounts_of_order(
    taxables: &[Taxable],
    stacks: &[Stack],
    included: bool,
) -> Result<Vec<Vec<i64>>, PricingError> {
    let mut alike: BTreeMap<&Stack, Vec<usize>> = BTreeMap::new();
    for (place, stack) in stacks.iter().enumerate() {
        alike.entry(stack).or_default().push(place);
    }

    let mut amounts = vec![Vec::new(); taxables.len()];
    for (stack, places) in alike {
        let base = sum(places.iter().map(|&place| taxables[place].base))?;
        let by_rate = stack.amounts(base, included)?;
        let members: Vec<_> = places
            .iter()
            .map(|&place| ((taxables[place].subject, taxables[place].class), taxables[place].base))
            .collect();
        for (place, cut) in places.iter().zip(cut_both_ways(&by_rate, &members)?) {
            amounts[*place] = cut;
        }
    }
    Ok(amounts)
}

/// Cuts the tax of each rate over the members so that each member's sum is its share of the
/// whole tax too: first the whole by what members cost, then rate by rate out of what is left
/// of each member's sum. No member pays more tax than it costs where the tax is included.
fn cut_both_ways<K: Ord + Copy>(
    by_rate: &[i64],
    members: &[(K, i64)],
) -> Result<Vec<Vec<i64>>, PricingError> {
    let whole = spread(sum(by_rate.iter().copied())?, members)?;
    let mut left: Vec<(K, i64)> =
        members.iter().zip(whole).map(|(&(key, _), tax)| (key, tax)).collect();
    let mut cuts = vec![Vec::with_capacity(by_rate.len()); members.len()];
    for &amount in by_rate {
        for (member, part) in spread(amount, &left)?.into_iter().enumerate() {
            cuts[member].push(part);
            left[member].1 -= part;
        }
    }
    Ok(cuts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const CLASS: TaxClassId = TaxClassId(Uuid::nil());

    fn rates(simple: &[i64], compound: &[i64]) -> Vec<TaxRate> {
        let simple = simple.iter().map(|&rate_ppm| (rate_ppm, false));
        let compound = compound.iter().map(|&rate_ppm| (rate_ppm, true));
        let name = |place: usize| format!("Rate {place}");
        simple
            .chain(compound)
            .enumerate()
            .map(|(place, (rate_ppm, is_compound))| TaxRate {
                class: CLASS,
                name: name(place),
                rate_ppm,
                is_compound,
            })
            .collect()
    }

    fn amounts(base: i64, simple: &[i64], compound: &[i64], included: bool) -> Vec<i64> {
        Stack::of(&rates(simple, compound), Some(CLASS)).amounts(base, included).unwrap()
    }

    #[test]
    fn included_tax_is_taken_out_of_the_price() {
        for (base, rate, tax) in [
            (1_999, 190_000, 319),
            (1_000, 70_000, 65),
            (1_999, 200_000, 333),
            (1_100, 100_000, 100),
            (999, 100_000, 91),
            (12_345, 50_000, 588),
            (4, 600_000, 2),
            (1, 1_000_000, 1),
            (0, 190_000, 0),
            (1_999, 0, 0),
        ] {
            assert_eq!(amounts(base, &[rate], &[], true), [tax], "{base} at {rate}");
        }
    }

    #[test]
    fn tax_on_top_is_rounded_half_up() {
        for (base, rate, tax) in [
            (1_999, 88_750, 177),
            (10_000, 88_750, 888),
            (1_234, 100_000, 123),
            (1_235, 100_000, 124),
            (12_350, 50_000, 618),
            (2, 200_000, 0),
            (3, 200_000, 1),
        ] {
            assert_eq!(amounts(base, &[rate], &[], false), [tax], "{base} at {rate}");
        }
    }

    #[test]
    fn simple_rates_share_one_rounding() {
        assert_eq!(amounts(999, &[12_500, 10_000, 60_000], &[], false), [12, 10, 60]);
        assert_eq!(amounts(1_081, &[12_500, 10_000, 60_000], &[], true), [12, 10, 60]);
    }

    #[test]
    fn a_compound_rate_is_taken_on_price_and_simple_taxes() {
        assert_eq!(amounts(10_000, &[50_000], &[95_000], false), [500, 998]);
        assert_eq!(amounts(11_498, &[50_000], &[95_000], true), [500, 998]);

        let rates = rates(&[50_000], &[95_000]);
        let shares = Stack::of(&rates, Some(CLASS)).shares(11_498, &[500, 998], true).unwrap();

        assert_eq!(shares.iter().map(|share| share.base).collect::<Vec<_>>(), [10_000, 10_500]);
    }

    #[test]
    fn a_tax_cut_both_ways_keeps_the_sums_of_rates_and_of_members() {
        let cuts = cut_both_ways(&[2, 1, 1], &[(1, 1), (2, 1), (3, 2)]).unwrap();

        assert_eq!(cuts, [vec![1, 0, 0], vec![0, 1, 0], vec![1, 0, 1]]);
    }

    fn stack() -> impl Strategy<Value = (Vec<i64>, Vec<i64>)> {
        let rate = || prop_oneof![Just(0), Just(190_000), 0..=400_000_i64];
        (prop::collection::vec(rate(), 0..4), prop::collection::vec(rate(), 0..3))
    }

    proptest! {
        #[test]
        fn tax_and_the_rest_are_the_price(
            base in 0..10_000_000_i64,
            (simple, compound) in stack(),
            included: bool,
        ) {
            let rates = rates(&simple, &compound);
            let stack = Stack::of(&rates, Some(CLASS));
            let amounts = stack.amounts(base, included).unwrap();
            let tax: i64 = amounts.iter().sum();
            let shares = stack.shares(base, &amounts, included).unwrap();

            let net = if included { base - tax } else { base };
            prop_assert!(net >= 0 && amounts.iter().all(|&amount| amount >= 0));
            prop_assert!(shares.iter().take(simple.len()).all(|share| share.base == net));
            if let Some(last) = shares.last().filter(|_| !compound.is_empty()) {
                prop_assert_eq!(last.base + last.amount, net + tax);
            }
        }

        #[test]
        fn the_tax_of_one_rate_is_the_nearest_cent(
            base in 0..10_000_000_i64,
            rate in 0..=2_000_000_i64,
            included: bool,
        ) {
            let tax = amounts(base, &[rate], &[], included)[0];

            let whole = if included { 1_000_000 + rate } else { 1_000_000 };
            let distance = 2 * (tax * whole - base * rate);
            prop_assert!(-whole < distance && distance <= whole);
        }

        #[test]
        fn what_was_put_on_top_is_what_is_found_included(
            base in 0..10_000_000_i64,
            (simple, compound) in stack(),
        ) {
            let on_top = amounts(base, &simple, &compound, false);
            let gross = base + on_top.iter().sum::<i64>();

            prop_assert_eq!(amounts(gross, &simple, &compound, true), on_top);
        }

        #[test]
        fn a_tax_cut_both_ways_is_never_more_than_a_member_has(
            by_rate in prop::collection::vec(0..50_i64, 1..5),
            untaxed in 0..50_i64,
            weights in prop::collection::vec(0..20_i64, 1..6),
        ) {
            let costs = by_rate.iter().sum::<i64>() + untaxed;
            let weights: Vec<_> = weights.into_iter().enumerate().collect();
            let members: Vec<_> =
                spread(costs, &weights).unwrap().into_iter().enumerate().collect();

            let cuts = cut_both_ways(&by_rate, &members).unwrap();

            for (cut, (_, cost)) in cuts.iter().zip(&members) {
                prop_assert!(cut.iter().sum::<i64>() <= *cost && cut.iter().all(|&part| part >= 0));
            }
            for (rate, amount) in by_rate.iter().enumerate() {
                prop_assert_eq!(cuts.iter().map(|cut| cut[rate]).sum::<i64>(), *amount);
            }
        }
    }
}
