//! Sending what was bought, in as many parcels as it takes. What a parcel holds is counted when it is made, so that
//! no unit is in two; the stock leaves when it is shipped.

use std::collections::BTreeMap;

use api_types::{
    FulfilmentId, FulfilmentStatus, OrderId, OrderStatus, PaymentStatus, VariantId,
    admin::{Fulfilment, FulfilmentLine, FulfilmentState, Tracking},
};
use serde_json::json;
use sqlx::PgConnection;

use super::{
    status,
    store::{self, Entry, Head, fulfilments, staff},
};
use crate::{
    App,
    events::{self, Topic},
    http::{ApiError, Checks, Result},
    inventory::{self, Want},
    staff::Actor,
    texts,
};

/// A parcel, if there is such.
pub async fn parcel(conn: &mut PgConnection, id: FulfilmentId) -> sqlx::Result<Option<Fulfilment>> {
    Ok(fulfilments::list(conn, None, Some(id)).await?.into_iter().next())
}

/// Puts lines of an order, which this transaction has locked, into a parcel; all that is left when none are named.
pub async fn make(
    app: &App,
    tx: &mut PgConnection,
    order: &Head,
    lines: &[FulfilmentLine],
) -> Result<FulfilmentId> {
    may_send(order)?;
    let open = fulfilments::open_lines(&mut *tx, order.id).await?;
    let all = || open.iter().map(|it| FulfilmentLine { line_id: it.line, quantity: it.left });
    let wanted: Vec<_> = if lines.is_empty() {
        all().filter(|line| line.quantity > 0).collect()
    } else {
        merged(lines)?
    };
    if wanted.is_empty() {
        return Err(ApiError::conflict("nothing_left", "everything is in a parcel already"));
    }
    for (place, line) in wanted.iter().enumerate() {
        let left = open.iter().find(|it| it.line == line.line_id).map_or(0, |it| it.left);
        if line.quantity > left {
            let words = format!("only {left} of this line can be put into a parcel");
            return Err(ApiError::field(format!("/lines/{place}/quantity"), "too_many", words));
        }
    }
    Ok(fulfilments::insert(tx, order.id, &wanted, app.clock.now()).await?)
}

/// One entry a line; a line that is named twice counts together.
fn merged(lines: &[FulfilmentLine]) -> Result<Vec<FulfilmentLine>> {
    let mut sums = BTreeMap::new();
    for (place, line) in lines.iter().enumerate() {
        if !(1..=999).contains(&line.quantity) {
            return Err(ApiError::field(
                format!("/lines/{place}/quantity"),
                "out_of_range",
                "Use a number from 1 to 999.",
            ));
        }
        let sum: &mut i32 = sums.entry(line.line_id).or_default();
        *sum = sum.saturating_add(line.quantity);
    }
    Ok(sums.into_iter().map(|(line_id, quantity)| FulfilmentLine { line_id, quantity }).collect())
}

fn may_send(order: &Head) -> Result<()> {
    match order.status {
        OrderStatus::Placed if order.paid_minor >= order.total_minor => Ok(()),
        OrderStatus::Placed => {
            Err(ApiError::conflict("not_paid", "nothing is sent before it is paid"))
        }
        OrderStatus::OnHold => Err(ApiError::conflict("on_hold", "this order is on hold")),
        _ => Err(ApiError::conflict("not_open", "this order has nothing to be sent")),
    }
}

/// Moves a parcel of an order on, with everything that follows from it. The order's row is locked by this transaction.
pub async fn advance(
    app: &App,
    tx: &mut PgConnection,
    (order, parcel): (&Head, &Fulfilment),
    to: FulfilmentState,
    actor: &Actor,
) -> Result<()> {
    let now = app.clock.now();
    let from = parcel.state;
    if !status::may_move(from, to) {
        return Err(illegal(from, to));
    }
    if to == FulfilmentState::Shipped {
        may_send(order)?;
    }
    if !fulfilments::set_state(&mut *tx, parcel.id, (from, to), now).await? {
        return Err(illegal(from, to));
    }
    match to {
        FulfilmentState::Shipped => ship(app, &mut *tx, order, parcel, actor).await?,
        FulfilmentState::Returned => restock(&mut *tx, order.id, &parcel.lines, actor).await?,
        _ => {}
    }
    let (kind, words) = match to {
        FulfilmentState::Shipped => ("shipped", shipped_words(parcel)),
        FulfilmentState::Delivered => ("delivered", texts::order_delivered().to_owned()),
        FulfilmentState::FailedDelivery => {
            ("delivery_failed", texts::order_delivery_failed().to_owned())
        }
        FulfilmentState::Returned => ("returned", texts::order_returned().to_owned()),
        _ => ("", String::new()),
    };
    if !kind.is_empty() {
        let entry = Entry { kind, message: &words, actor: &actor.id(), is_staff_only: false };
        store::note_entry(&mut *tx, order.id, &entry, now).await?;
    }
    recount(app, tx, order).await
}

