//! What must hold for every basket, asked of many.

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::pricing::QuotedLine;

fn classes() -> impl Strategy<Value = TaxClassId> + Clone {
    (1..=3_u128).prop_map(|number| TaxClassId(id(number)))
}

fn amounts() -> impl Strategy<Value = i64> + Clone {
    prop_oneof![1 => 0..4_i64, 4 => 0..100_000_i64]
}

fn price_rows() -> impl Strategy<Value = Vec<PriceRow>> {
    let list = prop::option::of((0..3, 0..3, "[ab]"));
    let row = (amounts(), prop::option::of(amounts()), 0..20, list).prop_map(
        |(amount, compare_at, min_quantity, list)| PriceRow {
            amount,
            compare_at,
            min_quantity,
            list: list.map(|(priority, rules, name)| ListRank { priority, rules, name }),
        },
    );
    (amounts(), vec(row, 0..4)).prop_map(|(amount, mut rows)| {
        rows.push(price(amount));
        rows
    })
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    vec((1..=3_u128, 1..=30, price_rows(), classes()), 0..7).prop_map(|lines| {
        let numbered = (1..).zip(lines);
        numbered
            .map(|(number, (variant, quantity, prices, tax_class))| Line {
                id: id(number),
                variant: VariantId(id(variant)),
                quantity,
                prices,
                tax_class,
            })
            .collect()
    })
}

fn rates() -> impl Strategy<Value = Vec<TaxRate>> {
    let ppm = prop_oneof![Just(0), Just(190_000), Just(88_750), 0..=600_000_i64];
    let rate = (classes(), "[ABC]", ppm, prop::bool::weighted(0.3));
    let rate = rate.prop_map(|(class, name, rate_ppm, is_compound)| TaxRate {
        class,
        name,
        rate_ppm,
        is_compound,
    });
    vec(rate, 0..7)
}

fn roundings() -> impl Strategy<Value = Rounding> {
    prop_oneof![Just(Rounding::Line), Just(Rounding::Unit), Just(Rounding::Order)]
}

fn tax_rules() -> impl Strategy<Value = TaxRules> {
    let foreign = prop_oneof![Just(Foreign::KeepGross), Just(Foreign::KeepNet)];
    let shipping = prop_oneof![
        classes().prop_map(ShippingTax::Class),
        Just(ShippingTax::Proportional),
        Just(ShippingTax::Highest),
    ];
    (any::<bool>(), roundings(), foreign, rates(), rates(), shipping).prop_map(
        |(prices_include_tax, rounding, foreign, home, destination, shipping)| TaxRules {
            prices_include_tax,
            rounding,
            foreign,
            home,
            destination,
            shipping,
        },
    )
}

fn promotions() -> impl Strategy<Value = Promotions> {
    let target = prop_oneof![
        vec(1..8_u128, 0..4).prop_map(|lines| Target::Lines(lines.into_iter().map(id).collect())),
        Just(Target::Order),
        Just(Target::Shipping),
    ];
    let off = prop_oneof![amounts().prop_map(Off::Amount), (0..=1_200_000_i64).prop_map(Off::Ppm)];
    let adjustment = (target, 0..2, 1..4_u128, "[xy]", off).prop_map(
        |(target, priority, promotion, title, off)| Adjustment {
            target,
            priority,
            promotion: id(promotion),
            title,
            off,
        },
    );
    vec(adjustment, 0..4).prop_map(|adjustments| Promotions { adjustments })
}

fn baskets() -> impl Strategy<Value = Basket> {
    (tax_rules(), lines(), prop::option::of(amounts()), promotions()).prop_map(
        |(tax, lines, shipping, promotions)| {
            let basket = Basket { promotions, ..basket(tax, lines) };
            match shipping {
                Some(amount) => delivered(basket, amount),
                None => basket,
            }
        },
    )
}

