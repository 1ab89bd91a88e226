//! Redis with a budget: a use that takes too long is given up, and after several in a row Redis is
//! left alone for a moment. No truth is kept there, so nothing fails without it.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use redis::{AsyncConnectionConfig, Cmd, FromRedisValue, aio::MultiplexedConnection};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};

use crate::config::RedisConfig;

/// Failures in a row after which Redis is left alone.
const TOLERATED: u32 = 5;
/// For how long it is left alone before one use tries it again.
const LEFT_ALONE: Duration = Duration::from_secs(1);
/// Longest that opening a connection may take; nobody waits for it.
const CONNECT: Duration = Duration::from_secs(2);

/// A handle on one Redis; cheap to clone.
#[derive(Clone)]
pub struct Redis {
    inner: Arc<Inner>,
}

struct Inner {
    client: Mutex<redis::Client>,
    budget: Duration,
    connection: Mutex<Option<MultiplexedConnection>>,
    is_connecting: AtomicBool,
    breaker: Breaker,
}

impl Redis {
    /// The Redis that the settings name, if they name one; does not connect yet.
    pub fn open(config: &RedisConfig) -> anyhow::Result<Option<Self>> {
        let Some(url) = config.address() else { return Ok(None) };
        Ok(Some(Self {
            inner: Arc::new(Inner {
                client: Mutex::new(client(&url)?),
                budget: config.redis_budget,
                connection: Mutex::new(None),
                is_connecting: AtomicBool::new(false),
                breaker: Breaker::default(),
            }),
        }))
    }

    /// Opens new connections at `url` from here on; the open one stays as long as it serves.
    pub fn move_to(&self, url: &SecretString) -> anyhow::Result<()> {
        *self.inner.client.lock().unwrap_or_else(PoisonError::into_inner) = client(url)?;
        Ok(())
    }

    /// Runs a command within the budget; nothing when Redis cannot answer in time.
    pub async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Option<T> {
        if !self.inner.breaker.lets_through(Instant::now()) {
            return None;
        }
        let Some(mut connection) = self.connection() else {
            self.connect();
            return None;
        };
        match timeout(self.inner.budget, command.query_async(&mut connection)).await {
            Ok(Ok(value)) => {
                self.inner.breaker.succeeded();
                Some(value)
            }
            Ok(Err(error)) => {
                // A connection that broke stays broken; the next use opens another.
                *self.slot() = None;
                self.failed(&error);
                None
            }
            Err(_) => {
                self.failed(&"not answered within the budget");
                None
            }
        }
    }

    /// Whether Redis is left alone because it failed too often.
    pub fn is_left_alone(&self) -> bool {
        self.inner.breaker.is_open()
    }

    fn failed(&self, why: &dyn fmt::Display) {
        metrics::counter!("oxcart_redis_failures_total").increment(1);
        if self.inner.breaker.failed(Instant::now()) {
            // It may be slow for ever: the peer can be gone without a word.
            *self.slot() = None;
            tracing::warn!("Redis is left alone for a moment: {why}");
        }
    }

    /// Opens a connection beside the requests, one at a time.
    fn connect(&self) {
        if self.inner.is_connecting.swap(true, Ordering::AcqRel) {
            return;
        }
        let redis = self.clone();
        tokio::spawn(async move {
            let config = AsyncConnectionConfig::new()
                .set_connection_timeout(Some(CONNECT))
                .set_response_timeout(None);
            let client = redis.inner.client.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let opened = client.get_multiplexed_async_connection_with_config(&config);
            match timeout(CONNECT, opened).await {
                Ok(Ok(connection)) => {
                    *redis.slot() = Some(connection);
                    redis.inner.breaker.succeeded();
                }
                Ok(Err(error)) => redis.failed(&error),
                Err(_) => redis.failed(&"no connection in time"),
            }
            redis.inner.is_connecting.store(false, Ordering::Release);
        });
    }

    fn connection(&self) -> Option<MultiplexedConnection> {
        self.slot().clone()
    }

    fn slot(&self) -> MutexGuard<'_, Option<MultiplexedConnection>> {
        self.inner.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn client(url: &SecretString) -> anyhow::Result<redis::Client> {
    redis::Client::open(url.expose_secret())
        .context("REDIS_URL is not an address such as redis://host:6379")
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("left_alone", &self.is_left_alone()).finish_non_exhaustive()
    }
}

/// Counts failures in a row, and lets one use through now and then while there are too many.
#[derive(Default)]
struct Breaker {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    tried_at: Option<Instant>,
}

impl Breaker {
    fn lets_through(&self, now: Instant) -> bool {
        let mut state = self.state();
        if state.failures < TOLERATED {
            return true;
        }
        let is_time = state.tried_at.is_none_or(|tried_at| now - tried_at >= LEFT_ALONE);
        if is_time {
            state.tried_at = Some(now);
        }
        is_time
    }

    fn is_open(&self) -> bool {
        self.state().failures >= TOLERATED
    }

    fn succeeded(&self) {
        *self.state() = State::default();
    }

    /// Counts a failure; true when it is the one too many.
    fn failed(&self, now: Instant) -> bool {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        state.tried_at = Some(now);
        state.failures == TOLERATED
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_in_a_row_close_the_way_and_one_use_a_second_tries_it() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..4 {
            breaker.failed(now);
        }

        assert!(breaker.lets_through(now));
        assert!(breaker.failed(now));
        assert!(!breaker.lets_through(now));
        assert!(breaker.lets_through(now + LEFT_ALONE));
        assert!(!breaker.lets_through(now + LEFT_ALONE));
        breaker.succeeded();
        assert!(breaker.lets_through(now + LEFT_ALONE));
    }

    #[test]
    fn a_success_forgets_the_failures_before_it() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..4 {
            breaker.failed(now);
        }

        breaker.succeeded();
        breaker.failed(now);

        assert!(!breaker.is_open());
    }
}
