//! One value that many answers need, read once in a while.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};

use crate::http::{ApiError, Result};

/// A value that is read again when it is older than its time to live; the old one serves while
/// that happens, and while the database is away.
pub struct Memo<T> {
    kept: RwLock<Option<(DateTime<Utc>, Arc<T>)>>,
    reading: tokio::sync::Mutex<()>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self { kept: RwLock::new(None), reading: tokio::sync::Mutex::new(()) }
    }
}

impl<T> Memo<T> {
    /// The value, read by `read` when it is not there or `ttl` old.
    pub async fn get<F>(
        &self,
        now: DateTime<Utc>,
        ttl: TimeDelta,
        read: impl FnOnce() -> F,
    ) -> Result<Arc<T>>
    where
        F: Future<Output = Result<T>>,
    {
        let kept = self.kept();
        if let Some((at, value)) = &kept
            && now - *at < ttl
        {
            return Ok(Arc::clone(value));
        }
        let _reading = match (self.reading.try_lock(), kept) {
            (Ok(reading), _) => reading,
            (Err(_), Some((_, old))) if !ttl.is_zero() => return Ok(old),
            (Err(_), _) => self.reading.lock().await,
        };
        // Boxed, so that those who find the value do not carry the reading with them.
        match (self.kept(), Box::pin(read()).await) {
            (_, Ok(value)) => Ok(self.keep(now, Arc::new(value))),
            (Some((_, old)), Err(ApiError::Unavailable(_))) => Ok(self.keep(now, old)),
            (_, Err(error)) => Err(error),
        }
    }

    /// Has the next who asks read it anew.
    pub fn forget(&self) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn kept(&self) -> Option<(DateTime<Utc>, Arc<T>)> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, now: DateTime<Utc>, value: Arc<T>) -> Arc<T> {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) =
            Some((now, Arc::clone(&value)));
        value
    }
}
