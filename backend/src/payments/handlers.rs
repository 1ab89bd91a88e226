//! What providers tell us.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use serde_json::json;

use super::{Provider, store};
use crate::{
    App,
    http::{ApiError, Failures, Result},
    jobs,
};

/// A hook of the test provider.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct Hook {
    /// Which event; the same one may come often.
    event_id: String,
    /// The attempt it is about.
    intent: String,
}

/// Take a hook of the test provider: keep it, settle it later
#[utoipa::path(
    post, path = "/hooks/payments/test", tag = "hooks",
    request_body = Hook,
    params(("x-test-signature" = String, Header, description = "HMAC-SHA256 of the body, hex")),
    responses((status = 204), Failures),
)]
pub async fn take_hook(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    let Provider::Test(provider) = &app.provider;
    let signature =
        headers.get("x-test-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !provider.signed(&body, signature) {
        return Err(ApiError::NotFound("page"));
    }
    let raw: serde_json::Value = serde_json::from_slice(&body)
        .map_err(|error| ApiError::BadRequest(format!("not a hook: {error}")))?;
    let hook = Hook::deserialize(&raw)
        .map_err(|error| ApiError::BadRequest(format!("not a hook: {error}")))?;
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            if store::insert_event(&mut *tx, app.provider.code(), &hook.event_id, &raw, now).await? {
                let payload = json!({ "provider": app.provider.code(), "event_id": hook.event_id, "reference": hook.intent });
                let key = format!("payment.settle:{}:{}", app.provider.code(), hook.event_id);
                jobs::enqueue_one(tx, "payment.settle", key, payload, now).await?;
            }
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
