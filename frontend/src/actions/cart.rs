//! The forms of the cart: put in, change, take out, deliver elsewhere.

use api_types::{AddLine, Cart, Currency, LineId, OpenCart, UpdateCart, VariantId};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::Cookie;
use serde::Deserialize;

use crate::{
    api::{Api, Error},
    app::App,
    cookies::{self, CartKey, set},
    extract::{Form, Path, Signed, Visitor},
    flash::Flash,
    pages::errors,
    session::Wall,
    texts,
};

/// The form of an "Add to cart" button.
#[derive(Deserialize)]
pub struct Add {
    variant_id: VariantId,
    #[serde(default = "one")]
    quantity: i32,
}

/// The form of a line in the cart.
#[derive(Deserialize)]
pub struct Change {
    quantity: Option<String>,
    #[serde(default, rename = "do")]
    act: String,
}

/// The form that says where to deliver.
#[derive(Deserialize)]
pub struct Destination {
    country: String,
}

fn one() -> i32 {
    1
}

/// `POST /cart/lines`: adds to the visitor's cart, opening one if need be.
///
/// Islands ask for JSON and get the cart; forms are led to the cart page.
pub async fn add_line(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(add): Form<Add>,
) -> Response {
    let line = AddLine { variant_id: add.variant_id, quantity: add.quantity };
    let wants_json = wants_json(&headers);
    match added(&visitor, vec![line]).await {
        Ok((cart, cookie)) if wants_json => {
            (set(cookie), json(StatusCode::OK, &cart)).into_response()
        }
        Ok((cart, cookie)) => {
            let title = cart.lines.iter().find(|line| line.variant_id == add.variant_id);
            let text = title.map_or_else(
                || texts::cart_added_nameless().to_owned(),
                |line| texts::cart_added(&line.title),
            );
            let flash = Flash::good(text).cookie(&app.keys);
            (set(cookie.into_iter().chain([flash])), Redirect::to("/cart")).into_response()
        }
        Err(Error::Refused { problem, status }) if wants_json => json(status, &problem),
        Err(error) if wants_json => {
            let page = errors::failed(&error);
            page.status.into_response()
        }
        Err(error) => match told(&error) {
            Some(flash) => flash.to(visitor.came_from.as_deref().unwrap_or("/cart"), &app.keys),
            None => error.into_response(),
        },
    }
}

/// Adds to the visitor's cart, or to a new one when they have none to add to.
pub(super) async fn added(
    visitor: &Visitor,
    lines: Vec<AddLine>,
) -> Result<(Cart, Option<Cookie<'static>>), Error> {
    let (api, currency) = (&visitor.api, visitor.currency);
    let country = match visitor.cart_key().await? {
        None => None,
        Some(key) => match api.add_lines(&key, lines.clone(), "").await {
            // An old cookie goes on for another month.
            Ok(cart) => {
                let cart = in_currency(api, &key, cart, currency).await;
                return Ok((cart, remembered(&key)));
            }
            Err(error) if error.is_not_found() || is_closed(&error) => {
                api.cart(&key).await.ok().map(|cart| cart.country)
            }
            Err(error) => return Err(error),
        },
    };
    let cart = OpenCart { country, currency, lines };
    let opened = match api.open_cart(&cart).await {
        // Not everywhere is delivered for every currency; the cart comes first.
        Err(error) if currency.is_some() && told(&error).is_some() => {
            api.open_cart(&OpenCart { currency: None, ..cart }).await?
        }
        opened => opened?,
    };
    let key = CartKey { id: opened.cart.id, token: opened.token };
    Ok((opened.cart, remembered(&key)))
}

/// The cookie of a guest's cart; a customer's needs none.
fn remembered(key: &CartKey) -> Option<Cookie<'static>> {
    (!key.token.is_empty()).then(|| cookies::cart(key))
}

/// The cart in the currency that the visitor chose, where that can be had.
async fn in_currency(api: &Api, key: &CartKey, cart: Cart, currency: Option<Currency>) -> Cart {
    if currency.is_none_or(|chosen| chosen == cart.currency) {
        return cart;
    }
    let change = UpdateCart { currency, ..UpdateCart::default() };
    api.update_cart(key, &change).await.unwrap_or(cart)
}

