//! What happened, told to the rest of the shop (reliability.md D7).
//!
//! An event is written in the transaction that makes it true. The relay turns
//! each into the jobs of whoever listens, in one transaction with the mark
//! that it did, so that every listener gets it once.

mod store;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{App, jobs};

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// An order was bought.
    OrderPlaced,
    /// An order was called off, by its shopper or because nobody paid in time.
    OrderCancelled,
    /// A parcel is on its way.
    FulfilmentShipped,
    /// Money must go back.
    RefundDue,
    /// Money came that no order can take.
    PaymentUnallocated,
    /// Goods that orders were promised are lost.
    StockShortfall,
}

impl Topic {
    /// Its name in the outbox (product.md 12).
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrderPlaced => "order.placed",
            Self::OrderCancelled => "order.cancelled",
            Self::FulfilmentShipped => "fulfilment.shipped",
            Self::RefundDue => "payment.refund_due",
            Self::PaymentUnallocated => "payment.unallocated",
            Self::StockShortfall => "stock.shortfall",
        }
    }

    /// The jobs that listen to it.
    fn listeners(topic: &str) -> &'static [&'static str] {
        match topic {
            "order.placed" => &["mail.order_placed"],
            "order.cancelled" => &["mail.order_cancelled"],
            "fulfilment.shipped" => &["mail.order_shipped"],
            "stock.shortfall" => &["mail.stock_shortfall"],
            "payment.refund_due" => &["payment.refund"],
            "payment.unallocated" => &["payment.return_unallocated"],
            _ => &[],
        }
    }
}

/// Records that `topic` happened to `subject`; recording it again changes nothing.
pub async fn record(
    tx: &mut PgConnection,
    topic: Topic,
    subject: Uuid,
    payload: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    store::insert_event(tx, topic.name(), subject, payload, now).await
}

/// Turns waiting events into jobs; how many there were.
pub async fn relay(app: &App) -> sqlx::Result<usize> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let events = store::take_waiting(tx, now).await?;
            let jobs: Vec<_> = events
                .iter()
                .flat_map(|event| {
                    Topic::listeners(&event.topic).iter().map(move |kind| (event, *kind))
                })
                .map(|(event, kind)| jobs::NewJob {
                    kind,
                    payload: event.payload.clone(),
                    dedupe_key: format!("{kind}:{}", event.event_id),
                    run_at: now,
                })
                .collect();
            jobs::enqueue(tx, &jobs, now).await?;
            Ok(events.len())
        })
        .await
}
