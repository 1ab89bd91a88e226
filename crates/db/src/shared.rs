//! The pool itself, how it is built, and the watch that replaces one that has stopped serving.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError, RwLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{
    Connection, PgConnection, Postgres,
    pool::{PoolConnection, PoolConnectionMetadata, PoolOptions},
    postgres::PgConnectOptions,
};
use tokio::{
    sync::Notify,
    time::{Instant, interval, sleep, timeout, timeout_at},
};

use crate::{Settings, error, held::Held};

/// A connection that answered this recently is used without asking it again.
const FRESH: Duration = Duration::from_millis(50);

/// Longest wait for the sign of life of an idle connection.
const PING_TIMEOUT: Duration = Duration::from_millis(500);

/// How often an unreachable database is tried again.
const PROBE_EVERY: Duration = Duration::from_millis(250);

/// How often the least number of connections is made up.
const WARM_EVERY: Duration = Duration::from_secs(15);

/// How often a connection is tried again while new credentials are on their way.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// Longest wait for the work under way in a pool that has been replaced.
const OLD_POOL_TIMEOUT: Duration = Duration::from_mins(1);

#[expect(clippy::disallowed_types, reason = "this crate is the guard around it")]
type Pool = sqlx::Pool<Postgres>;

/// What all handles on one database have in common.
pub(crate) struct Shared {
    settings: Settings,
    /// Where the database is, and who we are there; may change while we run.
    url: RwLock<String>,
    pool: RwLock<Pool>,
    /// Somebody brings new credentials when told that ours are refused.
    credentials_change: AtomicBool,
    refused: Notify,
    starving_since: Mutex<Option<Instant>>,
    examining: AtomicBool,
    unreachable: AtomicBool,
}

impl Shared {
    pub fn open(settings: Settings) -> Result<Arc<Self>, sqlx::Error> {
        let shared = Arc::new(Self {
            pool: RwLock::new(pool(&settings, settings.connect_options()?)),
            url: RwLock::new(settings.url.clone()),
            settings,
            credentials_change: AtomicBool::new(false),
            refused: Notify::new(),
            starving_since: Mutex::new(None),
            examining: AtomicBool::new(false),
            unreachable: AtomicBool::new(false),
        });
        tokio::spawn(keep_warm(Arc::downgrade(&shared)));
        Ok(shared)
    }

    pub fn pool(&self) -> Pool {
        self.pool.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn application_name(&self) -> &str {
        &self.settings.application_name
    }

    /// A connection that has just answered, or the error after `acquire_timeout` or `until`; at
    /// once while the database is known to be unreachable.
    #[expect(clippy::disallowed_methods, reason = "the caller is the guard")]
    pub async fn acquire(
        self: &Arc<Self>,
        until: Instant,
    ) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        let pool = self.pool();
        if self.unreachable.load(Ordering::Acquire) && pool.num_idle() == 0 {
            // Waiting would only tie up the caller: `examine` looks out for the database.
            return Err(sqlx::Error::PoolTimedOut);
        }
        let patience = until.min(Instant::now() + self.settings.acquire_timeout);
        let acquired = loop {
            let acquired = timeout_at(until, pool.acquire())
                .await
                .unwrap_or_else(|_| Err(error::deadline_exceeded()));
            if !self.may_change_soon(&acquired) || Instant::now() + REFUSED_PAUSE > patience {
                break acquired;
            }
            sleep(REFUSED_PAUSE).await;
        };
        match &acquired {
            Ok(_) => *self.starving_since() = None,
            Err(sqlx::Error::PoolClosed) => {}
            Err(_) => self.starved(),
        }
        acquired
    }

    /// Whether the credentials were refused, and others may be on their way; sends for them.
    fn may_change_soon(&self, acquired: &Result<PoolConnection<Postgres>, sqlx::Error>) -> bool {
        let is_refused = acquired.as_ref().is_err_and(error::is_refused_credentials);
        if is_refused {
            self.refused.notify_one();
        }
        is_refused && self.credentials_change.load(Ordering::Acquire)
    }

    /// Waits until the database refuses who we say we are.
    pub async fn refused(&self) {
        self.credentials_change.store(true, Ordering::Release);
        self.refused.notified().await;
    }

    /// Opens new connections at `url` from here on, once one could be opened there.
    pub async fn move_to(&self, url: &str) -> Result<(), sqlx::Error> {
        let options =
            Settings { url: url.to_owned(), ..self.settings.clone() }.connect_options()?;
        self.try_out(&options).await?;
        url.clone_into(&mut self.url.write().unwrap_or_else(PoisonError::into_inner));
        self.pool().set_connect_options(options);
        Ok(())
    }

