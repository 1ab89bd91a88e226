//! PLACE: one transaction from cart to order (product.md 6).
//!
//! Locks are taken in the order of the whole shop: idempotency key, cart,
//! order, payment, stock. The stock comes last, because its rows are the
//! hottest.

use std::time::Duration;

use api_types::{CartStatus, CompleteCart, FieldError, Money, OrderId, OrderStatus};
use chrono::{DateTime, Utc};
use rand::RngExt;
use serde_json::json;
use sqlx::PgConnection;

use super::order;
use crate::{
    App,
    cart::{self, CartAccess, Priced, address},
    http::{
        ApiError, Result,
        idempotency::{self, Intent, Known},
    },
    inventory::{self, NotTaken, Short, Want},
    orders,
    payments::{self, AttemptId, BANK_TRANSFER},
    texts,
};

/// What came of placing.
#[derive(Clone, Debug)]
pub enum Placed {
    /// The order waits for its money; this attempt shall fetch it.
    Owes(OrderId, AttemptId),
    /// Nothing is left to pay here: it is paid later, was paid before, or costs nothing.
    Bought(OrderId),
    /// The money did not come, for this reason; only a repeated key answers so.
    Unpaid(OrderId, String),
}

impl Placed {
    /// The order.
    pub fn order(&self) -> OrderId {
        match self {
            Self::Owes(order, _) | Self::Bought(order) | Self::Unpaid(order, _) => *order,
        }
    }
}

/// How often a transaction is tried that lost a race for locks, or whose commit was not answered.
const TRIES: u32 = 4;

