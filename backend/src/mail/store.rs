//! Which letters went out, and what letters to staff are about.

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

/// Goods that are missing.
pub struct Loss {
    /// The product.
    pub title: String,
    /// Its article code; empty without one.
    pub sku: String,
    /// Where it lay.
    pub place: String,
    /// Units that orders were promised.
    pub missing: i32,
}

/// What movements say is missing, the most first.
pub async fn losses(conn: &mut PgConnection, movements: &[i64]) -> sqlx::Result<Vec<Loss>> {
    sqlx::query_as!(
        Loss,
        r#"
        SELECT product.title, coalesce(sku, '') AS "sku!", stock_location.title AS place, missing
        FROM stock_movement
        JOIN variant USING (variant_id)
        JOIN product USING (product_id)
        JOIN stock_location USING (location_id)
        WHERE movement_id = ANY($1) AND missing > 0
        ORDER BY missing DESC, movement_id
        "#,
        movements,
    )
    .fetch_all(conn)
    .await
}

/// Numbers of the orders that hold what movements say is missing, the oldest first.
pub async fn orders_of_losses(
    conn: &mut PgConnection,
    movements: &[i64],
) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"
        SELECT DISTINCT number
        FROM stock_movement
        JOIN stock_hold USING (variant_id, location_id)
        JOIN orders ON orders.order_id = stock_hold.order_id
        WHERE movement_id = ANY($1) AND missing > 0 AND state IN ('active', 'converted')
        ORDER BY number
        "#,
        movements,
    )
    .fetch_all(conn)
    .await
}