    fn connect_options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        let url = self.url.read().unwrap_or_else(PoisonError::into_inner).clone();
        Settings { url, ..self.settings.clone() }.connect_options()
    }

    /// Opens one connection beside the pool, to tell a sick pool from an absent database.
    pub async fn probe(&self) -> Result<(), sqlx::Error> {
        self.try_out(&self.connect_options()?).await
    }

    async fn try_out(&self, options: &PgConnectOptions) -> Result<(), sqlx::Error> {
        let connecting = PgConnection::connect_with(options);
        let connection = timeout(self.settings.connect_timeout, connecting)
            .await
            .map_err(|_| sqlx::Error::Io(io::ErrorKind::TimedOut.into()))??;
        drop(connection);
        Ok(())
    }

    /// Opens connections until there are `min_connections`, as far as the database lets it.
    #[expect(clippy::disallowed_methods, reason = "only to open connections, not to use them")]
    pub async fn warm(&self) {
        let pool = self.pool();
        let mut opened = Vec::new();
        while pool.size() < self.settings.min_connections {
            match pool.acquire().await {
                Ok(connection) => opened.push(Held::new(connection)),
                Err(error) => {
                    tracing::debug!(%error, "could not open a spare database connection");
                    break;
                }
            }
        }
        opened.into_iter().for_each(Held::release);
    }

    fn starving_since(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.starving_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that no connection could be had, and has somebody look into it.
    fn starved(self: &Arc<Self>) {
        self.starving_since().get_or_insert_with(Instant::now);
        if !self.examining.swap(true, Ordering::AcqRel) {
            let shared = Arc::clone(self);
            tokio::spawn(async move {
                shared.examine().await;
                shared.examining.store(false, Ordering::Release);
            });
        }
    }

    /// Marks the database unreachable until it takes a new connection, then, if the pool has
    /// been starving for too long, replaces the pool.
    async fn examine(&self) {
        while let Err(error) = self.probe().await {
            if !error::is_absence(&error) || self.pool().is_closed() {
                self.unreachable.store(false, Ordering::Release);
                return;
            }
            if !self.unreachable.swap(true, Ordering::AcqRel) {
                tracing::error!(%error, "the database cannot be reached");
            }
            sleep(PROBE_EVERY).await;
        }
        if self.unreachable.swap(false, Ordering::AcqRel) {
            tracing::info!("the database can be reached again");
            *self.starving_since() = None;
        }
        let since = *self.starving_since();
        if since.is_some_and(|since| since.elapsed() >= self.settings.rebuild_after) {
            self.rebuild();
        }
    }

    /// Swaps in a new pool; work under way finishes on the old one.
    fn rebuild(&self) {
        let Ok(options) = self.connect_options() else { return };
        let new = pool(&self.settings, options);
        let old = {
            let mut pool = self.pool.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *pool, new)
        };
        *self.starving_since() = None;
        tracing::error!(
            size = old.size(),
            idle = old.num_idle(),
            "replaced a connection pool that gave out no connection while the database answered"
        );
        metrics::counter!("oxcart_db_pool_rebuilt_total").increment(1);
        tokio::spawn(async move {
            let _ = timeout(OLD_POOL_TIMEOUT, old.close()).await;
        });
    }
}

fn pool(settings: &Settings, options: PgConnectOptions) -> Pool {
    let silence = Silence::default();
    let lifetime = settings.max_lifetime.mul_f64(rand::random_range(0.667..=1.0));
    // sqlx would ping without a limit, and open spare connections while holding a permit for
    // minutes: `before_acquire` and `keep_warm` do both within bounds.
    PoolOptions::<Postgres>::new()
        .max_connections(settings.max_connections)
        .min_connections(0)
        .acquire_timeout(settings.acquire_timeout)
        .max_lifetime(lifetime)
        .idle_timeout(settings.idle_timeout)
        .test_before_acquire(false)
        .before_acquire(move |connection, idle| {
            Box::pin(answers(connection, idle, Arc::clone(&silence)))
        })
        .connect_lazy_with(options)
}

/// When a connection was last found silent; what was idle by then is as suspect.
type Silence = Arc<Mutex<Option<Instant>>>;

/// Whether an idle connection may be used; false or an error replaces it.
async fn answers(
    connection: &mut PgConnection,
    idle: PoolConnectionMetadata,
    silence: Silence,
) -> Result<bool, sqlx::Error> {
    if idle.idle_for < FRESH {
        return Ok(true);
    }
    let noticed = *silence.lock().unwrap_or_else(PoisonError::into_inner);
    if noticed.is_some_and(|noticed| noticed.elapsed() < idle.idle_for) {
        // A silent failover silences all: waiting for each in turn would take seconds.
        return Ok(false);
    }
    if let Ok(answer) = timeout(PING_TIMEOUT, connection.ping()).await {
        return answer.map(|()| true);
    }
    *silence.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()))
}

async fn keep_warm(shared: Weak<Shared>) {
    let mut ticks = interval(WARM_EVERY);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        if shared.pool().is_closed() {
            return;
        }
        shared.warm().await;
    }
}
