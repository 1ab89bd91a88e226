//! What becomes of variants when the ways to choose change (pure).

use std::collections::BTreeSet;

use api_types::{
    OptionRef, ProductOption, VariantId,
    admin::{GivenOption, VariantSheet},
};

use crate::http::Checks;

/// Most variants of a product that are for sale.
pub const MOST_VARIANTS: usize = 100;
/// Most values of an option.
const MOST_VALUES: usize = 100;

/// What is to be done so that a product has these options.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Variants that stay, with the values that they get.
    pub moves: Vec<(VariantId, Vec<String>)>,
    /// Variants whose values are gone.
    pub leave: Vec<VariantId>,
}

/// The options with their names trimmed; what is wrong with them by themselves goes to `checks`.
pub fn tidy(
    options: &[GivenOption],
    current: &[ProductOption],
    checks: &mut Checks,
) -> Vec<GivenOption> {
    if options.len() > 3 {
        checks.wrong("/options", "too_many", "A product has at most three ways to choose.");
        return Vec::new();
    }
    let mut tidied: Vec<GivenOption> = Vec::new();
    for (place, option) in options.iter().enumerate() {
        let at = format!("/options/{place}");
        let mut option = option.clone();
        option.name = checks.line(&format!("{at}/name"), &option.name, 60);
        let source = source(&option).to_owned();
        let is_known = current.iter().any(|it| it.name == source);
        if option.was.is_some() && !is_known {
            checks.wrong(format!("{at}/was"), "unknown", "There is no option of this name.");
        }
        if tidied.iter().any(|it| it.name == option.name || self::source(it) == source) {
            checks.wrong(format!("{at}/name"), "twice", "Another option is called so.");
        }
        tidy_values(&mut option, current.iter().find(|it| it.name == source), &at, checks);
        tidied.push(option);
    }
    tidied
}

fn tidy_values(
    option: &mut GivenOption,
    current: Option<&ProductOption>,
    at: &str,
    checks: &mut Checks,
) {
    if !(1..=MOST_VALUES).contains(&option.values.len()) {
        checks.wrong(format!("{at}/values"), "range", "An option has 1 to 100 values.");
        option.values.truncate(MOST_VALUES);
    }
    let (mut names, mut sources) = (BTreeSet::new(), BTreeSet::new());
    for (place, value) in option.values.iter_mut().enumerate() {
        let at = format!("{at}/values/{place}");
        value.value = checks.line(&format!("{at}/value"), &value.value, 60);
        let is_known = |was: &str| {
            current.is_some_and(|option| option.values.iter().any(|it| it.value == was))
        };
        if value.was.as_deref().is_some_and(|was| !is_known(was)) {
            checks.wrong(format!("{at}/was"), "unknown", "There is no value of this name.");
        }
        let source = value.was.clone().unwrap_or_else(|| value.value.clone());
        if !names.insert(value.value.clone()) || !sources.insert(source) {
            checks.wrong(format!("{at}/value"), "twice", "Another value is called so.");
        }
        let is_hex = value.swatch.as_deref().is_none_or(|hex| {
            let digits = hex.strip_prefix('#').unwrap_or_default();
            let is_digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
            digits.len() == 6 && digits.chars().all(is_digit)
        });
        checks.require(is_hex, &format!("{at}/swatch"), "swatch", "Write a colour as #7c8b6f.");
    }
}

/// What an option was called until now.
fn source(option: &GivenOption) -> &str {
    option.was.as_deref().unwrap_or(&option.name)
}

/// What becomes of a value: its name from now on, or nothing when it is gone.
fn renamed<'a>(option: &'a GivenOption, value: &str) -> Option<&'a str> {
    let found = option.values.iter().find(|it| it.was.as_deref().unwrap_or(&it.value) == value);
    found.map(|found| found.value.as_str())
}

/// Carries the variants over to the wanted options. Two that would be the same are an error: their ids.
pub fn plan(
    wanted: &[GivenOption],
    current: &[ProductOption],
    variants: &[VariantSheet],
) -> Result<Plan, (VariantId, VariantId)> {
    let mut plan = Plan::default();
    for variant in variants {
        let mut is_leaving = false;
        let values = wanted.iter().map(|option| {
            let place = current.iter().position(|it| it.name == source(option));
            let Some(old) = place.and_then(|place| variant.options.get(place)) else {
                return option.values.first().map(|first| first.value.clone()).unwrap_or_default();
            };
            let new = renamed(option, old);
            is_leaving |= new.is_none();
            new.unwrap_or(old).to_owned()
        });
        let values: Vec<_> = values.collect();
        if is_leaving && !variant.is_archived {
            plan.leave.push(variant.id);
        }
        plan.moves.push((variant.id, values));
    }
    for (place, (variant, values)) in plan.moves.iter().enumerate() {
        if let Some((other, _)) = plan.moves[..place].iter().find(|(_, it)| it == values) {
            return Err((*other, *variant));
        }
    }
    plan.moves.retain(|(id, values)| {
        variants.iter().any(|variant| variant.id == *id && variant.options != *values)
    });
    Ok(plan)
}

