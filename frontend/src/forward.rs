//! `/api/*` handed on to the backend, so that one address is the whole shop.

use std::{net::IpAddr, time::Duration};

use axum::{
    body::Body,
    extract::{OriginalUri, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{app::App, client};

/// How long the backend may take to begin its answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Headers that are about one connection, not the message.
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Where a client asked, said by us only.
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// How a client asked, said by us only.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Whether that path is the backend's.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Hands the request on, and the answer back, as they stream in.
pub async fn forward(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Response {
    let (http, base) = app.api.parts();
    let path = uri.path_and_query().map_or("/api", |path| path.as_str());
    let (parts, body) = request.into_parts();
    let headers = outgoing(parts.headers, client::address(), app.config.public_url.scheme());
    let sent = http
        .request(parts.method, format!("{base}{path}"))
        .headers(headers)
        .body(reqwest::Body::wrap_stream(body.into_data_stream()))
        .send();
    match tokio::time::timeout(PATIENCE, sent).await {
        Ok(Ok(response)) => incoming(response),
        Ok(Err(error)) if is_too_large(&error) => {
            problem(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "A request may have 1 MiB.")
        }
        Ok(Err(error)) => {
            tracing::warn!(error = %error.without_url(), "the backend could not be reached");
            problem(StatusCode::BAD_GATEWAY, "bad_gateway", "The shop's backend did not answer.")
        }
        Err(_) => {
            tracing::warn!("the backend took too long");
            problem(StatusCode::GATEWAY_TIMEOUT, "timeout", "The shop's backend took too long.")
        }
    }
}

/// 403 as the backend would say it.
pub fn refused(code: &str, detail: &str) -> Response {
    problem(StatusCode::FORBIDDEN, code, detail)
}

fn outgoing(mut headers: HeaderMap, client: Option<IpAddr>, scheme: &str) -> HeaderMap {
    let host = headers.remove(header::HOST);
    without_hops(&mut headers);
    for name in hops::CLAIMS.iter().chain(&[FORWARDED_HOST, FORWARDED_PROTO]) {
        headers.remove(name);
    }
    let said = [
        (hops::FORWARDED_FOR, client.and_then(|client| client.to_string().parse().ok())),
        (FORWARDED_HOST, host),
        (FORWARDED_PROTO, HeaderValue::from_str(scheme).ok()),
    ];
    headers.extend(said.into_iter().filter_map(|(name, value)| Some((name, value?))));
    headers
}

fn incoming(response: reqwest::Response) -> Response {
    let status = response.status();
    let mut headers = response.headers().clone();
    without_hops(&mut headers);
    (status, headers, Body::from_stream(response.bytes_stream())).into_response()
}

/// Removes what is about the connection, and what `Connection` names as such.
fn without_hops(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

fn is_too_large(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("length limit exceeded") {
            return true;
        }
        cause = error.source();
    }
    false
}

fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let problem = api_types::Problem {
        kind: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or_default().to_owned(),
        status: status.as_u16(),
        code: code.to_owned(),
        detail: detail.to_owned(),
        errors: Vec::new(),
        facts: None,
        request_id: crate::telemetry::request_id(),
    };
    let headers =
        [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, serde_json::to_vec(&problem).unwrap_or_default()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_say_who_it_is() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("x-forwarded-for", "1.2.3.4"),
            ("x-real-ip", "1.2.3.4"),
            ("forwarded", "for=1.2.3.4"),
            ("cloudfront-viewer-address", "1.2.3.4:5"),
            ("x-forwarded-host", "evil.example"),
            ("host", "shop.example"),
            ("connection", "close, x-secret"),
            ("x-secret", "1"),
            ("cookie", "a=b"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }

        let sent = outgoing(headers, Some([10, 0, 0, 7].into()), "https");

        assert_eq!(sent["x-forwarded-for"], "10.0.0.7");
        assert_eq!(sent["x-forwarded-host"], "shop.example");
        assert_eq!(sent["x-forwarded-proto"], "https");
        assert_eq!(sent["cookie"], "a=b");
        for name in [
            "host",
            "connection",
            "x-secret",
            "x-real-ip",
            "forwarded",
            "cloudfront-viewer-address",
        ] {
            assert!(!sent.contains_key(name), "{name}");
        }
    }

    #[test]
    fn only_the_api_is_the_backends() {
        assert!(is_api("/api"));
        assert!(is_api("/api/carts"));
        assert!(!is_api("/apiary"));
        assert!(!is_api("/"));
    }
}
