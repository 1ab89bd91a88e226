//! Giving money back: claimed in the shop's books first, then asked of the provider, then booked.

use api_types::{Money, OrderId};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::store;
use crate::{
    App,
    events::{self, Topic},
    orders, texts,
};

/// Claims all that an order has captured and not yet given back; the outbox sends it. The
/// order's row must be locked by this transaction.
pub async fn refund_all(
    tx: &mut PgConnection,
    order: OrderId,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let claimed = store::claim_refund(&mut *tx, order, reason, now).await?;
    if let Some(refund) = claimed {
        events::record(tx, Topic::RefundDue, refund, &json!({ "refund_id": refund }), now).await?;
    }
    Ok(())
}

/// The job that sends one refund and books it; doing it again changes nothing.
pub async fn refund(app: &App, payload: &Value) -> anyhow::Result<()> {
    let id: Uuid = serde_json::from_value(payload["refund_id"].clone())?;
    let Some(due) = app.db.read(async |conn| store::due_refund(conn, id).await).await? else {
        return Ok(());
    };
    // A transfer goes back by a transfer: somebody makes it, and confirms it.
    if due.provider == store::BY_HAND {
        return Ok(());
    }
    let amount = Money::new(due.amount_minor, due.currency);
    app.provider.refund(&due.provider_ref, amount, &format!("refund:{id}")).await?;
    let now = app.clock.now();
    app.db.write(async |tx| booked(tx, id, &due, now).await).await?;
    Ok(())
}

/// Books a refund that was made; doing it again changes nothing.
pub async fn booked(
    tx: &mut PgConnection,
    id: Uuid,
    due: &store::Due,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(order) = orders::head(&mut *tx, due.order_id, true).await? else { return Ok(()) };
    if !store::book_refund(&mut *tx, id, due.payment_id, due.amount_minor, now).await? {
        return Ok(());
    }
    let amount = Money::new(due.amount_minor, due.currency);
    let refunded = order.refunded_minor + due.amount_minor;
    let status = orders::status::payment_status(order.total_minor, order.paid_minor, refunded);
    orders::set_money(&mut *tx, order.id, order.paid_minor, refunded, status).await?;
    orders::note_event(tx, order.id, "refunded", &texts::order_sent_back(amount), now).await
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
