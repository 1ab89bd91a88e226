//! Whole baskets: cases computed by hand, and what must hold for every basket.

mod properties;

use api_types::{Currency, TaxClassId, VariantId};
use uuid::Uuid;

use super::{
    Adjustment, Basket, Foreign, Line, ListRank, Off, PriceRow, PricingError, Promotions, Quote,
    Rounding, ShippingCharge, ShippingTax, StepKind, Target, TaxRate, TaxRules, quote,
};

const STANDARD: TaxClassId = TaxClassId(Uuid::from_u128(1));
const REDUCED: TaxClassId = TaxClassId(Uuid::from_u128(2));

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn price(amount: i64) -> PriceRow {
    PriceRow { amount, compare_at: None, min_quantity: 1, list: None }
}

fn line(number: u128, quantity: i32, amount: i64, tax_class: TaxClassId) -> Line {
    let prices = vec![price(amount)];
    Line { id: id(number), variant: VariantId(id(number)), quantity, prices, tax_class }
}

fn rate(class: TaxClassId, name: &str, rate_ppm: i64) -> TaxRate {
    TaxRate { class, name: name.to_owned(), rate_ppm, is_compound: false }
}

fn german() -> Vec<TaxRate> {
    vec![rate(STANDARD, "VAT 19 %", 190_000), rate(REDUCED, "VAT 7 %", 70_000)]
}

fn rules(prices_include_tax: bool, destination: Vec<TaxRate>) -> TaxRules {
    TaxRules {
        prices_include_tax,
        rounding: Rounding::Line,
        foreign: Foreign::KeepGross,
        home: german(),
        destination,
        shipping: ShippingTax::Class(STANDARD),
    }
}

fn basket(tax: TaxRules, lines: Vec<Line>) -> Basket {
    let promotions = Promotions::default();
    Basket { currency: Currency::EUR, tax, lines, shipping: None, promotions }
}

fn delivered(basket: Basket, amount: i64) -> Basket {
    Basket { shipping: Some(ShippingCharge { title: "Parcel".to_owned(), amount }), ..basket }
}

fn reduced_by(mut basket: Basket, adjustments: Vec<(Target, Off)>) -> Basket {
    for (number, (target, off)) in (1..).zip(adjustments) {
        let title = format!("Offer {number}");
        let promotion = id(number);
        basket.promotions.adjustments.push(Adjustment {
            target,
            priority: 0,
            promotion,
            title,
            off,
        });
    }
    basket
}

fn quoted(basket: &Basket) -> Quote {
    quote(basket).unwrap()
}

#[test]
fn a_german_basket_contains_its_tax() {
    let lines = vec![line(1, 1, 1_999, STANDARD), line(2, 2, 500, REDUCED)];

    let quote = quoted(&delivered(basket(rules(true, german()), lines), 490));

    assert_eq!((quote.subtotal, quote.shipping_total, quote.tax), (2_999, 490, 319 + 65 + 78));
    assert_eq!(quote.total, 3_489);
    let by_rate: Vec<_> =
        quote.tax_lines.iter().map(|tax| (tax.name.as_str(), tax.base, tax.amount)).collect();
    assert_eq!(by_rate, [("VAT 19 %", 2_092, 397), ("VAT 7 %", 935, 65)]);
}

#[test]
fn an_american_basket_gets_its_tax_on_top() {
    let rates = vec![rate(STANDARD, "Sales tax", 88_750)];
    let lines = vec![line(1, 2, 1_999, STANDARD), line(2, 1, 1_250, REDUCED)];

    let quote = quoted(&basket(rules(false, rates), lines));

    assert_eq!((quote.subtotal, quote.tax, quote.total), (5_248, 355, 5_603));
    assert_eq!(quote.lines[0].total, 4_353);
    assert_eq!((quote.lines[1].tax, quote.lines[1].total), (0, 1_250));
}

#[test]
fn currencies_of_any_exponent_are_whole_minor_units() {
    for (code, amount, rate_ppm, tax, said) in [
        ("JPY", 1_235, 100_000, 124, "JCT 10 % added: ¥124"),
        ("KWD", 12_350, 50_000, 618, "JCT 5 % added: KWD\u{a0}0.618"),
    ] {
        let rules = rules(false, vec![rate(STANDARD, "JCT", rate_ppm)]);
        let currency = code.parse().unwrap();
        let basket = Basket { currency, ..basket(rules, vec![line(1, 1, amount, STANDARD)]) };

        let quote = quoted(&basket);

        assert_eq!((quote.tax, quote.total), (tax, amount + tax), "{code}");
        assert_eq!(quote.why(id(1)).last(), Some(said));
    }
}

