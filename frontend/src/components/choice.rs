//! Which variant a choice of options means, and what each further choice would lead to.

use crate::texts;

/// What choosing a value leads to while the other choices stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something that can be bought.
    Buyable,
    /// Something that is sold out.
    SoldOut,
    /// Nothing: it is not made like that.
    NotMade,
}

impl Outcome {
    /// What a label says of it; nothing when it can be bought.
    pub fn words(self) -> &'static str {
        match self {
            Self::Buyable => "",
            Self::SoldOut => texts::product_choice_sold_out(),
            Self::NotMade => texts::product_choice_not_made(),
        }
    }
}

/// A variant as far as choosing goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// One value for each option, in the options' order.
    pub values: Vec<String>,
    /// Whether it can be bought.
    pub buyable: bool,
}

/// The place of the variant that has just these values.
pub fn chosen(made: &[Made], values: &[String]) -> Option<usize> {
    made.iter().position(|variant| variant.values == values)
}

/// What taking `value` for the option at `place` leads to.
pub fn outcome(made: &[Made], values: &[String], place: usize, value: &str) -> Outcome {
    let mut wanted = values.to_vec();
    if let Some(slot) = wanted.get_mut(place) {
        value.clone_into(slot);
    }
    match chosen(made, &wanted).and_then(|found| made.get(found)) {
        Some(variant) if variant.buyable => Outcome::Buyable,
        Some(_) => Outcome::SoldOut,
        None => Outcome::NotMade,
    }
}

/// A full choice from a partial one: stated values stay, the rest come from the
/// first buyable variant that agrees with them, or else the first that agrees.
pub fn completed(made: &[Made], stated: &[Option<String>]) -> Vec<String> {
    let agrees = |variant: &&Made| {
        variant
            .values
            .iter()
            .zip(stated)
            .all(|(value, stated)| stated.as_ref().is_none_or(|stated| stated == value))
    };
    let model = made
        .iter()
        .find(|variant| variant.buyable && agrees(variant))
        .or_else(|| made.iter().find(agrees))
        .or_else(|| made.first());
    stated
        .iter()
        .enumerate()
        .map(|(place, stated)| {
            stated
                .clone()
                .or_else(|| model.and_then(|model| model.values.get(place).cloned()))
                .unwrap_or_default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Vec<Made> {
        [("Sage", "200 ml", false), ("Sage", "350 ml", true), ("Clay", "200 ml", true)]
            .map(|(colour, size, buyable)| Made {
                values: vec![colour.to_owned(), size.to_owned()],
                buyable,
            })
            .to_vec()
    }

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|&value| value.to_owned()).collect()
    }

    #[test]
    fn a_full_choice_means_one_variant_or_none() {
        assert_eq!(chosen(&made(), &texts(&["Sage", "350 ml"])), Some(1));
        assert_eq!(chosen(&made(), &texts(&["Clay", "350 ml"])), None);
    }

    #[test]
    fn every_value_says_what_it_leads_to() {
        let values = texts(&["Clay", "200 ml"]);

        assert_eq!(outcome(&made(), &values, 0, "Clay"), Outcome::Buyable);
        assert_eq!(outcome(&made(), &values, 0, "Sage"), Outcome::SoldOut);
        assert_eq!(outcome(&made(), &values, 1, "350 ml"), Outcome::NotMade);
    }

    #[test]
    fn what_was_not_stated_is_filled_from_what_can_be_bought() {
        let sage = [Some("Sage".to_owned()), None];

        assert_eq!(completed(&made(), &[None, None]), texts(&["Sage", "350 ml"]));
        assert_eq!(completed(&made(), &sage), texts(&["Sage", "350 ml"]));
    }

    #[test]
    fn what_was_stated_stays_even_when_it_is_not_made() {
        let stated = [Some("Clay".to_owned()), Some("350 ml".to_owned())];

        assert_eq!(completed(&made(), &stated), texts(&["Clay", "350 ml"]));
    }

    #[test]
    fn a_product_without_options_has_one_choice() {
        let only = [Made { values: vec![], buyable: true }];

        assert_eq!(chosen(&only, &completed(&only, &[])), Some(0));
    }
}
