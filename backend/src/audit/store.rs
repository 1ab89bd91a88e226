//! The audit log's rows.

use api_types::{AuditEntry, AuditVerdict};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Change;
use crate::{http::layers::request_id, staff::Actor};

/// Which entries are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// Done by whom.
    pub actor: Option<&'a str>,
    /// What was done.
    pub action: Option<&'a str>,
    /// Done to what.
    pub subject: Option<&'a str>,
    /// Before this one.
    pub before: Option<i64>,
}

/// Appends to the chain; the database gives the entry its place and hash.
pub async fn insert(
    tx: &mut PgConnection,
    actor: &Actor,
    change: &Change,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO audit_log (seq, at, actor, from_ip, request_id, action, subject, before, after, hash)
        VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8, '')
        "#,
        now,
        actor.id(),
        actor.from().to_string(),
        request_id().unwrap_or_default(),
        change.action,
        change.subject,
        change.before,
        change.after,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Entries, newest first.
pub async fn list(
    conn: &mut PgConnection,
    wanted: &Wanted<'_>,
    limit: i64,
) -> sqlx::Result<Vec<AuditEntry>> {
    sqlx::query_as!(
        AuditEntry,
        r#"
        SELECT seq, at, actor, from_ip AS "from", action, subject, before, after, encode(hash, 'hex') AS "hash!"
        FROM audit_log
        WHERE ($1::text IS NULL OR actor = $1)
            AND ($2::text IS NULL OR action = $2)
            AND ($3::text IS NULL OR subject = $3)
            AND ($4::bigint IS NULL OR seq < $4)
        ORDER BY seq DESC
        LIMIT $5
        "#,
        wanted.actor,
        wanted.action,
        wanted.subject,
        wanted.before,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Walks the whole chain.
pub async fn verdict(conn: &mut PgConnection) -> sqlx::Result<AuditVerdict> {
    sqlx::query_as!(
        AuditVerdict,
        r#"SELECT (SELECT count(*) FROM audit_log) AS "entries!", audit_broken_at() AS broken_at"#,
    )
    .fetch_one(conn)
    .await
}
