//! What the link of a cart says: `<variant>:<quantity>`, one after the other (pure).

use api_types::{AddLine, Currency, Money, SharedCart, SharedLine};

use super::store::Offer;

/// Most things that a link may name.
const MOST: usize = 50;

/// Reads a link; a variant that is named twice counts once, with all its units. `None` when it is no such link.
pub fn read(lines: &str) -> Option<Vec<AddLine>> {
    let mut read: Vec<AddLine> = Vec::new();
    for part in lines.split(',') {
        let (variant, quantity) = part.split_once(':').unwrap_or((part, "1"));
        let variant_id = variant.parse().ok()?;
        let quantity: i32 = quantity.parse().ok().filter(|number| (1..=999).contains(number))?;
        match read.iter_mut().find(|line| line.variant_id == variant_id) {
            Some(line) => line.quantity = (line.quantity + quantity).min(999),
            None => read.push(AddLine { variant_id, quantity }),
        }
    }
    (read.len() <= MOST).then_some(read)
}

/// What the link holds as the shop sells it now, in the link's order.
pub fn shown(asked: &[AddLine], offers: &[Offer], currency: Currency) -> SharedCart {
    let found = asked.iter().filter_map(|line| {
        Some((line, offers.iter().find(|offer| offer.variant_id == line.variant_id)?))
    });
    let lines: Vec<_> = found.map(|(line, offer)| offered(line, offer, currency)).collect();
    let total = lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.total.amount));
    SharedCart {
        currency,
        left_out: u32::try_from(asked.len() - lines.len()).unwrap_or(u32::MAX),
        lines,
        total: Money::new(total, currency),
    }
}

fn offered(line: &AddLine, offer: &Offer, currency: Currency) -> SharedLine {
    let price = offer.prices.iter().rev().find(|(from, _)| *from <= line.quantity);
    let each = price.map_or(0, |(_, amount)| *amount);
    SharedLine {
        variant_id: line.variant_id,
        handle: offer.handle.clone(),
        title: offer.title.clone(),
        options: offer.options.0.clone(),
        picture: offer.picture.as_deref().cloned(),
        quantity: line.quantity,
        unit_price: Money::new(each, currency),
        total: Money::new(each.saturating_mul(i64::from(line.quantity)), currency),
        is_available: offer.available.is_none_or(|left| left >= i64::from(line.quantity)),
    }
}

#[cfg(test)]
mod tests {
    use api_types::VariantId;
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> String {
        VariantId(Uuid::from_u128(number)).to_string()
    }

    #[test]
    fn a_link_says_what_and_how_many() {
        let (mug, tea) = (id(1), id(2));

        let lines = read(&format!("{mug}:2,{tea},{mug}:3")).unwrap();

        let read: Vec<_> =
            lines.iter().map(|line| (line.variant_id.to_string(), line.quantity)).collect();
        assert_eq!(read, [(mug, 5), (tea, 1)]);
    }

    #[test]
    fn what_is_no_link_is_refused() {
        let (mug, many) = (id(1), (1..=51).map(id).collect::<Vec<_>>().join(","));

        for text in [
            "",
            ",",
            "mug:1",
            &format!("{mug}:0"),
            &format!("{mug}:1000"),
            &format!("{mug}:x"),
            &format!("{mug}:1,"),
            &many,
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
