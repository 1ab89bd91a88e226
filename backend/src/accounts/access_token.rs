//! Access tokens: what a customer shows with every request, for five minutes (reliability.md D9).
//!
//! JWTs signed with the shop's secret by one algorithm. A token must name issuer, audience,
//! customer, session and times; nothing in its header is obeyed.

use api_types::{CustomerId, SessionId};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::Customer;
use crate::{http::ApiError, keys::Keyring};

/// How long an access token is good for, in seconds.
pub const TTL_SECONDS: u32 = 300;

/// How far clocks of two machines may stand apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

const AUDIENCE: &str = "oxcart-store";
const KIND: &str = "at+jwt";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: CustomerId,
    sid: SessionId,
    iat: i64,
    exp: i64,
    auth_time: i64,
    jti: Uuid,
}

/// A token for a customer on a device.
pub fn write(
    keys: &Keyring,
    issuer: &Url,
    customer: &Customer,
    now: DateTime<Utc>,
) -> Result<String, ApiError> {
    let claims = Claims {
        iss: issuer.to_string(),
        aud: AUDIENCE.to_owned(),
        sub: customer.id,
        sid: customer.session,
        iat: now.timestamp(),
        exp: now.timestamp() + i64::from(TTL_SECONDS),
        auth_time: customer.authenticated_at.timestamp(),
        jti: Uuid::new_v4(),
    };
    let header = Header { typ: Some(KIND.to_owned()), ..Header::new(Algorithm::HS256) };
    let secrets = keys.secrets();
    let secret = secrets.first().map(Vec::as_slice).unwrap_or_default();
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret))
        .map_err(|error| ApiError::Internal(error.into()))
}

/// The customer that a token names; nothing when it is not ours, not for this shop, or too old.
pub fn read(keys: &Keyring, issuer: &Url, token: &str, now: DateTime<Utc>) -> Option<Customer> {
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.set_audience(&[AUDIENCE]);
    rules.set_issuer(&[issuer.as_str()]);
    // Times are held against the shop's clock, below.
    rules.validate_exp = false;
    let read = keys.secrets().iter().find_map(|secret| {
        let key = DecodingKey::from_secret(secret);
        jsonwebtoken::decode::<Claims>(token, &key, &rules).ok()
    })?;
    let is_plain = read.header.typ.as_deref() == Some(KIND) && read.header.crit.is_none();
    let claims = read.claims;
    let (made_at, ends_at) = (time(claims.iat)?, time(claims.exp)?);
    let is_now = made_at <= now + LEEWAY && now < ends_at + LEEWAY && ends_at > made_at;
    (is_plain && is_now).then_some(Customer {
        id: claims.sub,
        session: claims.sid,
        authenticated_at: time(claims.auth_time)?,
    })
}

fn time(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}
