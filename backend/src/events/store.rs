//! The outbox.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// An event on its way out.
pub struct Waiting {
    /// Which one.
    pub event_id: Uuid,
    /// What happened.
    pub topic: String,
    /// What listeners need to know.
    pub payload: Value,
}

/// Writes an event, unless the subject's topic was written before.
pub async fn insert_event(
    tx: &mut PgConnection,
    topic: &str,
    subject: Uuid,
    payload: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO outbox (event_id, topic, aggregate_id, dedupe_key, payload, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT ON CONSTRAINT outbox_once DO NOTHING
        "#,
        Uuid::now_v7(),
        topic,
        subject,
        format!("{topic}:{subject}"),
        payload,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Marks up to 100 waiting events as relayed and returns them; rows that another relay holds are passed over.
pub async fn take_waiting(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"
        UPDATE outbox
        SET relayed_at = $1
        WHERE event_id IN (
            SELECT event_id
            FROM outbox
            WHERE relayed_at IS NULL
            ORDER BY created_at
            LIMIT 100
            FOR UPDATE SKIP LOCKED
        )
        RETURNING event_id, topic, payload
        "#,
        now,
    )
    .fetch_all(tx)
    .await
}
