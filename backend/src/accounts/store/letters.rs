//! Letters about accounts.

use api_types::{CustomerId, OrderId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::letters::Ask;

/// A letter and what its link is good for.
pub struct Row {
    /// Which one.
    pub letter_id: Uuid,
    /// Whose account, where there is one.
    pub customer_id: Option<CustomerId>,
    /// Where it went.
    pub email: String,
    /// What a new account begins with.
    pub registration: Option<Value>,
    /// Wrong passwords shown with its link.
    pub tries: i32,
    /// Until when its link is good.
    pub expires_at: DateTime<Utc>,
    /// When its link was used.
    pub used_at: Option<DateTime<Utc>>,
}

/// What is needed to send a letter.
pub struct Waiting {
    /// What about.
    pub purpose: String,
    /// Where it goes.
    pub email: String,
    /// Which order's link.
    pub order_id: Option<OrderId>,
}

/// Writes a letter.
pub async fn insert(
    tx: &mut PgConnection,
    id: Uuid,
    ask: &Ask<'_>,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO account_letter (letter_id, purpose, customer_id, email, registration, order_id, created_at,
            expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        id,
        ask.purpose.name(),
        ask.customer as Option<CustomerId>,
        ask.email,
        ask.registration,
        ask.order as Option<OrderId>,
        now,
        expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A letter of that purpose, locked until the transaction ends.
pub async fn lock(tx: &mut PgConnection, id: Uuid, purpose: &str) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        r#"
        SELECT letter_id, customer_id AS "customer_id: CustomerId", email, registration, tries, expires_at, used_at
        FROM account_letter
        WHERE letter_id = $1 AND purpose = $2
        FOR NO KEY UPDATE
        "#,
        id,
        purpose,
    )
    .fetch_optional(tx)
    .await
}

/// A letter to be sent, if it is still worth sending.
pub async fn waiting(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"
        SELECT purpose, email, order_id AS "order_id: OrderId"
        FROM account_letter
        WHERE letter_id = $1 AND used_at IS NULL
        "#,
        id,
    )
    .fetch_optional(db)
    .await
}

/// Uses a link up; what it carried is forgotten.
pub async fn use_up(tx: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE account_letter
        SET used_at = $2, registration = CASE WHEN registration IS NOT NULL THEN '{}'::jsonb END
        WHERE letter_id = $1
        "#,
        id,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts a wrong password shown with a link.
pub async fn count_try(tx: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("UPDATE account_letter SET tries = tries + 1 WHERE letter_id = $1", id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Uses up every other link that a customer was sent for a purpose.
pub async fn void_others(
    tx: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE account_letter
        SET used_at = $2
        WHERE customer_id = $1 AND purpose IN ('password', 'email') AND used_at IS NULL
        "#,
        customer as CustomerId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets letters whose time is over; how many.
pub async fn forget_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let forgotten =
        sqlx::query!("DELETE FROM account_letter WHERE expires_at < $1", now).execute(tx).await?;
    Ok(forgotten.rows_affected())
}
