//! Giving money back: claimed in the shop's books first, then asked of the provider, then booked.

use api_types::{Currency, Money, OrderId, PaymentId};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::store;
use crate::{
    App,
    events::{self, Topic},
    orders,
};

struct Due {
    order_id: OrderId,
    payment_id: PaymentId,
    provider_ref: String,
    amount_minor: i64,
    currency: Currency,
}

/// Claims all that an order has captured and not yet given back; the outbox sends it. The
/// order's row must be locked by this transaction.
pub async fn refund_all(
    tx: &mut PgConnection,
    order: OrderId,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let claimed = sqlx::query_scalar!(
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
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(refund) = claimed {
        events::record(tx, Topic::RefundDue, refund, &json!({ "refund_id": refund }), now).await?;
    }
    Ok(())
}

/// The job that sends one refund and books it; doing it again changes nothing.
pub async fn refund(app: &App, payload: &Value) -> anyhow::Result<()> {
    let id: Uuid = serde_json::from_value(payload["refund_id"].clone())?;
    let Some(due) = app.db.read(async |conn| pending(conn, id).await).await? else { return Ok(()) };
    let amount = Money::new(due.amount_minor, due.currency);
    app.provider.refund(&due.provider_ref, amount, &format!("refund:{id}")).await?;
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let Some(order) = orders::head(&mut *tx, due.order_id, true).await? else {
                return Ok(());
            };
            if !book(&mut *tx, id, due.payment_id, due.amount_minor, now).await? {
                return Ok(());
            }
            let refunded = order.refunded_minor + due.amount_minor;
            let status =
                orders::status::payment_status(order.total_minor, order.paid_minor, refunded);
            orders::set_money(&mut *tx, order.id, order.paid_minor, refunded, status).await?;
            orders::note_event(tx, order.id, "refunded", &format!("{amount} sent back."), now).await
        })
        .await?;
    Ok(())
}

async fn pending(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Due>> {
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
async fn book(
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

/// The job that gives back money which no order could take.
pub async fn return_unallocated(app: &App, payload: &Value) -> anyhow::Result<()> {
    let attempt: Uuid = serde_json::from_value(payload["attempt_id"].clone())?;
    let open = app.db.read(async |conn| store::open_case(conn, attempt).await).await?;
    let Some((reference, amount_minor, currency)) = open else { return Ok(()) };
    let amount = Money::new(amount_minor, currency);
    app.provider.refund(&reference, amount, &format!("case:{attempt}")).await?;
    let now = app.clock.now();
    app.db.write(async |tx| store::close_case(tx, attempt, now).await).await?;
    Ok(())
}
