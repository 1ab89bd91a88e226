//! Axum's extractors, with pages for what they refuse, and the visitor behind a request.
#![expect(clippy::disallowed_types, reason = "these are the wrappers to use instead")]

use std::sync::Arc;

use api_types::{Cart, Currency};
use axum::{
    body::{Body, Bytes},
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::de::DeserializeOwned;

use crate::{
    api::{Api, Error},
    cookies::{self, CartKey, OrderKey},
    currency,
    keys::{Keys, random_name},
    page::Page,
    pages::errors,
    session::{Session, Wall, came_from},
};

/// Values from the path; an address that does not fit is a page that does not exist.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Page;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Page> {
        axum::extract::Path::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(values)| Self(values))
            .map_err(|_| errors::not_found())
    }
}

/// Values from the query; one that cannot be read is a bad request.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Query<T> {
    type Rejection = Page;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Page> {
        axum_extra::extract::Query::from_request_parts(parts, state)
            .await
            .map(|axum_extra::extract::Query(values)| Self(values))
            .map_err(|_| errors::bad_request())
    }
}

/// A form as it was sent.
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequest<S> for Form<T> {
    type Rejection = Page;

    async fn from_request(request: Request, state: &S) -> Result<Self, Page> {
        match axum_extra::extract::Form::from_request(request, state).await {
            Ok(axum_extra::extract::Form(values)) => Ok(Self(values)),
            Err(_) => Err(errors::bad_request()),
        }
    }
}

/// A form that a page of this visitor drew, with the visitor; any other is refused.
pub struct Signed<T>(pub T, pub Visitor);

impl<S, T> FromRequest<S> for Signed<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
    Keys: FromRef<S>,
    Api: FromRef<S>,
{
    type Rejection = Page;

    async fn from_request(request: Request, state: &S) -> Result<Self, Page> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::of(&mut parts, state);
        let request = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(request, state).await.map_err(|_| errors::bad_request())?;
        let is_ours = url::form_urlencoded::parse(&bytes)
            .any(|(name, value)| name == "csrf" && visitor.drew(&value));
        if !is_ours {
            return Err(errors::forbidden());
        }
        let request = Request::from_parts(parts, Body::from(bytes));
        let Form(values) = Form::from_request(request, state).await?;
        Ok(Self(values, visitor))
    }
}

/// Who asks: their cookies, understood.
pub struct Visitor {
    /// The backend, asked in their name.
    pub api: Api,
    /// Whether they are signed in, and how that changes.
    pub session: Arc<Session>,
    /// Their last order.
    pub order: Option<OrderKey>,
    /// The page of this shop that they came from.
    pub came_from: Option<String>,
    /// The currency that they chose.
    pub currency: Option<Currency>,
    /// The cart that they filled before they signed in.
    guest_cart: Option<CartKey>,
    name: String,
    is_new: bool,
    keys: Keys,
}

impl Visitor {
    /// What their forms must carry as `csrf`.
    pub fn csrf(&self) -> String {
        self.keys.sign("csrf", &self.name)
    }

    /// The cookie that their forms are bound to, when they do not have it yet.
    pub fn cookie(&self) -> Option<Cookie<'static>> {
        self.is_new.then(|| cookies::visitor(self.name.clone()))
    }

    /// Whether somebody is signed in here.
    pub async fn is_customer(&self) -> Result<bool, Error> {
        Ok(self.session.bearer(&self.api).await?.is_some())
    }

    /// What opens their cart, if they have one: a customer is known, a guest has a key.
    pub async fn cart_key(&self) -> Result<Option<CartKey>, Error> {
        if self.is_customer().await? {
            return Ok(self.customers_cart().await?.map(|cart| CartKey::of_customer(cart.id)));
        }
        Ok(self.guest_cart.clone())
    }

    /// Their cart, and what opens it.
    pub async fn cart(&self) -> Result<Option<(CartKey, Cart)>, Error> {
        if self.is_customer().await? {
            let cart = self.customers_cart().await?;
            return Ok(cart.map(|cart| (CartKey::of_customer(cart.id), cart)));
        }
        let Some(key) = self.guest_cart.clone() else { return Ok(None) };
        match self.api.cart(&key).await {
            Ok(cart) => Ok(Some((key, cart))),
            Err(error) if error.is_not_found() => {
                self.session.forget(cookies::CART).await;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The customer's cart, with what they chose before they signed in.
    pub async fn customers_cart(&self) -> Result<Option<Cart>, Error> {
        let Some(guest) = &self.guest_cart else { return self.api.current_cart().await };
        match self.api.merge_cart(guest).await {
            Err(error) if error.is_temporary() || Wall::of(&error).is_some() => Err(error),
            Ok(cart) => {
                self.session.forget(cookies::CART).await;
                Ok(Some(cart))
            }
            // It was bought, has expired, or is somebody else's: the customer's own one counts.
            Err(error) => {
                tracing::info!(%error, "a guest's cart could not be taken over");
                self.session.forget(cookies::CART).await;
                self.api.current_cart().await
            }
        }
    }

    fn drew(&self, token: &str) -> bool {
        !self.is_new && self.keys.is_ours("csrf", &self.name, token)
    }

    fn of<S>(parts: &mut Parts, state: &S) -> Self
    where
        Keys: FromRef<S>,
        Api: FromRef<S>,
    {
        let jar = CookieJar::from_headers(&parts.headers);
        let known = jar.get(cookies::VISITOR).map(|cookie| cookie.value().to_owned());
        let known = known.filter(|name| (16..=64).contains(&name.len()));
        let session = parts.extensions.get::<Arc<Session>>().cloned();
        let session = session.unwrap_or_else(|| Arc::new(Session::of(&parts.headers)));
        Self {
            api: Api::from_ref(state).asked_by(Arc::clone(&session)),
            session,
            came_from: came_from(&parts.headers),
            guest_cart: CartKey::of(&jar, cookies::CART),
            order: OrderKey::of(&jar, cookies::ORDER),
            currency: currency::remembered(&parts.headers),
            is_new: known.is_none(),
            name: known.unwrap_or_else(random_name),
            keys: Keys::from_ref(state),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor
where
    Keys: FromRef<S>,
    Api: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts, state))
    }
}
