//! Which requests may change something: those that our own pages send.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{app::App, forward, pages::errors};

/// What a browser says of where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// A page of this shop.
    Own,
    /// Another site, or one that hides.
    Foreign,
    /// Nothing: not a browser of this decade.
    Unsaid,
}

/// Refuses every unsafe request that does not come from a page of this shop.
///
/// The JSON API has callers that are no browsers; it refuses only what says that it is foreign.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    if is_safe(request.method()) {
        return next.run(request).await;
    }
    let origin = origin(request.headers(), &app.config.public_url);
    if forward::is_api(request.uri().path()) {
        if origin == Origin::Foreign {
            return forward::refused("forbidden", "This request came from another site.");
        }
        return next.run(request).await;
    }
    if origin != Origin::Own || !is_form(request.headers()) {
        tracing::info!(?origin, "refused a form from elsewhere");
        return errors::forbidden().into_response();
    }
    next.run(request).await
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_form(headers: &HeaderMap) -> bool {
    text(headers, header::CONTENT_TYPE).is_some_and(|mime| {
        let mime = mime.split(';').next().unwrap_or_default().trim();
        mime.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

fn origin(headers: &HeaderMap, public: &Url) -> Origin {
    if let Some(site) = headers.get("sec-fetch-site") {
        let is_own = site == "same-origin";
        return if is_own { Origin::Own } else { Origin::Foreign };
    }
    let said = text(headers, header::ORIGIN).or_else(|| text(headers, header::REFERER));
    let Some(said) = said else { return Origin::Unsaid };
    let Ok(said) = Url::parse(said) else { return Origin::Foreign };
    let is_public = said.origin() == public.origin();
    let is_host = text(headers, header::HOST).is_some_and(|host| authority(&said) == host);
    if said.origin().is_tuple() && (is_public || is_host) { Origin::Own } else { Origin::Foreign }
}

/// Host and port as a `Host` header has them.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&'static str, &str)]) -> Origin {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        origin(&headers, &Url::parse("https://shop.example").unwrap())
    }

    #[test]
    fn a_page_of_the_shop_may_send_forms() {
        for own in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("origin", "https://shop.example")],
            &[("referer", "https://shop.example/cart?x=1")],
            &[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")],
        ] {
            assert_eq!(from(own), Origin::Own, "{own:?}");
        }
    }

    #[test]
    fn other_sites_may_not() {
        for foreign in [
            &[("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "null")],
            &[("origin", "http://shop.example")],
            &[("origin", "https://shop.example.evil.example")],
            &[("origin", "https://shop.example:444")],
            &[("origin", "https://evil.example"), ("referer", "https://shop.example/")],
            &[("origin", "data:text/html,x"), ("host", "")],
        ] {
            assert_eq!(from(foreign), Origin::Foreign, "{foreign:?}");
        }
        assert_eq!(from(&[]), Origin::Unsaid);
        assert_eq!(from(&[("host", "shop.example")]), Origin::Unsaid);
    }

    #[test]
    fn only_forms_are_forms() {
        let says = |mime: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", mime.parse().unwrap());
            is_form(&headers)
        };

        assert!(says("application/x-www-form-urlencoded; charset=utf-8"));
        assert!(!says("text/plain"));
        assert!(!says("application/json"));
        assert!(!says("multipart/form-data; boundary=x"));
    }
}
