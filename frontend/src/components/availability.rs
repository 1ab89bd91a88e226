//! Whether something can be bought, in the shop's words.

use api_types::{Availability, ProductCard, Variant};

use crate::texts;

/// A line about stock and how to draw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockWords {
    /// The line.
    pub text: String,
    /// `in`, `low`, `later` or `out`: the class that colours it.
    pub tone: &'static str,
}

/// What to say of a variant's stock.
pub fn stock_words(variant: &Variant) -> StockWords {
    let (text, tone) = match (variant.price, variant.availability, variant.left) {
        (None, ..) => (texts::product_stock_no_price().to_owned(), "out"),
        (_, Availability::SoldOut, _) => (texts::product_stock_out().to_owned(), "out"),
        (_, Availability::Low, Some(left)) => (texts::product_stock_left(left), "low"),
        (_, Availability::Low, None) => (texts::product_stock_few().to_owned(), "low"),
        (_, Availability::Backorder, _) => (texts::product_stock_later().to_owned(), "later"),
        (_, Availability::InStock, _) => (texts::product_stock_in().to_owned(), "in"),
    };
    StockWords { text, tone }
}

/// What the button of a variant says, and whether it can be pressed.
pub fn button_words(variant: &Variant) -> (&'static str, bool) {
    match (variant.price, variant.availability) {
        (Some(_), Availability::InStock | Availability::Low | Availability::Backorder) => {
            (texts::product_add(), true)
        }
        (None, _) => (texts::product_add_not_for_sale(), false),
        (_, Availability::SoldOut) => (texts::product_add_sold_out(), false),
    }
}

/// The note on a card's picture, and its tone; nothing when there is nothing to say.
pub fn card_note(card: &ProductCard) -> Option<(&'static str, &'static str)> {
    match card.availability {
        Availability::SoldOut => Some((texts::product_note_out(), "out")),
        Availability::Low => Some((texts::product_note_few(), "low")),
        _ if card.compare_at.is_some_and(|was| was.amount > card.price.amount) => {
            Some((texts::product_note_sale(), "low"))
        }
        Availability::Backorder => Some((texts::product_note_later(), "later")),
        Availability::InStock => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::{Currency, Money, VariantId};

    fn variant(availability: Availability, left: Option<i32>) -> Variant {
        Variant {
            id: VariantId("00000000-0000-0000-0000-000000000007".parse().unwrap()),
            sku: None,
            options: vec![],
            price: Some(Money::new(1_800, Currency::EUR)),
            compare_at: None,
            lowest_30d: None,
            availability,
            left,
            max_quantity: 10,
            weight_g: 340,
        }
    }

    #[test]
    fn few_left_are_counted_when_the_count_is_known() {
        for (availability, left, words) in [
            (Availability::InStock, None, "In stock"),
            (Availability::Low, Some(3), "Only 3 left"),
            (Availability::Low, None, "Only a few left"),
            (Availability::SoldOut, None, "Sold out for now"),
        ] {
            assert_eq!(stock_words(&variant(availability, left)).text, words);
        }
    }

    #[test]
    fn the_button_promises_only_what_can_be_bought() {
        assert_eq!(button_words(&variant(Availability::Low, None)), ("Add to cart", true));
        assert_eq!(button_words(&variant(Availability::SoldOut, None)), ("Sold out", false));

        let priceless = Variant { price: None, ..variant(Availability::InStock, None) };

        assert_eq!(button_words(&priceless), ("Not for sale", false));
    }
}
