//! The cookies that the storefront sets: each for this host and HTTPS only, and closed to scripts.

use std::{str::FromStr, time::Duration};

use api_types::{CartId, Currency, OrderId, Reordered};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

/// Which cart is the visitor's, and what opens it.
pub const CART: &str = "__Host-cart";
/// The order that this visitor made last, so that going back leads to it.
pub const ORDER: &str = "__Host-order";
/// One notice across one redirect.
pub const FLASH: &str = "__Host-flash";
/// The currency that the visitor chose: the only cookie that a public page may depend on.
pub const CURRENCY: &str = "__Host-currency";
/// A random name that form tokens are bound to.
pub const VISITOR: &str = "__Host-visitor";

/// An id and the secret that opens it, written `<id>.<token>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key<Id> {
    /// Which one.
    pub id: Id,
    /// What opens it.
    pub token: String,
}

/// Opens a cart.
pub type CartKey = Key<CartId>;
/// Opens an order.
pub type OrderKey = Key<OrderId>;

impl CartKey {
    /// What opens a cart that was made of an order; nothing when its customer's session does.
    pub fn opened(again: &Reordered) -> Option<Self> {
        let token = Some(again.token.clone()).filter(|token| !token.is_empty())?;
        Some(Self { id: again.cart.id, token })
    }
}

impl<Id: FromStr + ToString> Key<Id> {
    /// The key in that cookie, if it is one.
    pub fn of(jar: &CookieJar, name: &str) -> Option<Self> {
        Self::parse(jar.get(name)?.value())
    }

    fn parse(value: &str) -> Option<Self> {
        let (id, token) = value.split_once('.')?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte);
        let is_token = (8..=256).contains(&token.len()) && token.bytes().all(is_plain);
        let id = id.parse().ok()?;
        is_token.then(|| Self { id, token: token.to_owned() })
    }

    fn value(&self) -> String {
        format!("{}.{}", self.id.to_string(), self.token)
    }
}

/// Remembers the cart for a month.
pub fn cart(key: &CartKey) -> Cookie<'static> {
    lasting(CART, key.value(), 30)
}

/// Remembers the order for a day.
pub fn order(key: &OrderKey) -> Cookie<'static> {
    lasting(ORDER, key.value(), 1)
}

/// Remembers the currency for a year.
pub fn currency(currency: Currency) -> Cookie<'static> {
    lasting(CURRENCY, currency.code().to_owned(), 365)
}

/// Names the visitor until the browser is closed.
pub fn visitor(name: String) -> Cookie<'static> {
    session(VISITOR, name)
}

/// Carries a notice to the next page.
pub fn flash(value: String) -> Cookie<'static> {
    session(FLASH, value)
}

/// Forgets a cookie.
pub fn gone(name: &'static str) -> Cookie<'static> {
    lasting(name, String::new(), 0)
}

fn lasting(name: &'static str, value: String, days: u64) -> Cookie<'static> {
    baked(name, value, Some(Duration::from_secs(days * 24 * 60 * 60)))
}

fn session(name: &'static str, value: String) -> Cookie<'static> {
    baked(name, value, None)
}

fn baked(name: &'static str, value: String, age: Option<Duration>) -> Cookie<'static> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax);
    match age.and_then(|age| age.try_into().ok()) {
        Some(age) => cookie.max_age(age).build(),
        None => cookie.build(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "cart_0192f0c1d2e37a4bb5c6d7e8f9012345";

    #[test]
    fn a_key_reads_back_what_it_wrote() {
        let key = CartKey::parse(&format!("{ID}.abcDEF-_123")).unwrap();

        assert_eq!(key.token, "abcDEF-_123");
        assert_eq!(CartKey::parse(&key.value()), Some(key));
    }

    #[test]
    fn a_key_that_is_not_one_is_no_key() {
        for text in ["", ".", ID, "x.abcdefgh", "cart_1.abcdefgh"] {
            assert_eq!(CartKey::parse(text), None, "{text}");
        }
        for token in ["", "short", "has space1", "a/../../b", "line\nbreak"] {
            assert_eq!(CartKey::parse(&format!("{ID}.{token}")), None, "{token}");
        }
    }

    #[test]
    fn every_cookie_keeps_the_promises_of_its_prefix() {
        let key = CartKey::parse(&format!("{ID}.abcdefgh")).unwrap();

        let text = cart(&key).to_string();

        for part in
            ["__Host-cart=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=2592000"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("Domain"));
    }
}
