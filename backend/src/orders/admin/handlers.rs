//! Finding orders, looking at one, holding it, calling it off.

use api_types::{
    FulfilmentStatus, OrderId, OrderStatus, Page, PaymentStatus,
    admin::{AddNote, OrderRow, StaffOrder},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use sqlx::PgConnection;

use super::super::{
    cancel::{self, By},
    status,
    store::{self, Entry, Head, fulfilments, staff},
    view,
};
use crate::{
    App,
    audit::{self, Change},
    http::{
        ApiError, Failures, IfMatch, Json, PageSize, Path, Query, Result, Versioned, decode_cursor,
        encode_cursor, words,
    },
    payments,
    staff::{May, may},
};

/// Which orders are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrderQuery {
    /// A number, a part of an address or name, or a SKU.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Statuses, between commas, such as `placed,on_hold`.
    status: Option<String>,
    /// Payment statuses, between commas.
    payment_status: Option<String>,
    /// Fulfilment statuses, between commas.
    fulfilment_status: Option<String>,
    /// ISO 3166 code of the country they go to.
    country: Option<String>,
    /// `true`: only those that hold goods of which some are missing, after a loss was recorded.
    short: Option<bool>,
    /// Placed then or later.
    placed_from: Option<DateTime<Utc>>,
    /// Placed before then.
    placed_to: Option<DateTime<Utc>>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List orders, the newest first
#[utoipa::path(
    get, path = "/admin/orders", tag = "admin: orders",
    params(OrderQuery),
    responses((status = 200, body = Page<OrderRow>), Failures),
    security(("staff" = ["read_orders"])),
)]
pub async fn list_orders(
    _: May<may::ReadOrders>,
    State(app): State<App>,
    Query(query): Query<OrderQuery>,
) -> Result<Json<Page<OrderRow>>> {
    let size = PageSize::of(query.limit)?;
    let text = words(query.q.as_deref())?;
    let number = text.as_deref().and_then(|text| text.trim_start_matches('#').parse().ok());
    let wanted = staff::Wanted {
        status: named::<OrderStatus>("status", query.status.as_deref())?,
        payment: named::<PaymentStatus>("payment_status", query.payment_status.as_deref())?,
        fulfilment: named::<FulfilmentStatus>(
            "fulfilment_status",
            query.fulfilment_status.as_deref(),
        )?,
        country: query.country.as_deref(),
        is_short: query.short.unwrap_or(false),
        from: query.placed_from,
        to: query.placed_to,
        number,
        words: text.filter(|_| number.is_none()),
        before: query.cursor.as_deref().map(decode_cursor).transpose()?,
    };
    let rows = app.db.read(async |conn| staff::list(conn, &wanted, size.and_one()).await).await?;
    Ok(Json(size.page(rows, |order| encode_cursor(&order.id))))
}

/// Names between commas, each one of a kind; one that is not is refused.
fn named<T: DeserializeOwned>(field: &str, text: Option<&str>) -> Result<Option<Vec<String>>> {
    let Some(text) = text else { return Ok(None) };
    let names: Vec<_> = text.split(',').map(|name| name.trim().to_owned()).collect();
    let strange = names.iter().find(|name| serde_json::from_value::<T>(json!(name)).is_err());
    match strange {
        None => Ok(Some(names)),
        Some(name) => {
            let words = format!("{name:?} is not one of them");
            Err(ApiError::field(format!("/{field}"), "unknown", words))
        }
    }
}

/// Show an order with everything that staff need to know of it
#[utoipa::path(
    get, path = "/admin/orders/{id}", tag = "admin: orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = StaffOrder), Failures),
    security(("staff" = ["read_orders"])),
)]
pub async fn show_staff_order(
    _: May<may::ReadOrders>,
    State(app): State<App>,
    Path(id): Path<OrderId>,
) -> Result<Versioned<StaffOrder>> {
    let shown = app.db.read(async |conn| whole(conn, id).await).await?;
    Ok(Versioned(shown.order.version, shown))
}

/// An order with everything that staff need to know of it.
pub async fn whole(conn: &mut PgConnection, id: OrderId) -> Result<StaffOrder> {
    let order = view::order(&mut *conn, id).await?.ok_or(ApiError::NotFound("order"))?;
    let (customer_id, price_trace) =
        staff::origin(&mut *conn, id).await?.ok_or(ApiError::NotFound("order"))?;
    Ok(StaffOrder {
        customer_id,
        price_trace,
        payments: staff::payments(&mut *conn, id).await?,
        refunds: payments::refunds(&mut *conn, id).await?,
        fulfilments: fulfilments::list(&mut *conn, Some(id), None).await?,
        holds: staff::holds(&mut *conn, id).await?,
        history: staff::history(conn, id).await?,
        order,
    })
}