fn is_closed(error: &Error) -> bool {
    matches!(error.code(), Some("cart_locked" | "cart_ordered" | "cart_expired"))
}

/// `POST /cart/lines/{id}`: sets how many there are, or takes the line out.
pub async fn change_line(
    State(app): State<App>,
    Path(line): Path<LineId>,
    Signed(change, visitor): Signed<Change>,
) -> Response {
    let key = match visitor.cart_key().await {
        Ok(Some(key)) => key,
        Ok(None) => return gone(&app),
        Err(error) => return error.into_response(),
    };
    let changed = match quantity_of(&change) {
        Some(0) => visitor.api.remove_line(&key, line).await,
        Some(quantity) => visitor.api.set_quantity(&key, line, quantity).await,
        None => return Flash::bad(texts::cart_no_number()).to("/cart", &app.keys),
    };
    shown(&app, changed, |_| None)
}

/// `POST /cart/country`: says where to deliver, so that prices and delivery are right.
pub async fn change_country(
    State(app): State<App>,
    Signed(to, visitor): Signed<Destination>,
) -> Response {
    let key = match visitor.cart_key().await {
        Ok(Some(key)) => key,
        Ok(None) => return gone(&app),
        Err(error) => return error.into_response(),
    };
    let change = UpdateCart { country: Some(to.country), ..UpdateCart::default() };
    let changed = visitor.api.update_cart(&key, &change).await;
    shown(&app, changed, |cart| Some(texts::cart_prices_in(cart.currency)))
}

/// What the form of a line asks for; `None` when it is no number.
fn quantity_of(change: &Change) -> Option<i32> {
    if change.act == "remove" {
        return Some(0);
    }
    let number = change.act.strip_prefix("set:").or(change.quantity.as_deref())?;
    number.trim().parse().ok().filter(|number| (0..=999).contains(number))
}

/// Leads back to the cart, with what there is to say.
fn shown(
    app: &App,
    changed: Result<Cart, Error>,
    said: impl FnOnce(&Cart) -> Option<String>,
) -> Response {
    match changed {
        Ok(cart) => match said(&cart) {
            Some(text) => Flash::good(text).to("/cart", &app.keys),
            None => Redirect::to("/cart").into_response(),
        },
        Err(error) if error.is_not_found() => {
            Flash::bad(texts::cart_no_such_line()).to("/cart", &app.keys)
        }
        Err(error) => match told(&error) {
            Some(flash) => flash.to("/cart", &app.keys),
            None => error.into_response(),
        },
    }
}

fn gone(app: &App) -> Response {
    Flash::bad(texts::cart_gone()).to("/cart", &app.keys)
}

/// A refusal in the backend's words, which are for people; `None` when it is no refusal.
pub(super) fn told(error: &Error) -> Option<Flash> {
    let problem = error.problem().filter(|_| Wall::of(error).is_none())?;
    let problem = Some(problem).filter(|problem| (400..500).contains(&problem.status))?;
    let field = problem.errors.first().map(|field| field.message.clone());
    Some(Flash::bad(field.unwrap_or_else(|| problem.detail.clone())))
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accepts| accepts.to_str().ok())
        .is_some_and(|accepts| accepts.starts_with("application/json"))
}

fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let mime = [(header::CONTENT_TYPE, "application/json")];
    (status, mime, serde_json::to_vec(body).unwrap_or_default()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(quantity: Option<&str>, act: &str) -> Option<i32> {
        quantity_of(&Change { quantity: quantity.map(str::to_owned), act: act.to_owned() })
    }

    #[test]
    fn a_line_can_be_set_removed_or_brought_to_what_is_left() {
        assert_eq!(asked(Some("3"), "update"), Some(3));
        assert_eq!(asked(Some(" 0 "), ""), Some(0));
        assert_eq!(asked(Some("3"), "remove"), Some(0));
        assert_eq!(asked(Some("9"), "set:2"), Some(2));
        for wrong in ["", "-1", "1000", "two", "1.5"] {
            assert_eq!(asked(Some(wrong), "update"), None, "{wrong}");
        }
    }
}
