//! Who is let in when there is much to do: each kind of request has its places, and kinds are turned
//! away in the order in which a shop can do without them (reliability.md D10).

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ApiError;
use crate::config::PlacesConfig;

/// Kinds of requests, the first to be turned away first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Suggestions while typing.
    Suggestions,
    /// Products, shelves, pages, pictures.
    Catalog,
    /// Signing in, accounts, staff.
    Account,
    /// Carts.
    Cart,
    /// Buying, orders, payments.
    Checkout,
    /// Hooks of providers and health: never turned away.
    Vital,
}

impl Class {
    const ALL: [Self; 6] =
        [Self::Suggestions, Self::Catalog, Self::Account, Self::Cart, Self::Checkout, Self::Vital];

    /// The kind of a route.
    pub fn of(route: &str) -> Self {
        let route = route.strip_prefix("/api").unwrap_or_default();
        let first = route.split('/').nth(1).unwrap_or_default();
        match first {
            "hooks" | "health" => Self::Vital,
            "orders" | "test-provider" => Self::Checkout,
            "carts" if route.ends_with("/complete") => Self::Checkout,
            "carts" => Self::Cart,
            "auth" | "customers" | "admin" => Self::Account,
            "search" => Self::Suggestions,
            _ => Self::Catalog,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Suggestions => "suggestions",
            Self::Catalog => "catalog",
            Self::Account => "account",
            Self::Cart => "cart",
            Self::Checkout => "checkout",
            Self::Vital => "vital",
        }
    }

    /// How full the whole house may be, in percent, for one more of this kind.
    fn ceiling(self) -> usize {
        match self {
            Self::Suggestions => 50,
            Self::Catalog => 70,
            Self::Account => 80,
            Self::Cart => 90,
            Self::Checkout | Self::Vital => 100,
        }
    }
}

/// The places of all kinds.
#[derive(Clone)]
pub struct Places {
    kinds: [Arc<Semaphore>; 6],
    taken: Arc<AtomicUsize>,
    all: usize,
}

impl Places {
    /// As many as the settings say, all free.
    pub fn new(config: &PlacesConfig) -> Self {
        let kinds = Class::ALL.map(|class| {
            let places = match class {
                Class::Suggestions => config.places_suggestions,
                Class::Catalog => config.places_catalog,
                Class::Account => config.places_account,
                Class::Cart => config.places_cart,
                Class::Checkout => config.places_checkout,
                Class::Vital => Semaphore::MAX_PERMITS,
            };
            Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)))
        });
        Self { kinds, taken: Arc::default(), all: config.max_concurrent_requests }
    }

    /// A place for one request, at once or not at all.
    pub fn take(&self, class: Class) -> Option<Place> {
        let kind = Arc::clone(&self.kinds[class as usize]).try_acquire_owned().ok()?;
        let most = self.all.saturating_mul(class.ceiling()) / 100;
        let taken = self.taken.fetch_add(1, Ordering::AcqRel);
        let place = Place { _kind: kind, taken: Arc::clone(&self.taken) };
        (class == Class::Vital || taken < most.max(1)).then_some(place)
    }
}

/// One request's place; free again when this is dropped.
pub struct Place {
    _kind: OwnedSemaphorePermit,
    taken: Arc<AtomicUsize>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.taken.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Lets a request in if its kind has a place; else it is to come again at once. The place is kept to
/// the last byte of the answer.
pub async fn admit(State(places): State<Places>, request: Request, next: Next) -> Response {
    if request.method() == Method::TRACE {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let class = request
        .extensions()
        .get()
        .map_or(Class::Catalog, |path: &MatchedPath| Class::of(path.as_str()));
    let Some(place) = places.take(class) else {
        metrics::counter!("oxcart_http_shed_total", "class" => class.name()).increment(1);
        return ApiError::Unavailable(None).into_response();
    };
    let (parts, body) = next.run(request).await.into_parts();
    Response::from_parts(parts, Body::new(Seated { body, _place: place }))
}

/// A body that keeps a place, and tells its length as before.
struct Seated {
    body: Body,
    _place: Place,
}

impl http_body::Body for Seated {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(all: usize, each: usize) -> Places {
        Places::new(&PlacesConfig {
            max_concurrent_requests: all,
            places_suggestions: each,
            places_catalog: each,
            places_account: each,
            places_cart: each,
            places_checkout: each,
        })
    }

    #[test]
    fn routes_are_of_their_kind() {
        for (route, class) in [
            ("/api/search/suggest", Class::Suggestions),
            ("/api/products/{handle}", Class::Catalog),
            ("", Class::Catalog),
            ("/api/customers/me/orders", Class::Account),
            ("/api/carts/{id}/lines", Class::Cart),
            ("/api/carts/{id}/complete", Class::Checkout),
            ("/api/orders/{id}", Class::Checkout),
            ("/api/hooks/payments/test", Class::Vital),
            ("/api/health/ready", Class::Vital),
        ] {
            assert_eq!(Class::of(route), class, "{route}");
        }
    }

    #[test]
    fn a_full_kind_leaves_the_others_their_places() {
        let places = places(100, 2);
        let held = [Class::Catalog, Class::Catalog].map(|class| places.take(class));

        assert!(held.iter().all(Option::is_some));
        assert!(places.take(Class::Catalog).is_none());
        assert!(places.take(Class::Cart).is_some());
        drop(held);
        assert!(places.take(Class::Catalog).is_some());
        assert_eq!(places.taken.load(Ordering::Acquire), 0);
    }

    #[test]
    fn as_the_house_fills_kinds_are_turned_away_in_their_order() {
        let places = places(10, 100);
        let mut held = Vec::new();
        let mut turned_away = Vec::new();
        while turned_away.len() < 5 {
            turned_away =
                Class::ALL.into_iter().filter(|class| places.take(*class).is_none()).collect();
            if turned_away.len() < 5 {
                let next = *Class::ALL[turned_away.len()..]
                    .iter()
                    .find(|class| !turned_away.contains(class))
                    .unwrap();
                assert_eq!(turned_away, Class::ALL[..turned_away.len()]);
                held.push(places.take(next).unwrap());
            }
        }

        assert!(places.take(Class::Vital).is_some());
        assert_eq!(held.len(), 10);
    }
}
