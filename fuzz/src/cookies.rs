//! The `Cookie` header of a browser, as the storefront and the backend read it.

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::{CookieJar, cookie::Cookie};
use frontend::{
    currency::remembered,
    fuzzing::{
        ACCESS, CART, CURRENCY, CartKey, DEVICE, FLASH, Keys, ORDER, OrderKey, REFRESH, cart,
        currency, device, flash, order, refresh, token,
    },
};

pub fn read(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let headers = HeaderMap::from_iter([(header::COOKIE, value)]);
    let jar = CookieJar::from_headers(&headers);
    for name in [ACCESS, REFRESH, DEVICE] {
        if let Some(found) = token(&jar, name) {
            assert_eq!(token(&sent_back(&refresh(found.clone())), REFRESH), Some(found.clone()));
            assert_eq!(token(&sent_back(&device(found.clone())), DEVICE), Some(found));
        }
    }
    if let Some(key) = CartKey::of(&jar, CART) {
        let back = headers_of(&cart(&key));
        assert_eq!(CartKey::of(&CookieJar::from_headers(&back), CART), Some(key.clone()));
        let opened = backend::fuzzing::cart_in_cookie(&back);
        assert_eq!(opened, Some(key.id), "the backend reads what the storefront wrote");
    }
    if let Some(key) = OrderKey::of(&jar, ORDER) {
        assert_eq!(OrderKey::of(&sent_back(&order(&key)), ORDER), Some(key));
    }
    if let Some(found) = remembered(&headers) {
        assert_eq!(remembered(&headers_of(&currency(found))), Some(found), "{CURRENCY}");
    }
    backend::fuzzing::cart_in_cookie(&headers);
    sealed(&jar, &String::from_utf8_lossy(bytes));
}

/// What we sealed opens, for its purpose only; what we did not never does.
fn sealed(jar: &CookieJar, text: &str) {
    let keys = Keys::from_bytes(b"a key for nothing but this");
    if let Some(cookie) = jar.get(FLASH) {
        assert_eq!(keys.open::<serde_json::Value>("flash", cookie.value()), None);
    }
    let jar = sent_back(&flash(keys.seal("flash", &text)));
    let value = jar.get(FLASH).expect("a cookie").value();
    assert_eq!(keys.open::<String>("flash", value).as_deref(), Some(text));
    assert_eq!(keys.open::<String>("other", value), None);
}

/// The cookies of a browser that was given one.
fn sent_back(cookie: &Cookie<'_>) -> CookieJar {
    CookieJar::from_headers(&headers_of(cookie))
}

fn headers_of(cookie: &Cookie<'_>) -> HeaderMap {
    let text = cookie.to_string();
    let pair = text.split(';').next().unwrap_or_default();
    HeaderMap::from_iter([(header::COOKIE, pair.parse().expect("a header"))])
}
