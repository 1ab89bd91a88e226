//! Money on its way back.

use api_types::{
    Currency, Money, OrderId, PaymentId, RefundId,
    admin::{PaymentCase, Refund, RefundState},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// The provider of money that staff say has come.
pub const BY_HAND: &str = "manual";

/// A refund that the provider has not made yet.
pub struct Due {
    /// The order that it is for.
    pub order_id: OrderId,
    /// The payment that it is taken from.
    pub payment_id: PaymentId,
    /// Who took it.
    pub provider: String,
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
            provider, provider_ref AS "provider_ref!", refund.amount_minor, currency AS "currency: Currency"
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

/// What of an order's money has come and is not on its way back, in minor units.
pub async fn refundable(tx: &mut PgConnection, order: OrderId) -> sqlx::Result<i64> {
    let left = sqlx::query_scalar!(
        r#"
        SELECT captured_minor - refunded_minor - refunding_minor AS "left!"
        FROM payment
        WHERE order_id = $1
        FOR NO KEY UPDATE
        "#,
        order as OrderId,
    )
    .fetch_optional(tx)
    .await?;
    Ok(left.unwrap_or(0))
}

/// A refund about to be claimed.
pub struct NewRefund<'a> {
    /// How much, in minor units.
    pub amount: i64,
    /// Why.
    pub reason: &'a str,
    /// Who asks for it.
    pub made_by: &'a str,
    /// Whether it waits for a second person.
    pub state: RefundState,
}

/// Claims a part of what an order has captured, in one statement; `None` when less is left.
pub async fn claim_part(
    tx: &mut PgConnection,
    order: OrderId,
    new: &NewRefund<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        r#"
        WITH claimed AS (
            UPDATE payment
            SET refunding_minor = refunding_minor + $3
            WHERE order_id = $1 AND captured_minor - refunded_minor - refunding_minor >= $3
            RETURNING payment_id
        )
        INSERT INTO refund (refund_id, payment_id, attempt_id, amount_minor, reason, made_by, state, created_at)
        SELECT $2, payment_id, attempt_id, $3, $4, $5, $6, $7
        FROM claimed
        JOIN payment_attempt USING (payment_id)
        WHERE payment_attempt.state = 'captured'
        LIMIT 1
        RETURNING refund_id
        "#,
        order as OrderId,
        Uuid::now_v7(),
        new.amount,
        new.reason,
        new.made_by,
        new.state as RefundState,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// Decides on a refund that waits for a second person; one that is declined gives its claim back. False when it waits
/// for nobody.
pub async fn decide(
    tx: &mut PgConnection,
    id: RefundId,
    to: RefundState,
    by: &str,
) -> sqlx::Result<bool> {
    let decided = sqlx::query!(
        r#"
        UPDATE refund
        SET state = $2, decided_by = $3
        WHERE refund_id = $1 AND state = 'awaiting'
        RETURNING payment_id, amount_minor
        "#,
        id as RefundId,
        to as RefundState,
        by,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(decided) = decided else { return Ok(false) };
    if to == RefundState::Declined {
        sqlx::query!(
            "UPDATE payment SET refunding_minor = refunding_minor - $2 WHERE payment_id = $1",
            decided.payment_id,
            decided.amount_minor,
        )
        .execute(tx)
        .await?;
    }
    Ok(true)
}

/// Refunds of an order, or one.
pub async fn refunds(
    conn: &mut PgConnection,
    order: Option<OrderId>,
    only: Option<RefundId>,
) -> sqlx::Result<Vec<Refund>> {
    let rows = sqlx::query!(
        r#"
        SELECT refund_id AS "id: RefundId", refund.amount_minor, currency AS "currency: Currency", reason,
            state AS "state: RefundState", made_by, decided_by, refund.created_at, settled_at
        FROM refund
        JOIN payment USING (payment_id)
        WHERE ($1::uuid IS NULL OR order_id = $1) AND ($2::uuid IS NULL OR refund_id = $2)
        ORDER BY refund_id
        "#,
        order as Option<OrderId>,
        only as Option<RefundId>,
    )
    .fetch_all(conn)
    .await?;
    let refund = rows.into_iter().map(|row| Refund {
        id: row.id,
        amount: Money::new(row.amount_minor, row.currency),
        reason: row.reason,
        state: row.state,
        made_by: row.made_by,
        decided_by: row.decided_by,
        created_at: row.created_at,
        settled_at: row.settled_at,
    });
    Ok(refund.collect())
}

/// Refunds of an order, the oldest first.
pub async fn refunds_of(conn: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Refund>> {
    refunds(conn, Some(order), None).await
}

/// Books an order's money as come, by an attempt that staff vouch for.
pub async fn take_by_hand(
    tx: &mut PgConnection,
    order: OrderId,
    reference: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH taken AS (
            UPDATE payment
            SET authorized_minor = amount_minor, captured_minor = amount_minor
            WHERE order_id = $1
            RETURNING payment_id
        )
        INSERT INTO payment_attempt (attempt_id, payment_id, number, provider, provider_ref, state, created_at,
            updated_at, check_at)
        SELECT $2, payment_id,
            1 + (SELECT count(*) FROM payment_attempt WHERE payment_attempt.payment_id = taken.payment_id),
            $3, $4 || ' / ' || $1::text, 'captured', $5, $5, $5
        FROM taken
        "#,
        order as OrderId,
        Uuid::now_v7(),
        BY_HAND,
        reference,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Money that came and has no order to go to, the newest first.
pub async fn cases(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<PaymentCase>> {
    let rows = sqlx::query!(
        r#"
        SELECT order_id AS "order_id: OrderId", payment_case.amount_minor, payment_case.currency AS "currency: Currency",
            reason, payment_case.state, payment_case.created_at
        FROM payment_case
        JOIN payment_attempt USING (attempt_id)
        JOIN payment USING (payment_id)
        ORDER BY case_id DESC
        LIMIT $1
        "#,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let case = rows.into_iter().map(|row| PaymentCase {
        order_id: row.order_id,
        amount: Money::new(row.amount_minor, row.currency),
        reason: row.reason,
        state: row.state,
        created_at: row.created_at,
    });
    Ok(case.collect())
}
