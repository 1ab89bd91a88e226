//! Passkeys, and what is remembered while one is made or used.

use api_types::{CustomerId, Passkey, PasskeyId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

/// A passkey as the library wrote it.
pub struct Row {
    /// Which one.
    pub id: PasskeyId,
    /// Whose.
    pub customer_id: CustomerId,
    /// Public key and counter.
    pub credential: Value,
}

/// A ceremony between its two steps.
pub struct Ceremony<'a> {
    /// SHA-256 of its name.
    pub hash: &'a [u8],
    /// Whose; absent when a passkey is to say who signs in.
    pub customer: Option<CustomerId>,
    /// `register` or `sign_in`.
    pub kind: &'static str,
    /// What the library wants back.
    pub state: &'a Value,
    /// Until when its second step may come.
    pub expires_at: DateTime<Utc>,
}

/// Remembers a ceremony until its second step.
pub async fn remember(tx: &mut PgConnection, ceremony: &Ceremony<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO passkey_ceremony (ceremony_hash, customer_id, kind, state, expires_at)
        VALUES ($1, $2, $3, $4, $5)
        "#,
        ceremony.hash,
        ceremony.customer as Option<CustomerId>,
        ceremony.kind,
        ceremony.state,
        ceremony.expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes a ceremony: its second step is taken once.
pub async fn take(
    tx: &mut PgConnection,
    ceremony_hash: &[u8],
    customer: Option<CustomerId>,
    kind: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Value>> {
    sqlx::query_scalar!(
        r#"
        DELETE FROM passkey_ceremony
        WHERE ceremony_hash = $1 AND customer_id IS NOT DISTINCT FROM $2 AND kind = $3 AND expires_at > $4
        RETURNING state
        "#,
        ceremony_hash,
        customer as Option<CustomerId>,
        kind,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Adds a passkey; false when it is there already.
pub async fn insert(
    tx: &mut PgConnection,
    customer: CustomerId,
    passkey: &Passkey,
    credential_id: &[u8],
    credential: &Value,
) -> sqlx::Result<bool> {
    let added = sqlx::query!(
        r#"
        INSERT INTO passkey (passkey_id, customer_id, credential_id, credential, name, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT ON CONSTRAINT passkey_credential_once DO NOTHING
        "#,
        passkey.id as PasskeyId,
        customer as CustomerId,
        credential_id,
        credential,
        passkey.name,
        passkey.created_at,
    )
    .execute(tx)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// A customer's passkeys, the first added first.
pub async fn list(db: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Vec<Passkey>> {
    sqlx::query_as!(
        Passkey,
        r#"
        SELECT passkey_id AS "id: PasskeyId", name, created_at, last_used_at
        FROM passkey
        WHERE customer_id = $1
        ORDER BY created_at, passkey_id
        "#,
        customer as CustomerId,
    )
    .fetch_all(db)
    .await
}

/// The ids by which devices know a customer's passkeys.
pub async fn credential_ids(
    db: &mut PgConnection,
    customer: CustomerId,
) -> sqlx::Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!(
        "SELECT credential_id FROM passkey WHERE customer_id = $1",
        customer as CustomerId
    )
    .fetch_all(db)
    .await
}

/// The passkey that a device knows by that id, locked; its customer has not left.
pub async fn lock(tx: &mut PgConnection, credential_id: &[u8]) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        r#"
        SELECT passkey_id AS "id: PasskeyId", customer_id AS "customer_id: CustomerId", credential
        FROM passkey
        WHERE credential_id = $1
        FOR NO KEY UPDATE
        "#,
        credential_id,
    )
    .fetch_optional(tx)
    .await
}

/// Notes that a passkey signed in, and its counter.
pub async fn used(
    tx: &mut PgConnection,
    id: PasskeyId,
    credential: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE passkey SET credential = $2, last_used_at = $3 WHERE passkey_id = $1",
        id as PasskeyId,
        credential,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Removes a passkey of this customer; false when they have no such passkey.
pub async fn remove(
    tx: &mut PgConnection,
    customer: CustomerId,
    id: PasskeyId,
) -> sqlx::Result<bool> {
    let removed = sqlx::query!(
        "DELETE FROM passkey WHERE passkey_id = $2 AND customer_id = $1",
        customer as CustomerId,
        id as PasskeyId,
    )
    .execute(tx)
    .await?;
    Ok(removed.rows_affected() == 1)
}

/// Forgets ceremonies that were not finished.
pub async fn forget_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let forgotten =
        sqlx::query!("DELETE FROM passkey_ceremony WHERE expires_at < $1", now).execute(tx).await?;
    Ok(forgotten.rows_affected())
}
