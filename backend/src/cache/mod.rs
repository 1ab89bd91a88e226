//! Finished answers of the catalogue: the bytes with their names and their compressed forms, made
//! once and served many times; the last good one is served while the database is away.

mod dropped;
mod finished;
mod flight;
mod memo;
pub mod redis;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{http::HeaderMap, response::Response};
use chrono::TimeDelta;
use serde::Serialize;

pub use self::{memo::Memo, redis::Redis};

use self::{
    dropped::Dropped,
    finished::{Finished, Served},
    flight::{Flights, Landing, Outcome},
};
use crate::{
    Clock, Config,
    http::{ApiError, Result},
};

/// How long an outdated answer is still served while one request makes it anew.
const SERVE_OUTDATED: TimeDelta = TimeDelta::seconds(1);
/// How long the last good answer is kept for when the database is away.
const LAST_GOOD: TimeDelta = TimeDelta::hours(24);
/// How long requests that have a last good answer wait for a better one.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);
/// How long after a failure the database is left alone by requests that have a last good answer.
const LEAVE_ALONE: TimeDelta = TimeDelta::seconds(1);
/// Part of every shared key; another number whenever an answer's shape changes.
const VERSION: u32 = 1;

/// What an answer is made of: its value, and what it tells about.
pub struct Made<T> {
    /// The body.
    pub value: T,
    /// Dropping one of these makes the answer outdated, such as `product:<id>`.
    pub tags: Vec<String>,
}

/// Finished answers, in this process and, when there is one, in Redis.
#[derive(Clone)]
pub struct Cache {
    inner: Arc<Inner>,
}

struct Inner {
    memory: quick_cache::sync::Cache<String, Arc<Finished>, finished::Weigh>,
    flights: Flights,
    dropped: Dropped,
    redis: Option<Redis>,
    clock: Clock,
    ttl: TimeDelta,
    /// Until when the database is left alone, in milliseconds since 1970.
    away_until: AtomicI64,
}

impl Cache {
    /// An empty cache.
    pub fn new(config: &Config, clock: Clock) -> anyhow::Result<Self> {
        let bytes = config.catalog.cache_bytes;
        let entries = usize::try_from(bytes / 8192).unwrap_or(usize::MAX).max(64);
        Ok(Self {
            inner: Arc::new(Inner {
                memory: quick_cache::sync::Cache::with_weighter(entries, bytes, finished::Weigh),
                flights: Flights::default(),
                dropped: Dropped::default(),
                redis: Redis::open(&config.redis)?,
                clock,
                ttl: TimeDelta::from_std(config.catalog.cache_ttl)?,
                away_until: AtomicI64::new(0),
            }),
        })
    }

    /// How long an answer is good.
    pub fn ttl(&self) -> TimeDelta {
        self.inner.ttl
    }

    /// The Redis that is used, if any is.
    pub fn redis(&self) -> Option<&Redis> {
        self.inner.redis.as_ref()
    }

    /// Answers with what is kept under `key`, else with what `make` makes; one request makes it
    /// while others wait. Nothing is kept when the time to live is zero.
    pub async fn answer<T, F>(
        &self,
        headers: &HeaderMap,
        key: String,
        make: impl FnOnce() -> F + Send + 'static,
    ) -> Result<Response>
    where
        T: Serialize + Send,
        F: Future<Output = Result<Made<T>>> + Send + 'static,
    {
        if self.inner.ttl.is_zero() {
            return Ok(self.finish(Box::pin(make()).await?)?.respond(headers, Served::Fresh));
        }
        let now = self.inner.clock.now();
        let kept = self.inner.memory.get(&key);
        if let Some(kept) = &kept {
            let age = kept.age(now);
            if age < self.inner.ttl {
                count("hit");
                return Ok(kept.respond(headers, Served::Kept));
            }
            if age < self.inner.ttl + SERVE_OUTDATED {
                count("outdated");
                self.start(key, make);
                return Ok(kept.respond(headers, Served::Kept));
            }
        }
        let Some(last_good) = kept.filter(|kept| kept.is_last_good(now)) else {
            count("miss");
            return self.landed(self.start(key, make).outcome().await, headers);
        };
        if now.timestamp_millis() < self.inner.away_until.load(Ordering::Relaxed) {
            count("stale");
            return Ok(last_good.respond(headers, Served::Stale));
        }
        match tokio::time::timeout(PATIENCE, self.start(key, make).outcome()).await {
            Ok(Err(error)) if !matches!(*error, ApiError::Unavailable(_)) => {
                Err(flight::again(&error))
            }
            Ok(Ok(answer)) => self.landed(Ok(answer), headers),
            Ok(Err(_)) | Err(_) => {
                count("stale");
                Ok(last_good.respond(headers, Served::Stale))
            }
        }
    }

