//! What was dropped and when, so that an answer begun before a change is not kept after it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

/// Drops older than this matter to no answer that is still shared as fresh.
const REMEMBERED: TimeDelta = TimeDelta::minutes(2);

/// Every recent drop.
#[derive(Default)]
pub struct Dropped {
    drops: Mutex<Drops>,
}

#[derive(Default)]
struct Drops {
    epoch: u64,
    all: Option<Drop>,
    tags: HashMap<String, Drop>,
}

#[derive(Clone, Copy)]
struct Drop {
    epoch: u64,
    at: DateTime<Utc>,
}

impl Dropped {
    /// Counts drops; one that comes later has a higher number.
    pub fn epoch(&self) -> u64 {
        self.drops().epoch
    }

    /// Remembers that `tags` were dropped.
    pub fn note(&self, tags: &[String], at: DateTime<Utc>) {
        let mut drops = self.drops();
        drops.epoch += 1;
        let drop = Drop { epoch: drops.epoch, at };
        if drops.tags.len() > 10_000 {
            drops.tags.retain(|_, old| old.at + REMEMBERED > at);
        }
        for tag in tags {
            drops.tags.insert(tag.clone(), drop);
        }
    }

    /// Remembers that everything was dropped.
    pub fn note_all(&self, at: DateTime<Utc>) {
        let mut drops = self.drops();
        drops.epoch += 1;
        drops.all = Some(Drop { epoch: drops.epoch, at });
        drops.tags.clear();
    }

    /// Whether one of `tags` was dropped after `epoch` was read.
    pub fn since(&self, epoch: u64, tags: &[String]) -> bool {
        self.any(tags, |drop| drop.epoch > epoch)
    }

    /// Whether one of `tags` was dropped at `made_at` or later.
    pub fn after(&self, made_at: DateTime<Utc>, tags: &[String]) -> bool {
        self.any(tags, |drop| drop.at >= made_at)
    }

    fn any(&self, tags: &[String], is_later: impl Fn(&Drop) -> bool) -> bool {
        let drops = self.drops();
        drops.all.iter().chain(tags.iter().filter_map(|tag| drops.tags.get(tag))).any(is_later)
    }

    fn drops(&self) -> MutexGuard<'_, Drops> {
        self.drops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
