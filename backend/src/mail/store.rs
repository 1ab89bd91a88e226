//! Which letters went out.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Letter;

/// Whether a letter went out.
pub async fn was_sent(db: &mut PgConnection, key: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM mail_sent WHERE dedupe_key = $1) AS "was_sent!""#,
        key
    )
    .fetch_one(db)
    .await
}

/// Remembers that a letter went out.
pub async fn mark_sent(
    tx: &mut PgConnection,
    key: &str,
    letter: &Letter,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO mail_sent (dedupe_key, recipient, subject, sent_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        "#,
        key,
        letter.to,
        letter.subject,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}
