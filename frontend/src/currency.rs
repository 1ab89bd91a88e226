//! Which currency a page shows prices in: the one that its address names, else the one that the
//! visitor chose before, else the shop's own.

use api_types::{Currency, ShopConfig};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Uri, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use url::form_urlencoded;

use crate::{api::Error, app::App, cookies};

/// The name of the currency in addresses and forms.
pub const FIELD: &str = "currency";

/// What a request says of currencies. A page that is kept must be kept for each `currency`, and
/// one that is `is_news` must be drawn, because its answer remembers the choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Currency of the page's prices.
    pub currency: Currency,
    /// Whether the address names another one than is remembered.
    pub is_news: bool,
}

impl Asked {
    /// Reads a request; a currency that the shop has no prices in is passed over.
    pub fn of(uri: &Uri, headers: &HeaderMap, shop: &ShopConfig) -> Self {
        let known = |code: &str| shop.currencies.iter().copied().find(|known| known.code() == code);
        let query = uri.query().unwrap_or_default();
        let named = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == FIELD)
            .and_then(|(_, code)| known(&code));
        let remembered = remembered(headers).and_then(|code| known(code.code()));
        let default = shop.default_currency;
        Self {
            currency: named.or(remembered).unwrap_or(default),
            is_news: named.is_some_and(|named| named != remembered.unwrap_or(default)),
        }
    }
}

/// The currency that the visitor chose before, if it is one at all.
pub fn remembered(headers: &HeaderMap) -> Option<Currency> {
    CookieJar::from_headers(headers).get(cookies::CURRENCY)?.value().parse().ok()
}

/// The currency of a page's prices, for handlers.
pub struct Prices(pub Currency);

impl FromRequestParts<App> for Prices {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let shop = app.shop_config().await?;
        Ok(Self(Asked::of(&parts.uri, &parts.headers, &shop).currency))
    }
}

/// A path with its query, without the currency.
pub fn without(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let is_other = |part: &&str| part.split('=').next() != Some(FIELD);
    let rest: Vec<_> = query.split('&').filter(is_other).filter(|part| !part.is_empty()).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    fn asked(uri: &str, cookie: &str) -> (String, bool) {
        let shop = serde_json::from_value(serde_json::json!({
            "name": "Oxcart", "tagline": "", "default_currency": "EUR", "currencies": ["EUR", "USD"],
            "regions": [], "categories": [], "footer": [],
        }));
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        let asked = Asked::of(&uri.parse().unwrap(), &headers, &shop.unwrap());
        (asked.currency.to_string(), asked.is_news)
    }

    #[test]
    fn the_address_comes_before_the_cookie_and_the_cookie_before_the_shop() {
        for (uri, cookie, currency, is_news) in [
            ("/", "a=b", "EUR", false),
            ("/", "__Host-currency=USD", "USD", false),
            ("/?currency=USD", "a=b", "USD", true),
            ("/?currency=USD", "__Host-currency=USD", "USD", false),
            ("/?currency=EUR", "__Host-currency=USD", "EUR", true),
            ("/?currency=EUR", "a=b", "EUR", false),
            ("/?currency=XAU", "__Host-currency=USD", "USD", false),
            ("/?currency=usd", "__Host-currency=<b>", "EUR", false),
        ] {
            assert_eq!(asked(uri, cookie), (currency.to_owned(), is_news), "{uri} {cookie}");
        }
    }

    #[test]
    fn the_way_back_names_no_currency() {
        for (path, bare) in [
            ("/products/mug?Colour=Oat&currency=USD", "/products/mug?Colour=Oat"),
            ("/?currency=USD", "/"),
            ("/search?q=a&currency=EUR&sort=newest", "/search?q=a&sort=newest"),
            ("/cart", "/cart"),
        ] {
            assert_eq!(without(path), bare);
        }
    }
}
