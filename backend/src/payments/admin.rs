//! Money as staff move it: what came by transfer, what goes back. A large refund needs a second person.

use api_types::{
    Money, OrderId, Page, PageInfo, RefundId,
    admin::{MakeRefund, MarkPaid, PaymentCase, Refund, RefundState},
};
use axum::{extract::State, http::StatusCode};
use serde_json::json;
use sqlx::PgConnection;

use super::{refund as paying_back, store};
use crate::{
    App,
    audit::{self, Change},
    events::{self, Topic},
    http::{
        ApiError, Failures, Json, Path, Result,
        idempotency::{self, IdempotencyKey, Intent, Known},
        line,
    },
    orders::{self, Entry},
    settings,
    staff::{Actor, May, may},
    texts,
};

/// Say that the money of a transfer has come
#[utoipa::path(
    post, path = "/admin/orders/{id}/mark-paid", tag = "admin: payments",
    params(("id" = OrderId, Path), ("Idempotency-Key" = IdempotencyKey, Header)),
    request_body = MarkPaid,
    responses((status = 204), Failures),
    security(("staff" = ["take_payments"])),
)]
pub async fn mark_paid(
    May { actor, .. }: May<may::TakePayments>,
    State(app): State<App>,
    key: IdempotencyKey,
    Path(id): Path<OrderId>,
    Json(given): Json<MarkPaid>,
) -> Result<StatusCode> {
    let reference = line("/reference", &given.reference, 200)?;
    let key = key.required()?;
    let intent = Intent::new(format!("order:{id}"), "mark_paid", &key, &given);
    app.db
        .write(async |tx| {
            if let Known::Done { .. } =
                idempotency::claim(&mut *tx, &intent, app.clock.now()).await?
            {
                return Ok(());
            }
            idempotency::remember(&mut *tx, &intent, id.0).await?;
            received(&app, tx, (id, given.amount), &reference, &actor).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn received(
    app: &App,
    tx: &mut PgConnection,
    (id, amount): (OrderId, Money),
    reference: &str,
    actor: &Actor,
) -> Result<()> {
    let now = app.clock.now();
    let order = orders::head(&mut *tx, id, true).await?.ok_or(ApiError::NotFound("order"))?;
    let owed = Money::new(order.total_minor - order.paid_minor, order.currency);
    let sheet = orders::order(&mut *tx, id).await?.ok_or(ApiError::NotFound("order"))?;
    if sheet.payment_instructions.is_none() || owed.amount <= 0 {
        return Err(ApiError::conflict("not_owed", "no transfer is waited for at this order"));
    }
    if amount != owed {
        let detail = format!("{owed} is owed; money that does not fit is not booked by hand");
        let facts = json!({ "owed": owed });
        return Err(ApiError::rejected("other_amount", detail).with_facts(facts));
    }
    store::take_by_hand(&mut *tx, id, reference, now).await?;
    let paid = order.paid_minor + amount.amount;
    let status = orders::status::payment_status(order.total_minor, paid, order.refunded_minor);
    orders::set_money(&mut *tx, id, paid, order.refunded_minor, status).await?;
    let message = texts::order_received(amount);
    let entry = Entry {
        kind: "payment_received",
        message: &message,
        actor: &actor.id(),
        is_staff_only: false,
    };
    orders::note_entry(&mut *tx, id, &entry, now).await?;
    let change = Change::made("payment.marked_paid", id, &json!({ "amount": amount }));
    Ok(audit::record(tx, actor, &change, now).await?)
}

/// Give money back, all that is left or some of it
#[utoipa::path(
    post, path = "/admin/orders/{id}/refunds", tag = "admin: payments",
    params(("id" = OrderId, Path), ("Idempotency-Key" = IdempotencyKey, Header)),
    request_body = MakeRefund,
    responses((status = 201, body = Refund), Failures),
    security(("staff" = ["refund_orders"])),
)]
pub async fn make_refund(
    May { actor, .. }: May<may::RefundOrders>,
    State(app): State<App>,
    key: IdempotencyKey,
    Path(id): Path<OrderId>,
    Json(given): Json<MakeRefund>,
) -> Result<(StatusCode, Json<Refund>)> {
    line("/reason", &given.reason, 500)?;
    let key = key.required()?;
    let intent = Intent::new(format!("order:{id}"), "make_refund", &key, &given);
    let refund = app
        .db
        .write(async |tx| {
            let now = app.clock.now();
            if let Known::Done { resource: Some(made) } =
                idempotency::claim(&mut *tx, &intent, now).await?
            {
                return shown(tx, RefundId(made)).await;
            }
            let refund = claimed(&app, &mut *tx, id, &given, &actor).await?;
            idempotency::remember(&mut *tx, &intent, refund.id.0).await?;
            // The reason may be about somebody: it stays with the refund.
            let change = Change::made(
                "refund.made",
                refund.id,
                &json!({ "order_id": id, "amount": refund.amount, "restock": given.restock }),
            );
            audit::record(tx, &actor, &change, now).await?;
            Ok(refund)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(refund)))
}

async fn claimed(
    app: &App,
    tx: &mut PgConnection,
    id: OrderId,
    given: &MakeRefund,
    actor: &Actor,
) -> Result<Refund> {
    let now = app.clock.now();
    let order = orders::head(&mut *tx, id, true).await?.ok_or(ApiError::NotFound("order"))?;
    if let Some(amount) = given.amount
        && (amount.amount <= 0 || amount.currency != order.currency)
    {
        let words = format!("Use an amount above 0 in {}.", order.currency.code());
        return Err(ApiError::field("/amount", "out_of_range", words));
    }
    let left = store::refundable(&mut *tx, id).await?;
    let amount = given.amount.map_or(left, |amount| amount.amount);
    if left <= 0 || amount > left {
        let left = Money::new(left, order.currency);
        let detail = format!("{left} can be given back");
        return Err(ApiError::rejected("too_much", detail).with_facts(json!({ "left": left })));
    }
    let limit = settings::refund_limit(&mut *tx).await?;
    let is_large = limit.is_some_and(|limit| amount > limit);
    let state = if is_large { RefundState::Awaiting } else { RefundState::Pending };
    let new = store::NewRefund { amount, reason: given.reason.trim(), made_by: &actor.id(), state };
    let refund = store::claim_part(&mut *tx, id, &new, now).await?;
    let refund = RefundId(refund.ok_or(ApiError::NotFound("payment"))?);
    if !is_large {
        due(&mut *tx, refund, now).await?;
    }
    if !given.restock.is_empty() {
        orders::restock(&mut *tx, id, &given.restock, actor).await?;
        orders::recount(app, &mut *tx, &order).await?;
    }
    shown(tx, refund).await
}

async fn due(
    tx: &mut PgConnection,
    refund: RefundId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let payload = json!({ "refund_id": refund.0 });
    Ok(events::record(tx, Topic::RefundDue, refund.0, &payload, now).await?)
}

async fn shown(conn: &mut PgConnection, id: RefundId) -> Result<Refund> {
    let found = store::refunds(conn, None, Some(id)).await?;
    found.into_iter().next().ok_or(ApiError::NotFound("refund"))
}

/// Agree to a large refund that somebody else asked for
#[utoipa::path(
    post, path = "/admin/refunds/{id}/approve", tag = "admin: payments",
    params(("id" = RefundId, Path)),
    responses((status = 200, body = Refund), Failures),
    security(("staff" = ["refund_orders"])),
)]
pub async fn approve_refund(
    staff: May<may::RefundOrders>,
    State(app): State<App>,
    Path(id): Path<RefundId>,
) -> Result<Json<Refund>> {
    decided(&app, staff, id, RefundState::Pending).await
}

