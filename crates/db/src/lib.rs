//! The guarded connection pool: the only place that touches `sqlx::Pool`.
//!
//! Every unit of work runs on a connection whose fate the guard owns. The connection goes back to
//! the pool only after the work ended in the open; after a cancellation, a deadline or a broken
//! stream it is cut out of the pool and dropped, so that nobody inherits an open transaction and
//! no dead peer keeps a permit.

mod error;
mod held;
mod settings;
mod shared;
mod tag;

use std::{fmt, sync::Arc, time::Duration};

use sqlx::PgConnection;
use tokio::time::{Instant, timeout_at};

pub use error::{
    CommitUnknown, DeadlineExceeded, commit_outcome_unknown, constraint, is_lock_timeout,
    is_retryable, is_unavailable,
};
pub use held::DETACHED;
pub use settings::Settings;
pub use tag::REQUEST_ID;

use held::{Held, Reason};
use shared::Shared;

/// The database as the shop sees it: a cheap handle on one guarded pool.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
    deadline: Duration,
}

impl Db {
    /// Opens the pool and proves the database answers; fails within `connect_timeout` if not.
    pub async fn connect(settings: Settings) -> Result<Self, sqlx::Error> {
        let db = Self::connect_lazy(settings)?;
        db.shared.probe().await?;
        db.shared.warm().await;
        Ok(db)
    }

    /// Opens the pool without a connection; fails only on a URL that cannot be read.
    ///
    /// Call it inside a Tokio runtime.
    pub fn connect_lazy(settings: Settings) -> Result<Self, sqlx::Error> {
        let deadline = settings.deadline;
        Ok(Self { shared: Shared::open(settings)?, deadline })
    }

    /// Runs `work` on one connection outside a transaction; each statement commits by itself.
    ///
    /// Fails with the work's own error, or with one that [`is_unavailable`] recognises.
    pub async fn read<T, E: From<sqlx::Error>>(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let until = Instant::now() + self.deadline;
        let mut held = self.acquire(until).await?;
        if let Ok(outcome) = timeout_at(until, work(held.connection())).await {
            held.release();
            outcome
        } else {
            held.discard(Reason::Deadline);
            Err(E::from(error::deadline_exceeded()))
        }
    }

    /// Runs `work` in one transaction: COMMIT when it returns `Ok`, ROLLBACK when it returns `Err`.
    ///
    /// Fails with the work's own error, with one that [`is_unavailable`] recognises, or with one
    /// for which [`commit_outcome_unknown`] holds. Work that answers `Ok` after one of its
    /// statements failed gets `InvalidArgument`: PostgreSQL has nothing to commit then. To go on
    /// after a failed statement, wrap it in a savepoint (`tx.begin()`).
    pub async fn write<T, E: From<sqlx::Error>>(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let until = Instant::now() + self.deadline;
        let mut held = self.begin(until).await?;
        match timeout_at(until, work(held.connection())).await {
            Ok(Ok(value)) => {
                held.commit(until).await?;
                Ok(value)
            }
            Ok(Err(error)) => {
                held.roll_back().await;
                Err(error)
            }
            Err(_) => {
                held.discard(Reason::Deadline);
                Err(E::from(error::deadline_exceeded()))
            }
        }
    }

    /// The same pool with another time limit for a unit of work, waiting for a connection included.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self { shared: Arc::clone(&self.shared), deadline }
    }

    /// Refuses new work, waits for what is under way, then closes every connection.
    pub async fn close(&self) {
        self.shared.pool().close().await;
    }

    /// Opens new connections at `url` from here on; those that are open stay until they are old.
    ///
    /// Fails, and changes nothing, when no connection can be opened there.
    pub async fn move_to(&self, url: &str) -> Result<(), sqlx::Error> {
        self.shared.move_to(url).await
    }

    /// Waits until the database refuses our credentials. While somebody waits here, work whose
    /// connection is refused is held back for a moment, so that [`Db::move_to`] can come in time.
    pub async fn credentials_refused(&self) {
        self.shared.refused().await;
    }

    /// Connections open in this process, in use or idle.
    pub fn size(&self) -> u32 {
        self.shared.pool().size()
    }

    /// Connections open and waiting for work.
    pub fn idle(&self) -> usize {
        self.shared.pool().num_idle()
    }

    async fn acquire(&self, until: Instant) -> Result<Held, sqlx::Error> {
        self.shared.acquire(until).await.map(Held::new)
    }

    async fn begin(&self, until: Instant) -> Result<Held, sqlx::Error> {
        let statement = tag::begin(self.shared.application_name());
        let mut held = self.acquire(until).await?;
        match timeout_at(until, held.begin(statement)).await {
            Ok(Ok(())) => Ok(held),
            Ok(Err(error)) => {
                held.discard(Reason::Broken);
                Err(error)
            }
            Err(_) => {
                held.discard(Reason::Deadline);
                Err(error::deadline_exceeded())
            }
        }
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
