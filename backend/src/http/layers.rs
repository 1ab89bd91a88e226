//! What every request passes through: an id, a span, limits and a deadline.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    ApiError,
    admission::{self, Places},
    client, origin, rate_limit,
};
use crate::App;

/// Largest body that is read, in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// Names a request across both servers and into the database.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request that is being answered, if any is.
pub fn request_id() -> Option<String> {
    db::REQUEST_ID.try_with(Clone::clone).ok()
}

/// Wraps the API in all of it.
pub fn around(routes: Router<App>, app: &App) -> Router<App> {
    let places = Places::new(&app.config.places);
    routes
        .fallback(async || ApiError::NotFound("page"))
        .method_not_allowed_fallback(async || ApiError::Rejected {
            status: StatusCode::METHOD_NOT_ALLOWED,
            code: "method_not_allowed",
            detail: "this address does not take that method".to_owned(),
            facts: serde_json::Value::Null,
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(|_| {
            ApiError::Internal(anyhow::anyhow!("a handler panicked")).into_response()
        }))
        .layer(middleware::from_fn_with_state(app.config.request_timeout, finish_in_time))
        .layer(middleware::from_fn_with_state(app.clone(), rate_limit::count))
        .layer(middleware::from_fn_with_state(places, admission::admit))
        .layer(middleware::from_fn_with_state(app.clone(), origin::guard))
        .layer(middleware::from_fn_with_state(app.clone(), client::know))
        .layer(middleware::map_response(manners))
        .layer(middleware::from_fn(observe))
}

/// Gives the request an id and a span, and counts it.
async fn observe(request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| is_plain(id))
        .map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned);
    let route =
        request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", request.id = %id, http.method = %method, http.route = %route);
    let started = tokio::time::Instant::now();

    let answer = db::REQUEST_ID.scope(id.clone(), next.run(request)).instrument(span.clone());
    let mut response = answer.await;

    let status = response.status().as_u16();
    let took = started.elapsed();
    metrics::histogram!("oxcart_http_request_seconds", "method" => method.to_string(), "route" => route, "status" => status.to_string())
        .record(took.as_secs_f64());
    span.in_scope(|| {
        tracing::debug!(
            http.status = status,
            took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    response
}

fn is_plain(id: &str) -> bool {
    (8..=40).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Headers that belong to every answer of the API.
async fn manners(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=31536000; includeSubDomains"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    );
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox"));
    headers
        .entry(HeaderName::from_static("cross-origin-resource-policy"))
        .or_insert(HeaderValue::from_static("same-origin"));
    response
}

/// Ends a request that takes too long, and carries on when its client goes away:
/// a disconnect never cuts a piece of work in half.
async fn finish_in_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let id = request_id().unwrap_or_default();
    let work = db::REQUEST_ID.scope(id, next.run(request)).in_current_span();
    match tokio::time::timeout(limit, tokio::spawn(work)).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => ApiError::Internal(panic.into()).into_response(),
        Err(_) => ApiError::Unavailable(Some(anyhow::anyhow!("not answered within {limit:?}")))
            .into_response(),
    }
}
