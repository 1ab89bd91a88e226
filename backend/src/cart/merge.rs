//! What a shopper put into a cart before signing in goes into the customer's cart.
//!
//! A customer has one open cart. A guest's cart becomes it, or is poured into it; both happen
//! once, under the customer's lock, and after that no token opens what is in it.

use api_types::{Cart, CartId};
use axum::extract::State;
use sqlx::PgConnection;

use super::{CartAccess, priced, store};
use crate::{
    App,
    accounts::{self, Customer},
    http::{ApiError, Failures, Json, Result},
};

/// Take a guest's cart over into the customer's; doing it again changes nothing
#[utoipa::path(
    post, path = "/carts/{id}/merge", tag = "cart",
    params(("id" = CartId, Path), ("X-Cart-Token" = Option<String>, Header, description = "Opens the guest's cart")),
    responses((status = 200, body = Cart), Failures),
    security(("customer" = [])),
)]
pub async fn merge_cart(
    customer: Customer,
    State(app): State<App>,
    access: CartAccess,
) -> Result<Json<Cart>> {
    let now = app.clock.now();
    let cart = app
        .db
        .write(async |tx| {
            let id = taken_over(&app, &mut *tx, access, customer).await?;
            let access = CartAccess::of_customer(id, customer.id);
            Ok::<_, ApiError>(priced(tx, access, now).await?.view())
        })
        .await?;
    Ok(Json(cart))
}

async fn taken_over(
    app: &App,
    tx: &mut PgConnection,
    guest: CartAccess,
    customer: Customer,
) -> Result<CartId> {
    let now = app.clock.now();
    if !accounts::lock(&mut *tx, customer.id).await? {
        return Err(ApiError::SignedOut);
    }
    match store::lock_both(&mut *tx, guest, customer.id, now).await? {
        (Some(guest), Some(mine)) => {
            store::pour(tx, guest, mine, now).await?;
            Ok(mine)
        }
        (Some(guest), None) => {
            store::lock_open_of(&mut *tx, customer.id, now).await?;
            store::adopt(tx, guest, customer.id, &rand::random::<[u8; 32]>()).await?;
            Ok(guest)
        }
        (None, Some(mine)) if store::was_merged(tx, guest, mine).await? => Ok(mine),
        (None, _) => Err(ApiError::NotFound("cart")),
    }
}