#[test]
fn a_compound_tax_is_taken_on_the_simple_one() {
    let gst = rate(STANDARD, "GST", 50_000);
    let pst = TaxRate { is_compound: true, ..rate(STANDARD, "PST", 95_000) };
    let rates = vec![pst, gst];

    let quote = quoted(&basket(rules(false, rates), vec![line(1, 1, 10_000, STANDARD)]));

    let taxes: Vec<_> = quote.tax_lines.iter().map(|tax| (tax.base, tax.amount)).collect();
    assert_eq!(taxes, [(10_000, 500), (10_500, 998)]);
    assert_eq!(quote.total, 11_498);
}

#[test]
fn the_three_levels_of_rounding_differ_as_they_should() {
    for (included, rate_ppm, by_level) in
        [(true, 190_000, [94, 96, 95]), (false, 88_750, [52, 54, 53])]
    {
        for (rounding, tax) in
            [Rounding::Line, Rounding::Unit, Rounding::Order].into_iter().zip(by_level)
        {
            let rates = vec![rate(STANDARD, "Tax", rate_ppm)];
            let rules = TaxRules { rounding, ..rules(included, rates) };
            let lines = vec![line(2, 3, 99, STANDARD), line(1, 3, 99, STANDARD)];

            let quote = quoted(&basket(rules, lines));

            assert_eq!(quote.tax, tax, "{rounding:?}");
            assert_eq!(quote.total, if included { 594 } else { 594 + tax });
            let odd_cent = i64::from(rounding == Rounding::Order);
            assert_eq!(quote.lines[1].tax - quote.lines[0].tax, odd_cent);
        }
    }
}

#[test]
fn pieces_are_taxed_on_whole_cents_after_a_discount() {
    let rules = TaxRules { rounding: Rounding::Unit, ..rules(true, german()) };
    let basket = basket(rules, vec![line(1, 3, 100, STANDARD)]);

    let quote = quoted(&reduced_by(basket, vec![(Target::Order, Off::Amount(103))]));

    assert_eq!((quote.lines[0].discount, quote.lines[0].tax, quote.total), (103, 10 + 22, 197));
}

#[test]
fn abroad_the_price_or_its_net_stays() {
    let french = || vec![rate(STANDARD, "TVA 20 %", 200_000)];
    for (foreign, rates, total, tax) in [
        (Foreign::KeepGross, french(), 1_999, 333),
        (Foreign::KeepNet, french(), 2_016, 336),
        (Foreign::KeepGross, vec![], 1_999, 0),
        (Foreign::KeepNet, vec![], 1_680, 0),
        (Foreign::KeepNet, german(), 1_999, 319),
    ] {
        let rules = TaxRules { foreign, ..rules(true, rates) };
        let empty = basket(rules.clone(), vec![]);
        let basket = basket(rules, vec![line(1, 1, 1_999, STANDARD)]);

        let quote = quoted(&basket);
        let delivery = quoted(&delivered(empty, 1_999)).shipping.unwrap();

        assert_eq!((quote.total, quote.tax), (total, tax), "{foreign:?}");
        assert_eq!(quote.lines[0].unit_price, total);
        assert_eq!((delivery.total, delivery.tax), (total, tax), "{foreign:?}");
    }
}

#[test]
fn abroad_a_price_without_tax_stays() {
    let rates = vec![rate(STANDARD, "TVA 20 %", 200_000)];
    let rules = TaxRules { foreign: Foreign::KeepNet, ..rules(false, rates) };

    let quote = quoted(&basket(rules, vec![line(1, 1, 1_999, STANDARD)]));

    assert_eq!((quote.lines[0].unit_price, quote.tax, quote.total), (1_999, 400, 2_399));
}

#[test]
fn delivery_of_goods_that_became_free_is_still_taxed() {
    for (shipping, tax) in [(ShippingTax::Proportional, 20 + 25), (ShippingTax::Highest, 80)] {
        let rules = TaxRules { shipping, ..rules(true, german()) };
        let lines = vec![line(1, 3, 500, REDUCED), line(2, 1, 9_000, STANDARD)];
        let free = vec![(Target::Order, Off::Ppm(1_000_000))];

        let quote = quoted(&reduced_by(delivered(basket(rules, lines), 500), free));

        assert_eq!((quote.total, quote.tax), (500, tax), "{shipping:?}");
    }
}

