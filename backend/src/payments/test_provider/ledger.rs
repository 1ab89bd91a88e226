//! The test provider's books.

use api_types::{Currency, Money};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    super::provider::{Intent, IntentState, NewIntent},
    TestProvider,
};

/// A line of the books.
pub struct Row {
    reference: String,
    order_ref: String,
    amount_minor: i64,
    currency: Currency,
    state: String,
}

impl TestProvider {
    /// What the shop is told of a line.
    pub fn intent(&self, row: Row) -> Intent {
        let state = match row.state.as_str() {
            "succeeded" => IntentState::Succeeded,
            "failed" => {
                IntentState::Failed("Your card was declined. Nothing was charged.".to_owned())
            }
            "cancelled" => IntentState::Cancelled,
            "requires_action" => {
                let page = format!("api/test-provider/{}", row.reference);
                IntentState::RequiresAction(self.public_url.join(&page).map_or(page, String::from))
            }
            _ => IntentState::Processing,
        };
        Intent {
            reference: row.reference,
            order_ref: row.order_ref,
            amount: Money::new(row.amount_minor, row.currency),
            state,
        }
    }
}

/// Writes an intent, or finds the one that was asked for under the same key.
pub async fn create(
    tx: &mut PgConnection,
    new: &NewIntent,
    state: &str,
    succeeds_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<Row> {
    sqlx::query_as!(
        Row,
        r#"
        INSERT INTO test_provider_intent (intent_ref, idempotency_key, order_ref, amount_minor, currency, card, state,
            return_url, succeeds_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (idempotency_key) DO UPDATE SET idempotency_key = excluded.idempotency_key
        RETURNING intent_ref AS reference, order_ref, amount_minor, currency AS "currency: Currency", state
        "#,
        format!("ti_{}", Uuid::new_v4().simple()),
        new.key,
        new.order_ref,
        new.amount.amount,
        new.amount.currency as Currency,
        new.token,
        state,
        new.return_url,
        succeeds_at,
        now,
    )
    .fetch_one(tx)
    .await
}

/// The intent asked for under a key, as it is now.
pub async fn find(
    tx: &mut PgConnection,
    key: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        r#"
        UPDATE test_provider_intent
        SET state = CASE WHEN state = 'processing' AND succeeds_at <= $2 THEN 'succeeded' ELSE state END
        WHERE idempotency_key = $1
        RETURNING intent_ref AS reference, order_ref, amount_minor, currency AS "currency: Currency", state
        "#,
        key,
        now,
    )
    .fetch_optional(tx)
    .await
}

/// The key under which an intent was asked for, and where its shopper goes back to.
pub async fn by_reference(
    tx: &mut PgConnection,
    reference: &str,
) -> sqlx::Result<Option<(String, String, Money)>> {
    let row = sqlx::query!(
        r#"
        SELECT idempotency_key, return_url, amount_minor, currency AS "currency: Currency"
        FROM test_provider_intent
        WHERE intent_ref = $1
        "#,
        reference,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| {
        (row.idempotency_key, row.return_url, Money::new(row.amount_minor, row.currency))
    }))
}

/// Cancels an intent unless it has ended, and shows it.
pub async fn cancel(
    tx: &mut PgConnection,
    key: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Row>> {
    find(&mut *tx, key, now).await?;
    sqlx::query!(
        "UPDATE test_provider_intent SET state = 'cancelled' WHERE idempotency_key = $1 AND state IN ('requires_action', 'processing')",
        key,
    )
    .execute(&mut *tx)
    .await?;
    find(tx, key, now).await
}

/// Ends an intent that waits for its shopper; false when it does not wait.
pub async fn answer(
    tx: &mut PgConnection,
    reference: &str,
    is_confirmed: bool,
) -> sqlx::Result<bool> {
    let answered = sqlx::query!(
        r#"
        UPDATE test_provider_intent
        SET state = CASE WHEN $2 THEN 'succeeded' ELSE 'failed' END
        WHERE intent_ref = $1 AND state = 'requires_action'
        "#,
        reference,
        is_confirmed,
    )
    .execute(tx)
    .await?;
    Ok(answered.rows_affected() == 1)
}

/// Gives money back once for a key; false when there is no such intent that took money.
pub async fn refund(
    tx: &mut PgConnection,
    reference: &str,
    amount_minor: i64,
    refund_key: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let is_known = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM test_provider_intent WHERE intent_ref = $1 AND state = 'succeeded') AS "is_known!"
        "#,
        reference,
    )
    .fetch_one(&mut *tx)
    .await?;
    if !is_known {
        return Ok(false);
    }
    sqlx::query!(
        r#"
        WITH new AS (
            INSERT INTO test_provider_refund (idempotency_key, intent_ref, amount_minor, created_at)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
            RETURNING amount_minor
        )
        UPDATE test_provider_intent
        SET refunded_minor = refunded_minor + new.amount_minor
        FROM new
        WHERE intent_ref = $2
        "#,
        refund_key,
        reference,
        amount_minor,
        now,
    )
    .execute(tx)
    .await?;
    Ok(true)
}

/// Ends what is due to end, and lists ended intents whose hook was not sent.
pub async fn hooks_due(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<String>> {
    sqlx::query!(
        "UPDATE test_provider_intent SET state = 'succeeded' WHERE state = 'processing' AND succeeds_at <= $1",
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query_scalar!(
        r#"
        SELECT intent_ref
        FROM test_provider_intent
        WHERE hook_sent_at IS NULL AND state IN ('succeeded', 'failed', 'cancelled')
        ORDER BY created_at
        LIMIT 50
        "#,
    )
    .fetch_all(tx)
    .await
}

/// Marks an intent's hook as sent.
pub async fn hook_sent(
    tx: &mut PgConnection,
    reference: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE test_provider_intent SET hook_sent_at = $2 WHERE intent_ref = $1",
        reference,
        now
    )
    .execute(tx)
    .await?;
    Ok(())
}
