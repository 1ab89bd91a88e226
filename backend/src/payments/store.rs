//! Payments, attempts, refunds and what providers told us.

mod refunds;

use api_types::{Currency, Money, OrderId, PaymentId};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::texts;

pub use refunds::{
    BY_HAND, Due, NewRefund, book_refund, cases, claim_part, claim_refund, decide, due_refund,
    refundable, refunds, refunds_of, take_by_hand,
};

/// Names one attempt to take money.
pub type AttemptId = Uuid;

/// One attempt to take money, with the payment that it is for.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Which one.
    pub id: AttemptId,
    /// The payment it is for.
    pub payment_id: PaymentId,
    /// The order it is for.
    pub order_id: OrderId,
    /// Counts attempts of the payment, from 1.
    pub number: i32,
    /// `created`, `requires_action`, `captured`, `failed` or `cancelled`.
    pub state: String,
    /// What was asked for, minor units.
    pub amount_minor: i64,
    /// Currency of that.
    pub currency: Currency,
    /// How often the reconciler asked.
    pub checks: i32,
}

impl Attempt {
    /// The key that names it to the provider.
    pub fn key(&self) -> String {
        format!("order:{}:v{}", self.order_id, self.number)
    }

    /// Whether it can still take money.
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "created" | "requires_action")
    }
}

