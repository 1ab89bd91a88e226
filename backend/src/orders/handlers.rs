//! Showing an order and calling it off.

use api_types::{Order, OrderId};
use axum::extract::State;

use super::{OrderAccess, called_off, view};
use crate::{
    App,
    http::{ApiError, Failures, Json, Path, Result},
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
