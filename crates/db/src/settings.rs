//! What the pool is built from.

use std::{fmt, str::FromStr, time::Duration};

use sqlx::postgres::PgConnectOptions;

/// How to reach the database and how long anything there may take.
#[derive(Clone)]
pub struct Settings {
    /// `postgres://user:password@host:port/database`, never printed.
    pub url: String,
    /// Most connections this process opens.
    pub max_connections: u32,
    /// Connections kept open when there is nothing to do.
    pub min_connections: u32,
    /// Longest wait for a connection, opening one included.
    pub acquire_timeout: Duration,
    /// Longest wait for the one connection that proves the database answers.
    pub connect_timeout: Duration,
    /// Longest unit of work, the wait for its connection included.
    pub deadline: Duration,
    /// Longest statement, enforced by the server.
    pub statement_timeout: Duration,
    /// Longest wait for a lock, enforced by the server.
    pub lock_timeout: Duration,
    /// Longest silence inside a transaction, enforced by the server.
    pub idle_in_transaction_timeout: Duration,
    /// Age at which a connection is replaced; each pool takes up to a third off by chance, so
    /// that replicas do not reconnect together.
    pub max_lifetime: Duration,
    /// Idle time after which a connection is closed.
    pub idle_timeout: Duration,
    /// How long no connection may be had, while the database does answer, until the pool is
    /// replaced.
    pub rebuild_after: Duration,
    /// Name shown in `pg_stat_activity`.
    pub application_name: String,
}

impl Settings {
    /// The defaults for the database at `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    pub(crate) fn connect_options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        let milliseconds = |limit: Duration| limit.as_millis().to_string();
        let options = PgConnectOptions::from_str(&self.url)?
            .application_name(&self.application_name)
            .options([
                ("statement_timeout", milliseconds(self.statement_timeout)),
                ("lock_timeout", milliseconds(self.lock_timeout)),
                (
                    "idle_in_transaction_session_timeout",
                    milliseconds(self.idle_in_transaction_timeout),
                ),
                // A statement whose client has gone must not outlive it for long.
                ("client_connection_check_interval", "1000".to_owned()),
            ]);
        Ok(options)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: String::new(),
            max_connections: 20,
            min_connections: 2,
            acquire_timeout: Duration::from_secs(2),
            connect_timeout: Duration::from_secs(2),
            deadline: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(3),
            lock_timeout: Duration::from_secs(2),
            idle_in_transaction_timeout: Duration::from_secs(5),
            max_lifetime: Duration::from_mins(15),
            idle_timeout: Duration::from_mins(2),
            rebuild_after: Duration::from_secs(10),
            application_name: "oxcart".to_owned(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("max_connections", &self.max_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