/// The same basket with everything in it in another order.
fn shuffled(basket: Basket) -> impl Strategy<Value = (Basket, Basket)> {
    let parts = (
        Just(basket.lines.clone()).prop_shuffle(),
        Just(basket.tax.home.clone()).prop_shuffle(),
        Just(basket.tax.destination.clone()).prop_shuffle(),
        Just(basket.promotions.adjustments.clone()).prop_shuffle(),
    );
    parts.prop_map(move |(mut lines, home, destination, adjustments)| {
        for line in &mut lines {
            line.prices.reverse();
        }
        let tax = TaxRules { home, destination, ..basket.tax.clone() };
        let promotions = Promotions { adjustments };
        (basket.clone(), Basket { tax, lines, promotions, ..basket.clone() })
    })
}

/// Lines with one price each, and one simple rate for each class.
fn plain(
    quantities: std::ops::RangeInclusive<i32>,
) -> impl Strategy<Value = (Vec<Line>, TaxRules)> {
    let lines = vec((quantities, 0..1_000_000_i64, classes()), 1..6);
    (lines, vec(0..=400_000_i64, 3)).prop_map(|(lines, rates)| {
        let lines = (1..).zip(lines);
        let rates = (1..).zip(rates);
        (
            lines
                .map(|(number, (count, amount, class))| line(number, count, amount, class))
                .collect(),
            rules(
                false,
                rates.map(|(class, ppm)| rate(TaxClassId(id(class)), "VAT", ppm)).collect(),
            ),
        )
    })
}

/// Each price with the tax that would come on top of one piece.
fn with_tax_included(lines: &[Line], rules: &TaxRules) -> Basket {
    let lines = lines
        .iter()
        .map(|line| {
            let single = Line { quantity: 1, ..line.clone() };
            let gross = quoted(&basket(rules.clone(), vec![single])).total;
            Line { prices: vec![price(gross)], ..line.clone() }
        })
        .collect();
    basket(TaxRules { prices_include_tax: true, ..rules.clone() }, lines)
}

