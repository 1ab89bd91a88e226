//! Answers to requests that may be sent twice (reliability.md D5).
//!
//! The key is written in the same transaction as the effect: a twin waits for
//! the first to commit and then reads its answer, or runs itself if the first
//! rolled back.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use utoipa::openapi::{
    RefOr,
    schema::{ObjectBuilder, Schema, Type},
};
use uuid::Uuid;

use super::ApiError;

/// The `Idempotency-Key` header of a request, if it has one.
pub struct IdempotencyKey(pub Option<String>);

impl IdempotencyKey {
    /// The key, or a refusal that says that this operation needs one.
    pub fn required(self) -> Result<String, ApiError> {
        self.0.ok_or_else(|| {
            ApiError::BadRequest(
                "send an Idempotency-Key header: 8 to 200 characters, new for every intent"
                    .to_owned(),
            )
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let key = value.to_str().unwrap_or_default();
        if (8..=200).contains(&key.len()) && key.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            Ok(Self(Some(key.to_owned())))
        } else {
            Err(ApiError::BadRequest("an Idempotency-Key has 8 to 200 plain characters".to_owned()))
        }
    }
}

impl utoipa::PartialSchema for IdempotencyKey {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[!-~][ -~]{6,198}[!-~]$"))
            .description(Some("8 to 200 plain characters."))
            .into()
    }
}

impl utoipa::ToSchema for IdempotencyKey {}

/// Which request this is: who asks what under which key.
pub struct Intent<'a> {
    /// Whose key it is, such as a cart's id.
    pub scope: String,
    /// The operation's name.
    pub endpoint: &'static str,
    /// The client's key.
    pub key: &'a str,
    /// SHA-256 of the request's body.
    pub hash: [u8; 32],
}

impl<'a> Intent<'a> {
    /// The intent of `body` sent to `endpoint` under `key`.
    pub fn new(scope: String, endpoint: &'static str, key: &'a str, body: &impl Serialize) -> Self {
        let hash = Sha256::digest(serde_json::to_vec(body).unwrap_or_default()).into();
        Self { scope, endpoint, key, hash }
    }
}

/// What is known of an intent.
#[derive(Debug)]
pub enum Known {
    /// Nothing: carry it out, then [`remember`] what came of it.
    New,
    /// It was carried out, and this is what came of it.
    Done {
        /// The thing that was made or changed.
        resource: Option<Uuid>,
    },
}

/// Claims the key, waiting for a twin that is under way; 422 when it was used for another body.
pub async fn claim(
    tx: &mut PgConnection,
    intent: &Intent<'_>,
    now: DateTime<Utc>,
) -> Result<Known, ApiError> {
    let claimed = sqlx::query!(
        r#"
        INSERT INTO idempotency_key (scope, endpoint, key, request_hash, created_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        "#,
        intent.scope,
        intent.endpoint,
        intent.key,
        &intent.hash[..],
        now,
    )
    .execute(&mut *tx)
    .await
    .map_err(in_progress)?;
    if claimed.rows_affected() == 1 {
        return Ok(Known::New);
    }
    known(tx, intent).await
}

/// What came of an intent, without claiming it.
pub async fn known(tx: &mut PgConnection, intent: &Intent<'_>) -> Result<Known, ApiError> {
    let row = sqlx::query!(
        r#"
        SELECT request_hash, resource_id
        FROM idempotency_key
        WHERE scope = $1 AND endpoint = $2 AND key = $3
        "#,
        intent.scope,
        intent.endpoint,
        intent.key,
    )
    .fetch_optional(&mut *tx)
    .await?;
    match row {
        None => Ok(Known::New),
        Some(row) if row.request_hash == intent.hash => {
            Ok(Known::Done { resource: row.resource_id })
        }
        Some(_) => Err(ApiError::rejected(
            "idempotency_key_reused",
            "this Idempotency-Key was sent before with another body; use a new one",
        )),
    }
}

/// Writes what came of the intent beside its effect.
pub async fn remember(
    tx: &mut PgConnection,
    intent: &Intent<'_>,
    resource: Uuid,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE idempotency_key
        SET resource_id = $4, status = $5
        WHERE scope = $1 AND endpoint = $2 AND key = $3
        "#,
        intent.scope,
        intent.endpoint,
        intent.key,
        resource,
        i32::from(StatusCode::OK.as_u16()),
    )
    .execute(tx)
    .await?;
    Ok(())
}

fn in_progress(error: sqlx::Error) -> ApiError {
    if db::is_lock_timeout(&error) {
        return ApiError::conflict(
            "completion_in_progress",
            "the same request is being carried out; ask again shortly",
        );
    }
    error.into()
}
