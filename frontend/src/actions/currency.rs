//! The form that chooses a currency.

use api_types::{Currency, UpdateCart};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::cart::{set, told, way_back};
use crate::{
    api::Error,
    app::App,
    cookies, currency,
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
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Result<Response, Error> {
    let shop = app.shop_config().await?;
    let known = shop.currencies.iter().find(|known| known.code() == choice.currency);
    let Some(&chosen) = known else { return Ok(errors::bad_request().into_response()) };
    let stays = match &visitor.cart {
        Some(key) => {
            let change = UpdateCart { currency: Some(chosen), ..UpdateCart::default() };
            app.api.update_cart(key, &change).await.err()
        }
        None => None,
    };
    let flash = stays.and_then(|error| flash(&error, chosen)).map(|flash| flash.cookie(&app.keys));
    let back = currency::without(&way_back(&headers));
    Ok((set(Some(cookies::currency(chosen))), set(flash), Redirect::to(&back)).into_response())
}

/// What to say when the cart cannot come along; a cart that is gone or bought needs no word.
fn flash(error: &Error, chosen: Currency) -> Option<Flash> {
    let problem = error.problem()?;
    let is_refused = problem.errors.iter().any(|field| field.pointer == "/currency");
    let words = told(error).filter(|_| is_refused)?.text;
    Some(Flash::bad(texts::currency_cart_stays(chosen, words)))
}