#[test]
fn delivery_is_taxed_by_class_in_proportion_or_at_the_highest_rate() {
    for (shipping, tax) in [
        (ShippingTax::Class(REDUCED), 33),
        (ShippingTax::Proportional, 20 + 25),
        (ShippingTax::Highest, 80),
    ] {
        let rules = TaxRules { shipping, ..rules(true, german()) };
        let lines = vec![line(1, 1, 3_000, REDUCED), line(2, 1, 1_000, STANDARD)];

        let delivery = quoted(&delivered(basket(rules, lines), 500)).shipping.unwrap();

        assert_eq!((delivery.tax, delivery.total), (tax, 500), "{shipping:?}");
    }
}

#[test]
fn the_quantity_that_counts_is_that_of_the_whole_basket() {
    let prices = vec![price(2_000), PriceRow { min_quantity: 10, ..price(1_800) }];
    let of_one_variant = |number, quantity| Line {
        variant: VariantId(id(9)),
        prices: prices.clone(),
        ..line(number, quantity, 0, STANDARD)
    };
    let lines = vec![of_one_variant(1, 6), of_one_variant(2, 4)];

    let quote = quoted(&basket(rules(true, german()), lines));

    assert_eq!((quote.lines[0].unit_price, quote.total), (1_800, 18_000));
    let why: Vec<_> = quote.why(id(1)).collect();
    assert_eq!(why, ["€18.00 each, the price from 10 pieces", "VAT 19 % included: €17.24"]);
}

#[test]
fn a_price_before_is_shown_only_when_it_was_higher() {
    for (before, shown) in [(None, None), (Some(1_999), None), (Some(2_499), Some(2_499))] {
        let mut line = line(1, 1, 1_999, STANDARD);
        line.prices[0].compare_at = before;

        let quote = quoted(&basket(rules(true, german()), vec![line]));

        assert_eq!(quote.lines[0].compare_at, shown);
    }
}

#[test]
fn promotions_take_from_lines_then_the_order_then_delivery() {
    let lines =
        vec![line(1, 1, 1_999, STANDARD), line(2, 1, 501, STANDARD), line(3, 2, 1_350, STANDARD)];
    let basket = delivered(basket(rules(true, german()), lines), 490);
    let offers = vec![
        (Target::Shipping, Off::Ppm(1_000_000)),
        (Target::Order, Off::Amount(1_000)),
        (Target::Lines(vec![id(3)]), Off::Amount(200)),
    ];

    let quote = quoted(&reduced_by(basket, offers));

    assert_eq!(quote.lines.iter().map(|line| line.discount).collect::<Vec<_>>(), [400, 100, 700]);
    assert_eq!((quote.subtotal, quote.discount, quote.shipping_total), (5_200, 1_200, 0));
    assert_eq!((quote.goods_total(), quote.total, quote.tax), (4_000, 4_000, 255 + 64 + 319));
    let on_delivery = quote.discounts.iter().find(|discount| discount.line.is_none()).unwrap();
    assert_eq!((on_delivery.amount, on_delivery.title.as_str()), (490, "Offer 1"));
}

#[test]
fn the_odd_cent_of_an_order_discount_goes_to_the_lower_line() {
    let lines = [3, 1, 2].map(|number| line(number, 1, 1_000, STANDARD)).to_vec();

    let quote = quoted(&reduced_by(
        basket(rules(true, german()), lines),
        vec![(Target::Order, Off::Amount(1_000))],
    ));

    assert_eq!(quote.lines.iter().map(|line| line.discount).collect::<Vec<_>>(), [333, 334, 333]);
}

#[test]
fn no_promotion_takes_more_than_there_is() {
    let basket = basket(rules(true, german()), vec![line(1, 1, 1_999, STANDARD)]);
    let offers = vec![
        (Target::Lines(vec![id(1)]), Off::Amount(5_000)),
        (Target::Order, Off::Ppm(100_000)),
        (Target::Lines(vec![id(7)]), Off::Amount(100)),
    ];

    let quote = quoted(&reduced_by(basket, offers));

    assert_eq!((quote.discount, quote.tax, quote.total), (1_999, 0, 0));
    let idle = quote.trace.iter().filter(|step| step.kind == StepKind::NoDiscount).count();
    assert_eq!(idle, 2);
}

#[test]
fn of_promotions_alike_the_higher_priority_comes_first() {
    let mut basket = reduced_by(
        basket(rules(true, german()), vec![line(1, 1, 10_000, STANDARD)]),
        vec![(Target::Order, Off::Ppm(100_000)), (Target::Order, Off::Amount(1_000))],
    );
    assert_eq!(quoted(&basket).discount, 2_000);

    basket.promotions.adjustments[1].priority = 1;

    assert_eq!(quoted(&basket).discount, 1_900);
}

