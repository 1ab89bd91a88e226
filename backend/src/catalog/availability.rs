//! Whether a variant can be bought, and how many of it.

use api_types::Availability;
use serde::Deserialize;

/// What is known of a variant's stock, over all locations that serve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Stock {
    /// Whether it is counted at all; what is not counted never runs out.
    pub tracked: bool,
    /// Units that lie there.
    pub on_hand: i64,
    /// Units that orders hold.
    pub reserved: i64,
    /// Units that are kept back.
    pub safety: i64,
    /// Units that may be promised beyond what lies there.
    pub backorder: i64,
    /// At how many units left to say so.
    pub low_threshold: i64,
}

impl Stock {
    /// Units free to be sold from what lies there.
    pub fn free(&self) -> i64 {
        (self.on_hand - self.reserved - self.safety).max(0)
    }

    /// How many are left, when few are.
    pub fn left(&self) -> Option<i32> {
        let (availability, _) = availability(self);
        (availability == Availability::Low).then(|| clamp(self.free()))
    }
}

/// Whether it can be bought, and the most that can be taken now; the purchase limit is apart.
pub fn availability(stock: &Stock) -> (Availability, i32) {
    if !stock.tracked {
        return (Availability::InStock, i32::MAX);
    }
    let most = stock.on_hand - stock.reserved - stock.safety + stock.backorder;
    let free = stock.free();
    let availability = if free > stock.low_threshold {
        Availability::InStock
    } else if free > 0 {
        Availability::Low
    } else if most > 0 {
        Availability::Backorder
    } else {
        Availability::SoldOut
    };
    (availability, clamp(most))
}

/// The best of several: what a product says about its variants together.
pub fn best(of: impl IntoIterator<Item = Availability>) -> Availability {
    let rank = |availability: &Availability| match availability {
        Availability::InStock => 3,
        Availability::Low => 2,
        Availability::Backorder => 1,
        Availability::SoldOut => 0,
    };
    of.into_iter().max_by_key(rank).unwrap_or(Availability::SoldOut)
}

fn clamp(units: i64) -> i32 {
    i32::try_from(units.max(0)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock(on_hand: i64, reserved: i64, safety: i64, backorder: i64) -> Stock {
        Stock { tracked: true, on_hand, reserved, safety, backorder, low_threshold: 5 }
    }

    #[test]
    fn what_is_free_decides_and_backorders_come_after_it() {
        for (level, expected) in [
            (stock(20, 0, 0, 0), (Availability::InStock, 20)),
            (stock(6, 0, 0, 0), (Availability::InStock, 6)),
            (stock(5, 0, 0, 0), (Availability::Low, 5)),
            (stock(20, 19, 0, 0), (Availability::Low, 1)),
            (stock(20, 18, 2, 0), (Availability::SoldOut, 0)),
            (stock(0, 0, 0, 3), (Availability::Backorder, 3)),
            (stock(2, 0, 0, 3), (Availability::Low, 5)),
            (stock(2, 4, 0, 3), (Availability::Backorder, 1)),
            (stock(2, 9, 0, 3), (Availability::SoldOut, 0)),
        ] {
            assert_eq!(availability(&level), expected, "{level:?}");
        }
    }

    #[test]
    fn what_is_not_counted_never_runs_out() {
        let level = Stock { tracked: false, ..stock(0, 7, 0, 0) };

        assert_eq!(availability(&level), (Availability::InStock, i32::MAX));
    }

    #[test]
    fn only_few_are_counted_aloud() {
        assert_eq!(stock(4, 1, 0, 0).left(), Some(3));
        assert_eq!(stock(40, 1, 0, 0).left(), None);
        assert_eq!(stock(0, 0, 0, 9).left(), None);
    }

    #[test]
    fn a_product_is_as_available_as_its_best_variant() {
        assert_eq!(
            best([Availability::SoldOut, Availability::Low, Availability::Backorder]),
            Availability::Low
        );
        assert_eq!(best([]), Availability::SoldOut);
    }
}