fn illegal(from: FulfilmentState, to: FulfilmentState) -> ApiError {
    ApiError::conflict("illegal_move", format!("a parcel cannot go from {from:?} to {to:?}"))
}

fn shipped_words(parcel: &Fulfilment) -> String {
    match &parcel.carrier {
        Some(carrier) => texts::order_shipped_with(carrier),
        None => texts::order_shipped().to_owned(),
    }
}

async fn ship(
    app: &App,
    tx: &mut PgConnection,
    order: &Head,
    parcel: &Fulfilment,
    actor: &Actor,
) -> Result<()> {
    let sent = fulfilments::count_sent(&mut *tx, &parcel.lines).await?;
    if sent.len() != parcel.lines.len() {
        return Err(ApiError::conflict("too_many", "more would be sent than was bought"));
    }
    let payload = json!({ "order_id": order.id, "fulfilment_id": parcel.id });
    let now = app.clock.now();
    events::record(&mut *tx, Topic::FulfilmentShipped, parcel.id.0, &payload, now).await?;
    inventory::ship(tx, order.id, &wants(&sent), &actor.id()).await.map_err(missing)
}

fn missing(error: sqlx::Error) -> ApiError {
    match error {
        sqlx::Error::RowNotFound => {
            ApiError::conflict("not_kept", "less is kept for this order than is to be sent")
        }
        error if db::constraint(&error) == Some("stock_level_on_hand_not_negative") => {
            ApiError::conflict("not_on_hand", "these goods are not here yet: receive them first")
        }
        other => other.into(),
    }
}

fn wants(units: &[(VariantId, i32)]) -> Vec<Want> {
    units
        .iter()
        .map(|(variant, quantity)| Want { variant: *variant, quantity: *quantity })
        .collect()
}

/// Takes back in what was sent of an order, to be sold again.
pub async fn restock(
    tx: &mut PgConnection,
    order: OrderId,
    lines: &[FulfilmentLine],
    actor: &Actor,
) -> Result<()> {
    let lines = merged(lines)?;
    let back = fulfilments::count_returned(&mut *tx, order, &lines).await?;
    if back.len() != lines.len() {
        return Err(ApiError::conflict("too_many", "more would come back than was sent"));
    }
    Ok(inventory::take_back(tx, order, &wants(&back), &actor.id()).await?)
}

/// Says anew where an order's goods are, and that it is done once all arrived and all is paid.
pub async fn recount(app: &App, tx: &mut PgConnection, order: &Head) -> Result<()> {
    let units = fulfilments::units(&mut *tx, order.id).await?;
    let status = status::fulfilment_status(units);
    let money = status::payment_status(order.total_minor, order.paid_minor, order.refunded_minor);
    let is_done = order.status == OrderStatus::Placed
        && status == FulfilmentStatus::Delivered
        && matches!(money, PaymentStatus::Paid | PaymentStatus::PartiallyRefunded);
    let closed_at = is_done.then(|| app.clock.now());
    Ok(staff::set_fulfilment(tx, order.id, status, closed_at).await?)
}

/// A parcel's tracking, checked and without blanks around it.
pub fn checked(given: &Tracking) -> Result<Tracking> {
    let mut checks = Checks::default();
    let tracking = Tracking {
        carrier: checks.optional("/carrier", given.carrier.as_deref(), 60),
        tracking_number: checks.optional("/tracking_number", given.tracking_number.as_deref(), 100),
        tracking_url: checks.optional("/tracking_url", given.tracking_url.as_deref(), 2_000),
    };
    let is_https = |text: &String| {
        text.starts_with("https://") && url::Url::parse(text).is_ok_and(|url| url.has_host())
    };
    let is_safe = tracking.tracking_url.as_ref().is_none_or(is_https);
    checks.require(is_safe, "/tracking_url", "url", "Use an address that begins with https://.");
    checks.done()?;
    Ok(tracking)
}