    /// Makes every answer about `tag` outdated: the next request for it makes it anew.
    pub fn drop_tag(&self, tag: &str) {
        self.drop_tags(&[tag.to_owned()]);
    }

    /// The same for several at once, in one pass.
    pub fn drop_tags(&self, tags: &[String]) {
        self.inner.dropped.note(tags, self.inner.clock.now());
        for (_, kept) in self.inner.memory.iter() {
            if kept.is_about(tags) {
                kept.outdate();
            }
        }
    }

    /// Makes every answer outdated.
    pub fn drop_all(&self) {
        self.inner.dropped.note_all(self.inner.clock.now());
        for (_, kept) in self.inner.memory.iter() {
            kept.outdate();
        }
    }

    fn landed(&self, outcome: Outcome, headers: &HeaderMap) -> Result<Response> {
        let made = outcome.map_err(|error| flight::again(&error))?;
        let is_old = made.made_at() + self.inner.ttl + SERVE_OUTDATED < self.inner.clock.now();
        Ok(made.respond(headers, if is_old { Served::Stale } else { Served::Fresh }))
    }

    fn finish<T: Serialize>(&self, made: Made<T>) -> Result<Finished> {
        let body = serde_json::to_vec(&made.value).map_err(|error| {
            ApiError::Internal(anyhow::Error::new(error).context("an answer cannot be written"))
        })?;
        Ok(Finished::new(body, made.tags, self.inner.clock.now()))
    }

    /// Joins the request that makes the answer, or becomes it. It is made to its end even when nobody waits for it.
    fn start<T, F>(&self, key: String, make: impl FnOnce() -> F + Send + 'static) -> Landing
    where
        T: Serialize + Send,
        F: Future<Output = Result<Made<T>>> + Send + 'static,
    {
        let cache = self.clone();
        self.inner
            .flights
            .join(key, move |key| async move { cache.make(key, make).await.map_err(Arc::new) })
    }

    async fn make<T, F>(
        &self,
        key: String,
        make: impl FnOnce() -> F + Send,
    ) -> Result<Arc<Finished>>
    where
        T: Serialize + Send,
        F: Future<Output = Result<Made<T>>> + Send,
    {
        let started_at = self.inner.clock.now();
        let epoch = self.inner.dropped.epoch();
        let shared = self.shared(&key).await;
        if let Some(shared) = &shared
            && shared.age(started_at) < self.inner.ttl
        {
            self.inner.memory.insert(key, Arc::clone(shared));
            return Ok(Arc::clone(shared));
        }
        let answer = match make().await {
            Err(error @ ApiError::Unavailable(_)) => {
                let until = started_at.max(self.inner.clock.now()) + LEAVE_ALONE;
                self.inner.away_until.store(until.timestamp_millis(), Ordering::Relaxed);
                let last_good = shared.filter(|shared| shared.is_last_good(started_at));
                return last_good
                    .inspect(|kept| self.inner.memory.insert(key, Arc::clone(kept)))
                    .ok_or(error);
            }
            outcome => outcome?,
        };
        let finished = Arc::new(self.finish(answer)?.made_at_start(started_at));
        if self.inner.dropped.since(epoch, finished.tags()) {
            finished.outdate();
        }
        self.inner.memory.insert(key.clone(), Arc::clone(&finished));
        self.share(&key, &finished);
        Ok(finished)
    }

    /// What another replica made of `key`, unless it has been dropped since.
    async fn shared(&self, key: &str) -> Option<Arc<Finished>> {
        let redis = self.inner.redis.as_ref()?;
        let mut command = ::redis::cmd("GET");
        command.arg(shared_key(key));
        let bytes: Option<Vec<u8>> = redis.query(&command).await?;
        let found = Finished::decode(&bytes?)?;
        if self.inner.dropped.after(found.made_at(), found.tags()) {
            found.outdate();
        }
        Some(Arc::new(found))
    }

    /// Offers an answer to the other replicas; nobody waits for it.
    fn share(&self, key: &str, finished: &Finished) {
        let Some(redis) = self.inner.redis.clone() else { return };
        let mut command = ::redis::cmd("SET");
        command.arg(shared_key(key)).arg(finished.encode()).arg("EX").arg(3600);
        tokio::spawn(async move {
            let _: Option<()> = redis.query(&command).await;
        });
    }
}

fn shared_key(key: &str) -> String {
    format!("oxcart:answer:{VERSION}:{key}")
}

fn count(outcome: &'static str) {
    metrics::counter!("oxcart_cache_answers_total", "outcome" => outcome).increment(1);
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("bytes", &self.inner.memory.weight()).finish_non_exhaustive()
    }
}
