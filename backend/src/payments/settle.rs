//! The only place where money state moves.

use api_types::{Money, OrderId, OrderStatus};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{
    provider::{Intent, IntentState, ProviderError},
    store::{self, Attempt, AttemptId, Step},
};
use crate::{
    App,
    events::{self, Topic},
    http::{ApiError, Result},
    inventory, orders, texts,
};

/// What is true after settling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The money is ours, and the order is placed.
    Placed,
    /// The provider is not done.
    Waiting(IntentState),
    /// There is no money; in words for the shopper.
    Failed(String),
    /// The money came, and no order can take it: a case was opened, and it goes back.
    Unallocated,
}

/// Asks the provider what became of an attempt, and makes that true here.
pub async fn settle(app: &App, id: AttemptId) -> Result<Option<Outcome>> {
    let Some(attempt) = app.db.read(async |conn| store::attempt(conn, id).await).await? else {
        return Ok(None);
    };
    let answer = tokio::time::timeout(
        app.config.checkout.provider_timeout,
        app.provider.find(&attempt.key()),
    )
    .await;
    match answer.unwrap_or(Err(ProviderError::TimedOut)) {
        Ok(Some(intent)) => apply(app, &attempt, intent).await.map(Some),
        // It never arrived there; it may still be on its way, so only time ends it.
        Ok(None) => later(app, &attempt).await.map(|()| None),
        Err(error) => {
            tracing::warn!(order.id = %attempt.order_id, "a payment could not be asked after: {error}");
            later(app, &attempt).await.map(|()| None)
        }
    }
}

/// Makes true here what the provider says of an attempt; saying it again changes nothing.
pub async fn apply(app: &App, attempt: &Attempt, intent: Intent) -> Result<Outcome> {
    app.db
        .write(async |tx| {
            orders::head(&mut *tx, attempt.order_id, true).await?;
            store::lock_payment(&mut *tx, attempt.payment_id).await?;
            let Some(attempt) = store::attempt(&mut *tx, attempt.id).await? else {
                return Err(ApiError::NotFound("payment"));
            };
            match attempt.state.as_str() {
                "captured" => captured_before(tx, &attempt).await,
                "failed" | "cancelled" if intent.state != IntentState::Succeeded => {
                    Ok(Outcome::Failed(words(&intent.state)))
                }
                _ => moved(app, tx, &attempt, intent).await,
            }
        })
        .await
}

async fn captured_before(tx: &mut PgConnection, attempt: &Attempt) -> Result<Outcome> {
    let is_unallocated = store::open_case(&mut *tx, attempt.id).await?.is_some();
    let order =
        orders::head(tx, attempt.order_id, false).await?.ok_or(ApiError::NotFound("order"))?;
    let has_order =
        matches!(order.status, OrderStatus::Placed | OrderStatus::OnHold | OrderStatus::Completed);
    Ok(if has_order && !is_unallocated { Outcome::Placed } else { Outcome::Unallocated })
}

async fn moved(
    app: &App,
    tx: &mut PgConnection,
    attempt: &Attempt,
    intent: Intent,
) -> Result<Outcome> {
    let now = app.clock.now();
    let reference = Some(intent.reference.as_str());
    match &intent.state {
        IntentState::Succeeded => captured(app, tx, attempt, &intent).await,
        IntentState::RequiresAction(url) => {
            store::set_attempt(
                tx,
                attempt.id,
                Step { state: "requires_action", reference, detail: Some(url) },
                now,
            )
            .await?;
            Ok(Outcome::Waiting(intent.state))
        }
        IntentState::Processing => {
            store::set_attempt(
                tx,
                attempt.id,
                Step { state: "created", reference, detail: None },
                now,
            )
            .await?;
            Ok(Outcome::Waiting(intent.state))
        }
        IntentState::Failed(reason) => {
            failed(tx, attempt, reference, reason, now).await?;
            Ok(Outcome::Failed(reason.clone()))
        }
        IntentState::Cancelled => {
            store::set_attempt(
                tx,
                attempt.id,
                Step { state: "cancelled", reference, detail: None },
                now,
            )
            .await?;
            Ok(Outcome::Failed(words(&intent.state)))
        }
    }
}

/// The money is ours: it goes to the order if that still waits for it, else back.
async fn captured(
    app: &App,
    tx: &mut PgConnection,
    attempt: &Attempt,
    intent: &Intent,
) -> Result<Outcome> {
    let now = app.clock.now();
    let order = orders::head(&mut *tx, attempt.order_id, false)
        .await?
        .ok_or(ApiError::NotFound("order"))?;
    store::set_attempt(
        &mut *tx,
        attempt.id,
        Step { state: "captured", reference: Some(&intent.reference), detail: None },
        now,
    )
    .await?;
    let asked = Money::new(attempt.amount_minor, attempt.currency);
    if let Some(reason) = mismatch(attempt, intent, asked, order.status) {
        tracing::error!(order.id = %order.id, "money came that the order cannot take: {reason}");
        store::insert_case(&mut *tx, attempt, intent.amount, reason, now).await?;
        let payload = json!({ "attempt_id": attempt.id });
        events::record(tx, Topic::PaymentUnallocated, attempt.id, &payload, now).await?;
        return Ok(Outcome::Unallocated);
    }
    let paid = store::capture(&mut *tx, attempt.payment_id, asked.amount).await?;
    let status = orders::status::payment_status(order.total_minor, paid, order.refunded_minor);
    orders::set_money(&mut *tx, order.id, paid, order.refunded_minor, status).await?;
    orders::note_event(&mut *tx, order.id, "payment_received", &texts::order_received(asked), now)
        .await?;
    place(tx, order.id, now).await?;
    Ok(Outcome::Placed)
}

