//! What was asked of the shop in a rush, and what it answered.

use std::{collections::BTreeMap, fmt};

use axum::http::StatusCode;

/// What staff asked for, and what came of it.
#[derive(Default)]
pub struct Tally {
    /// How often each action was answered with each status.
    pub answers: BTreeMap<(&'static str, u16), u64>,
    /// How many entries of the audit log there must be, by who and what.
    pub entries: BTreeMap<(String, String), i64>,
    /// Units that came less those that went, as it was answered.
    pub units: i64,
    /// Refunds that were made: their ids, and where their orders are.
    pub refunds: BTreeMap<String, String>,
}

/// What each kind of action has to have come to at least once, so that the run was not idle.
const HAPPENED: [&str; 23] = [
    "stock.adjusted",
    "stock.transferred",
    "variant.price_changed",
    "variant.updated",
    "product.updated",
    "product.archived",
    "product.restored",
    "product.published",
    "product.bulk_begun",
    "order.noted",
    "order.held",
    "order.released",
    "order.cancelled",
    "payment.marked_paid",
    "fulfilment.made",
    "fulfilment.moved",
    "fulfilment.tracked",
    "refund.made",
    "refund.decided",
    "setting.updated",
    "customer.updated",
    "import.started",
    "import.undone",
];

impl Tally {
    /// Notes an answer; whether it was a yes.
    pub fn note(&mut self, action: &'static str, status: StatusCode) -> bool {
        *self.answers.entry((action, status.as_u16())).or_default() += 1;
        status.is_success()
    }

    /// Expects entries of the audit log.
    pub fn expect(&mut self, actor: &str, action: &str, entries: i64) {
        if entries > 0 {
            *self.entries.entry((actor.to_owned(), action.to_owned())).or_default() += entries;
        }
    }

    /// How many actions were answered.
    pub fn actions(&self) -> u64 {
        self.answers.values().sum()
    }

    /// All of them together.
    pub fn sum(all: Vec<Self>) -> Self {
        let mut sum = Self::default();
        for one in all {
            for (key, count) in one.answers {
                *sum.answers.entry(key).or_default() += count;
            }
            for (key, count) in one.entries {
                *sum.entries.entry(key).or_default() += count;
            }
            sum.units += one.units;
            sum.refunds.extend(one.refunds);
        }
        sum
    }

    fn count(&self, fits: impl Fn(&'static str, u16) -> bool) -> u64 {
        self.answers
            .iter()
            .filter(|((action, status), _)| fits(action, *status))
            .map(|it| it.1)
            .sum()
    }

    /// What did not happen yet, so that it was no rush: a kind of action that went well, somebody who
    /// was not allowed, somebody who met a newer version.
    pub fn lacks(&self) -> Option<&'static str> {
        let went = |kind: &&str| self.count(|action, status| action == *kind && status < 300) > 0;
        let met = |wanted| self.count(|_, status| status == wanted) > 0;
        HAPPENED
            .into_iter()
            .find(|kind| !went(kind))
            .or_else(|| (!met(403)).then_some("somebody who was not allowed"))
            .or_else(|| (!met(412)).then_some("somebody who met a newer version"))
    }

    /// That staff heard nothing but a yes, or a no that says what is in the way.
    pub fn assert_no_answer_is_strange(&self) {
        let known = [403, 404, 409, 412, 422];
        let strange = self.count(|_, status| status >= 300 && !known.contains(&status));
        assert_eq!(strange, 0, "\n{self}");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((action, status), count) in &self.answers {
            writeln!(f, "{action:<24} {status} {count:>5}")?;
        }
        Ok(())
    }
}
