//! One request draws a page; those that ask for the same one wait for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use super::{
    Key,
    kept::{Kept, Plain},
};
use crate::telemetry;

/// What a drawing came to, for all who wait.
#[derive(Clone)]
pub enum Outcome {
    /// A page for everyone.
    Kept(Arc<Kept>),
    /// Another answer that has nothing of a visitor: it is not there, it moved, the backend is away.
    Plain(Arc<Plain>),
    /// Nothing to share: each has to ask for itself.
    Own,
}

/// The outcome to come.
pub type Landed = Shared<BoxFuture<'static, Outcome>>;

/// Pages that are being drawn.
#[derive(Clone, Default)]
pub struct Flights {
    under_way: Arc<Mutex<HashMap<Key, Landed>>>,
}

/// Takes a drawing off the list when it ends, however it ends.
struct UnderWay {
    flights: Flights,
    key: Key,
}

impl Flights {
    /// The drawing under way for `key`, or a new one on a task of its own.
    pub fn join<F: Future<Output = Outcome> + Send + 'static>(
        &self,
        key: Key,
        draw: impl FnOnce(Key) -> F,
    ) -> Landed {
        let mut under_way = self.lock();
        if let Some(landed) = under_way.get(&key) {
            return landed.clone();
        }
        let leaving = UnderWay { flights: self.clone(), key: key.clone() };
        let work = draw(key.clone());
        let task = tokio::spawn(telemetry::carried(async move {
            let outcome = work.await;
            drop(leaving);
            outcome
        }));
        let landed = task.map(|outcome| outcome.unwrap_or(Outcome::Own)).boxed().shared();
        under_way.insert(key, landed.clone());
        landed
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Landed>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.flights.lock().remove(&self.key);
    }
}
