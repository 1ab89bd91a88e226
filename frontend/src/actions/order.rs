//! The forms of the order page: call it off, pay it again, order the same once more.

use api_types::{AddLine, CartLine, CartStatus, OrderId, Reordered};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    api::Error,
    app::App,
    cookies::{self, CartKey, OrderKey, set},
    extract::{Path, Signed, Visitor},
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

/// `POST /orders/{id}/reorder`: puts the same things into the visitor's cart, beside what is there.
pub async fn reorder(
    State(app): State<App>,
    Path(id): Path<OrderId>,
    Signed(form, visitor): Signed<Opened>,
) -> Result<Response, Error> {
    let key = OrderKey { id, token: form.token };
    let again = match visitor.api.reorder(id, &key.token, &form.once).await {
        Ok(again) => again,
        Err(error) => return Ok(refusal(error)?.to(&order::path(&key), &app.keys)),
    };
    let flash = if again.left_out.is_empty() {
        Flash::good(texts::share_done())
    } else {
        Flash::bad(texts::order_left_out(again.left_out.join(", ")))
    };
    let cookie = match CartKey::opened(&again) {
        Some(opened) => Some(cookies::cart(&joined(&visitor, &again, opened, &form.once).await)),
        None => None,
    };
    let cookies = cookie.into_iter().chain([flash.cookie(&app.keys)]);
    Ok((set(cookies), Redirect::to("/cart")).into_response())
}

/// What opens the cart that holds it all: the guest's own when things are in it already, else the new one.
async fn joined(visitor: &Visitor, again: &Reordered, opened: CartKey, once: &str) -> CartKey {
    let Ok(Some((own, cart))) = visitor.cart().await else { return opened };
    if cart.status != CartStatus::Open || cart.lines.is_empty() {
        return opened;
    }
    let line = |line: &CartLine| AddLine { variant_id: line.variant_id, quantity: line.quantity };
    let lines = again.cart.lines.iter().map(line).collect();
    if visitor.api.add_lines(&own, lines, once).await.is_err() {
        return opened;
    }
    // Nobody has the other one's key any more.
    let _ = visitor.api.discard_cart(&opened).await;
    own
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