/// Writes the payment of a new order.
pub async fn insert_payment(
    tx: &mut PgConnection,
    order: OrderId,
    amount_minor: i64,
    currency: Currency,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO payment (payment_id, order_id, currency, amount_minor, created_at) VALUES ($1, $2, $3, $4, $5)",
        PaymentId::new() as PaymentId,
        order as OrderId,
        currency as Currency,
        amount_minor,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes the next attempt of an order's payment; refused by `payment_attempt_one_open` while one is open.
pub async fn insert_attempt(
    tx: &mut PgConnection,
    order: OrderId,
    provider: &str,
    now: DateTime<Utc>,
    check_at: DateTime<Utc>,
) -> sqlx::Result<AttemptId> {
    sqlx::query_scalar!(
        r#"
        INSERT INTO payment_attempt (attempt_id, payment_id, number, provider, state, created_at, updated_at, check_at)
        SELECT $1, payment_id, 1 + (SELECT count(*) FROM payment_attempt WHERE payment_attempt.payment_id = payment.payment_id),
            $3, 'created', $4, $4, $5
        FROM payment
        WHERE order_id = $2
        RETURNING attempt_id
        "#,
        Uuid::now_v7(),
        order as OrderId,
        provider,
        now,
        check_at,
    )
    .fetch_one(tx)
    .await
}

/// An attempt, if there is such.
pub async fn attempt(db: &mut PgConnection, id: AttemptId) -> sqlx::Result<Option<Attempt>> {
    sqlx::query_as!(
        Attempt,
        r#"
        SELECT attempt_id AS id, payment_id AS "payment_id: PaymentId", order_id AS "order_id: OrderId", number, state,
            amount_minor, currency AS "currency: Currency", checks
        FROM payment_attempt
        JOIN payment USING (payment_id)
        WHERE attempt_id = $1
        "#,
        id,
    )
    .fetch_optional(db)
    .await
}

/// The attempt of an order that can still take money, if any can.
pub async fn open_attempt(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<Option<AttemptId>> {
    sqlx::query_scalar!(
        r#"
        SELECT attempt_id
        FROM payment_attempt
        JOIN payment USING (payment_id)
        WHERE order_id = $1 AND state IN ('created', 'requires_action')
        "#,
        order as OrderId,
    )
    .fetch_optional(db)
    .await
}

/// Why the last attempt of an order took no money, as its shopper was told.
pub async fn last_failure(db: &mut PgConnection, order: OrderId) -> sqlx::Result<String> {
    let reason = sqlx::query_scalar!(
        r#"
        SELECT failure
        FROM payment_attempt
        JOIN payment USING (payment_id)
        WHERE order_id = $1
        ORDER BY number DESC
        LIMIT 1
        "#,
        order as OrderId,
    )
    .fetch_optional(db)
    .await?;
    Ok(reason.flatten().unwrap_or_else(|| texts::order_payment_called_off().to_owned()))
}

/// The attempt that is named to a provider by a key, if it is one of ours.
pub async fn attempt_of_key(db: &mut PgConnection, key: &str) -> sqlx::Result<Option<AttemptId>> {
    let named = key.strip_prefix("order:").and_then(|rest| rest.split_once(":v"));
    let parsed = named.and_then(|(order, number)| {
        Some((order.parse::<OrderId>().ok()?, number.parse::<i32>().ok()?))
    });
    let Some((order, number)) = parsed else { return Ok(None) };
    sqlx::query_scalar!(
        r#"
        SELECT attempt_id
        FROM payment_attempt
        JOIN payment USING (payment_id)
        WHERE order_id = $1 AND number = $2
        "#,
        order as OrderId,
        number,
    )
    .fetch_optional(db)
    .await
}

/// Locks the payment until the transaction ends.
pub async fn lock_payment(tx: &mut PgConnection, id: PaymentId) -> sqlx::Result<()> {
    sqlx::query!("SELECT FROM payment WHERE payment_id = $1 FOR NO KEY UPDATE", id as PaymentId)
        .fetch_one(tx)
        .await?;
    Ok(())
}

/// Where an attempt has come to.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// `created`, `requires_action`, `captured`, `failed` or `cancelled`.
    pub state: &'a str,
    /// What the provider calls it, when it has said so.
    pub reference: Option<&'a str>,
    /// Where to confirm it, or why it failed.
    pub detail: Option<&'a str>,
}

/// Writes how far along an attempt is.
pub async fn set_attempt(
    tx: &mut PgConnection,
    id: AttemptId,
    step: Step<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE payment_attempt
        SET state = $2, provider_ref = COALESCE($3, provider_ref), updated_at = $5,
            redirect_url = CASE WHEN $2 = 'requires_action' THEN $4 ELSE redirect_url END,
            failure = CASE WHEN $2 = 'failed' THEN $4 ELSE failure END
        WHERE attempt_id = $1
        "#,
        id,
        step.state,
        step.reference,
        step.detail,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Asks after an attempt again later.
pub async fn check_later(
    tx: &mut PgConnection,
    id: AttemptId,
    check_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE payment_attempt SET check_at = $2, checks = checks + 1 WHERE attempt_id = $1",
        id,
        check_at
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Up to 50 open attempts that it is time to ask after.
pub async fn due_attempts(
    db: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<AttemptId>> {
    sqlx::query_scalar!(
        r#"
        SELECT attempt_id
        FROM payment_attempt
        WHERE state IN ('created', 'requires_action') AND check_at <= $1
        ORDER BY check_at
        LIMIT 50
        "#,
        now,
    )
    .fetch_all(db)
    .await
}

/// Adds captured money to a payment and answers with all that it has captured.
pub async fn capture(tx: &mut PgConnection, id: PaymentId, amount_minor: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        UPDATE payment
        SET authorized_minor = authorized_minor + $2, captured_minor = captured_minor + $2
        WHERE payment_id = $1
        RETURNING captured_minor
        "#,
        id as PaymentId,
        amount_minor,
    )
    .fetch_one(tx)
    .await
}

/// Keeps what a provider told us; false when it told us before.
pub async fn insert_event(
    tx: &mut PgConnection,
    provider: &str,
    event: &str,
    body: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let kept = sqlx::query!(
        r#"
        INSERT INTO payment_event (provider, event_id, body, received_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        "#,
        provider,
        event,
        body,
        now,
    )
    .execute(tx)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Marks what a provider told us as handled.
pub async fn event_processed(
    tx: &mut PgConnection,
    provider: &str,
    event: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE payment_event SET processed_at = $3 WHERE provider = $1 AND event_id = $2 AND processed_at IS NULL",
        provider,
        event,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Opens a case for money that no order can take; false when there is one.
pub async fn insert_case(
    tx: &mut PgConnection,
    attempt: &Attempt,
    amount: Money,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let opened = sqlx::query!(
        r#"
        INSERT INTO payment_case (case_id, attempt_id, amount_minor, currency, reason, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT ON CONSTRAINT payment_case_once DO NOTHING
        "#,
        Uuid::now_v7(),
        attempt.id,
        amount.amount,
        amount.currency as Currency,
        reason,
        now,
    )
    .execute(tx)
    .await?;
    Ok(opened.rows_affected() == 1)
}

/// An open case's money: what the provider calls the attempt, how much, which currency.
pub async fn open_case(
    db: &mut PgConnection,
    attempt: AttemptId,
) -> sqlx::Result<Option<(String, i64, Currency)>> {
    let row = sqlx::query!(
        r#"
        SELECT provider_ref AS "provider_ref!", payment_case.amount_minor, payment_case.currency AS "currency: Currency"
        FROM payment_case
        JOIN payment_attempt USING (attempt_id)
        WHERE attempt_id = $1 AND payment_case.state = 'open' AND provider_ref IS NOT NULL
        "#,
        attempt,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.provider_ref, row.amount_minor, row.currency)))
}

/// Closes a case whose money went back.
pub async fn close_case(
    tx: &mut PgConnection,
    attempt: AttemptId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE payment_case SET state = 'refunded', closed_at = $2 WHERE attempt_id = $1 AND state = 'open'",
        attempt,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}
