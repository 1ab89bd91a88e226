//! What every handler can reach.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::Db;

use crate::{
    Config,
    accounts::{Passkeys, Passwords},
    cache::Cache,
    catalog::Shelves,
    http::Limits,
    keys::Keyring,
    mail::Mailer,
    media::Storage,
    payments::Provider,
    settings::Settings,
};

/// The running backend: cheap to clone, shared by all requests and background loops.
#[derive(Clone, axum::extract::FromRef)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Every setting.
    pub config: Arc<Config>,
    /// What time it is.
    pub clock: Clock,
    /// Products as shoppers search them.
    pub search: crate::search::Index,
    /// Finished answers of the catalogue.
    pub cache: Cache,
    /// The currencies, kept at hand.
    pub settings: Settings,
    /// The tree of shelves, kept at hand.
    pub shelves: Shelves,
    /// Who has asked how often.
    pub limits: Limits,
    /// Where pictures are kept.
    pub media: Storage,
    /// How letters leave.
    pub mailer: Mailer,
    /// Who takes the money.
    pub provider: Provider,
    /// What the shop makes its secrets from.
    pub keys: Keyring,
    /// How passwords are kept.
    pub passwords: Passwords,
    /// How passkeys are made and used.
    pub passkeys: Passkeys,
    /// Whether new requests are welcome.
    pub readiness: crate::http::health::Readiness,
}

/// What time it is: the machine's, or one that a test holds still.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    held: Option<Arc<std::sync::Mutex<DateTime<Utc>>>>,
}

impl Clock {
    /// A clock that stands at `at` until it is moved.
    pub fn held_at(at: DateTime<Utc>) -> Self {
        Self { held: Some(Arc::new(std::sync::Mutex::new(at))) }
    }

    /// The present, to the microsecond, as PostgreSQL keeps it.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.held {
            Some(held) => *held.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
            None => machine_time(),
        };
        chrono::SubsecRound::trunc_subsecs(now, 6)
    }

    /// Moves a held clock by `step`; a running one is not changed.
    pub fn advance(&self, step: chrono::TimeDelta) {
        if let Some(held) = &self.held {
            *held.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += step;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn machine_time() -> DateTime<Utc> {
    Utc::now()
}