/// Do not agree to a large refund; its money stays
#[utoipa::path(
    post, path = "/admin/refunds/{id}/decline", tag = "admin: payments",
    params(("id" = RefundId, Path)),
    responses((status = 200, body = Refund), Failures),
    security(("staff" = ["refund_orders"])),
)]
pub async fn decline_refund(
    staff: May<may::RefundOrders>,
    State(app): State<App>,
    Path(id): Path<RefundId>,
) -> Result<Json<Refund>> {
    decided(&app, staff, id, RefundState::Declined).await
}

async fn decided(
    app: &App,
    May { actor, .. }: May<may::RefundOrders>,
    id: RefundId,
    to: RefundState,
) -> Result<Json<Refund>> {
    let now = app.clock.now();
    let refund = app
        .db
        .write(async |tx| {
            let before = shown(&mut *tx, id).await?;
            if before.made_by == actor.id() {
                return Err(ApiError::forbidden("Another person has to look at this one."));
            }
            if !store::decide(&mut *tx, id, to, &actor.id()).await? {
                return Err(ApiError::conflict("decided", "this refund waits for nobody"));
            }
            if to == RefundState::Pending {
                due(&mut *tx, id, now).await?;
            }
            let after = shown(&mut *tx, id).await?;
            let state = |refund: &Refund| json!({ "state": refund.state });
            let change = Change::between("refund.decided", id, &state(&before), &state(&after));
            audit::record(tx, &actor, &change, now).await?;
            Ok(after)
        })
        .await?;
    Ok(Json(refund))
}

/// Confirm that a refund of a transfer was sent by hand
#[utoipa::path(
    post, path = "/admin/refunds/{id}/confirm", tag = "admin: payments",
    params(("id" = RefundId, Path)),
    responses((status = 200, body = Refund), Failures),
    security(("staff" = ["refund_orders"])),
)]
pub async fn confirm_refund(
    May { actor, .. }: May<may::RefundOrders>,
    State(app): State<App>,
    Path(id): Path<RefundId>,
) -> Result<Json<Refund>> {
    let due = app.db.read(async |conn| store::due_refund(conn, id.0).await).await?;
    let now = app.clock.now();
    let refund = app
        .db
        .write(async |tx| {
            let before = shown(&mut *tx, id).await?;
            let by_hand = due.as_ref().filter(|due| due.provider == store::BY_HAND);
            let Some(due) = by_hand.filter(|_| before.state == RefundState::Pending) else {
                return Err(ApiError::conflict(
                    "not_by_hand",
                    "nothing is to be sent by hand here",
                ));
            };
            paying_back::booked(&mut *tx, id.0, due, now).await?;
            let after = shown(&mut *tx, id).await?;
            audit::record(tx, &actor, &Change::done("refund.confirmed", id), now).await?;
            Ok(after)
        })
        .await?;
    Ok(Json(refund))
}

/// List money that came and has no order to go to, the newest first
#[utoipa::path(
    get, path = "/admin/payments/cases", tag = "admin: payments",
    responses((status = 200, body = Page<PaymentCase>), Failures),
    security(("staff" = ["take_payments"])),
)]
pub async fn list_payment_cases(
    _: May<may::TakePayments>,
    State(app): State<App>,
) -> Result<Json<Page<PaymentCase>>> {
    let data = app.db.read(async |conn| store::cases(conn, 100).await).await?;
    Ok(Json(Page { data, page: PageInfo::default() }))
}
