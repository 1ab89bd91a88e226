//! People who work for the shop.

use api_types::{Role, StaffId, StaffMember, StaffState};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::super::permission::{role_name, role_named};

/// What a sign-in needs to know of somebody.
pub struct Door {
    /// Who.
    pub id: StaffId,
    /// Where letters go.
    pub email: String,
    /// Their password, as it is kept.
    pub password_hash: Option<String>,
    /// Their authenticator's sealed secret, once it was set up.
    pub code_secret: Option<Vec<u8>>,
    /// The sealed secret that waits for its first code.
    pub pending_secret: Option<Vec<u8>>,
}

/// An invitation that can be taken.
pub struct Invitation {
    /// Where it went.
    pub email: String,
    /// What its secret is made from.
    pub nonce: Vec<u8>,
}

/// Somebody, as the database has them.
struct Row {
    id: StaffId,
    email: String,
    name: String,
    role: String,
    state: String,
    has_code: bool,
    version: i32,
    created_at: DateTime<Utc>,
    last_seen_at: Option<DateTime<Utc>>,
}

/// The door of whoever has this address and may come in.
pub async fn door_of(conn: &mut PgConnection, email: &str) -> sqlx::Result<Option<Door>> {
    sqlx::query_as!(
        Door,
        r#"
        SELECT staff_id AS "id: StaffId", email, password_hash, code_secret, pending_secret
        FROM staff
        WHERE lower(email) = lower($1) AND state = 'active'
        "#,
        email,
    )
    .fetch_optional(conn)
    .await
}

/// The door of somebody, locked.
pub async fn lock_door(tx: &mut PgConnection, staff: StaffId) -> sqlx::Result<Option<Door>> {
    sqlx::query_as!(
        Door,
        r#"
        SELECT staff_id AS "id: StaffId", email, password_hash, code_secret, pending_secret
        FROM staff
        WHERE staff_id = $1 AND state = 'active'
        FOR UPDATE
        "#,
        staff as StaffId,
    )
    .fetch_optional(tx)
    .await
}

/// Keeps a sealed secret that waits for its first code.
pub async fn set_pending(tx: &mut PgConnection, staff: StaffId, sealed: &[u8]) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE staff SET pending_secret = $2 WHERE staff_id = $1",
        staff as StaffId,
        sealed,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes the secret that waited the authenticator's, with the step of its first code.
pub async fn enrol(tx: &mut PgConnection, staff: StaffId, step: i64) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE staff
        SET code_secret = pending_secret, pending_secret = NULL, code_step = $2, version = version + 1
        WHERE staff_id = $1
        "#,
        staff as StaffId,
        step,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes a code of that step; `false` when one of it or after it was taken before.
