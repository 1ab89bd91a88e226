//! What providers tell us.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use serde_json::json;

use super::{Provider, store, test_provider};
use crate::{
    App,
    http::{ApiError, Failures, Result},
    jobs,
    keys::Keyring,
};

/// A hook of the test provider.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct Hook {
    /// Which event; the same one may come often.
    pub event_id: String,
    /// The attempt it is about.
    pub intent: String,
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
    let (hook, raw) = read_hook(provider.keys(), &headers, &body)?;
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

/// Whether a hook is from the holder of these keys.
pub fn is_signed(keys: &Keyring, headers: &HeaderMap, body: &[u8]) -> bool {
    let signature = headers.get("x-test-signature").and_then(|value| value.to_str().ok());
    test_provider::is_signature(keys, body, signature.unwrap_or_default())
}

/// What a hook says, once it is known whose it is; also as it was sent.
pub fn read_hook(
    keys: &Keyring,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(Hook, serde_json::Value)> {
    if !is_signed(keys, headers, body) {
        return Err(ApiError::NotFound("page"));
    }
    let not_a_hook =
        |error: serde_json::Error| ApiError::BadRequest(format!("not a hook: {error}"));
    // A list would be taken for the fields in their order.
    let fields: serde_json::Map<_, _> = serde_json::from_slice(body).map_err(not_a_hook)?;
    let raw = serde_json::Value::Object(fields);
    let hook = Hook::deserialize(&raw).map_err(not_a_hook)?;
    Ok((hook, raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a body that its provider signed.
    fn signed(body: &str) -> Result<(Hook, serde_json::Value)> {
        let keys = Keyring::new(None, None).expect("a secret for this run");
        let signature = test_provider::signature(&keys, body.as_bytes());
        let headers = [("x-test-signature", signature)].map(|(name, value)| {
            (axum::http::HeaderName::from_static(name), value.parse().expect("a header"))
        });
        read_hook(&keys, &HeaderMap::from_iter(headers), body.as_bytes())
    }

    #[test]
    fn a_signed_list_is_no_hook_though_it_has_the_fields_in_their_order() {
        let (hook, raw) = signed(r#"{"intent":"pi_1","event_id":"evt_1"}"#).expect("a hook");
        assert_eq!((hook.event_id.as_str(), hook.intent.as_str()), ("evt_1", "pi_1"));
        assert_eq!(raw["event_id"], "evt_1");

        for body in [r#"["evt_1","pi_1"]"#, r#"{"event_id":"evt_1"}"#, "null", ""] {
            let refused = signed(body).err();
            assert!(matches!(refused, Some(ApiError::BadRequest(_))), "{body}: {refused:?}");
        }
    }
}