/// Write a note at an order that only staff see
#[utoipa::path(
    post, path = "/admin/orders/{id}/notes", tag = "admin: orders",
    params(("id" = OrderId, Path)),
    request_body = AddNote,
    responses((status = 200, body = StaffOrder), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn add_order_note(
    May { actor, .. }: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<OrderId>,
    Json(given): Json<AddNote>,
) -> Result<Versioned<StaffOrder>> {
    let text = given.text.trim();
    let now = app.clock.now();
    let shown = app
        .db
        .write(async |tx| {
            store::head(&mut *tx, id, true).await?.ok_or(ApiError::NotFound("order"))?;
            if !(1..=2_000).contains(&text.chars().count()) {
                return Err(ApiError::field("/text", "length", "Use 1 to 2,000 characters."));
            }
            let entry =
                Entry { kind: "note", message: "", actor: &actor.id(), is_staff_only: true };
            store::note_entry(&mut *tx, id, &entry, now).await?;
            staff::keep_note(&mut *tx, id, text).await?;
            let shown = whole(&mut *tx, id).await?;
            // The words may be about somebody, and the audit log forgets nothing.
            audit::record(tx, &actor, &Change::done("order.noted", id), now).await?;
            Ok::<_, ApiError>(shown)
        })
        .await?;
    Ok(Versioned(shown.order.version, shown))
}

/// The order of a change, locked, at the version that was seen.
pub async fn locked(tx: &mut PgConnection, id: OrderId, seen: IfMatch) -> Result<Head> {
    let head = store::head(tx, id, true).await?.ok_or(ApiError::NotFound("order"))?;
    seen.holds(head.version)?;
    Ok(head)
}

/// Keep an order from being sent
#[utoipa::path(
    post, path = "/admin/orders/{id}/hold", tag = "admin: orders",
    params(("id" = OrderId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 200, body = StaffOrder), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn hold_order(
    staff: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<OrderId>,
    seen: IfMatch,
) -> Result<Versioned<StaffOrder>> {
    put(&app, staff, id, (seen, OrderStatus::OnHold)).await
}

/// Let an order be sent again
#[utoipa::path(
    post, path = "/admin/orders/{id}/release", tag = "admin: orders",
    params(("id" = OrderId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 200, body = StaffOrder), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn release_order(
    staff: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<OrderId>,
    seen: IfMatch,
) -> Result<Versioned<StaffOrder>> {
    put(&app, staff, id, (seen, OrderStatus::Placed)).await
}

async fn put(
    app: &App,
    May { actor, .. }: May<may::EditOrders>,
    id: OrderId,
    (seen, to): (IfMatch, OrderStatus),
) -> Result<Versioned<StaffOrder>> {
    let now = app.clock.now();
    let (kind, message, action) = match to {
        OrderStatus::OnHold => ("held", "Put on hold.", "order.held"),
        _ => ("released", "No longer on hold.", "order.released"),
    };
    let shown = app
        .db
        .write(async |tx| {
            let head = locked(&mut *tx, id, seen).await?;
            // A pending order is placed by its payment, never by hand.
            if head.status == OrderStatus::PendingPayment || !status::may_go(head.status, to) {
                return Err(ApiError::conflict(
                    "illegal_move",
                    format!("an order that is {:?} cannot become {to:?}", head.status),
                ));
            }
            staff::set_status(&mut *tx, id, to).await?;
            let entry = Entry { kind, message, actor: &actor.id(), is_staff_only: true };
            store::note_entry(&mut *tx, id, &entry, now).await?;
            let shown = whole(&mut *tx, id).await?;
            audit::record(tx, &actor, &Change::done(action, id), now).await?;
            Ok::<_, ApiError>(shown)
        })
        .await?;
    Ok(Versioned(shown.order.version, shown))
}

/// Call an order off while nothing was sent; stock and money go back
#[utoipa::path(
    post, path = "/admin/orders/{id}/cancel", tag = "admin: orders",
    params(("id" = OrderId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 200, body = StaffOrder), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn cancel_order_by_staff(
    May { actor, .. }: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<OrderId>,
    seen: IfMatch,
) -> Result<Versioned<StaffOrder>> {
    let head = app.db.read(async |conn| store::head(conn, id, false).await).await?;
    seen.holds(head.ok_or(ApiError::NotFound("order"))?.version)?;
    payments::stop_open_attempt(&app, id).await?;
    let now = app.clock.now();
    let shown = app
        .db
        .write(async |tx| {
            // Somebody may have changed it while the provider was asked, or looked at the same moment.
            locked(&mut *tx, id, seen).await?;
            let is_new = cancel::call_off(&app, &mut *tx, id, By::Shop).await?;
            let shown = whole(&mut *tx, id).await?;
            if is_new {
                audit::record(tx, &actor, &Change::done("order.cancelled", id), now).await?;
            }
            Ok::<_, ApiError>(shown)
        })
        .await?;
    Ok(Versioned(shown.order.version, shown))
}
