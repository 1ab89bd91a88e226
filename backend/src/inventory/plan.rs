//! From which location each unit comes (pure).

use std::collections::BTreeMap;

use api_types::{LocationId, VariantId};

/// What an order wants of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    /// Which variant.
    pub variant: VariantId,
    /// How many, at least 1.
    pub quantity: i32,
}

/// What a location can give of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Which variant.
    pub variant: VariantId,
    /// Where it lies.
    pub location: LocationId,
    /// Lower is asked first.
    pub priority: i32,
    /// Units that can be promised.
    pub available: i32,
}

/// Units of a variant to take from a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// Which variant.
    pub variant: VariantId,
    /// Where from.
    pub location: LocationId,
    /// How many.
    pub quantity: i32,
}

/// A variant of which fewer are left than were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    /// Which variant.
    pub variant: VariantId,
    /// How many can be had.
    pub available: i32,
}

/// One want a variant, in order of id: two lines of one variant must not each see the same units.
pub fn merged(wants: &[Want]) -> Vec<Want> {
    let mut sums = BTreeMap::new();
    for want in wants {
        let sum: &mut i32 = sums.entry(want.variant).or_default();
        *sum = sum.saturating_add(want.quantity);
    }
    sums.into_iter().map(|(variant, quantity)| Want { variant, quantity }).collect()
}

/// The first location that can serve everything; else each variant from as few as possible, by priority.
pub fn plan(wants: &[Want], levels: &[Level]) -> Result<Vec<Take>, Vec<Short>> {
    let shorts = short(wants, levels);
    if !shorts.is_empty() {
        return Err(shorts);
    }
    let mut locations: Vec<_> =
        levels.iter().map(|level| (level.priority, level.location)).collect();
    locations.sort_unstable();
    locations.dedup();
    let whole = locations.iter().find(|(_, location)| {
        wants.iter().all(|want| at(levels, *want, *location) >= want.quantity)
    });
    Ok(match whole {
        Some(&(_, location)) => wants
            .iter()
            .map(|want| Take { variant: want.variant, location, quantity: want.quantity })
            .collect(),
        None => wants.iter().flat_map(|want| split(*want, levels)).collect(),
    })
}

/// What to send from where, of what is kept; a variant of which nothing is kept is not counted. `None` when less is
/// kept of one than is to be sent.
pub fn parts(wants: &[Want], holds: &[Take]) -> Option<Vec<Take>> {
    let mut parts = Vec::new();
    for want in merged(wants) {
        let mut left = want.quantity;
        let kept: Vec<_> = holds.iter().filter(|hold| hold.variant == want.variant).collect();
        for hold in &kept {
            let quantity = left.min(hold.quantity);
            left -= quantity;
            if quantity > 0 {
                parts.push(Take { quantity, ..**hold });
            }
        }
        if left > 0 && !kept.is_empty() {
            return None;
        }
    }
    Some(parts)
}

/// Levels as they are without what this order has just taken of them.
pub fn given_back(levels: Vec<Level>, taken: &[Take]) -> Vec<Level> {
    let of = |level: &Level| {
        let here = |take: &&Take| (take.variant, take.location) == (level.variant, level.location);
        taken.iter().find(here).map_or(0, |take| take.quantity)
    };
    levels
        .into_iter()
        .map(|level| Level { available: level.available + of(&level), ..level })
        .collect()
}

/// The wants that all locations together cannot serve.
pub fn short(wants: &[Want], levels: &[Level]) -> Vec<Short> {
    wants
        .iter()
        .map(|want| {
            (
                want,
                of(levels, *want).map(|level| level.available.max(0)).fold(0, i32::saturating_add),
            )
        })
        .filter(|(want, available)| *available < want.quantity)
        .map(|(want, available)| Short { variant: want.variant, available })
        .collect()
}

fn of(levels: &[Level], want: Want) -> impl Iterator<Item = &Level> {
    levels.iter().filter(move |level| level.variant == want.variant)
}

fn at(levels: &[Level], want: Want, location: LocationId) -> i32 {
    of(levels, want).find(|level| level.location == location).map_or(0, |level| level.available)
}

fn split(want: Want, levels: &[Level]) -> Vec<Take> {
    let mut sources: Vec<_> = of(levels, want).filter(|level| level.available > 0).collect();
    sources.sort_unstable_by_key(|level| {
        (level.available < want.quantity, level.priority, level.location)
    });
    let mut left = want.quantity;
    let mut takes = Vec::new();
    for level in sources {
        let quantity = left.min(level.available);
        if quantity > 0 {
            takes.push(Take { variant: want.variant, location: level.location, quantity });
            left -= quantity;
        }
    }
    takes
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn want(variant: u128, quantity: i32) -> Want {
        Want { variant: VariantId(Uuid::from_u128(variant)), quantity }
    }

    fn level(variant: u128, location: u128, available: i32) -> Level {
        let priority = i32::try_from(location).unwrap();
        Level {
            variant: VariantId(Uuid::from_u128(variant)),
            location: LocationId(Uuid::from_u128(location)),
            priority,
            available,
        }
    }

    fn takes(wants: &[Want], levels: &[Level]) -> Vec<(u128, u128, i32)> {
        let takes = plan(wants, levels).unwrap();
        takes
            .iter()
            .map(|take| (take.variant.0.as_u128(), take.location.0.as_u128(), take.quantity))
            .collect()
    }

    #[test]
    fn lines_of_one_variant_are_one_want() {
        assert_eq!(merged(&[want(2, 1), want(1, 4), want(2, 3)]), [want(1, 4), want(2, 4)]);
    }

    #[test]
    fn one_location_that_has_everything_serves_everything() {
        let levels = [level(1, 1, 9), level(2, 1, 0), level(1, 2, 3), level(2, 2, 3)];

        assert_eq!(takes(&[want(1, 2), want(2, 2)], &levels), [(1, 2, 2), (2, 2, 2)]);
    }

    #[test]
    fn a_variant_is_split_only_when_no_location_has_enough() {
        let levels = [level(1, 1, 2), level(1, 2, 5), level(2, 1, 4)];

        assert_eq!(takes(&[want(1, 4), want(2, 1)], &levels), [(1, 2, 4), (2, 1, 1)]);
        assert_eq!(takes(&[want(1, 6)], &levels), [(1, 1, 2), (1, 2, 4)]);
    }

    #[test]
    fn what_this_order_took_itself_is_not_missing() {
        let taken = [Take { quantity: 3, ..plan(&[want(1, 3)], &[level(1, 1, 5)]).unwrap()[0] }];
        let left = given_back(vec![level(1, 1, 2), level(2, 1, 0)], &taken);

        let shorts = short(&[want(1, 3), want(2, 1)], &left);

        assert_eq!(shorts, [Short { variant: want(2, 1).variant, available: 0 }]);
    }

    #[test]
    fn what_is_short_is_named_with_what_is_left() {
        let levels = [level(1, 1, 2), level(2, 1, -3)];

        let shorts = plan(&[want(1, 3), want(2, 1), want(3, 1)], &levels).unwrap_err();

        let left: Vec<_> =
            shorts.iter().map(|short| (short.variant.0.as_u128(), short.available)).collect();
        assert_eq!(left, [(1, 2), (2, 0), (3, 0)]);
    }
}
