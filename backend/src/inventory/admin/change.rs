//! What becomes of a level when staff change it (pure).

use api_types::admin::AdjustKind;

use super::store::levels::Held;

/// Most units that may lie at a location, so that sums of levels never wrap.
pub const MOST_ON_HAND: i32 = 1_000_000_000;

/// A change of a level that can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Units that come, or go when negative.
    pub delta: i32,
    /// Units promised to orders that are missing because of it.
    pub missing: i32,
}

/// Why a change cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Fewer than none would lie there.
    BelowZero,
    /// More than [`MOST_ON_HAND`] would lie there.
    TooMany,
    /// What orders hold would be carried away.
    Reserved,
}

/// What changing a level by hand comes to. A loss of what was promised is recorded: it has happened.
pub fn adjusted(level: Held, kind: AdjustKind, quantity: i32) -> Result<Step, Refused> {
    let delta = match kind {
        AdjustKind::Receive | AdjustKind::Adjust => i64::from(quantity),
        AdjustKind::Count => i64::from(quantity) - i64::from(level.on_hand),
    };
    let after = on_hand(level, delta)?;
    let missing = short(level, after) - short(level, level.on_hand);
    Ok(Step { delta: after - level.on_hand, missing: missing.max(0) })
}

/// What carrying units away from a level comes to.
pub fn carried(level: Held, quantity: i32) -> Result<Step, Refused> {
    let after = on_hand(level, -i64::from(quantity))?;
    if after < level.reserved {
        return Err(Refused::Reserved);
    }
    Ok(Step { delta: -quantity, missing: 0 })
}

fn on_hand(level: Held, delta: i64) -> Result<i32, Refused> {
    match i64::from(level.on_hand) + delta {
        ..0 => Err(Refused::BelowZero),
        after if after > i64::from(MOST_ON_HAND) => Err(Refused::TooMany),
        after => i32::try_from(after).map_err(|_| Refused::TooMany),
    }
}

/// Units that are promised and could not be sent with so many on hand.
fn short(level: Held, on_hand: i32) -> i32 {
    level.reserved.saturating_sub(on_hand).saturating_sub(level.backorder_limit).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(on_hand: i32, reserved: i32, backorder_limit: i32) -> Held {
        Held { on_hand, reserved, backorder_limit }
    }

    #[test]
    fn a_count_is_the_difference_to_what_was_thought() {
        for (counted, delta) in [(7, -3), (10, 0), (12, 2), (0, -10)] {
            let step = adjusted(level(10, 0, 0), AdjustKind::Count, counted);
            assert_eq!(step, Ok(Step { delta, missing: 0 }), "{counted}");
        }
    }

    #[test]
    fn a_loss_of_what_was_promised_tells_how_much_is_missing() {
        let missing = |level, delta| adjusted(level, AdjustKind::Adjust, delta).unwrap().missing;

        assert_eq!(missing(level(10, 8, 0), -2), 0);
        assert_eq!(missing(level(10, 8, 0), -5), 3);
        assert_eq!(missing(level(10, 8, 2), -5), 1);
        assert_eq!(missing(level(5, 8, 0), -1), 1);
        assert_eq!(missing(level(5, 8, 0), 1), 0);
    }

    #[test]
    fn levels_stay_within_what_can_be() {
        let adjust = |kind, quantity| adjusted(level(10, 0, 0), kind, quantity);

        assert_eq!(adjust(AdjustKind::Adjust, -11), Err(Refused::BelowZero));
        assert_eq!(adjust(AdjustKind::Adjust, i32::MIN), Err(Refused::BelowZero));
        assert_eq!(adjust(AdjustKind::Receive, i32::MAX), Err(Refused::TooMany));
        assert_eq!(adjust(AdjustKind::Count, -1), Err(Refused::BelowZero));
    }

    #[test]
    fn what_orders_hold_is_not_carried_away() {
        assert_eq!(carried(level(10, 8, 0), 2), Ok(Step { delta: -2, missing: 0 }));
        assert_eq!(carried(level(10, 8, 5), 3), Err(Refused::Reserved));
        assert_eq!(carried(level(1, 0, 0), 2), Err(Refused::BelowZero));
    }
}
