//! Parcels: made, packed, sent, delivered, and what goes wrong with them.

use api_types::{
    FulfilmentId, OrderId,
    admin::{Fulfilment, FulfilmentState, MakeFulfilment, StaffOrder, Tracking},
};
use axum::{extract::State, http::StatusCode};

use super::{
    super::{fulfil, store, store::fulfilments},
    handlers::{locked, whole},
};
use crate::{
    App,
    audit::{self, Change},
    http::{ApiError, Failures, IfMatch, Json, Path, Result, Versioned},
    staff::{May, may},
};

/// Put some of an order into a parcel, or all that is left
#[utoipa::path(
    post, path = "/admin/orders/{id}/fulfilments", tag = "admin: orders",
    params(("id" = OrderId, Path), ("if-match" = IfMatch, Header)),
    request_body = MakeFulfilment,
    responses((status = 201, body = StaffOrder), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn make_fulfilment(
    May { actor, .. }: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<OrderId>,
    seen: IfMatch,
    Json(given): Json<MakeFulfilment>,
) -> Result<(StatusCode, Versioned<StaffOrder>)> {
    let now = app.clock.now();
    let shown = app
        .db
        .write(async |tx| {
            let head = locked(&mut *tx, id, seen).await?;
            let parcel = fulfil::make(&app, &mut *tx, &head, &given.lines).await?;
            fulfil::recount(&app, &mut *tx, &head).await?;
            let shown = whole(&mut *tx, id).await?;
            let change = Change::made("fulfilment.made", parcel, &given);
            audit::record(tx, &actor, &change, now).await?;
            Ok::<_, ApiError>(shown)
        })
        .await?;
    Ok((StatusCode::CREATED, Versioned(shown.order.version, shown)))
}

/// Show a parcel
#[utoipa::path(
    get, path = "/admin/fulfilments/{id}", tag = "admin: orders",
    params(("id" = FulfilmentId, Path)),
    responses((status = 200, body = Fulfilment), Failures),
    security(("staff" = ["read_orders"])),
)]
pub async fn show_fulfilment(
    _: May<may::ReadOrders>,
    State(app): State<App>,
    Path(id): Path<FulfilmentId>,
) -> Result<Json<Fulfilment>> {
    let found = app.db.read(async |conn| fulfil::parcel(conn, id).await).await?;
    found.map(Json).ok_or(ApiError::NotFound("parcel"))
}

/// Say how a parcel can be followed
#[utoipa::path(
    patch, path = "/admin/fulfilments/{id}", tag = "admin: orders",
    params(("id" = FulfilmentId, Path)),
    request_body = Tracking,
    responses((status = 200, body = Fulfilment), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn set_tracking(
    May { actor, .. }: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<FulfilmentId>,
    Json(given): Json<Tracking>,
) -> Result<Json<Fulfilment>> {
    let now = app.clock.now();
    let parcel = app
        .db
        .write(async |tx| {
            let before = fulfil::parcel(&mut *tx, id).await?.ok_or(ApiError::NotFound("parcel"))?;
            let tracking = fulfil::checked(&given)?;
            store::head(&mut *tx, before.order_id, true).await?;
            fulfilments::set_tracking(&mut *tx, id, &tracking, now).await?;
            let after = fulfil::parcel(&mut *tx, id).await?.ok_or(ApiError::NotFound("parcel"))?;
            // Where somebody's parcel is stays with the order, which can forget it.
            audit::record(tx, &actor, &Change::done("fulfilment.tracked", id), now).await?;
            Ok::<_, ApiError>(after)
        })
        .await?;
    Ok(Json(parcel))
}

/// Note that a parcel is packed
#[utoipa::path(
    post, path = "/admin/fulfilments/{id}/pack", tag = "admin: orders",
    params(("id" = FulfilmentId, Path)),
    responses((status = 200, body = Fulfilment), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn pack_fulfilment(
    staff: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<FulfilmentId>,
) -> Result<Json<Fulfilment>> {
    advanced(&app, staff, id, FulfilmentState::Packed).await
}

/// Send a parcel: its goods leave the stock, and its shopper is told
#[utoipa::path(
    post, path = "/admin/fulfilments/{id}/ship", tag = "admin: orders",
    params(("id" = FulfilmentId, Path)),
    responses((status = 200, body = Fulfilment), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn ship_fulfilment(
    staff: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<FulfilmentId>,
) -> Result<Json<Fulfilment>> {
    advanced(&app, staff, id, FulfilmentState::Shipped).await
}

/// Note that a parcel arrived
#[utoipa::path(
    post, path = "/admin/fulfilments/{id}/deliver", tag = "admin: orders",
    params(("id" = FulfilmentId, Path)),
    responses((status = 200, body = Fulfilment), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn deliver_fulfilment(
    staff: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<FulfilmentId>,
) -> Result<Json<Fulfilment>> {
    advanced(&app, staff, id, FulfilmentState::Delivered).await
}

/// Note that the carrier could not hand a parcel over
#[utoipa::path(
    post, path = "/admin/fulfilments/{id}/fail", tag = "admin: orders",
    params(("id" = FulfilmentId, Path)),
    responses((status = 200, body = Fulfilment), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn fail_fulfilment(
    staff: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<FulfilmentId>,
) -> Result<Json<Fulfilment>> {
    advanced(&app, staff, id, FulfilmentState::FailedDelivery).await
}

/// Take a parcel back in that could not be handed over: its goods can be sold again
#[utoipa::path(
    post, path = "/admin/fulfilments/{id}/return", tag = "admin: orders",
    params(("id" = FulfilmentId, Path)),
    responses((status = 200, body = Fulfilment), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn return_fulfilment(
    staff: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<FulfilmentId>,
) -> Result<Json<Fulfilment>> {
    advanced(&app, staff, id, FulfilmentState::Returned).await
}

/// Unpack a parcel that has not left
#[utoipa::path(
    post, path = "/admin/fulfilments/{id}/cancel", tag = "admin: orders",
    params(("id" = FulfilmentId, Path)),
    responses((status = 200, body = Fulfilment), Failures),
    security(("staff" = ["edit_orders"])),
)]
pub async fn cancel_fulfilment(
    staff: May<may::EditOrders>,
    State(app): State<App>,
    Path(id): Path<FulfilmentId>,
) -> Result<Json<Fulfilment>> {
    advanced(&app, staff, id, FulfilmentState::Cancelled).await
}

async fn advanced(
    app: &App,
    May { actor, .. }: May<may::EditOrders>,
    id: FulfilmentId,
    to: FulfilmentState,
) -> Result<Json<Fulfilment>> {
    let now = app.clock.now();
    let found = app.db.read(async |conn| fulfil::parcel(conn, id).await).await?;
    let order = found.ok_or(ApiError::NotFound("parcel"))?.order_id;
    let parcel = app
        .db
        .write(async |tx| {
            let head = store::head(&mut *tx, order, true).await?;
            let head = head.ok_or(ApiError::NotFound("parcel"))?;
            let before = fulfil::parcel(&mut *tx, id).await?.ok_or(ApiError::NotFound("parcel"))?;
            fulfil::advance(app, &mut *tx, (&head, &before), to, &actor).await?;
            let after = fulfil::parcel(&mut *tx, id).await?.ok_or(ApiError::NotFound("parcel"))?;
            let change = Change::between("fulfilment.moved", id, &before, &after);
            audit::record(tx, &actor, &change, now).await?;
            Ok::<_, ApiError>(after)
        })
        .await?;
    Ok(Json(parcel))
}
