//! Keys of programs.

use api_types::{ApiKey, ApiKeyId, Permission, StaffId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::super::permission;

/// A key that works.
pub struct Row {
    /// Which one.
    pub id: ApiKeyId,
    /// Names of what it may.
    pub permissions: Vec<String>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// The key of a secret, unless it was revoked.
pub async fn find(conn: &mut PgConnection, secret_hash: &[u8; 32]) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        r#"
        SELECT api_key_id AS "id: ApiKeyId", permissions, last_used_at
        FROM api_key
        WHERE secret_hash = $1 AND revoked_at IS NULL
        "#,
        &secret_hash[..],
    )
    .fetch_optional(conn)
    .await
}

/// Notes that a key was used.
pub async fn note(tx: &mut PgConnection, id: ApiKeyId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("UPDATE api_key SET last_used_at = $2 WHERE api_key_id = $1", id as ApiKeyId, now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes a key down, without its secret.
pub async fn insert(
    tx: &mut PgConnection,
    key: &ApiKey,
    secret_hash: &[u8; 32],
    made_by: StaffId,
) -> sqlx::Result<()> {
    let permissions: Vec<_> =
        key.permissions.iter().map(|it| permission::name(*it).to_owned()).collect();
    sqlx::query!(
        r#"
        INSERT INTO api_key (api_key_id, name, secret_hash, ending, permissions, made_by, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        "#,
        key.id as ApiKeyId,
        key.name,
        &secret_hash[..],
        key.ending,
        &permissions,
        made_by as StaffId,
        key.created_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Every key there ever was, newest first.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<ApiKey>> {
    let rows = sqlx::query!(
        r#"
        SELECT api_key_id AS "id: ApiKeyId", name, ending, permissions, created_at, last_used_at, revoked_at
        FROM api_key
        ORDER BY api_key_id DESC
        "#,
    )
    .fetch_all(conn)
    .await?;
    let key = |row: Vec<String>| -> Vec<Permission> {
        row.iter().filter_map(|name| permission::named(name)).collect()
    };
    Ok(rows
        .into_iter()
        .map(|row| ApiKey {
            id: row.id,
            name: row.name,
            ending: row.ending,
            permissions: key(row.permissions),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        })
        .collect())
}

/// Revokes a key; `None` when there is none, whether it worked otherwise.
pub async fn revoke(
    tx: &mut PgConnection,
    id: ApiKeyId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<bool>> {
    let was = sqlx::query_scalar!(
        r#"SELECT revoked_at IS NULL AS "works!" FROM api_key WHERE api_key_id = $1 FOR UPDATE"#,
        id as ApiKeyId,
    )
    .fetch_optional(&mut *tx)
    .await?;
    if was == Some(true) {
        sqlx::query!(
            "UPDATE api_key SET revoked_at = $2 WHERE api_key_id = $1",
            id as ApiKeyId,
            now
        )
        .execute(tx)
        .await?;
    }
    Ok(was)
}
