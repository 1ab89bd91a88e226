//! What letters' links do, and letters that anybody may ask for.

use api_types::{Confirm, FindOrder};
use axum::{extract::State, http::StatusCode};

use super::{
    super::letters::{self, Ask, Purpose},
    email, may_write, store,
};
use crate::{
    App,
    http::{ApiError, Failures, Json, Result},
    orders,
};

/// Move an account to the address that a letter went to
#[utoipa::path(post, path = "/auth/email/verify", tag = "accounts", request_body = Confirm, responses((status = 204), Failures))]
pub async fn verify_email(
    State(app): State<App>,
    Json(confirm): Json<Confirm>,
) -> Result<StatusCode> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let letter = letters::opened(&app, &mut *tx, Purpose::Email, &confirm.token).await?;
            let letter = letter.ok_or_else(letters::void)?;
            let customer = letter.customer_id.ok_or_else(letters::void)?;
            let before = store::customers::email(&mut *tx, customer).await?.unwrap_or_default();
            store::letters::use_up(&mut *tx, letter.letter_id, now).await?;
            if !store::customers::set_email(&mut *tx, customer, &letter.email).await? {
                return Err(letters::void());
            }
            // A link to a new password that went to the old address opens nothing any more.
            store::letters::void_others(&mut *tx, customer, now).await?;
            orders::claim(&mut *tx, customer).await?;
            tracing::info!(customer.id = %customer, "an account moved to another address");
            letters::notice(&app, tx, Purpose::EmailChanged, customer, &before).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask for the link of an order by letter; the same answer whether there is such an order or not
#[utoipa::path(post, path = "/orders/lookup", tag = "orders", request_body = FindOrder, responses((status = 202), Failures))]
pub async fn find_order(State(app): State<App>, Json(find): Json<FindOrder>) -> Result<StatusCode> {
    let email = email(&find.email)?;
    may_write(&app, email).await?;
    app.db
        .write(async |tx| {
            let order = orders::numbered(&mut *tx, find.number, email).await?;
            let purpose = if order.is_some() { Purpose::OrderLink } else { Purpose::Nobody };
            let ask = Ask { purpose, customer: None, email, registration: None, order };
            letters::ask(&app, tx, ask).await?;
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}
