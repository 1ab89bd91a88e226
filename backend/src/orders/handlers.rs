//! Showing an order, calling it off, ordering it again, and its invoice.

use api_types::{Order, OrderId, Reordered};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::{OrderAccess, again, called_off, invoice, view};
use crate::{
    App,
    accounts::Caller,
    http::{ApiError, Failures, Json, Path, Result, idempotency::IdempotencyKey},
};

/// Show an order to whoever has its link, and to its customer
#[utoipa::path(
    get, path = "/orders/{id}", tag = "orders",
    params(("id" = OrderId, Path), ("token" = Option<String>, Query, description = "The link's secret; or send X-Order-Token")),
    responses((status = 200, body = Order), Failures),
)]
pub async fn show_order(
    State(app): State<App>,
    access: OrderAccess,
    Path(id): Path<OrderId>,
) -> Result<Json<Order>> {
    shown(&app, &access, id).await
}

/// Call an order off while nothing was sent; stock and money go back. Asking again changes nothing
#[utoipa::path(
    post, path = "/orders/{id}/cancel", tag = "orders",
    params(("id" = OrderId, Path), ("token" = Option<String>, Query, description = "The link's secret; or send X-Order-Token")),
    responses((status = 200, body = Order), Failures),
)]
pub async fn cancel_order(
    State(app): State<App>,
    access: OrderAccess,
    Path(id): Path<OrderId>,
) -> Result<Json<Order>> {
    shown(&app, &access, id).await?;
    called_off(&app, id).await?;
    shown(&app, &access, id).await
}

/// Put what an order held into the customer's cart, or a new one. What is not sold any more is left out and named
#[utoipa::path(
    post, path = "/orders/{id}/reorder", tag = "orders",
    params(
        ("id" = OrderId, Path),
        ("token" = Option<String>, Query, description = "The link's secret; or send X-Order-Token"),
        ("Idempotency-Key" = Option<IdempotencyKey>, Header, description = "Adds once to a customer's cart, however often it is sent"),
    ),
    responses((status = 200, body = Reordered), Failures),
)]
pub async fn reorder(
    State(app): State<App>,
    access: OrderAccess,
    caller: Caller,
    key: IdempotencyKey,
    Path(id): Path<OrderId>,
) -> Result<Json<Reordered>> {
    let Json(order) = shown(&app, &access, id).await?;
    again::ordered_again(&app, caller.customer(), &order, &key).await.map(Json)
}

/// Write the invoice of an order that was placed, on A4
#[utoipa::path(
    get, path = "/orders/{id}/invoice.pdf", tag = "orders",
    params(("id" = OrderId, Path), ("token" = Option<String>, Query, description = "The link's secret; or send X-Order-Token")),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), Failures),
)]
pub async fn show_invoice(
    State(app): State<App>,
    access: OrderAccess,
    Path(id): Path<OrderId>,
) -> Result<Response> {
    let Json(order) = shown(&app, &access, id).await?;
    if order.placed_at.is_none() {
        return Err(ApiError::conflict(
            "not_placed",
            "there is no invoice before an order is placed",
        ));
    }
    let number = order.number;
    let invoice = app.db.read(async |conn| invoice::read(conn, order).await).await?;
    let drawn = tokio::task::spawn_blocking(move || invoice::pdf(&invoice)).await;
    let bytes = drawn.map_err(anyhow::Error::from)??;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"invoice-{number}.pdf\"")),
    ];
    Ok((headers, bytes).into_response())
}

async fn shown(app: &App, access: &OrderAccess, id: OrderId) -> Result<Json<Order>> {
    let order = app
        .db
        .read(async |conn| {
            access.head(&mut *conn, id, false).await?;
            Ok::<_, ApiError>(view::order(conn, id).await?)
        })
        .await?;
    order.map(Json).ok_or(ApiError::NotFound("order"))
}
