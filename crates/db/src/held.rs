//! One connection in use, and the decision what becomes of it.

use std::time::Duration;

use sqlx::{
    PgConnection, Postgres, SqlStr, pool::PoolConnection,
    postgres::PgTransactionManager as Transactions,
};
use sqlx_core::transaction::TransactionManager as _;
use tokio::time::{Instant, timeout, timeout_at};

use crate::error;

/// Shortest time COMMIT gets, even past the deadline: cutting it leaves the outcome unknown.
const COMMIT_GRACE: Duration = Duration::from_secs(1);

/// Longest wait for the round trips that hand a connection back.
const RETURN_TIMEOUT: Duration = Duration::from_secs(1);

/// Commits, and fails if the work has spoilt its transaction.
///
/// A bare COMMIT of a failed transaction rolls back and reports success. SHOW is refused there,
/// which stops the string before COMMIT. The transaction chained on is empty; it keeps sqlx's
/// count of open transactions true until the connection is handed back.
const COMMIT: &str = "SHOW transaction_isolation; COMMIT AND CHAIN";

/// Why a connection was cut out of the pool; the label of `oxcart_db_detached_total`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reason {
    Broken,
    Cancelled,
    Commit,
    Deadline,
    ReadOnly,
}

/// The metric that counts connections cut out of the pool, and each reason it may give.
pub const DETACHED: (&str, [&str; 5]) =
    ("oxcart_db_detached_total", ["broken", "cancelled", "commit", "deadline", "read_only"]);

impl Reason {
    const fn label(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Cancelled => "cancelled",
            Self::Commit => "commit",
            Self::Deadline => "deadline",
            Self::ReadOnly => "read_only",
        }
    }
}

/// How the work ended, which decides what is asked of the connection before it is idle again.
#[derive(Clone, Copy)]
enum Ended {
    Read,
    Committed,
    RolledBack,
}

/// A connection out of the pool; dropped without a decision, it is detached as cancelled.
pub(crate) struct Held {
    connection: Option<PoolConnection<Postgres>>,
    since: Instant,
}

impl Held {
    pub fn new(connection: PoolConnection<Postgres>) -> Self {
        Self { connection: Some(connection), since: Instant::now() }
    }

    pub fn connection(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a held connection is there until it is given away")
    }

    pub async fn begin(&mut self, statement: Option<SqlStr>) -> Result<(), sqlx::Error> {
        Transactions::begin(self.connection(), statement).await
    }

    /// Commits and hands the connection back; a lost answer becomes `CommitUnknown`.
    pub async fn commit(mut self, until: Instant) -> Result<(), sqlx::Error> {
        let until = until.max(Instant::now() + COMMIT_GRACE);
        let commit = sqlx::raw_sql(COMMIT).execute(self.connection());
        match timeout_at(until, commit).await {
            Ok(Ok(_)) => {
                self.give_back(Ended::Committed);
                Ok(())
            }
            Ok(Err(error)) if error::is_definite(&error) => {
                self.roll_back().await;
                Err(refused(error))
            }
            Ok(Err(error)) => {
                self.discard(Reason::Commit);
                Err(error::commit_unknown(error))
            }
            Err(_) => {
                self.discard(Reason::Commit);
                Err(error::commit_unknown(error::deadline_exceeded()))
            }
        }
    }

    /// Rolls back and hands the connection back; one that does not answer is dropped.
    pub async fn roll_back(mut self) {
        match timeout(RETURN_TIMEOUT, Transactions::rollback(self.connection())).await {
            Ok(Ok(())) => self.give_back(Ended::RolledBack),
            Ok(Err(_)) | Err(_) => self.discard(Reason::Broken),
        }
    }

    /// Hands the connection back after work outside a transaction.
    pub fn release(self) {
        self.give_back(Ended::Read);
    }

    /// Cuts the connection out of the pool and closes its socket, without waiting for anybody.
    pub fn discard(mut self, reason: Reason) {
        self.cut(reason);
    }

    fn give_back(mut self, ended: Ended) {
        if let Some(connection) = self.take() {
            tokio::spawn(give_back(connection, ended));
        }
    }

    fn cut(&mut self, reason: Reason) {
        if let Some(connection) = self.take() {
            detach(connection, reason);
        }
    }

    fn take(&mut self) -> Option<PoolConnection<Postgres>> {
        let connection = self.connection.take()?;
        metrics::histogram!("oxcart_db_hold_seconds").record(self.since.elapsed().as_secs_f64());
        Some(connection)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.cut(Reason::Cancelled);
    }
}

/// Ends what is open, proves the connection answers and only then lets others have it.
async fn give_back(mut connection: PoolConnection<Postgres>, ended: Ended) {
    match timeout(RETURN_TIMEOUT, end(&mut connection, ended)).await {
        Ok(Ok(None)) => {}
        Ok(Ok(Some(reason))) => return detach(connection, reason),
        Ok(Err(_)) | Err(_) => return detach(connection, Reason::Broken),
    }
    // The future owns the connection: when it is dropped, so are the socket and the permit.
    if timeout(RETURN_TIMEOUT, connection.return_to_pool()).await.is_err() {
        count(Reason::Broken);
    }
}

async fn end(connection: &mut PgConnection, ended: Ended) -> Result<Option<Reason>, sqlx::Error> {
    match ended {
        Ended::Read => {}
        Ended::Committed => Transactions::commit(connection).await?,
        Ended::RolledBack => {
            // After a failover an old connection may still reach a server that only reads.
            let sql = "SELECT current_setting('transaction_read_only') = 'on'";
            if sqlx::query_scalar(sql).fetch_one(&mut *connection).await? {
                return Ok(Some(Reason::ReadOnly));
            }
        }
    }
    let left_open = Transactions::get_transaction_depth(connection) != 0;
    Ok(left_open.then_some(Reason::Broken))
}

fn detach(connection: PoolConnection<Postgres>, reason: Reason) {
    drop(connection.detach());
    count(reason);
}

fn count(reason: Reason) {
    tracing::debug!(reason = reason.label(), "dropped a database connection");
    metrics::counter!("oxcart_db_detached_total", "reason" => reason.label()).increment(1);
}

fn refused(error: sqlx::Error) -> sqlx::Error {
    if error::is_spoilt_transaction(&error) {
        return sqlx::Error::InvalidArgument(
            "the work answered Ok after one of its statements failed or after it ended its own \
             transaction: nothing was committed"
                .to_owned(),
        );
    }
    error
}
