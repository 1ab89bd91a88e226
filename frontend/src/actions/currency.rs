//! The form that chooses a currency.

use api_types::{Currency, UpdateCart};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::cart::told;
use crate::{
    api::Error,
    app::App,
    cookies::{self, set},
    currency,
    extract::{Form, Visitor},
    flash::Flash,
    pages::errors,
    texts,
};

/// The form at the foot of every page.
#[derive(Deserialize)]
pub struct Choice {
    currency: String,
}

/// `POST /currency`: remembers the currency, takes the cart along, and leads back.
pub async fn choose(
    State(app): State<App>,
    visitor: Visitor,
    Form(choice): Form<Choice>,
) -> Result<Response, Error> {
    let shop = app.shop_config().await?;
    let known = shop.currencies.iter().find(|known| known.code() == choice.currency);
    let Some(&chosen) = known else { return Ok(errors::bad_request().into_response()) };
    let stays = switch(&visitor, chosen).await?;
    let flash = stays.map(|flash| flash.cookie(&app.keys));
    let back = currency::without(visitor.came_from.as_deref().unwrap_or("/cart"));
    Ok((set(flash), Redirect::to(&back)).into_response())
}

/// Prices are in that currency from now on, and those in the cart too; what to say when it cannot
/// come along.
pub async fn switch(visitor: &Visitor, chosen: Currency) -> Result<Option<Flash>, Error> {
    visitor.session.remember(cookies::currency(chosen)).await;
    let Some(key) = visitor.cart_key().await? else { return Ok(None) };
    let change = UpdateCart { currency: Some(chosen), ..UpdateCart::default() };
    let refused = visitor.api.update_cart(&key, &change).await.err();
    Ok(refused.and_then(|error| flash(&error, chosen)))
}

/// What to say when the cart cannot come along; a cart that is gone or bought needs no word.
fn flash(error: &Error, chosen: Currency) -> Option<Flash> {
    let problem = error.problem()?;
    let is_refused = problem.errors.iter().any(|field| field.pointer == "/currency");
    let words = told(error).filter(|_| is_refused)?.text;
    Some(Flash::bad(texts::currency_cart_stays(chosen, words)))
}
