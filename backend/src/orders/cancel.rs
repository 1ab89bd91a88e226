//! Orders that come to nothing: called off by their shopper, or not paid in time.
//!
//! While an attempt can still take money, the provider is asked first to cancel
//! it, outside any transaction; only then is the stock given back. If the money
//! came after all, the order is placed instead.

use api_types::{OrderId, OrderStatus};
use sqlx::PgConnection;

use super::{status, store};
use crate::{
    App, cart,
    events::{self, Topic},
    http::{ApiError, Result},
    inventory, payments, texts,
};

/// Ends a pending order whose time is over; false while its payment may still come.
pub async fn expire(app: &App, id: OrderId) -> Result<bool> {
    payments::stop_open_attempt(app, id).await?;
    app.db
        .write(async |tx| {
            let Some(order) = store::head(&mut *tx, id, true).await? else { return Ok(false) };
            if order.status != OrderStatus::PendingPayment {
                return Ok(true);
            }
            if payments::has_open_attempt(&mut *tx, id).await? {
                return Ok(false);
            }
            let message = texts::order_expired();
            end(app, tx, id, OrderStatus::Expired, message).await?;
            Ok(true)
        })
        .await
}

/// Calls an order off for its shopper: stock goes back, and so does money that came.
pub async fn called_off(app: &App, id: OrderId) -> Result<()> {
    payments::stop_open_attempt(app, id).await?;
    app.db.write(async |tx| call_off(app, tx, id, By::Shopper).await.map(drop)).await
}

/// Who calls an order off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Its shopper.
    Shopper,
    /// Staff.
    Shop,
}

/// The same within a transaction, after an attempt that could still take money was stopped; false when it was called
/// off before.
pub async fn call_off(app: &App, tx: &mut PgConnection, id: OrderId, by: By) -> Result<bool> {
    let order = store::head(&mut *tx, id, true).await?.ok_or(ApiError::NotFound("order"))?;
    if order.status == OrderStatus::Cancelled {
        return Ok(false);
    }
    if payments::has_open_attempt(&mut *tx, id).await? {
        return Err(ApiError::conflict(
            "payment_in_progress",
            "a payment is under way; try again in a moment",
        ));
    }
    if !status::can_cancel(order.status, order.fulfilment_status) {
        return Err(ApiError::conflict(
            "cannot_cancel",
            "this order cannot be called off any more",
        ));
    }
    let message = match (by, order.paid_minor > 0) {
        (By::Shopper, true) => texts::order_cancelled_paid(),
        (By::Shopper, false) => texts::order_cancelled(),
        (By::Shop, true) => texts::order_cancelled_by_shop_paid(),
        (By::Shop, false) => texts::order_cancelled_by_shop(),
    };
    end(app, tx, id, OrderStatus::Cancelled, message).await?;
    Ok(true)
}

/// Ends an order whose row this transaction has locked.
async fn end(
    app: &App,
    tx: &mut PgConnection,
    id: OrderId,
    status: OrderStatus,
    message: &str,
) -> Result<()> {
    let now = app.clock.now();
    let order = store::head(&mut *tx, id, false).await?.ok_or(ApiError::NotFound("order"))?;
    store::close(&mut *tx, id, status, now).await?;
    let kind = if status == OrderStatus::Expired { "expired" } else { "cancelled" };
    store::note_event(&mut *tx, id, kind, message, now).await?;
    if order.status == OrderStatus::PendingPayment {
        cart::reopen(&mut *tx, id, now, now + app.config.checkout.cart_ttl).await?;
    } else {
        payments::refund_all(&mut *tx, id, "the order was called off", now).await?;
        let payload = serde_json::json!({ "order_id": id });
        events::record(&mut *tx, Topic::OrderCancelled, id.0, &payload, now).await?;
    }
    store::fulfilments::cancel_unsent(&mut *tx, id, now).await?;
    inventory::release(tx, id, status == OrderStatus::Expired).await?;
    Ok(())
}
