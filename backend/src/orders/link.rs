//! Who may open an order: whoever has its link, and the customer who ordered it.

use api_types::{CustomerId, OrderId};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::{Head, store};
use crate::{App, accounts::Caller, http::ApiError, keys::Keyring};

const PURPOSE: &str = "order link";

/// The secret of an order's link: 256 bits, from the order's id and its nonce. Nothing that is
/// stored gives it away.
pub fn token(keys: &Keyring, order: OrderId, nonce: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(keys.sign(PURPOSE, &[order.0.as_bytes(), nonce]))
}

/// Where whoever has the link sees the order.
pub fn address(app: &App, order: OrderId, nonce: &[u8]) -> url::Url {
    let mut url = app.config.public_url.clone();
    url.set_path(&format!("/orders/{order}"));
    url.query_pairs_mut().append_pair("token", &token(&app.keys, order, nonce));
    url
}

/// What a caller shows to open an order: the link's secret in `X-Order-Token` or as `?token=`,
/// or who they are. Without either, the order does not exist for this caller.
pub struct OrderAccess {
    token: Option<String>,
    customer: Option<CustomerId>,
    keys: Keyring,
}

impl OrderAccess {
    /// Whether it opens this order.
    pub fn opens(&self, order: &Head) -> bool {
        let is_owner = self.customer.is_some() && self.customer == order.customer_id;
        is_owner || self.token.as_deref().is_some_and(|token| is_link(&self.keys, order, token))
    }

    /// The order's head if this caller may see it; locked until the transaction ends when `is_locked`.
    pub async fn head(
        &self,
        db: &mut sqlx::PgConnection,
        id: OrderId,
        is_locked: bool,
    ) -> Result<Head, ApiError> {
        let head = store::head(db, id, is_locked).await?;
        head.filter(|head| self.opens(head)).ok_or(ApiError::NotFound("order"))
    }
}

fn is_link(keys: &Keyring, order: &Head, token: &str) -> bool {
    let given = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    keys.is_ours(PURPOSE, &[order.id.0.as_bytes(), &order.link_nonce], &given)
}

#[derive(Deserialize)]
struct InQuery {
    token: Option<String>,
}

impl<S> FromRequestParts<S> for OrderAccess
where
    S: Send + Sync,
    App: FromRef<S>,
{
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
        let customer = Caller::from_request_parts(parts, state).await?.customer();
        if token.is_none() && customer.is_none() {
            return Err(ApiError::NotFound("order"));
        }
        Ok(Self { token, customer, keys: App::from_ref(state).keys })
    }
}

#[cfg(test)]
mod tests {
    use api_types::{Currency, FulfilmentStatus, OrderStatus};
    use uuid::Uuid;

    use super::*;

    fn keys(letter: &str) -> Keyring {
        Keyring::new(Some(&letter.repeat(32).into()), None).unwrap()
    }

    fn head(id: u128, nonce: &[u8], customer: Option<u128>) -> Head {
        Head {
            id: OrderId(Uuid::from_u128(id)),
            customer_id: customer.map(|id| CustomerId(Uuid::from_u128(id))),
            status: OrderStatus::Placed,
            fulfilment_status: FulfilmentStatus::Unfulfilled,
            link_nonce: nonce.to_vec(),
            currency: Currency::EUR,
            total_minor: 0,
            paid_minor: 0,
            refunded_minor: 0,
            expires_at: chrono::DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn a_link_opens_its_own_order_only() {
        let order = head(1, b"nonce", None);
        let access = |keys: Keyring| OrderAccess {
            token: Some(token(&self::keys("a"), order.id, &order.link_nonce)),
            customer: None,
            keys,
        };

        assert!(access(keys("a")).opens(&order));
        assert!(!access(keys("a")).opens(&head(2, b"nonce", None)));
        assert!(!access(keys("a")).opens(&head(1, b"another nonce", None)));
        assert!(!access(keys("b")).opens(&order));
    }

    #[test]
    fn a_customer_opens_their_own_orders_only() {
        let of = |customer: u128| OrderAccess {
            token: None,
            customer: Some(CustomerId(Uuid::from_u128(customer))),
            keys: keys("a"),
        };

        assert!(of(7).opens(&head(1, b"nonce", Some(7))));
        assert!(!of(7).opens(&head(1, b"nonce", Some(8))));
        assert!(!of(7).opens(&head(1, b"nonce", None)));
    }
}
