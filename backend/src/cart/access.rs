//! Who may open a cart: whoever has its token, or the customer whose cart it is.

use api_types::{CartId, CustomerId};
use axum::{
    extract::{FromRef, FromRequestParts, RawPathParams},
    http::request::Parts,
};
use axum_extra::extract::CookieJar;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::{App, accounts::Caller, http::ApiError};

/// The browser's cookie: `<cart id>.<token>`.
const COOKIE: &str = "__Host-cart";

/// A cart's id together with proof that the caller may open it.
///
/// Store functions take it whole, so that no statement can reach a cart by its
/// id alone. A token opens carts of nobody in particular; a customer's cart is
/// opened by its customer only.
#[derive(Clone, Copy, Debug)]
pub struct CartAccess {
    /// Which cart.
    pub id: CartId,
    /// SHA-256 of the token that was shown.
    pub token_hash: Option<[u8; 32]>,
    /// The customer who asks.
    pub customer: Option<CustomerId>,
}

impl CartAccess {
    /// A new cart's access and the token to give to its shopper: 256 bits from the system's source.
    pub fn new() -> (Self, String) {
        let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        (Self { id: CartId::new(), token_hash: Some(hash(&token)), customer: None }, token)
    }

    /// A customer's way to a cart that is theirs.
    pub fn of_customer(id: CartId, customer: CustomerId) -> Self {
        Self { id, token_hash: None, customer: Some(customer) }
    }

    /// Whose idempotency keys these are: the cart's, for whoever has its token, or for its
    /// customer. Another token has other keys, so that an answer is never repeated to a stranger.
    pub fn scope(&self) -> String {
        match (self.token_hash, self.customer) {
            (Some(hash), _) => format!("{}:{}", self.id, hex::encode(hash)),
            (None, Some(customer)) => format!("{}:{customer}", self.id),
            (None, None) => self.id.to_string(),
        }
    }
}

/// The cart that the browser's cookie names.
pub fn in_cookie(parts: &Parts) -> Option<(CartId, [u8; 32])> {
    let jar = CookieJar::from_headers(&parts.headers);
    let (id, token) = jar.get(COOKIE)?.value().split_once('.')?;
    Some((id.parse().ok()?, hash(token)))
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Reads the cart's id from the path, where it is `id`, and its token from `X-Cart-Token` or the
/// cookie; who is signed in counts too. Without any of them, the cart does not exist for this caller.
impl<S> FromRequestParts<S> for CartAccess
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let absent = || ApiError::NotFound("cart");
        let path = RawPathParams::from_request_parts(parts, state).await.map_err(|_| absent())?;
        let id = path.iter().find(|(name, _)| *name == "id").map(|(_, value)| value);
        let id: CartId = id.and_then(|id| id.parse().ok()).ok_or_else(absent)?;
        let customer = Caller::from_request_parts(parts, state).await?.customer();
        let token_hash = match parts.headers.get("x-cart-token") {
            Some(token) => Some(hash(token.to_str().unwrap_or_default())),
            None => in_cookie(parts).filter(|(cart, _)| *cart == id).map(|(_, hash)| hash),
        };
        if token_hash.is_none() && customer.is_none() {
            return Err(absent());
        }
        Ok(Self { id, token_hash, customer })
    }
}

/// The cart that the browser shows: the customer's, or else the one that the cookie opens.
pub struct CurrentCart {
    /// Who asks, if somebody is signed in.
    pub customer: Option<CustomerId>,
    /// The cookie's cart.
    pub in_cookie: Option<CartAccess>,
}

impl<S> FromRequestParts<S> for CurrentCart
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let customer = Caller::from_request_parts(parts, state).await?.customer();
        let in_cookie = in_cookie(parts);
        let in_cookie =
            in_cookie.map(|(id, hash)| CartAccess { id, token_hash: Some(hash), customer });
        Ok(Self { customer, in_cookie })
    }
}
