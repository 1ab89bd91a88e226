//! Who asks: the access token of a request, understood.

use api_types::{CustomerId, SessionId};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use axum_extra::extract::CookieJar;
use chrono::{DateTime, TimeDelta, Utc};

use super::access_token;
use crate::{
    App,
    http::{ApiError, Result, bearer},
};

/// The browser's cookie with the access token.
pub const ACCESS_COOKIE: &str = "__Host-access";

/// How long a sign-in is fresh enough for what matters.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// A signed-in customer.
///
/// Asking for one is requiring one: a handler that names `Customer` among its
/// arguments cannot run for a stranger.
#[derive(Clone, Copy, Debug)]
pub struct Customer {
    /// Who.
    pub id: CustomerId,
    /// On which device.
    pub session: SessionId,
    /// When they last showed who they are.
    pub authenticated_at: DateTime<Utc>,
}

/// A customer who has just shown who they are: within the last 10 minutes.
#[derive(Clone, Copy, Debug)]
pub struct FreshCustomer(pub Customer);

/// Whoever asks, signed in or not. A token that is shown on purpose must be good; a cookie that
/// has gone stale only means that nobody is signed in.
#[derive(Clone, Copy, Debug)]
pub struct Caller(Option<Customer>);

impl Caller {
    /// The customer, if one is signed in.
    pub fn customer(self) -> Option<CustomerId> {
        self.0.map(|customer| customer.id)
    }

    /// The customer with their device, if one is signed in.
    pub fn signed_in(self) -> Option<Customer> {
        self.0
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let app = App::from_ref(state);
        match shown(parts) {
            Shown::Bearer(token) => Ok(Self(Some(known(&app, &token)?))),
            Shown::Cookie(token) => Ok(Self(known(&app, &token).ok())),
            Shown::Nothing => Ok(Self(None)),
        }
    }
}

impl<S> FromRequestParts<S> for Customer
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let app = App::from_ref(state);
        match shown(parts) {
            Shown::Bearer(token) | Shown::Cookie(token) => known(&app, &token),
            Shown::Nothing => Err(ApiError::SignedOut),
        }
    }
}

impl<S> FromRequestParts<S> for FreshCustomer
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let customer = Customer::from_request_parts(parts, state).await?;
        let age = App::from_ref(state).clock.now() - customer.authenticated_at;
        if age > FRESH {
            return Err(ApiError::Forbidden {
                code: "reauthentication_required",
                detail: "show again who you are, with your password or a passkey",
            });
        }
        Ok(Self(customer))
    }
}

enum Shown {
    Bearer(String),
    Cookie(String),
    Nothing,
}

fn shown(parts: &Parts) -> Shown {
    if let Some(token) = bearer(&parts.headers) {
        return Shown::Bearer(token.to_owned());
    }
    CookieJar::from_headers(&parts.headers)
        .get(ACCESS_COOKIE)
        .map_or(Shown::Nothing, |cookie| Shown::Cookie(cookie.value().to_owned()))
}

fn known(app: &App, token: &str) -> Result<Customer> {
    access_token::read(&app.keys, &app.config.public_url, token, app.clock.now())
        .ok_or(ApiError::SignedOut)
}