#[test]
fn a_quote_reads_back_as_it_was_kept() {
    let mut line = line(1, 12, 1_999, STANDARD);
    let list = Some(ListRank { priority: 1, rules: 0, name: "Trade".to_owned() });
    line.prices.push(PriceRow { min_quantity: 10, list, ..price(1_500) });
    let quote = quoted(&delivered(basket(rules(true, german()), vec![line]), 490));

    let kept = serde_json::to_string(&quote).unwrap();

    assert_eq!(serde_json::from_str::<Quote>(&kept).unwrap(), quote);
    let first = serde_json::to_value(&quote.trace[0]).unwrap();
    assert_eq!(first["kind"], "list_price");
    assert_eq!(first["subject"]["line"], id(1).to_string());
    assert_eq!(first["text"], "€15.00 each, the price of “Trade” from 10 pieces");
}

#[test]
fn an_empty_basket_costs_nothing() {
    for shipping in [ShippingTax::Proportional, ShippingTax::Highest] {
        let rules = TaxRules { shipping, ..rules(true, german()) };

        assert_eq!(quoted(&basket(rules.clone(), vec![])).total, 0);
        assert_eq!(quoted(&delivered(basket(rules, vec![]), 490)).total, 490);
    }
}

fn refusal(change: impl FnOnce(&mut Basket)) -> Option<PricingError> {
    let lines = vec![line(1, 1, 1_999, STANDARD), line(2, 1, 1_999, STANDARD)];
    let mut basket = delivered(basket(rules(false, german()), lines), 490);
    change(&mut basket);
    quote(&basket).err()
}

#[test]
fn a_basket_that_cannot_be_priced_is_refused() {
    let first = id(1);

    assert_eq!(refusal(|_| ()), None);
    assert_eq!(
        refusal(|basket| basket.lines[0].prices.clear()),
        Some(PricingError::NoPrice { line: first })
    );
    for quantity in [0, -1, i32::MIN] {
        let refused = refusal(|basket| basket.lines[0].quantity = quantity);
        assert_eq!(refused, Some(PricingError::BadQuantity { line: first }));
    }
    assert_eq!(
        refusal(|basket| basket.lines[0].prices[0].min_quantity = -1),
        Some(PricingError::BadQuantity { line: first })
    );
    assert_eq!(
        refusal(|basket| basket.lines[1].id = first),
        Some(PricingError::DuplicateLine { line: first })
    );
}

#[test]
fn nothing_may_be_negative() {
    let changes: [fn(&mut Basket); 6] = [
        |basket| basket.lines[0].prices[0].amount = -1,
        |basket| basket.lines[0].prices[0].compare_at = Some(-1),
        |basket| basket.shipping.as_mut().unwrap().amount = -1,
        |basket| basket.tax.home[0].rate_ppm = -1,
        |basket| basket.tax.destination[0].rate_ppm = -1,
        |basket| *basket = reduced_by(basket.clone(), vec![(Target::Order, Off::Ppm(-1))]),
    ];
    for change in changes {
        assert_eq!(refusal(change), Some(PricingError::Negative));
    }
}

#[test]
fn amounts_beyond_64_bits_are_refused_and_never_wrap() {
    let changes: [fn(&mut Basket); 5] = [
        |basket| basket.lines[0].prices[0].amount = i64::MAX,
        |basket| {
            basket.lines[0].prices[0].amount = i64::MAX / 2;
            basket.lines[0].quantity = 3;
        },
        |basket| basket.shipping.as_mut().unwrap().amount = i64::MAX,
        |basket| {
            basket.lines[0].prices[0].amount = 1_000_000;
            basket.tax.destination[0].rate_ppm = i64::MAX;
        },
        |basket| {
            let rate = TaxRate { rate_ppm: i64::MAX, ..basket.tax.destination[0].clone() };
            basket.tax.destination.push(rate);
        },
    ];
    for change in changes {
        assert_eq!(refusal(change), Some(PricingError::Overflow));
    }

    let abroad = |basket: &mut Basket| {
        basket.tax = TaxRules { foreign: Foreign::KeepNet, home: vec![], ..basket.tax.clone() };
        basket.tax.prices_include_tax = true;
        basket.tax.destination[0].rate_ppm = i64::MAX;
        basket.lines[0].prices[0].amount = 1_000_000;
    };
    assert_eq!(refusal(abroad), Some(PricingError::Overflow));
}