pub async fn take_step(tx: &mut PgConnection, staff: StaffId, step: i64) -> sqlx::Result<bool> {
    let taken = sqlx::query!(
        "UPDATE staff SET code_step = $2 WHERE staff_id = $1 AND code_step < $2",
        staff as StaffId,
        step,
    )
    .execute(tx)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Replaces somebody's recovery codes.
pub async fn set_recovery_codes(
    tx: &mut PgConnection,
    staff: StaffId,
    hashes: &[Vec<u8>],
) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM staff_recovery_code WHERE staff_id = $1", staff as StaffId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!(
        "INSERT INTO staff_recovery_code (staff_id, code_hash) SELECT $1, unnest($2::bytea[])",
        staff as StaffId,
        hashes,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Uses a recovery code up; whether there was one.
pub async fn take_recovery_code(
    tx: &mut PgConnection,
    staff: StaffId,
    hash: &[u8; 32],
) -> sqlx::Result<bool> {
    let taken = sqlx::query!(
        "DELETE FROM staff_recovery_code WHERE staff_id = $1 AND code_hash = $2",
        staff as StaffId,
        &hash[..],
    )
    .execute(tx)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Keeps a new password.
pub async fn set_password(tx: &mut PgConnection, staff: StaffId, kept: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE staff SET password_hash = $2 WHERE staff_id = $1",
        staff as StaffId,
        kept,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets somebody in who was invited.
pub async fn accept(
    tx: &mut PgConnection,
    staff: StaffId,
    name: &str,
    password_hash: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE staff
        SET state = 'active', name = $2, password_hash = $3, invite_nonce = NULL, invited_until = NULL,
            version = version + 1
        WHERE staff_id = $1
        "#,
        staff as StaffId,
        name,
        password_hash,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes somebody down who is to be invited; whoever was invited at this address before and has not
/// come in gets the new role.
pub async fn insert(
    tx: &mut PgConnection,
    email: &str,
    role: Role,
    now: DateTime<Utc>,
) -> sqlx::Result<StaffId> {
    sqlx::query_scalar!(
        r#"
        INSERT INTO staff (staff_id, email, role, created_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (lower(email)) DO UPDATE SET role = excluded.role
        WHERE staff.state = 'invited'
        RETURNING staff_id AS "id: StaffId"
        "#,
        StaffId::new() as StaffId,
        email,
        role_name(role),
        now,
    )
    .fetch_optional(tx)
    .await?
    .ok_or(sqlx::Error::RowNotFound)
}

/// Gives an invitation a new secret; the one before is void.
pub async fn invite(
    tx: &mut PgConnection,
    staff: StaffId,
    nonce: &[u8],
    until: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE staff SET invite_nonce = $2, invited_until = $3 WHERE staff_id = $1",
        staff as StaffId,
        nonce,
        until,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Address and nonce of an invitation that was not taken yet.
pub async fn invitation(
    conn: &mut PgConnection,
    staff: StaffId,
) -> sqlx::Result<Option<(String, Vec<u8>)>> {
    let row = sqlx::query!(
        r#"
        SELECT email, invite_nonce AS "nonce!"
        FROM staff
        WHERE staff_id = $1 AND state = 'invited' AND invite_nonce IS NOT NULL
        "#,
        staff as StaffId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.email, row.nonce)))
}

/// An invitation that can be taken, locked.
pub async fn lock_invitation(
    tx: &mut PgConnection,
    staff: StaffId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"
        SELECT email, invite_nonce AS "nonce!"
        FROM staff
        WHERE staff_id = $1 AND state = 'invited' AND invited_until > $2 AND invite_nonce IS NOT NULL
        FOR UPDATE
        "#,
        staff as StaffId,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Administrators who may come in, locked: so that the last one stays.
pub async fn lock_admins(tx: &mut PgConnection) -> sqlx::Result<Vec<StaffId>> {
    sqlx::query_scalar!(
        r#"
        SELECT staff_id AS "id: StaffId"
        FROM staff
        WHERE role = 'admin' AND state = 'active'
        ORDER BY staff_id
        FOR UPDATE
        "#,
    )
    .fetch_all(tx)
    .await
}

/// Everybody, or one.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<StaffId>,
) -> sqlx::Result<Vec<StaffMember>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        SELECT staff_id AS "id: StaffId", email, name, role, state, code_secret IS NOT NULL AS "has_code!", version,
            created_at, last_seen_at
        FROM staff
        WHERE $1::uuid IS NULL OR staff_id = $1
        ORDER BY staff_id
        "#,
        only as Option<StaffId>,
    )
    .fetch_all(conn)
    .await?;
    let member = |row: Row| {
        Some(StaffMember {
            id: row.id,
            email: row.email,
            name: row.name,
            role: role_named(&row.role)?,
            state: match row.state.as_str() {
                "invited" => StaffState::Invited,
                "active" => StaffState::Active,
                _ => StaffState::Disabled,
            },
            has_code: row.has_code,
            version: row.version,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
        })
    };
    Ok(rows.into_iter().filter_map(member).collect())
}

/// Changes what somebody is and whether they may come in; the new version.
pub async fn update(
    tx: &mut PgConnection,
    staff: StaffId,
    role: Role,
    is_active: bool,
) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        r#"
        UPDATE staff
        SET role = $2, version = version + 1,
            state = CASE WHEN NOT $3 THEN 'disabled' WHEN password_hash IS NULL THEN 'invited' ELSE 'active' END
        WHERE staff_id = $1
        RETURNING version
        "#,
        staff as StaffId,
        role_name(role),
        is_active,
    )
    .fetch_one(tx)
    .await
}

/// Takes somebody's authenticator and recovery codes away.
pub async fn forget_code(tx: &mut PgConnection, staff: StaffId) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE staff
        SET code_secret = NULL, pending_secret = NULL, version = version + 1
        WHERE staff_id = $1
        "#,
        staff as StaffId,
    )
    .execute(&mut *tx)
    .await?;
    set_recovery_codes(tx, staff, &[]).await
}
