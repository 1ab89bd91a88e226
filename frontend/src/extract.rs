//! Axum's extractors, with pages for what they refuse, and the visitor behind a request.
#![expect(clippy::disallowed_types, reason = "these are the wrappers to use instead")]

use api_types::Currency;
use axum::{
    body::{Body, Bytes},
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::de::DeserializeOwned;

use crate::{
    cookies::{self, CartKey, OrderKey},
    currency,
    keys::{Keys, random_name},
    page::Page,
    pages::errors,
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
    /// Their cart.
    pub cart: Option<CartKey>,
    /// Their last order.
    pub order: Option<OrderKey>,
    /// The currency that they chose.
    pub currency: Option<Currency>,
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

    fn drew(&self, token: &str) -> bool {
        !self.is_new && self.keys.is_ours("csrf", &self.name, token)
    }

    fn of<S>(parts: &mut Parts, state: &S) -> Self
    where
        Keys: FromRef<S>,
    {
        let jar = CookieJar::from_headers(&parts.headers);
        let known = jar.get(cookies::VISITOR).map(|cookie| cookie.value().to_owned());
        let known = known.filter(|name| (16..=64).contains(&name.len()));
        Self {
            cart: CartKey::of(&jar, cookies::CART),
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
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts, state))
    }
}
