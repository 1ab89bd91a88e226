//! Who may open a cart: whoever has its token.

use api_types::CartId;
use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use axum_extra::extract::CookieJar;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::http::ApiError;

/// The browser's cookie: `<cart id>.<token>`.
const COOKIE: &str = "__Host-cart";

/// A cart's id together with proof that the caller may open it.
///
/// Store functions take it whole, so that no statement can reach a cart by its
/// id alone.
#[derive(Clone, Copy, Debug)]
pub struct CartAccess {
    /// Which cart.
    pub id: CartId,
    /// SHA-256 of the token that was shown.
    pub token_hash: [u8; 32],
}

impl CartAccess {
    /// A new cart's access and the token to give to its shopper: 256 bits from the system's source.
    pub fn new() -> (Self, String) {
        let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        (Self { id: CartId::new(), token_hash: hash(&token) }, token)
    }

    /// Whose idempotency keys these are: the cart's, for whoever has its token. Another token
    /// has other keys, so that an answer is never repeated to a stranger.
    pub fn scope(&self) -> String {
        format!("{}:{}", self.id, hex::encode(self.token_hash))
    }

    fn from_cookie(parts: &Parts) -> Option<Self> {
        let jar = CookieJar::from_headers(&parts.headers);
        let (id, token) = jar.get(COOKIE)?.value().split_once('.')?;
        Some(Self { id: id.parse().ok()?, token_hash: hash(token) })
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Reads the cart's id from the path, where it is `id`, and its token from `X-Cart-Token` or the cookie.
/// Without either, the cart does not exist for this caller.
impl<S: Send + Sync> FromRequestParts<S> for CartAccess {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let absent = ApiError::NotFound("cart");
        let path = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::NotFound("cart"))?;
        let id =
            path.iter().find(|(name, _)| *name == "id").map(|(_, value)| value.parse::<CartId>());
        let cookie = Self::from_cookie(parts);
        match (id, parts.headers.get("x-cart-token")) {
            (Some(Err(_)), _) => Err(absent),
            (Some(Ok(id)), Some(token)) => {
                Ok(Self { id, token_hash: hash(token.to_str().unwrap_or_default()) })
            }
            (Some(Ok(id)), None) => cookie.filter(|access| access.id == id).ok_or(absent),
            (None, _) => cookie.ok_or(absent),
        }
    }
}
