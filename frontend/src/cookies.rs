//! The cookies that the storefront sets: each for this host and HTTPS only, and closed to scripts.

use std::{str::FromStr, time::Duration};

use api_types::{CartId, Currency, OrderId, Reordered};
use axum::{
    http::{HeaderName, header},
    response::AppendHeaders,
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

/// Which cart is the visitor's, and what opens it.
pub const CART: &str = "__Host-cart";
/// The order that this visitor made last, so that going back leads to it.
pub const ORDER: &str = "__Host-order";
/// Names the device to the account that was opened on it.
pub const DEVICE: &str = "__Host-device";
/// One notice across one redirect.
pub const FLASH: &str = "__Host-flash";
/// Says who is signed in, for some minutes.
pub const ACCESS: &str = "__Host-access";
/// Is exchanged for the next pair of tokens, once.
pub const REFRESH: &str = "__Host-refresh";
/// What was typed into the checkout and is not in the cart, for a quarter of an hour.
pub const DRAFT: &str = "__Host-checkout";
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

    /// What belongs to a customer is opened by who they are, without a secret of its own.
    pub fn of_customer(id: Id) -> Self {
        Self { id, token: String::new() }
    }

    fn parse(value: &str) -> Option<Self> {
        let (id, token) = value.split_once('.')?;
        let is_token = (8..=256).contains(&token.len()) && is_plain(token);
        let id = id.parse().ok()?;
        is_token.then(|| Self { id, token: token.to_owned() })
    }

    fn value(&self) -> String {
        format!("{}.{}", self.id.to_string(), self.token)
    }
}

/// The token in that cookie, if it looks like one.
pub fn token(jar: &CookieJar, name: &str) -> Option<String> {
    let token = jar.get(name)?.value();
    let is_token = (8..=3500).contains(&token.len()) && token.split('.').all(is_plain);
    is_token.then(|| token.to_owned())
}

/// Whether nothing in it means anything to a header or an address.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte))
}

/// Says who is signed in, and is gone a little before the backend stops believing it.
pub fn access(token: String, seconds: u32) -> Cookie<'static> {
    let left = seconds.saturating_sub(10).max(1);
    baked(ACCESS, token, Some(Duration::from_secs(left.into())))
}

/// Keeps a customer signed in for 30 days after the last visit.
pub fn refresh(token: String) -> Cookie<'static> {
    lasting(REFRESH, token, 30)
}

/// Remembers for a year that an account was opened on this device.
pub fn device(token: String) -> Cookie<'static> {
    lasting(DEVICE, token, 365)
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

/// Keeps what was typed into the checkout for a quarter of an hour.
pub fn draft(value: String) -> Cookie<'static> {
    baked(DRAFT, value, Some(Duration::from_mins(15)))
}

/// Forgets a cookie.
pub fn gone(name: &'static str) -> Cookie<'static> {
    lasting(name, String::new(), 0)
}

/// Cookies as parts of an answer, which may set several.
pub fn set(
    cookies: impl IntoIterator<Item = Cookie<'static>>,
) -> AppendHeaders<Vec<(HeaderName, String)>> {
    let header = |cookie: Cookie<'static>| (header::SET_COOKIE, cookie.to_string());
    AppendHeaders(cookies.into_iter().map(header).collect())
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

        for (cookie, name, age) in [
            (cart(&key), "__Host-cart=", "Max-Age=2592000"),
            (access("a.b.c".to_owned(), 300), "__Host-access=", "Max-Age=290"),
            (refresh("opaque-token".to_owned()), "__Host-refresh=", "Max-Age=2592000"),
            (gone(REFRESH), "__Host-refresh=", "Max-Age=0"),
        ] {
            let text = cookie.to_string();
            for part in [name, "HttpOnly", "SameSite=Lax", "Secure", "Path=/", age] {
                assert!(text.contains(part), "{part} in {text}");
            }
            assert!(!text.contains("Domain"));
        }
    }

    #[test]
    fn a_token_that_could_be_more_than_one_is_none() {
        let read = |value: &str| {
            let jar = CookieJar::new().add(Cookie::new(ACCESS, value.to_owned()));
            token(&jar, ACCESS)
        };

        assert_eq!(read("eyJh.eyJz.c2ln").as_deref(), Some("eyJh.eyJz.c2ln"));
        for wrong in ["", "short", "has space", "line\r\nbreak", "a,b,c,d,e", &"x".repeat(3501)] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
