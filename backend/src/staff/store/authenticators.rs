//! The sealed secrets of authenticators.

use api_types::StaffId;
use sqlx::PgConnection;

/// Bytes of a secret in the clear; a sealed one has more.
pub const PLAIN: usize = 20;

/// Somebody's secrets.
pub struct Row {
    /// Whose.
    pub staff: StaffId,
    /// The authenticator's.
    pub code_secret: Option<Vec<u8>>,
    /// The one that waits for its first code.
    pub pending_secret: Option<Vec<u8>>,
}

/// Those whose secrets are in the clear, or whose seal begins in one of these ways; locked, so that nobody
/// enrols meanwhile.
pub async fn lock(tx: &mut PgConnection, heads: &[Vec<u8>]) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"
        SELECT staff_id AS "staff: StaffId", code_secret, pending_secret
        FROM staff
        WHERE octet_length(code_secret) = 20 OR octet_length(pending_secret) = 20
            OR substring(code_secret FROM 1 FOR 5) = ANY($1) OR substring(pending_secret FROM 1 FOR 5) = ANY($1)
        ORDER BY staff_id
        FOR UPDATE
        "#,
        heads,
    )
    .fetch_all(tx)
    .await
}

/// Keeps secrets in another form.
pub async fn keep(tx: &mut PgConnection, rows: &[Row]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let codes: Vec<_> = rows.iter().map(|row| row.code_secret.clone()).collect();
    let pending: Vec<_> = rows.iter().map(|row| row.pending_secret.clone()).collect();
    sqlx::query!(
        r#"
        UPDATE staff
        SET code_secret = kept.code, pending_secret = kept.pending
        FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS kept (staff_id, code, pending)
        WHERE staff.staff_id = kept.staff_id
        "#,
        &rows.iter().map(|row| row.staff.0).collect::<Vec<_>>(),
        &codes as &[Option<Vec<u8>>],
        &pending as &[Option<Vec<u8>>],
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether any is in the clear.
pub async fn has_plain(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM staff WHERE octet_length(code_secret) = 20 OR octet_length(pending_secret) = 20
        ) AS "any!"
        "#,
    )
    .fetch_one(conn)
    .await
}
