//! Money on its way back.

use api_types::{Currency, OrderId, PaymentId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A refund that the provider has not made yet.
pub struct Due {
    /// The order that it is for.
    pub order_id: OrderId,
    /// The payment that it is taken from.
    pub payment_id: PaymentId,
    /// That payment at the provider.
    pub provider_ref: String,
    /// How much.
    pub amount_minor: i64,
    /// Its currency.
    pub currency: Currency,
}

/// Claims all that an order has captured and not yet given back, in one statement; the refund that it
/// is now, if there was anything to give.
pub async fn claim_refund(
    tx: &mut PgConnection,
    order: OrderId,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        r#"
        WITH before AS (
            SELECT payment_id, captured_minor - refunded_minor - refunding_minor AS amount_minor
            FROM payment
            WHERE order_id = $1 AND captured_minor > refunded_minor + refunding_minor
            FOR NO KEY UPDATE
        ), claimed AS (
            UPDATE payment
            SET refunding_minor = refunding_minor + before.amount_minor
            FROM before
            WHERE payment.payment_id = before.payment_id
        )
        INSERT INTO refund (refund_id, payment_id, attempt_id, amount_minor, reason, created_at)
        SELECT $2, payment_id, attempt_id, amount_minor, $3, $4
        FROM before
        JOIN payment_attempt USING (payment_id)
        WHERE state = 'captured'
        LIMIT 1
        RETURNING refund_id
        "#,
        order as OrderId,
        Uuid::now_v7(),
        reason,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// A refund that waits; `None` when it is booked or was never claimed.
pub async fn due_refund(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Due>> {
    sqlx::query_as!(
        Due,
        r#"
        SELECT order_id AS "order_id: OrderId", refund.payment_id AS "payment_id: PaymentId",
            provider_ref AS "provider_ref!", refund.amount_minor, currency AS "currency: Currency"
        FROM refund
        JOIN payment ON payment.payment_id = refund.payment_id
        JOIN payment_attempt USING (attempt_id)
        WHERE refund_id = $1 AND refund.state = 'pending' AND provider_ref IS NOT NULL
        "#,
        id,
    )
    .fetch_optional(db)
    .await
}

/// Books a refund that the provider has made; false when it was booked before.
pub async fn book_refund(
    tx: &mut PgConnection,
    id: Uuid,
    payment: PaymentId,
    amount_minor: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let booked = sqlx::query!(
        "UPDATE refund SET state = 'succeeded', settled_at = $2 WHERE refund_id = $1 AND state = 'pending'",
        id,
        now,
    )
    .execute(&mut *tx)
    .await?;
    if booked.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        r#"
        UPDATE payment
        SET refunding_minor = refunding_minor - $2, refunded_minor = refunded_minor + $2
        WHERE payment_id = $1
        "#,
        payment as PaymentId,
        amount_minor,
    )
    .execute(tx)
    .await?;
    Ok(true)
}
