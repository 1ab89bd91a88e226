//! Logs, a span and a number per request, and what Prometheus reads.

use std::{io::IsTerminal, sync::OnceLock, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Instrument;
use tracing_subscriber::EnvFilter;

use crate::keys::random_name;

/// Names one request through all parts of the shop.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    /// The name of the request being answered, for calls made on its behalf.
    static CURRENT: String;
}

/// The name of the request being answered, if one is.
pub fn request_id() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

/// The same work on a task of its own, still on behalf of the request being answered.
pub fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(request_id().unwrap_or_else(random_name), work).in_current_span()
}

/// Logs from here on: lines for people on a terminal, JSON elsewhere.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    if std::io::stdout().is_terminal() {
        log.init();
    } else {
        log.json().flatten_event(true).init();
    }
}

/// Why the process ends, where a person looks for it.
#[expect(clippy::print_stderr, reason = "logs may not have been started")]
pub fn last_words(error: &anyhow::Error) {
    eprintln!("frontend: {error:#}");
}

/// Counts from here on; the handle writes them out.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Suffix("_seconds".to_owned()),
            &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0],
        )?
        .install_recorder()?;
    Ok(HANDLE.get_or_init(|| handle).clone())
}

/// Names the request, measures it and logs how it ended.
pub async fn watch(mut request: Request, next: Next) -> Response {
    let id = name_of(&request);
    let header = HeaderValue::from_str(&id).ok();
    if let Some(header) = header.clone() {
        request.headers_mut().insert(REQUEST_ID, header);
    }
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let (route, method) = (route.to_owned(), request.method().clone());
    let span = tracing::info_span!("request", id, %method, route);
    let began = Instant::now();

    let mut response = CURRENT.scope(id, next.run(request)).instrument(span.clone()).await;

    let (status, took) = (response.status().as_u16(), began.elapsed());
    span.in_scope(|| tracing::info!(status, ms = took.as_secs_f64() * 1e3, "answered"));
    let labels = [("method", method.to_string()), ("route", route)];
    metrics::histogram!("http_request_seconds", &labels).record(took.as_secs_f64());
    let [method, route] = labels;
    metrics::counter!("http_requests_total", &[method, route, ("status", status.to_string())])
        .increment(1);
    if let Some(header) = header {
        response.headers_mut().insert(REQUEST_ID, header);
    }
    response
}

/// The name that came with the request when it is plain, else a new one.
fn name_of(request: &Request) -> String {
    request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| is_plain(id))
        .map_or_else(random_name, str::to_owned)
}

fn is_plain(id: &str) -> bool {
    (8..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_that_could_forge_a_log_line_is_replaced() {
        assert!(is_plain("0192f0c1-d2e3-7a4b"));
        assert!(!is_plain("short"));
        assert!(!is_plain("12345678\nfake"));
        assert!(!is_plain(&"x".repeat(65)));
    }
}
