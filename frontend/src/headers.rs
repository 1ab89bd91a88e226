//! What every answer says to browsers and caches.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{forward, page::Kind};

/// No inline scripts or styles at all, so neither nonces nor hashes are needed and pages can be cached.
const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                   img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
                   base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'";

/// Caches may keep a public page this long, and longer while they fetch or we are away. With its
/// `Age` it is a minute old at most while everybody answers.
const PUBLIC: &str =
    "public, max-age=0, s-maxage=30, stale-while-revalidate=15, stale-if-error=86400";

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

const ALWAYS: [(HeaderName, HeaderValue); 7] = [
    (
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=63072000; includeSubDomains"),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        ),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Adds what is missing, and keeps what must not be cached out of caches.
pub async fn finish(request: Request, next: Next) -> Response {
    if request.method() == Method::TRACE {
        return hardened(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    let is_api = forward::is_api(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let sets_cookie = headers.contains_key(header::SET_COOKIE);
    if sets_cookie || (!is_api && !headers.contains_key(header::CACHE_CONTROL)) {
        headers.insert(header::CACHE_CONTROL, NO_STORE);
    }
    hardened(response)
}

fn hardened(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let is_html = headers
        .get(header::CONTENT_TYPE)
        .and_then(|mime| mime.to_str().ok())
        .is_some_and(|mime| mime.starts_with("text/html"));
    if is_html {
        // The test provider's page, handed on, brings a policy of its own.
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    }
    for (name, value) in &ALWAYS {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    response
}

/// How long caches may keep a page: only good answers that are the same for everyone.
pub fn cache_control(kind: Kind, status: StatusCode) -> HeaderValue {
    match kind {
        Kind::Public if status == StatusCode::OK => HeaderValue::from_static(PUBLIC),
        _ => NO_STORE,
    }
}

/// Names each encoding of a page apart, since a strong `ETag` promises the same bytes.
///
/// Sits around the compression; a name that the client sends back is read by [`is_known`].
pub async fn tag_encoding(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let tag = headers.get(header::ETAG).and_then(|value| value.to_str().ok());
    if let (Some(encoding), Some(tag)) = (encoding, tag.and_then(|tag| tag.strip_suffix('"')))
        && !tag.starts_with("W/")
        && let Ok(tag) = HeaderValue::from_str(&format!("{tag}-{encoding}\""))
    {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// The tag among those that the client has which is of this content, in whatever encoding.
pub fn is_known(headers: &HeaderMap, content: &str) -> Option<HeaderValue> {
    let sent = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    sent.split(',').map(str::trim).find_map(|tag| {
        let strong = tag.strip_prefix("W/").unwrap_or(tag);
        let name = strong.strip_prefix('"')?.strip_suffix('"')?;
        let name = name.split_once('-').map_or(name, |(name, _)| name);
        (name == content).then(|| HeaderValue::from_str(strong).ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_in_any_encoding() {
        let known = |sent: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, sent.parse().unwrap());
            is_known(&headers, "abc").map(|tag| tag.to_str().unwrap().to_owned())
        };

        assert_eq!(known("\"abc\"").as_deref(), Some("\"abc\""));
        assert_eq!(known("\"x\", W/\"abc-br\"").as_deref(), Some("\"abc-br\""));
        assert_eq!(known("\"abcd\""), None);
        assert_eq!(known("abc"), None);
    }

    #[test]
    fn only_good_public_pages_are_kept() {
        assert_ne!(cache_control(Kind::Public, StatusCode::OK), NO_STORE);
        assert_eq!(cache_control(Kind::Public, StatusCode::NOT_FOUND), NO_STORE);
        assert_eq!(cache_control(Kind::Private, StatusCode::OK), NO_STORE);
    }
}
