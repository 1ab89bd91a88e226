//! One value that many answers need, read once in a while.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::http::{ApiError, Result};

/// A value that is read again when it is older than its time to live; the old one serves while
/// that happens, and while the database is away.
pub struct Memo<T> {
    kept: RwLock<Option<(DateTime<Utc>, Arc<T>)>>,
    reading: tokio::sync::Mutex<()>,
    /// How often it was forgotten: what was read before is not kept as fresh.
    forgotten: AtomicU64,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self {
            kept: RwLock::new(None),
            reading: tokio::sync::Mutex::new(()),
            forgotten: AtomicU64::new(0),
        }
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
            (Err(_), Some((at, old))) if !ttl.is_zero() && at > DateTime::<Utc>::MIN_UTC => {
                return Ok(old);
            }
            (Err(_), _) => self.reading.lock().await,
        };
        let epoch = self.forgotten.load(Ordering::Acquire);
        // Boxed, so that those who find the value do not carry the reading with them.
        match (self.kept(), Box::pin(read()).await) {
            (_, Ok(value)) => Ok(self.keep((now, epoch), Arc::new(value))),
            (Some((_, old)), Err(ApiError::Unavailable(_))) => Ok(self.keep((now, epoch), old)),
            (_, Err(error)) => Err(error),
        }
    }

    fn kept(&self) -> Option<(DateTime<Utc>, Arc<T>)> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says that there is something newer: whoever asks next reads it; the old one stays for when the
    /// database is away.
    pub fn forget(&self) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        if let Some((at, _)) = kept.as_mut() {
            *at = DateTime::<Utc>::MIN_UTC;
        }
    }

    fn keep(&self, (now, epoch): (DateTime<Utc>, u64), value: Arc<T>) -> Arc<T> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let is_newest = self.forgotten.load(Ordering::Acquire) == epoch;
        let at = if is_newest { now } else { DateTime::<Utc>::MIN_UTC };
        *kept = Some((at, Arc::clone(&value)));
        value
    }
}