proptest! {
    #[test]
    fn the_parts_add_up_to_the_total(basket in baskets()) {
        let quote = quoted(&basket);

        let delivery = quote.shipping.as_ref();
        let lines: i64 = quote.lines.iter().map(|line| line.total).sum();
        prop_assert_eq!(quote.total, lines + delivery.map_or(0, |shipping| shipping.total));
        let on_top = if quote.tax_included { 0 } else { quote.tax };
        let receipt = quote.goods_total() + quote.shipping_total + on_top;
        prop_assert_eq!(quote.total, receipt);
        for line in &quote.lines {
            let on_top = if quote.tax_included { 0 } else { line.tax };
            prop_assert_eq!(line.subtotal, line.unit_price * i64::from(line.quantity));
            prop_assert_eq!(line.total, line.subtotal - line.discount + on_top);
        }
        if let Some(shipping) = delivery {
            let on_top = if quote.tax_included { 0 } else { shipping.tax };
            prop_assert_eq!(shipping.total, shipping.amount - shipping.discount + on_top);
        }
    }

    #[test]
    fn the_taxes_and_discounts_add_up_too(basket in baskets()) {
        let quote = quoted(&basket);

        let delivery = quote.shipping.iter();
        let lines: i64 = quote.lines.iter().map(|line| line.tax).sum();
        prop_assert_eq!(quote.tax, lines + delivery.clone().map(|it| it.tax).sum::<i64>());
        prop_assert_eq!(quote.tax, quote.tax_lines.iter().map(|tax| tax.amount).sum::<i64>());
        for line in &quote.lines {
            prop_assert_eq!(line.tax, line.taxes.iter().map(|tax| tax.amount).sum::<i64>());
            let discounts = quote.discounts.iter().filter(|it| it.line == Some(line.id));
            prop_assert_eq!(line.discount, discounts.map(|it| it.amount).sum::<i64>());
        }
        let discounts: i64 = quote.discounts.iter().map(|it| it.amount).sum();
        prop_assert_eq!(discounts, quote.discount + delivery.map(|it| it.discount).sum::<i64>());
    }

    #[test]
    fn no_part_is_negative(basket in baskets()) {
        let quote = quoted(&basket);

        for line in &quote.lines {
            let parts = [line.unit_price, line.subtotal, line.discount, line.tax, line.total];
            prop_assert!(parts.iter().all(|&part| part >= 0), "{:?}", line);
            prop_assert!(line.discount <= line.subtotal && line.tax <= line.total);
        }
        if let Some(shipping) = &quote.shipping {
            let parts = [shipping.amount, shipping.discount, shipping.tax, shipping.total];
            prop_assert!(parts.iter().all(|&part| part >= 0), "{:?}", shipping);
            prop_assert!(shipping.tax <= shipping.total);
        }
        prop_assert!(quote.tax_lines.iter().all(|tax| tax.base >= 0 && tax.amount >= 0));
        prop_assert!(quote.discounts.iter().all(|discount| discount.amount > 0));
    }

    #[test]
    fn the_order_of_rows_changes_no_amount((one, other) in baskets().prop_flat_map(shuffled)) {
        let (one, mut other) = (quoted(&one), quoted(&other));

        let number = |line: &QuotedLine| line.id;
        other.lines.sort_by_key(number);
        prop_assert_eq!(&one.lines, &other.lines);
        prop_assert_eq!(&one.shipping, &other.shipping);
        prop_assert_eq!(&one.tax_lines, &other.tax_lines);
        prop_assert_eq!((one.tax, one.total), (other.tax, other.total));
        for line in &one.lines {
            prop_assert!(one.why(line.id).eq(other.why(line.id)));
        }
    }

    #[test]
    fn the_same_basket_always_costs_the_same(basket in baskets()) {
        prop_assert_eq!(quoted(&basket), quoted(&basket.clone()));
    }

    #[test]
    fn rounded_by_unit_both_tax_modes_agree_to_the_cent((lines, rules) in plain(1..=30)) {
        let rules = TaxRules { rounding: Rounding::Unit, ..rules };

        let included = quoted(&with_tax_included(&lines, &rules));
        let on_top = quoted(&basket(rules, lines));

        prop_assert_eq!((included.total, included.tax), (on_top.total, on_top.tax));
    }

    #[test]
    fn of_single_pieces_both_tax_modes_agree_to_the_cent((lines, rules) in plain(1..=1)) {
        let included = quoted(&with_tax_included(&lines, &rules));
        let on_top = quoted(&basket(rules, lines));

        prop_assert_eq!((included.total, included.tax), (on_top.total, on_top.tax));
    }

    #[test]
    fn both_tax_modes_agree_within_half_a_cent_for_each_rounding(
        (lines, rules) in plain(1..=30),
        rounding in roundings(),
    ) {
        let rules = TaxRules { rounding, ..rules };
        let pieces: i64 = lines.iter().map(|line| i64::from(line.quantity)).sum();
        let roundings = pieces + i64::try_from(lines.len()).unwrap();

        let included = quoted(&with_tax_included(&lines, &rules));
        let on_top = quoted(&basket(rules, lines));

        prop_assert!(2 * (included.total - on_top.total).abs() <= roundings);
    }

    #[test]
    fn rounded_by_order_a_rate_is_rounded_once(
        (lines, rules) in plain(1..=30),
        prices_include_tax: bool,
    ) {
        let rules = TaxRules { rounding: Rounding::Order, prices_include_tax, ..rules };

        let quote = quoted(&basket(rules, lines));

        for tax in quote.tax_lines {
            let whole = if prices_include_tax { 1_000_000 + tax.rate_ppm } else { 1_000_000 };
            let distance = 2 * (tax.amount * 1_000_000 - tax.base * tax.rate_ppm);
            prop_assert!(distance.abs() <= whole, "{:?}", tax);
        }
    }

    #[test]
    fn where_the_rates_are_those_of_home_the_price_stays(basket in baskets()) {
        let home = basket.tax.destination.clone();
        let at_home = |foreign| {
            let tax = TaxRules { foreign, home: home.clone(), ..basket.tax.clone() };
            quoted(&Basket { tax, ..basket.clone() })
        };

        prop_assert_eq!(at_home(Foreign::KeepNet), at_home(Foreign::KeepGross));
    }
}