/// The choice that a picture shows, by its name from now on; nothing when it is gone.
pub fn shown(wanted: &[GivenOption], choice: &OptionRef) -> Option<OptionRef> {
    let option = wanted.iter().find(|option| source(option) == choice.name)?;
    let value = renamed(option, &choice.value)?;
    Some(OptionRef { name: option.name.clone(), value: value.to_owned() })
}

/// The combinations of all values that no variant has yet; nothing when there are too many.
pub fn missing(options: &[ProductOption], variants: &[VariantSheet]) -> Option<Vec<Vec<String>>> {
    let for_sale = variants.iter().filter(|variant| !variant.is_archived).count();
    let mut all = vec![Vec::new()];
    for option in options {
        if all.len() * option.values.len() > MOST_VARIANTS + variants.len() {
            return None;
        }
        let longer = |begun: &Vec<String>| {
            let begun = begun.clone();
            option.values.iter().map(move |it| [begun.clone(), vec![it.value.clone()]].concat())
        };
        all = all.iter().flat_map(longer).collect();
    }
    all.retain(|values| !variants.iter().any(|variant| variant.options == *values));
    (for_sale + all.len() <= MOST_VARIANTS).then_some(all)
}

#[cfg(test)]
mod tests {
    use api_types::{OptionValue, admin::GivenValue};

    use super::*;

    fn option(name: &str, values: &[&str]) -> ProductOption {
        let values =
            values.iter().map(|value| OptionValue { value: (*value).to_owned(), swatch: None });
        ProductOption { name: name.to_owned(), values: values.collect() }
    }

    /// `Red<Blue` is Red that was Blue.
    fn given(name: &str, values: &[&str]) -> GivenOption {
        let split = |text: &str| {
            let (name, was) = text.split_once('<').map_or((text, None), |(a, b)| (a, Some(b)));
            (name.to_owned(), was.map(str::to_owned))
        };
        let (name, was) = split(name);
        let values = values.iter().map(|value| {
            let (value, was) = split(value);
            GivenValue { value, was, swatch: None }
        });
        GivenOption { name, was, values: values.collect() }
    }

    fn variant(number: u128, options: &[&str]) -> VariantSheet {
        VariantSheet {
            id: VariantId(uuid::Uuid::from_u128(number)),
            sku: None,
            barcode: None,
            options: options.iter().map(|&it| it.to_owned()).collect(),
            weight_g: 0,
            requires_shipping: true,
            track_inventory: true,
            purchase_limit: 99,
            cost: None,
            is_archived: false,
            prices: Vec::new(),
            stock: Vec::new(),
        }
    }

    fn moved(plan: &Plan) -> Vec<(u128, String)> {
        plan.moves.iter().map(|(id, values)| (id.0.as_u128(), values.join("/"))).collect()
    }

    #[test]
    fn values_that_change_their_names_keep_their_variants() {
        let current = [option("Colour", &["Red", "Blue"])];
        let variants = [variant(1, &["Red"]), variant(2, &["Blue"])];

        let swapped =
            plan(&[given("Glaze<Colour", &["Red<Blue", "Blue<Red"])], &current, &variants).unwrap();

        assert_eq!(moved(&swapped), [(1, "Blue".to_owned()), (2, "Red".to_owned())]);
        assert!(swapped.leave.is_empty());
    }

    #[test]
    fn variants_of_a_value_that_is_gone_leave_and_a_new_option_begins_with_its_first() {
        let current = [option("Colour", &["Red", "Blue"])];
        let variants = [variant(1, &["Red"]), variant(2, &["Blue"])];
        let wanted = [given("Size", &["S", "M"]), given("Colour", &["Red"])];

        let plan = plan(&wanted, &current, &variants).unwrap();

        assert_eq!(moved(&plan), [(1, "S/Red".to_owned()), (2, "S/Blue".to_owned())]);
        assert_eq!(plan.leave, [variants[1].id]);
    }

    #[test]
    fn an_option_that_alone_tells_two_variants_apart_stays() {
        let current = [option("Colour", &["Red"]), option("Size", &["S", "M"])];
        let variants = [variant(1, &["Red", "S"]), variant(2, &["Red", "M"])];

        let refused = plan(&[given("Colour", &["Red"])], &current, &variants);

        assert_eq!(refused, Err((variants[0].id, variants[1].id)));
    }

    #[test]
    fn a_grid_is_filled_but_not_beyond_what_a_page_can_show() {
        let options = [option("Colour", &["Red", "Blue"]), option("Size", &["S", "M"])];
        let numbers: Vec<_> = (0..60).map(|number| number.to_string()).collect();
        let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();

        let found = missing(&options, &[variant(1, &["Red", "M"])]).unwrap();

        assert_eq!(found, [["Red", "S"], ["Blue", "S"], ["Blue", "M"]]);
        assert_eq!(missing(&[option("A", &numbers), option("B", &numbers)], &[]), None);
        assert_eq!(missing(&[], &[]), Some(vec![Vec::new()]));
    }

    #[test]
    fn a_picture_follows_its_choice() {
        let wanted = [given("Glaze<Colour", &["Oat<Red"])];
        let choice =
            |name: &str, value: &str| OptionRef { name: name.to_owned(), value: value.to_owned() };

        assert_eq!(shown(&wanted, &choice("Colour", "Red")), Some(choice("Glaze", "Oat")));
        assert_eq!(shown(&wanted, &choice("Colour", "Blue")), None);
    }
}
