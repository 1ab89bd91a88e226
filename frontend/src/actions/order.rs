//! The forms of the order page: call it off, pay it again.

use api_types::OrderId;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    api::Error,
    app::App,
    cookies::OrderKey,
    extract::{Path, Signed},
    flash::Flash,
    pages::{checkout::form::Typed, order},
    session::Wall,
    texts,
};

/// What both forms carry.
#[derive(Deserialize)]
pub struct Opened {
    #[serde(default)]
    token: String,
    once: String,
}

/// `POST /orders/{id}/cancel`: calls the order off.
pub async fn cancel(
    State(app): State<App>,
    Path(id): Path<OrderId>,
    Signed(form, visitor): Signed<Opened>,
) -> Result<Response, Error> {
    let key = OrderKey { id, token: form.token };
    let flash = match visitor.api.cancel_order(id, &key.token, &form.once).await {
        Ok(_) => Flash::good(texts::order_cancel_done()),
        Err(error) => refusal(error)?,
    };
    Ok(flash.to(&order::path(&key), &app.keys))
}

/// `POST /orders/{id}/pay`: pays a pending order again.
pub async fn pay(
    State(app): State<App>,
    Path(id): Path<OrderId>,
    Signed(form, visitor): Signed<Paying>,
) -> Result<Response, Error> {
    let key = OrderKey { id, token: form.token };
    let cart = order::cart_of(&visitor, &form.typed.cart).await?;
    let (Some(cart), Some(total)) = (cart, form.typed.seen()) else {
        let flash = Flash::bad(texts::order_other_browser());
        return Ok(flash.to(&order::path(&key), &app.keys));
    };
    match visitor.api.complete(&cart, &form.typed.once, &form.typed.order(total)).await {
        Ok(done) => Ok(order::bought(&app, &done)),
        // How it ended is not known: the page looks again by itself.
        Err(error) if error.is_temporary() => {
            tracing::warn!(%error, "a payment was sent and nobody answered");
            Ok(Redirect::to(&order::path(&key)).into_response())
        }
        Err(error) => Ok(refusal(error)?.to(&order::path(&key), &app.keys)),
    }
}

/// The form that pays again.
#[derive(Deserialize)]
pub struct Paying {
    #[serde(default)]
    token: String,
    #[serde(flatten)]
    typed: Typed,
}

/// A refusal in words; an error when it is none.
fn refusal(error: Error) -> Result<Flash, Error> {
    let said = error.problem().filter(|problem| (400..500).contains(&problem.status));
    match said.filter(|_| Wall::of(&error).is_none()) {
        Some(problem) if problem.code == "payment_failed" => {
            Ok(Flash::bad(texts::checkout_declined()))
        }
        Some(problem) if !error.is_not_found() => Ok(Flash::bad(problem.detail.clone())),
        _ => Err(error),
    }
}
