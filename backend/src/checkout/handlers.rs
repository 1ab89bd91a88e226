//! Buying a cart.

use api_types::{CartId, CompleteCart, Completed, Completion, OrderId, OrderStatus};
use axum::extract::State;
use serde_json::json;

use super::place::{self, Placed};
use crate::{
    App,
    cart::CartAccess,
    http::{ApiError, Failures, Json, Result, idempotency::IdempotencyKey},
    orders, payments,
    payments::Paid,
};

/// Buy a cart: hold its stock, write the order, take the money
#[utoipa::path(
    post, path = "/carts/{id}/complete", tag = "checkout",
    params(("id" = CartId, Path), ("Idempotency-Key" = IdempotencyKey, Header, description = "New for every intent; the same key buys once")),
    request_body = CompleteCart,
    responses((status = 200, body = Completed), Failures),
)]
pub async fn complete_cart(
    State(app): State<App>,
    access: CartAccess,
    key: IdempotencyKey,
    Json(request): Json<CompleteCart>,
) -> Result<Json<Completed>> {
    let key = key.required()?;
    let placed = place::place(&app, access, &key, &request).await?;
    let order = placed.order();
    let (return_url, token) = link(&app, order).await?;
    let paid = match placed {
        Placed::Owes(_, attempt) => {
            let card = request.payment.token.as_deref().unwrap_or_default();
            payments::pay(&app, attempt, card, return_url.into()).await?
        }
        Placed::Bought(_) => Paid::Placed,
        Placed::Unpaid(_, reason) => Paid::Failed(reason),
    };
    completed(&app, order, token, paid).await.map(Json)
}

async fn completed(app: &App, id: OrderId, order_token: String, paid: Paid) -> Result<Completed> {
    let (status, redirect_url) = match paid {
        Paid::Failed(reason) => {
            let facts = json!({ "order_id": id, "order_token": order_token });
            return Err(ApiError::rejected("payment_failed", reason).with_facts(facts));
        }
        Paid::RequiresAction(url) => (Completion::RequiresAction, Some(url)),
        Paid::Placed => (Completion::Placed, None),
        Paid::Pending => (Completion::Pending, None),
    };
    let order = app
        .db
        .read(async |conn| orders::order(conn, id).await)
        .await?
        .ok_or(ApiError::NotFound("order"))?;
    let is_placed = status == Completion::Pending && order.status == OrderStatus::Placed;
    let status = if is_placed { Completion::Placed } else { status };
    Ok(Completed { status, order, order_token, redirect_url })
}

/// Where a provider sends the shopper back to, and the secret in it.
async fn link(app: &App, id: OrderId) -> Result<(url::Url, String)> {
    let head = app.db.read(async |conn| orders::head(conn, id, false).await).await?;
    let head = head.ok_or(ApiError::NotFound("order"))?;
    let mut url = orders::address(app, id, &head.link_nonce);
    url.query_pairs_mut().append_pair("new", "1");
    Ok((url, orders::token(&app.keys, id, &head.link_nonce)))
}