/// Places the order of a cart once for each key.
pub async fn place(
    app: &App,
    access: CartAccess,
    key: &str,
    request: &CompleteCart,
) -> Result<Placed> {
    let intent = Intent::new(access.scope(), "complete_cart", key, request);
    let mut attempt = 1;
    loop {
        match app.db.write(async |tx| once(app, tx, access, &intent, request).await).await {
            Err(error) if error.is_worth_retrying() && attempt < TRIES => {
                // A lost reply to COMMIT is tried again too: the key tells whether it was done.
                metrics::counter!("oxcart_place_retries_total").increment(1);
                let pause = rand::rng().random_range(5..50);
                tokio::time::sleep(Duration::from_millis(pause)).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn once(
    app: &App,
    tx: &mut PgConnection,
    access: CartAccess,
    intent: &Intent<'_>,
    request: &CompleteCart,
) -> Result<Placed> {
    let now = app.clock.now();
    if let Known::Done { resource: Some(order) } = idempotency::claim(&mut *tx, intent, now).await?
    {
        return again(tx, OrderId(order)).await;
    }
    cart::lock(&mut *tx, access).await?;
    let priced = cart::priced(&mut *tx, access, now).await?;
    check_method(app, request)?;
    let placed = match (priced.cart.status, priced.cart.order_id) {
        (CartStatus::Ordered, Some(order)) => pay_again(tx, order, request, now).await?,
        _ => first(app, &mut *tx, &priced, request, now).await?,
    };
    idempotency::remember(tx, intent, placed.order().0).await?;
    Ok(placed)
}

/// The same key once more: the answer is what the order is by now. It is locked, so that its
/// status and its attempts are of one moment.
async fn again(tx: &mut PgConnection, id: OrderId) -> Result<Placed> {
    let order = orders::head(&mut *tx, id, true).await?.ok_or(ApiError::NotFound("order"))?;
    let was_bought = match order.status {
        OrderStatus::PendingPayment | OrderStatus::Expired => false,
        OrderStatus::Cancelled => order.paid_minor > 0,
        OrderStatus::Placed | OrderStatus::OnHold | OrderStatus::Completed => true,
    };
    if was_bought {
        return Ok(Placed::Bought(id));
    }
    // The provider knows the attempt's key, so asking once more takes the money once.
    match payments::open_attempt(&mut *tx, id).await? {
        Some(attempt) => Ok(Placed::Owes(id, attempt)),
        None => Ok(Placed::Unpaid(id, payments::last_failure(tx, id).await?)),
    }
}

/// A new key for a cart whose order waits for its money: the order is paid again.
async fn pay_again(
    tx: &mut PgConnection,
    id: OrderId,
    request: &CompleteCart,
    now: DateTime<Utc>,
) -> Result<Placed> {
    let order = orders::head(&mut *tx, id, true).await?.ok_or(ApiError::NotFound("order"))?;
    if order.status != OrderStatus::PendingPayment || order.expires_at <= now {
        return Err(ApiError::conflict(
            "cart_locked",
            "this cart was bought already; open a new one",
        )
        .with_facts(json!({ "order_id": id })));
    }
    let total = Money::new(order.total_minor, order.currency);
    if request.expected_total != total {
        return Err(ApiError::conflict("cart_changed", format!("the order's total is {total}"))
            .with_facts(json!({ "total": total })));
    }
    if payments::has_open_attempt(&mut *tx, id).await? {
        return Err(ApiError::conflict(
            "completion_in_progress",
            "a payment for this order is under way; ask again shortly",
        ));
    }
    orders::set_payment_method(&mut *tx, id, &request.payment.method).await?;
    if request.payment.method == BANK_TRANSFER {
        payments::place(tx, id, now).await?;
        return Ok(Placed::Bought(id));
    }
    Ok(Placed::Owes(id, payments::begin(tx, id, &request.payment.method, now).await?))
}

/// A cart's first order.
async fn first(
    app: &App,
    tx: &mut PgConnection,
    priced: &Priced,
    request: &CompleteCart,
    now: DateTime<Utc>,
) -> Result<Placed> {
    check(priced, request)?;
    let is_free = priced.quote.total == 0;
    let method = if is_free { "none" } else { request.payment.method.as_str() };
    let expires_at = now + app.config.checkout.hold_ttl;
    let order = order::drawn(priced, method, expires_at)?;
    orders::insert(&mut *tx, &order, now).await.map_err(refusal)?;
    orders::note_event(&mut *tx, order.id, "created", texts::order_written(), now).await?;
    payments::insert_payment(&mut *tx, order.id, order.total_minor, order.currency, now).await?;
    cart::mark_ordered(&mut *tx, order.cart_id, order.id, now).await?;
    let attempt = match method {
        "none" | BANK_TRANSFER => None,
        provider => Some(payments::begin(&mut *tx, order.id, provider, now).await?),
    };
    hold(&mut *tx, priced, order.id, expires_at).await?;
    let Some(attempt) = attempt else {
        if is_free {
            orders::set_money(&mut *tx, order.id, 0, 0, orders::status::payment_status(0, 0, 0))
                .await?;
        }
        payments::place(tx, order.id, now).await?;
        return Ok(Placed::Bought(order.id));
    };
    Ok(Placed::Owes(order.id, attempt))
}

async fn hold(
    tx: &mut PgConnection,
    priced: &Priced,
    order: OrderId,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    let tracked = priced.lines.iter().filter(|line| line.track_inventory);
    let wants: Vec<_> =
        tracked.map(|line| Want { variant: line.variant_id, quantity: line.quantity }).collect();
    match inventory::hold(tx, order, &wants, expires_at).await {
        Ok(()) => Ok(()),
        // What was short a moment ago is there again: the shopper may simply try once more.
        Err(NotTaken::Short(shorts)) if shorts.is_empty() => Err(ApiError::Unavailable(None)),
        Err(NotTaken::Short(shorts)) => Err(insufficient(priced, &shorts)),
        Err(NotTaken::Database(error)) => Err(error.into()),
    }
}

/// Says what is left of each line that is short.
fn insufficient(priced: &Priced, shorts: &[Short]) -> ApiError {
    let left =
        |variant| shorts.iter().find(|short| short.variant == variant).map(|short| short.available);
    let lines: Vec<_> = priced
        .lines
        .iter()
        .filter_map(|line| Some(json!({ "line_id": line.id, "title": line.title, "available": left(line.variant_id)? })))
        .collect();
    ApiError::conflict(
        "insufficient_stock",
        "something in the cart sold out while you were buying it",
    )
    .with_facts(json!({ "lines": lines }))
}

fn check_method(app: &App, request: &CompleteCart) -> Result<()> {
    let is_offered =
        payments::methods(app).iter().any(|method| method.code == request.payment.method);
    if is_offered {
        Ok(())
    } else {
        Err(ApiError::field("/payment/method", "unknown", "Choose how to pay."))
    }
}

/// Refuses a cart that cannot be bought, or that costs something else than its shopper saw.
fn check(priced: &Priced, request: &CompleteCart) -> Result<()> {
    let problems = priced.problems();
    let stock: Vec<_> = problems
        .iter()
        .filter(|problem| problem.code == "insufficient_stock" || problem.code == "unavailable")
        .collect();
    if !stock.is_empty() {
        let facts = priced
            .lines
            .iter()
            .filter(|line| stock.iter().any(|problem| problem.line_id == Some(line.id)));
        let available =
            |line: &cart::LineRow| if line.can_be_priced() { line.max_quantity() } else { 0 };
        let lines: Vec<_> = facts
            .map(|line| json!({ "line_id": line.id, "title": line.title, "available": available(line) }))
            .collect();
        return Err(ApiError::conflict("insufficient_stock", stock[0].message.clone())
            .with_facts(json!({ "lines": lines })));
    }
    let mut fields: Vec<_> = match &priced.cart.shipping_address {
        Some(given) if priced.requires_shipping() => address::mistakes(given, &priced.country),
        _ => Vec::new(),
    };
    let names_address = fields.is_empty();
    fields.extend(
        problems
            .iter()
            .filter_map(|problem| field_error(&problem.code, &problem.message, names_address)),
    );
    if !fields.is_empty() {
        return Err(ApiError::Invalid(fields));
    }
    let total = Money::new(priced.quote.total, priced.cart.currency);
    if request.expected_total != total {
        let facts = json!({ "totals": priced.totals() });
        return Err(ApiError::conflict("cart_changed", format!("the total is {total} now"))
            .with_facts(facts));
    }
    Ok(())
}

fn field_error(code: &str, message: &str, names_address: bool) -> Option<FieldError> {
    let pointer = match code {
        "empty" => "/lines",
        "email_missing" => "/email",
        "address_missing" if names_address => "/shipping_address",
        "shipping_missing" | "shipping_unavailable" => "/shipping_method",
        _ => return None,
    };
    Some(FieldError {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
    })
}

/// Reads a refusal out of the constraint the database names.
fn refusal(error: sqlx::Error) -> ApiError {
    match db::constraint(&error) {
        Some("orders_cart_once" | "orders_cart_version_once") => {
            ApiError::conflict("cart_locked", "this cart was bought already; open a new one")
        }
        _ => error.into(),
    }
}
