//! One request makes an answer; those that want the same wait for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::anyhow;
use tokio::sync::watch;
use tracing::Instrument;

use super::finished::Finished;
use crate::http::{ApiError, layers::request_id};

/// What a flight brings home, for all who wait.
pub type Outcome = Result<Arc<Finished>, Arc<ApiError>>;

/// Where one who waits hears of the outcome.
#[derive(Clone)]
pub struct Landing(watch::Receiver<Option<Outcome>>);

impl Landing {
    /// What the flight brought home.
    pub async fn outcome(mut self) -> Outcome {
        match self.0.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or_else(|| Err(Arc::new(lost()))),
            Err(_) => Err(Arc::new(lost())),
        }
    }
}

/// Answers that are being made, by their key.
#[derive(Clone, Default)]
pub struct Flights {
    under_way: Arc<Mutex<HashMap<String, Landing>>>,
}

/// Takes a flight off the list when it ends, however it ends.
struct UnderWay {
    flights: Flights,
    key: String,
}

impl Flights {
    /// The flight for `key`: the one under way, or a new one that runs `make` on its own task.
    pub fn join<F: Future<Output = Outcome> + Send + 'static>(
        &self,
        key: String,
        make: impl FnOnce(String) -> F,
    ) -> Landing {
        let mut under_way = self.lock();
        if let Some(landing) = under_way.get(&key) {
            return landing.clone();
        }
        let (land, landing) = watch::channel(None);
        let landing = Landing(landing);
        under_way.insert(key.clone(), landing.clone());
        drop(under_way);
        let leaving = UnderWay { flights: self.clone(), key: key.clone() };
        let work = make(key);
        let work = async move {
            let outcome = work.await;
            drop(leaving);
            let _ = land.send(Some(outcome));
        };
        let id = request_id().unwrap_or_default();
        tokio::spawn(db::REQUEST_ID.scope(id, work).in_current_span());
        landing
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Landing>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.flights.lock().remove(&self.key);
    }
}

fn lost() -> ApiError {
    ApiError::Internal(anyhow!("an answer was not made: its task ended early"))
}

/// The same failure for another who waited.
pub fn again(error: &ApiError) -> ApiError {
    match error {
        ApiError::NotFound(what) => ApiError::NotFound(what),
        ApiError::SignedOut => ApiError::SignedOut,
        ApiError::Forbidden { code, detail } => ApiError::Forbidden { code, detail },
        ApiError::BadRequest(detail) => ApiError::BadRequest(detail.clone()),
        ApiError::Invalid(errors) => ApiError::Invalid(errors.clone()),
        ApiError::Rejected { status, code, detail, facts } => ApiError::Rejected {
            status: *status,
            code,
            detail: detail.clone(),
            facts: facts.clone(),
        },
        ApiError::TooMany(standing) => ApiError::TooMany(*standing),
        ApiError::Unavailable(cause) => {
            ApiError::Unavailable(cause.as_ref().map(|cause| anyhow!("{cause:#}")))
        }
        ApiError::Internal(cause) => ApiError::Internal(anyhow!("{cause:#}")),
    }
}
