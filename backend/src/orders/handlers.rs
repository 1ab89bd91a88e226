//! Showing an order and calling it off.

use api_types::{Order, OrderId};
use axum::extract::State;

use super::{Token, called_off, store, view};
use crate::{
    App,
    http::{ApiError, Failures, Json, Path, Result},
};

/// Show an order to whoever has its link
#[utoipa::path(
    get, path = "/orders/{id}", tag = "orders",
    params(("id" = OrderId, Path), ("token" = Option<String>, Query, description = "The link's secret; or send X-Order-Token")),
    responses((status = 200, body = Order), Failures),
)]
pub async fn show_order(
    State(app): State<App>,
    token: Token,
    Path(id): Path<OrderId>,
) -> Result<Json<Order>> {
    shown(&app, &token, id).await
}

/// Call an order off while nothing was sent; stock and money go back. Asking again changes nothing
#[utoipa::path(
    post, path = "/orders/{id}/cancel", tag = "orders",
    params(("id" = OrderId, Path), ("token" = Option<String>, Query, description = "The link's secret; or send X-Order-Token")),
    responses((status = 200, body = Order), Failures),
)]
pub async fn cancel_order(
    State(app): State<App>,
    token: Token,
    Path(id): Path<OrderId>,
) -> Result<Json<Order>> {
    shown(&app, &token, id).await?;
    called_off(&app, id).await?;
    shown(&app, &token, id).await
}

async fn shown(app: &App, token: &Token, id: OrderId) -> Result<Json<Order>> {
    let order = app
        .db
        .read(async |conn| {
            let head = store::head(&mut *conn, id, false).await?;
            let is_open = head.is_some_and(|head| app.link_key.opens(token, id, &head.link_nonce));
            if is_open { view::order(conn, id).await } else { Ok(None) }
        })
        .await?;
    order.map(Json).ok_or(ApiError::NotFound("order"))
}
