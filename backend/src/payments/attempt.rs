//! Asking a provider for the money of one order.

use api_types::{Money, OrderId};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{
    provider::{IntentState, NewIntent, ProviderError},
    settle::{self, Outcome},
    store::{self, AttemptId},
};
use crate::{App, http::Result, texts};

/// When the reconciler first asks after an attempt that nobody has told us of.
const FIRST_CHECK: TimeDelta = TimeDelta::seconds(15);

/// What came of asking for money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paid {
    /// The money is ours, and the order is placed.
    Placed,
    /// The shopper must confirm at this address.
    RequiresAction(String),
    /// Nobody knows yet; hook, return or reconciler will tell.
    Pending,
    /// It is not; in words for the shopper.
    Failed(String),
}

/// Writes an attempt for an order, in the transaction that makes or locks the order.
pub async fn begin(
    tx: &mut PgConnection,
    order: OrderId,
    provider: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<AttemptId> {
    store::insert_attempt(tx, order, provider, now, now + FIRST_CHECK).await
}

/// Asks the provider for an attempt's money; outside any transaction.
pub async fn pay(app: &App, id: AttemptId, token: &str, return_url: String) -> Result<Paid> {
    let Some(attempt) = app.db.read(async |conn| store::attempt(conn, id).await).await? else {
        return Ok(Paid::Pending);
    };
    let new = NewIntent {
        key: attempt.key(),
        order_ref: attempt.order_id.to_string(),
        amount: Money::new(attempt.amount_minor, attempt.currency),
        token: token.to_owned(),
        return_url,
    };
    let answer =
        tokio::time::timeout(app.config.checkout.provider_timeout, app.provider.create(&new)).await;
    let outcome = match answer.unwrap_or(Err(ProviderError::TimedOut)) {
        Ok(intent) => settle::apply(app, &attempt, intent).await?,
        Err(ProviderError::Refused(reason)) => {
            tracing::warn!(order.id = %attempt.order_id, "the provider refused an attempt: {reason}");
            settle::give_up(app, &attempt, texts::order_payment_refused()).await?
        }
        Err(error) => {
            tracing::warn!(order.id = %attempt.order_id, "an attempt is unanswered: {error}");
            Outcome::Waiting(IntentState::Processing)
        }
    };
    Ok(match outcome {
        Outcome::Placed => Paid::Placed,
        Outcome::Waiting(IntentState::RequiresAction(url)) => Paid::RequiresAction(url),
        Outcome::Waiting(_) | Outcome::Unallocated => Paid::Pending,
        Outcome::Failed(reason) => Paid::Failed(reason),
    })
}

/// Whether an attempt of an order can still take money.
pub async fn has_open_attempt(db: &mut PgConnection, order: OrderId) -> sqlx::Result<bool> {
    Ok(store::open_attempt(db, order).await?.is_some())
}

/// Asks the provider to take an order's open attempt back, and settles what came of it.
pub async fn stop_open_attempt(app: &App, order: OrderId) -> Result<()> {
    let open = app
        .db
        .read(async |conn| match store::open_attempt(&mut *conn, order).await? {
            Some(id) => store::attempt(conn, id).await,
            None => Ok(None),
        })
        .await?;
    let Some(attempt) = open else { return Ok(()) };
    let answer = tokio::time::timeout(
        app.config.checkout.provider_timeout,
        app.provider.cancel(&attempt.key()),
    )
    .await;
    match answer.unwrap_or(Err(ProviderError::TimedOut)) {
        Ok(Some(intent)) => settle::apply(app, &attempt, intent).await.map(drop),
        // The provider never heard of it, so it cannot take money any more: the key is ours alone.
        Ok(None) => {
            settle::give_up(app, &attempt, texts::order_payment_not_begun()).await.map(drop)
        }
        Err(error) => {
            tracing::warn!(order.id = %order, "an attempt could not be taken back: {error}");
            Ok(())
        }
    }
}
