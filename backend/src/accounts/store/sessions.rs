//! Sessions and their refresh tokens.

use api_types::{CustomerId, Session, SessionId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// A session about to begin.
pub struct New<'a> {
    /// Which one.
    pub id: SessionId,
    /// Whose.
    pub customer: CustomerId,
    /// The device in words.
    pub device: &'a str,
    /// What the device is known again by.
    pub mark: &'a [u8],
    /// How its customer showed who they are.
    pub method: &'static str,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
}

/// What the rules need to know of a session.
pub struct Row {
    /// Which one.
    pub id: SessionId,
    /// Whose.
    pub customer_id: CustomerId,
    /// What the device is known again by.
    pub user_agent_hash: Vec<u8>,
    /// When its customer last showed who they are.
    pub authenticated_at: DateTime<Utc>,
    /// When it was last heard of.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Writes a session that begins now.
pub async fn insert(tx: &mut PgConnection, new: &New<'_>, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO session (session_id, customer_id, device, user_agent_hash, method, created_at, last_seen_at,
            authenticated_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $7)
        "#,
        new.id as SessionId,
        new.customer as CustomerId,
        new.device,
        new.mark,
        new.method,
        now,
        new.expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes a refresh token that can be used.
pub async fn insert_token(
    tx: &mut PgConnection,
    session: SessionId,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO refresh_token (token_hash, session_id, issued_at) VALUES ($1, $2, $3)",
        token_hash,
        session as SessionId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Locks the session that a token belongs to, so that its tokens are exchanged one after the other.
pub async fn lock_of_token(tx: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        r#"
        SELECT session_id AS "id: SessionId", customer_id AS "customer_id: CustomerId", user_agent_hash,
            authenticated_at, last_seen_at, expires_at, ended_at
        FROM session
        WHERE session_id = (SELECT session_id FROM refresh_token WHERE token_hash = $1)
        FOR NO KEY UPDATE
        "#,
        token_hash,
    )
    .fetch_optional(tx)
    .await
}

/// When a token was used; its session is locked.
pub async fn used_at(
    tx: &mut PgConnection,
    token_hash: &[u8],
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("SELECT used_at FROM refresh_token WHERE token_hash = $1", token_hash)
        .fetch_one(tx)
        .await
}

/// Whether a token was issued in this session.
pub async fn is_issued(
    tx: &mut PgConnection,
    session: SessionId,
    token_hash: &[u8],
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM refresh_token WHERE session_id = $1 AND token_hash = $2) AS "is_issued!"
        "#,
        session as SessionId,
        token_hash,
    )
    .fetch_one(tx)
    .await
}

/// Uses up every token of a session.
pub async fn spend_tokens(
    tx: &mut PgConnection,
    session: SessionId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE refresh_token SET used_at = $2 WHERE session_id = $1 AND used_at IS NULL",
        session as SessionId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that a session was heard of.
pub async fn seen(
    tx: &mut PgConnection,
    session: SessionId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE session SET last_seen_at = $2 WHERE session_id = $1",
        session as SessionId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that its customer showed again who they are; false when the session is over.
pub async fn confirm(
    tx: &mut PgConnection,
    customer: CustomerId,
    session: SessionId,
    method: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE session
        SET authenticated_at = $4, method = $3, last_seen_at = $4
        WHERE session_id = $1 AND customer_id = $2 AND ended_at IS NULL AND expires_at > $4
        "#,
        session as SessionId,
        customer as CustomerId,
        method,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The living sessions of a customer, the last heard of first.
pub async fn list(
    db: &mut PgConnection,
    customer: CustomerId,
    current: SessionId,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Session>> {
    sqlx::query_as!(
        Session,
        r#"
        SELECT session_id AS "id: SessionId", device, created_at, last_seen_at, (session_id = $2) AS "is_current!"
        FROM session
        WHERE customer_id = $1 AND ended_at IS NULL AND expires_at > $3 AND last_seen_at > $3 - interval '30 days'
        ORDER BY session_id = $2 DESC, last_seen_at DESC
        "#,
        customer as CustomerId,
        current as SessionId,
        now,
    )
    .fetch_all(db)
    .await
}

/// Ends a session of this customer; false when they have no such session.
pub async fn end(
    tx: &mut PgConnection,
    customer: CustomerId,
    session: SessionId,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        r#"
        UPDATE session
        SET ended_at = COALESCE(ended_at, $4), end_reason = COALESCE(end_reason, $3)
        WHERE session_id = $1 AND customer_id = $2
        "#,
        session as SessionId,
        customer as CustomerId,
        reason,
        now,
    )
    .execute(tx)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends every session of a customer but one, if one is to go on.
pub async fn end_all(
    tx: &mut PgConnection,
    customer: CustomerId,
    but: Option<SessionId>,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE session
        SET ended_at = $4, end_reason = $3
        WHERE customer_id = $1 AND session_id IS DISTINCT FROM $2 AND ended_at IS NULL
        "#,
        customer as CustomerId,
        but as Option<SessionId>,
        reason,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets sessions that ended a month ago, and tokens that were used that long ago; how many sessions.
pub async fn forget_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    sqlx::query!(
        "DELETE FROM refresh_token WHERE used_at < $1::timestamptz - interval '30 days'",
        now
    )
    .execute(&mut *tx)
    .await?;
    let forgotten = sqlx::query!(
        r#"
        DELETE FROM session
        WHERE ended_at < $1::timestamptz - interval '30 days' OR expires_at < $1::timestamptz - interval '30 days'
            OR last_seen_at < $1::timestamptz - interval '60 days'
        "#,
        now,
    )
    .execute(tx)
    .await?;
    Ok(forgotten.rows_affected())
}
