//! Which browsers may change something: those that show a page of this shop.
//!
//! Programs say nothing of where they come from, and carry no cookies of a shopper; they pass. There
//! is no CORS: no answer names an origin, so no other site's script reads any.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

use super::ApiError;
use crate::App;

/// Where the storefront says it was asked, when it hands a request on.
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Refuses every unsafe request that a browser sends from a page of somebody else.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !is_safe && is_foreign(request.headers(), &app.config.public_url) {
        tracing::info!("refused a change from another site");
        return ApiError::forbidden("This request came from another site.").into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap, public: &Url) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin";
    }
    let Some(said) = headers.get(header::ORIGIN) else { return false };
    let Some(said) = said.to_str().ok().and_then(|said| Url::parse(said).ok()) else { return true };
    let authority = said.host_str().map(|host| match said.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    });
    let is_asked = |name: &HeaderName| {
        let asked = headers.get(name).and_then(|host| host.to_str().ok());
        asked.is_some() && asked == authority.as_deref()
    };
    // At the shop's own address only its own scheme will do.
    let is_public = authority.as_deref() == Some(public.authority());
    let is_host = !is_public && (is_asked(&FORWARDED_HOST) || is_asked(&header::HOST));
    !(said.origin().is_tuple() && (said.origin() == public.origin() || is_host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign(pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_foreign(&headers, &Url::parse("https://shop.example").unwrap())
    }

    #[test]
    fn pages_of_the_shop_and_programs_may_change_things() {
        for own in [
            &[][..],
            &[("sec-fetch-site", "same-origin")],
            &[("origin", "https://shop.example")],
            &[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")],
            &[("origin", "http://localhost:3000"), ("x-forwarded-host", "localhost:3000")],
        ] {
            assert!(!foreign(own), "{own:?}");
        }
    }

    #[test]
    fn pages_of_others_may_not() {
        for other in [
            &[("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "http://shop.example")],
            &[("origin", "http://shop.example"), ("host", "shop.example")],
            &[("origin", "https://evil.example"), ("host", "shop.example")],
            &[("origin", "data:text/html,x"), ("host", "")],
        ] {
            assert!(foreign(other), "{other:?}");
        }
    }
}
