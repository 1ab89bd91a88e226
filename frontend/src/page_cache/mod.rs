//! Finished public pages in memory, so that most visits cost nobody anything and that the shop can
//! be looked at while the backend is away.
//!
//! A page is fresh for half a minute. For a while longer it is served as it is while one request
//! draws it anew. An older one is drawn before it is served, and is served for up to a day when that
//! fails or takes too long. No message drops a page; instead these times, and those of what it is
//! drawn from, add up to less than a minute, so nobody sees an older page while the backend answers.
//!
//! A page is drawn for the cache without the visitor: neither cookies nor headers of the request
//! reach the handler, except the currency, which is part of the key. What sets a cookie is not kept.

mod flight;
mod kept;
mod key;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::cookie::CookieJar;
use quick_cache::sync::Cache;

use self::{
    flight::{Flights, Landed, Outcome},
    kept::{Kept, Weigh},
};
use crate::{app::App, config::Config, flash::Flash};

pub use self::key::Key;

/// How long the last good page is kept for when the backend is away.
const LAST_GOOD: Duration = Duration::from_hours(24);
/// How long a visitor who could have the last good page waits for a better one.
const PATIENCE: Duration = Duration::from_millis(800);
/// How long after a failure the backend is left alone by visitors who could have the last good page.
const LEAVE_ALONE: Duration = Duration::from_secs(1);
/// The share of the memory that addresses with a query have; they push out no address without one.
const ASKED: u64 = 4;

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Served {
    /// Drawn for this request.
    Drawn,
    /// Drawn before, and fresh.
    Kept,
    /// Drawn before, and served for want of a better one or until there is one.
    Stale,
}

/// The pages that are kept; cheap to clone.
#[derive(Clone)]
pub struct PageCache(Arc<Inner>);

struct Inner {
    plain: Cache<Key, Arc<Kept>, Weigh>,
    asked: Cache<Key, Arc<Kept>, Weigh>,
    flights: Flights,
    fresh: Duration,
    stale: Duration,
    is_off: bool,
    /// Until when the backend is left alone.
    away_until: Mutex<Option<Instant>>,
}

/// Answers for a public page from the cache, or draws it for the cache; sits around `document::draw`.
pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let pages = &app.pages;
    // A notice is this visitor's own: the page is drawn with it, for them only.
    let has_notice = Flash::of(&CookieJar::from_headers(request.headers()), &app.keys).is_some();
    let key = Key::of(&request).filter(|_| !has_notice && !pages.0.is_off);
    match key {
        Some(key) => pages.answer(key, request, next).await,
        None => next.run(request).await,
    }
}

impl PageCache {
    /// An empty cache, as the settings want it.
    pub fn new(config: &Config) -> Self {
        let bytes = config.page_cache_bytes;
        let shelf = |bytes: u64| {
            // A page with its compressed forms is some 60 kB.
            let pages = usize::try_from(bytes / 65_536).unwrap_or(usize::MAX).max(16);
            Cache::with_weighter(pages, bytes, Weigh)
        };
        Self(Arc::new(Inner {
            plain: shelf(bytes - bytes / ASKED),
            asked: shelf(bytes / ASKED),
            flights: Flights::default(),
            fresh: config.page_fresh,
            stale: config.page_stale,
            is_off: bytes == 0,
            away_until: Mutex::new(None),
        }))
    }

    /// Bytes in memory.
    pub fn weight(&self) -> u64 {
        self.0.plain.weight() + self.0.asked.weight()
    }

    async fn answer(&self, key: Key, request: Request, next: Next) -> Response {
        let kept = self.shelf(&key).get(&key).filter(|kept| kept.age() < LAST_GOOD);
        let Some(kept) = kept else {
            let landed = self.draw(key, &request, &next).await;
            return self.landed(landed, None, request, next).await;
        };
        let age = kept.age();
        if age < self.0.fresh {
            return served(&kept, Served::Kept, &request);
        }
        if self.is_left_alone() {
            return served(&kept, Served::Stale, &request);
        }
        let drawing = self.draw(key, &request, &next);
        if age < self.0.fresh + self.0.stale {
            return served(&kept, Served::Stale, &request);
        }
        match tokio::time::timeout(PATIENCE, drawing).await {
            Ok(landed) => self.landed(landed, Some(kept), request, next).await,
            Err(_) => served(&kept, Served::Stale, &request),
        }
    }

    /// The answer of a drawing that this visitor waited for.
    async fn landed(
        &self,
        outcome: Outcome,
        last_good: Option<Arc<Kept>>,
        request: Request,
        next: Next,
    ) -> Response {
        match (outcome, last_good) {
            (Outcome::Kept(page), _) => served(&page, Served::Drawn, &request),
            (Outcome::Plain(plain), Some(last_good)) if plain.is_failure() => {
                served(&last_good, Served::Stale, &request)
            }
            (Outcome::Plain(plain), _) => {
                count("miss");
                plain.respond()
            }
            (Outcome::Own, _) => {
                count("pass");
                next.run(request).await
            }
        }
    }

    /// Joins the drawing of that page, or starts it. It goes on when nobody waits for it.
    fn draw(&self, key: Key, request: &Request, next: &Next) -> Landed {
        let (pages, next) = (self.clone(), next.clone());
        let asked = key.request(request);
        self.0.flights.join(key, |key| async move {
            let drawn_at = Instant::now();
            let outcome = Kept::of(next.run(asked).await, drawn_at).await;
            pages.keep_if_good(key, outcome)
        })
    }

    fn keep_if_good(&self, key: Key, outcome: Outcome) -> Outcome {
        match &outcome {
            Outcome::Kept(page) => {
                self.shelf(&key).insert(key, Arc::clone(page));
                #[expect(clippy::cast_precision_loss, reason = "a gauge is read by people")]
                metrics::gauge!("oxcart_page_cache_bytes").set(self.weight() as f64);
            }
            Outcome::Plain(plain) if plain.is_failure() => self.leave_alone(),
            // It moved or is gone, so there is no last good one.
            Outcome::Plain(_) => drop(self.shelf(&key).remove(&key)),
            Outcome::Own => {}
        }
        outcome
    }

    fn shelf(&self, key: &Key) -> &Cache<Key, Arc<Kept>, Weigh> {
        if key.is_asked() { &self.0.asked } else { &self.0.plain }
    }

    fn leave_alone(&self) {
        let mut until = self.0.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = Some(Instant::now() + LEAVE_ALONE);
    }

    fn is_left_alone(&self) -> bool {
        let until = self.0.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }
}

fn served(page: &Kept, served: Served, request: &Request) -> Response {
    let name = match served {
        Served::Drawn => "miss",
        Served::Kept => "hit",
        Served::Stale => "stale",
    };
    count(name);
    let mut response = page.respond(request.headers());
    let header = HeaderName::from_static("x-cache");
    response.headers_mut().insert(header, HeaderValue::from_static(name));
    response
}

fn count(outcome: &'static str) {
    metrics::counter!("oxcart_page_cache_answers_total", "outcome" => outcome).increment(1);
}
