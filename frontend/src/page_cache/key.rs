//! What makes two requests ask for the same page.

use api_types::Currency;
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, Uri, header, uri::PathAndQuery},
};
use axum_extra::extract::cookie::CookieJar;

use crate::{cookies::CURRENCY, telemetry::REQUEST_ID, texts};

/// Addresses longer than this are drawn for whoever asks, and not kept.
const LONGEST: usize = 512;
/// Names in a query that only say where a visitor came from.
const ORIGINS: [&str; 7] = ["fbclid", "gclid", "gbraid", "mc_cid", "mc_eid", "msclkid", "wbraid"];

/// A page as it is asked for: its address without where the visitor came from, the currency of its
/// prices, and its language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    address: PathAndQuery,
    currency: Option<Currency>,
    language: &'static str,
}

impl Key {
    /// What a request asks for; `None` when its answer cannot be shared.
    pub fn of(request: &Request) -> Option<Self> {
        let address = plain(request.uri())?;
        let is_short = address.as_str().len() <= LONGEST;
        let is_get = request.method() == Method::GET;
        let jar = CookieJar::from_headers(request.headers());
        let currency = jar.get(CURRENCY).and_then(|cookie| cookie.value().parse().ok());
        let language = texts::language().code();
        (is_get && is_short).then_some(Self { address, currency, language })
    }

    /// Whether the address has a query.
    pub fn is_asked(&self) -> bool {
        self.address.query().is_some()
    }

    /// How many bytes it takes in memory.
    pub fn weight(&self) -> usize {
        size_of::<Self>() + self.address.as_str().len()
    }

    /// The same request without anything of the visitor but what the key holds.
    pub fn request(&self, of: &Request) -> Request {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = Uri::from(self.address.clone());
        // What the router found in the path.
        request.extensions_mut().clone_from(of.extensions());
        let headers = request.headers_mut();
        if let Some(id) = of.headers().get(REQUEST_ID) {
            headers.insert(REQUEST_ID, id.clone());
        }
        let cookie = self.currency.map(|currency| format!("{CURRENCY}={}", currency.code()));
        if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            headers.insert(header::COOKIE, cookie);
        }
        request
    }
}

/// The address without where the visitor came from.
fn plain(uri: &Uri) -> Option<PathAndQuery> {
    let Some(query) = uri.query() else { return uri.path_and_query().cloned() };
    let is_origin = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        name.is_empty() || name.starts_with("utm_") || ORIGINS.contains(&name)
    };
    let kept: Vec<_> = query.split('&').filter(|pair| !is_origin(pair)).collect();
    let path = uri.path();
    let address =
        if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
    address.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(uri: &str, headers: &[(&str, &str)]) -> Option<Key> {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Key::of(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn where_a_visitor_came_from_is_not_asked_for() {
        let plain = key("/search?q=mug&sort=name", &[]);

        assert!(plain.is_some());
        assert_eq!(key("/search?utm_source=x&q=mug&fbclid=1&&sort=name", &[]), plain);
        assert_eq!(key("/?gclid=1", &[]), key("/", &[]));
        assert_ne!(key("/search?q=cup", &[]), plain);
        assert!(!key("/?gclid=1", &[]).unwrap().is_asked());
    }

    #[test]
    fn of_the_cookies_only_a_currency_matters() {
        let plain = key("/", &[]);

        assert_eq!(key("/", &[("cookie", "__Host-cart=a.b; __Host-visitor=c")]), plain);
        assert_eq!(key("/", &[("cookie", "__Host-currency=<b>")]), plain);
        let dollars = key("/", &[("cookie", "__Host-cart=a.b; __Host-currency=USD")]);
        assert_ne!(dollars, plain);

        let asked = Request::builder().uri("/").header("cookie", "x=y").body(Body::empty());
        let request = dollars.unwrap().request(&asked.unwrap());
        assert_eq!(request.headers()["cookie"], "__Host-currency=USD");
        assert_eq!(request.headers().len(), 1);
    }

    #[test]
    fn an_address_of_any_length_is_not_kept() {
        assert_eq!(key(&format!("/search?q={}", "x".repeat(600)), &[]), None);
    }
}
