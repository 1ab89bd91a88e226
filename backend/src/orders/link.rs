//! The secret in an order's link: whoever has the link may see the order.

use api_types::OrderId;
use axum::{extract::FromRequestParts, http::request::Parts};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::http::ApiError;

/// Makes order links' secrets; nothing that is stored gives them away.
#[derive(Clone)]
pub struct LinkKey([u8; 32]);

impl LinkKey {
    /// The key for links, drawn from the shop's secret.
    pub fn new(secret: &[u8]) -> Self {
        Self(mac(secret, &[b"order link"]))
    }

    /// The secret of an order's link: 256 bits, from the order's id and its nonce.
    pub fn token(&self, order: OrderId, nonce: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.0, &[order.0.as_bytes(), nonce]))
    }

    /// Whether a token opens an order, in constant time.
    pub fn opens(&self, token: &Token, order: OrderId, nonce: &[u8]) -> bool {
        self.token(order, nonce).as_bytes().ct_eq(token.0.as_bytes()).into()
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The secret that a caller showed, in `X-Order-Token` or as `?token=`.
pub struct Token(pub String);

#[derive(Deserialize)]
struct InQuery {
    token: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let header = parts
            .headers
            .get("x-order-token")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let token = match header {
            Some(token) => Some(token),
            None => crate::http::Query::<InQuery>::from_request_parts(parts, state).await?.0.token,
        };
        token.map(Self).ok_or(ApiError::NotFound("order"))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_link_opens_its_own_order_only() {
        let key = LinkKey::new(b"a secret of the shop");
        let (order, other) = (OrderId(Uuid::from_u128(1)), OrderId(Uuid::from_u128(2)));
        let token = Token(key.token(order, b"nonce"));

        assert!(key.opens(&token, order, b"nonce"));
        assert!(!key.opens(&token, other, b"nonce"));
        assert!(!key.opens(&token, order, b"another nonce"));
        assert!(!LinkKey::new(b"another secret").opens(&token, order, b"nonce"));
    }
}
