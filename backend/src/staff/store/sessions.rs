//! Sessions of staff.

use api_types::{NextStep, Role, StaffId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::super::permission::role_named;

/// A session of somebody who may still come in.
pub struct Row {
    /// Whose.
    pub staff: StaffId,
    /// What they are at this moment.
    pub role: Role,
    /// What it still needs.
    pub next: NextStep,
    /// When it was last used.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
}

/// Its name in the database.
pub const fn step_name(step: NextStep) -> &'static str {
    match step {
        NextStep::Enrol => "enrol",
        NextStep::Code => "code",
        NextStep::Open => "open",
    }
}

/// The session of a token, if its owner may come in.
pub async fn find(conn: &mut PgConnection, token_hash: &[u8; 32]) -> sqlx::Result<Option<Row>> {
    let row = sqlx::query!(
        r#"
        SELECT staff_id AS "staff: StaffId", role, step, staff_session.last_seen_at, expires_at
        FROM staff_session
        JOIN staff USING (staff_id)
        WHERE token_hash = $1 AND state = 'active'
        "#,
        &token_hash[..],
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| {
        let next = [NextStep::Enrol, NextStep::Code, NextStep::Open]
            .into_iter()
            .find(|step| step_name(*step) == row.step)?;
        Some(Row {
            staff: row.staff,
            role: role_named(&row.role)?,
            next,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
        })
    }))
}

/// Begins a session.
pub async fn insert(
    tx: &mut PgConnection,
    token_hash: &[u8; 32],
    (staff, next): (StaffId, NextStep),
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO staff_session (token_hash, staff_id, step, created_at, last_seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $4, $5)
        "#,
        &token_hash[..],
        staff as StaffId,
        step_name(next),
        now,
        expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Notes that a session was used.
pub async fn note(
    tx: &mut PgConnection,
    token_hash: &[u8; 32],
    staff: StaffId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE staff_session SET last_seen_at = $2 WHERE token_hash = $1",
        &token_hash[..],
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("UPDATE staff SET last_seen_at = $2 WHERE staff_id = $1", staff as StaffId, now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends one session.
pub async fn end(tx: &mut PgConnection, token_hash: &[u8; 32]) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM staff_session WHERE token_hash = $1", &token_hash[..])
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends every session of somebody but one.
pub async fn end_others(
    tx: &mut PgConnection,
    staff: StaffId,
    but: Option<&[u8; 32]>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM staff_session WHERE staff_id = $1 AND token_hash IS DISTINCT FROM $2",
        staff as StaffId,
        but.map(|hash| &hash[..]),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Removes sessions that are over; how many.
pub async fn forget_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let gone = sqlx::query!("DELETE FROM staff_session WHERE expires_at <= $1", now).execute(tx);
    Ok(gone.await?.rows_affected())
}