/// Makes a pending order a placed one: its goods are kept for it, and whoever listens is told.
pub async fn place(tx: &mut PgConnection, order: OrderId, now: DateTime<Utc>) -> Result<()> {
    orders::mark_placed(&mut *tx, order, now).await?;
    orders::note_event(&mut *tx, order, "placed", texts::order_placed(), now).await?;
    events::record(&mut *tx, Topic::OrderPlaced, order.0, &json!({ "order_id": order }), now)
        .await?;
    inventory::commit(tx, order).await?;
    Ok(())
}

fn mismatch(
    attempt: &Attempt,
    intent: &Intent,
    asked: Money,
    status: OrderStatus,
) -> Option<&'static str> {
    if intent.order_ref != attempt.order_id.to_string() {
        Some("it was paid for another order")
    } else if intent.amount != asked {
        Some("it is another amount than was asked for")
    } else if status != OrderStatus::PendingPayment {
        Some("the order had ended before it came")
    } else {
        None
    }
}

/// Ends an attempt that the provider will not carry out.
pub async fn give_up(app: &App, attempt: &Attempt, reason: &str) -> Result<Outcome> {
    app.db
        .write(async |tx| {
            orders::head(&mut *tx, attempt.order_id, true).await?;
            store::lock_payment(&mut *tx, attempt.payment_id).await?;
            let now_is = store::attempt(&mut *tx, attempt.id).await?;
            if now_is.is_some_and(|attempt| attempt.is_open()) {
                failed(tx, attempt, None, reason, app.clock.now()).await?;
            }
            Ok(Outcome::Failed(reason.to_owned()))
        })
        .await
}

async fn failed(
    tx: &mut PgConnection,
    attempt: &Attempt,
    reference: Option<&str>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let step = Step { state: "failed", reference, detail: Some(reason) };
    store::set_attempt(&mut *tx, attempt.id, step, now).await?;
    orders::note_event(tx, attempt.order_id, "payment_failed", reason, now).await?;
    Ok(())
}

async fn later(app: &App, attempt: &Attempt) -> Result<()> {
    let step = app.config.checkout.reconcile_every
        * u32::try_from(attempt.checks.clamp(1, 10)).unwrap_or(1);
    let check_at = app.clock.now() + step;
    app.db.write(async |tx| store::check_later(tx, attempt.id, check_at).await).await?;
    Ok(())
}

fn words(state: &IntentState) -> String {
    match state {
        IntentState::Failed(reason) => reason.clone(),
        _ => texts::order_payment_called_off().to_owned(),
    }
}

/// Asks after every open attempt that is due; how many. One that cannot be settled does not
/// keep the others waiting.
pub async fn reconcile(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = app.db.read(async |conn| store::due_attempts(conn, now).await).await?;
    for id in &due {
        if let Err(error) = ask_after(app, *id).await {
            tracing::error!(attempt.id = %id, "a payment could not be settled: {error:#}");
        }
    }
    Ok(due.len())
}

async fn ask_after(app: &App, id: AttemptId) -> Result<()> {
    if let Some(Outcome::Waiting(_)) = settle(app, id).await?
        && let Some(attempt) = app.db.read(async |conn| store::attempt(conn, id).await).await?
    {
        later(app, &attempt).await?;
    }
    Ok(())
}

/// The job that a provider's hook leaves behind. The provider is asked for the key, since its
/// name for an attempt that it never answered is not in our books.
pub async fn settle_job(app: &App, payload: &Value) -> anyhow::Result<()> {
    let (provider, event, reference) =
        (text(payload, "provider")?, text(payload, "event_id")?, text(payload, "reference")?);
    let attempt = match app.provider.key_of(reference).await? {
        Some(key) => app.db.read(async |conn| store::attempt_of_key(conn, &key).await).await?,
        None => None,
    };
    if let Some(id) = attempt {
        settle(app, id).await?;
    } else {
        tracing::warn!("a hook named {reference}, which is no payment of ours");
    }
    let now = app.clock.now();
    app.db.write(async |tx| store::event_processed(tx, provider, event, now).await).await?;
    Ok(())
}

fn text<'a>(payload: &'a Value, field: &str) -> anyhow::Result<&'a str> {
    payload
        .get(field)
        .and_then(Value::as_str)
        .ok_or_else(|| anyhow::anyhow!("the job names no {field}"))
}
