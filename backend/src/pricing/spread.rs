//! One amount cut into parts that add up to it again.

use std::cmp::Reverse;

use super::{PricingError, exact::whole};

/// Cuts `amount` by the weights of `parts`, by largest remainder: parts in the order given,
/// their sum the whole, none further than one minor unit from its exact share.
///
/// Equal remainders go to the lower key, so the order of `parts` changes nothing. When all
/// weights are zero the parts count alike.
pub fn spread<K: Ord>(amount: i64, parts: &[(K, i64)]) -> Result<Vec<i64>, PricingError> {
    if amount < 0 || parts.iter().any(|&(_, weight)| weight < 0) {
        return Err(PricingError::Negative);
    }
    if parts.is_empty() && amount > 0 {
        return Err(PricingError::NoParts);
    }

    let are_alike = parts.iter().all(|&(_, weight)| weight == 0);
    let weight = |index: usize| if are_alike { 1 } else { i128::from(parts[index].1) };
    let weights: i128 = (0..parts.len()).map(weight).sum();
    let exact = |index: usize| i128::from(amount) * weight(index);

    let mut cut = (0..parts.len())
        .map(|index| whole(exact(index) / weights))
        .collect::<Result<Vec<_>, _>>()?;
    let missing = i128::from(amount) - cut.iter().copied().map(i128::from).sum::<i128>();

    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&index| (Reverse(exact(index) % weights), &parts[index].0));
    for (index, _) in order.into_iter().zip(0..missing) {
        cut[index] += 1;
    }
    Ok(cut)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn odd_cents_go_to_the_largest_remainders_then_to_the_lower_key() {
        for (amount, parts, cut) in [
            (100, vec![(1, 1), (2, 1), (3, 1)], vec![34, 33, 33]),
            (100, vec![(3, 1), (2, 1), (1, 1)], vec![33, 33, 34]),
            (1_000, vec![(1, 1_999), (2, 501), (3, 2_500)], vec![400, 100, 500]),
            (10, vec![(1, 5), (2, 3), (3, 1)], vec![6, 3, 1]),
            (7, vec![(1, 0), (2, 5)], vec![0, 7]),
            (5, vec![(2, 0), (1, 0)], vec![2, 3]),
            (0, vec![], vec![]),
        ] {
            assert_eq!(spread(amount, &parts), Ok(cut), "{amount} over {parts:?}");
        }
    }

    #[test]
    fn an_amount_cannot_be_spread_over_nothing_or_below_zero() {
        assert_eq!(spread::<i32>(1, &[]), Err(PricingError::NoParts));
        assert_eq!(spread(-1, &[(1, 1)]), Err(PricingError::Negative));
        assert_eq!(spread(1, &[(1, 2), (2, -1)]), Err(PricingError::Negative));
    }

    #[test]
    fn the_largest_amounts_are_spread_without_wrapping() {
        let halves = spread(i64::MAX, &[(1, i64::MAX), (2, i64::MAX)]);

        assert_eq!(halves, Ok(vec![i64::MAX / 2 + 1, i64::MAX / 2]));
    }

    fn parts() -> impl Strategy<Value = Vec<(usize, i64)>> {
        let weight = prop_oneof![Just(0), 1..5_i64, 0..=i64::MAX];
        prop::collection::vec(weight, 1..12)
            .prop_map(|weights| weights.into_iter().enumerate().collect())
    }

    proptest! {
        #[test]
        fn the_parts_are_the_whole(amount in 0..=i64::MAX, parts in parts()) {
            let cut = spread(amount, &parts).unwrap();

            prop_assert_eq!(cut.iter().copied().map(i128::from).sum::<i128>(), amount.into());
            prop_assert!(cut.iter().all(|&part| part >= 0));
        }

        #[test]
        fn no_part_is_a_cent_away_from_its_share(amount in 0..1_000_000_i64, parts in parts()) {
            let weights: i128 = parts.iter().map(|&(_, weight)| i128::from(weight)).sum();
            prop_assume!(weights > 0);

            for (cut, (_, weight)) in spread(amount, &parts).unwrap().into_iter().zip(parts) {
                let distance =
                    i128::from(cut) * weights - i128::from(amount) * i128::from(weight);
                prop_assert!(distance.abs() < weights);
                prop_assert!(weight > 0 || cut == 0);
            }
        }

        #[test]
        fn the_order_of_the_parts_changes_nothing(
            amount in 0..1_000_000_i64,
            (parts, shuffled) in parts().prop_flat_map(|parts| {
                (Just(parts.clone()), Just(parts).prop_shuffle())
            }),
        ) {
            let cut = spread(amount, &parts).unwrap();

            for ((key, _), part) in shuffled.iter().zip(spread(amount, &shuffled).unwrap()) {
                prop_assert_eq!(part, cut[*key]);
            }
        }
    }
}
