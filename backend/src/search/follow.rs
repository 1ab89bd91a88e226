//! Keeping the index fresh: reading what changed, again and again.

use std::{
    collections::{BTreeSet, HashSet, VecDeque},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use db::Db;
use tokio_util::sync::CancellationToken;

use super::{Index, store};
use crate::App;

/// How long a change stays noted after its transaction was over.
const KEPT: TimeDelta = TimeDelta::minutes(10);

/// A replica that did not look for this long starts over: what it missed may be forgotten.
const TOO_LONG: TimeDelta = TimeDelta::minutes(5);

/// Longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// How far the database was followed.
///
/// Rows become visible when their transaction commits, which is not the order of their ids. What
/// is certain is this: once every transaction older than some number is over, no row of theirs can
/// appear any more. So the mark moves only to the oldest transaction that still runs; rows behind
/// it are applied as soon as they are seen, and remembered until the mark has passed them.
pub struct Mark {
    /// Everything that older transactions noted is in the index.
    since: i64,
    /// Changes of transactions from `since` on that are in the index already.
    applied: HashSet<i64>,
    /// When the database was last asked, by its own clock.
    asked_at: Option<DateTime<Utc>>,
    /// Earlier values of `since`, to know what all replicas must have seen.
    past: VecDeque<(DateTime<Utc>, i64)>,
}

impl Mark {
    /// Follow everything that transactions from `since` on note.
    pub fn at(since: i64) -> Self {
        Self { since, applied: HashSet::new(), asked_at: None, past: VecDeque::new() }
    }

    /// Moves on after all of `noted` was applied.
    fn advance(&mut self, noted: &store::Noted) {
        let open = noted.changes.iter().filter(|change| change.xid >= noted.oldest_running);
        self.applied = open.map(|change| change.id).collect();
        self.since = noted.oldest_running;
        self.asked_at = Some(noted.at);
        if self.past.back().is_none_or(|(at, _)| noted.at - *at > TimeDelta::minutes(1)) {
            self.past.push_back((noted.at, self.since));
        }
    }

    /// The number before which changes can be forgotten, once in a while.
    fn forgettable(&mut self, now: DateTime<Utc>) -> Option<i64> {
        let (at, since) = self.past.front().copied()?;
        (now - at > KEPT).then(|| {
            self.past.pop_front();
            since
        })
    }
}

/// What one look at the database brought.
#[derive(Debug, Default)]
pub struct Caught {
    /// Products that were read anew.
    pub products: BTreeSet<api_types::ProductId>,
    /// Whether everything may have changed.
    pub everything: bool,
}

impl Index {
    /// Applies what has changed since the last time.
    pub async fn catch_up(&self, db: &Db) -> anyhow::Result<Caught> {
        let mut mark = self.mark().await;
        let Some(mark_now) = mark.as_mut() else {
            drop(mark);
            return self.start_over(db).await;
        };
        let since = mark_now.since;
        let noted = db.read(async |conn| store::noted_since(conn, since).await).await?;
        if mark_now.asked_at.is_some_and(|at| noted.at - at > TOO_LONG) {
            drop(mark);
            return self.start_over(db).await;
        }
        let is_new = |change: &&store::Change| !mark_now.applied.contains(&change.id);
        let new: Vec<_> = noted.changes.iter().filter(is_new).collect();
        if new.iter().any(|change| change.product.is_none()) {
            let shelves = db.read(store::shelves).await?;
            if shelves.currencies != self.shelves().currencies {
                drop(mark);
                return self.start_over(db).await;
            }
            self.set_shelves(shelves);
        }
        let everything = new.iter().any(|change| change.product.is_none());
        let products: BTreeSet<_> = new.iter().filter_map(|change| change.product).collect();
        if !products.is_empty() {
            self.refresh(db, products.clone()).await?;
        }
        mark_now.advance(&noted);
        if let Some(until) = mark_now.forgettable(noted.at) {
            db.write(async |tx| store::forget_until(tx, until).await).await?;
        }
        Ok(Caught { products, everything })
    }

    async fn start_over(&self, db: &Db) -> anyhow::Result<Caught> {
        self.build(db).await?;
        Ok(Caught { products: BTreeSet::new(), everything: true })
    }
}

/// Follows the database until told to stop, whatever happens on the way.
pub async fn run(app: App, stop: CancellationToken) {
    let mut failures = 0_u32;
    loop {
        let pause = if failures == 0 { app.config.catalog.search_poll } else { back_off(failures) };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        let turn = tokio::spawn({
            let app = app.clone();
            async move { app.follow_catalog().await }
        });
        match turn.await.unwrap_or_else(|panic| Err(panic.into())) {
            Ok(()) => failures = 0,
            Err(error) => {
                failures = failures.saturating_add(1);
                metrics::counter!("oxcart_search_follow_failures_total").increment(1);
                tracing::warn!(failures, "could not follow the catalogue: {error:#}");
            }
        }
    }
}

impl App {
    /// Brings the search index up to date, and drops the finished answers that are so no longer.
    pub async fn follow_catalog(&self) -> anyhow::Result<()> {
        let caught = self.search.catch_up(&self.db).await?;
        if caught.everything {
            self.shelves.forget();
            self.cache.drop_all();
        } else if !caught.products.is_empty() {
            let mut tags: Vec<_> =
                caught.products.iter().copied().map(crate::catalog::tag).collect();
            tags.push(super::handlers::TAG.to_owned());
            self.cache.drop_tags(&tags);
        }
        note(&caught);
        Ok(())
    }
}

fn note(caught: &Caught) {
    if !caught.products.is_empty() {
        let count = u64::try_from(caught.products.len()).unwrap_or(u64::MAX);
        metrics::counter!("oxcart_search_products_refreshed_total").increment(count);
        tracing::debug!(products = count, "search index followed");
    }
}

fn back_off(failures: u32) -> Duration {
    Duration::from_millis(250).saturating_mul(1 << failures.min(10)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::store::{Change, Noted};

    fn noted(minute: i64, oldest_running: i64, changes: &[(i64, i64)]) -> Noted {
        let changes = changes.iter().map(|&(id, xid)| Change { id, product: None, xid }).collect();
        let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        Noted { changes, oldest_running, at }
    }

    #[test]
    fn what_is_ahead_of_the_oldest_transaction_is_remembered_until_it_is_passed() {
        let mut mark = Mark::at(5);

        mark.advance(&noted(0, 7, &[(1, 6), (2, 9)]));
        assert_eq!((mark.since, &mark.applied), (7, &HashSet::from([2])));

        mark.advance(&noted(0, 10, &[(2, 9)]));
        assert_eq!((mark.since, &mark.applied), (10, &HashSet::new()));
    }

    #[test]
    fn only_what_was_over_long_ago_is_forgotten() {
        let mut mark = Mark::at(5);
        let at = |minute| DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);

        mark.advance(&noted(0, 7, &[]));
        mark.advance(&noted(9, 30, &[]));

        assert_eq!(mark.forgettable(at(9)), None);
        assert_eq!(mark.forgettable(at(11)), Some(7));
        assert_eq!(mark.forgettable(at(11)), None);
    }

    #[test]
    fn pauses_grow_and_end_growing() {
        assert!(back_off(1) < back_off(2));
        assert_eq!(back_off(u32::MAX), LONGEST_PAUSE);
    }
}
