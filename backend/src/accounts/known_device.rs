//! Devices that an account was opened on before: strangers who guess at its password do not hold
//! them up, since their sign-ins are counted apart (reliability.md D9).

use api_types::CustomerId;
use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::keys::Keyring;

/// The browser's cookie with the token.
const COOKIE: &str = "__Host-device";
const PURPOSE: &str = "known device";
/// Bytes that tell one device from another.
const NAME: usize = 16;

/// A token for a device on which this customer has signed in; it opens nothing.
pub fn token(keys: &Keyring, customer: CustomerId) -> String {
    let name = rand::random::<[u8; NAME]>();
    let made = keys.sign(PURPOSE, &[customer.0.as_bytes(), &name]);
    URL_SAFE_NO_PAD.encode([name.as_slice(), &made].concat())
}

/// The name of the device, if this customer has signed in on it before.
pub fn name(keys: &Keyring, customer: CustomerId, headers: &HeaderMap) -> Option<String> {
    let token = shown(headers)?;
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (name, made) = bytes.split_at_checked(NAME)?;
    let is_known = keys.is_ours(PURPOSE, &[customer.0.as_bytes(), name], made);
    is_known.then(|| format!("{customer} on {}", hex::encode(name)))
}

fn shown(headers: &HeaderMap) -> Option<String> {
    match headers.get("x-device-token") {
        Some(token) => token.to_str().ok().map(str::to_owned),
        None => CookieJar::from_headers(headers).get(COOKIE).map(|it| it.value().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_device_is_known_to_its_own_account_only() {
        let keys = Keyring::new(Some(&"a".repeat(32).into()), None).unwrap();
        let (ann, ben) = (CustomerId(Uuid::from_u128(1)), CustomerId(Uuid::from_u128(2)));
        let mut headers = HeaderMap::new();
        assert_eq!(name(&keys, ann, &headers), None);

        headers.insert("x-device-token", token(&keys, ann).parse().unwrap());
        assert!(name(&keys, ann, &headers).is_some());
        assert_eq!(name(&keys, ben, &headers), None);

        headers.insert("x-device-token", "AAAA".parse().unwrap());
        assert_eq!(name(&keys, ann, &headers), None);
    }
}
