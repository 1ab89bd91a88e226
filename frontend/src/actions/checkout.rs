//! `POST /checkout`: saves what was typed, then leads back to the page or takes the money.

use std::time::Duration;

use api_types::{
    AddAddress, AddressId, Cart, CartStatus, CompleteCart, Completed, Money, OrderId, UpdateCart,
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::Cookie;

use crate::{
    api::Error,
    app::App,
    cookies::{self, CartKey, OrderKey, set},
    extract::{Signed, Visitor},
    flash::Flash,
    pages::{
        checkout::{
            Desk,
            draft::Draft,
            form::{Typed, Wrong},
            not_for_sale, nothing, retry,
        },
        order,
    },
    shop, texts,
};

/// How often a purchase that is under way in another window is asked for, and how long between.
const ASK_AGAIN: (u32, Duration) = (8, Duration::from_millis(700));

/// One press of a button on the checkout page.
struct Press {
    app: App,
    visitor: Visitor,
    key: CartKey,
    typed: Typed,
}

/// Why the page comes again.
#[derive(Default)]
struct Again {
    notice: Option<Flash>,
    wrong: Vec<Wrong>,
    order: Option<OrderKey>,
    /// How the purchase ended is not known, so the next press means the same one.
    goes_on: bool,
    /// The part of the page to lead to.
    part: &'static str,
}

/// The form of the checkout page.
pub async fn checkout(
    State(app): State<App>,
    Signed(typed, visitor): Signed<Typed>,
) -> Result<Response, Error> {
    let key = match key(&visitor, &typed).await {
        Err(error) if error.is_temporary() => return Ok(kept(&typed, &visitor, &error)),
        key => key?,
    };
    let Some(key) = key else { return Ok(nothing(&app)) };
    let press = Press { app, visitor, key, typed };
    match press.answer().await {
        // The page keeps what was typed, so that its button works once the backend is back.
        Err(error) if error.is_temporary() => {
            tracing::warn!(%error, "the checkout could not reach the backend");
            Ok(match Draft::pressed(press.key.id, &press.typed).cookie(&press.app.keys) {
                Some(draft) => press.led_back(draft, Again::default()),
                None => retry(&press.typed, press.visitor.csrf()).into_response(),
            })
        }
        answer => answer,
    }
}

/// What was typed goes along, so that the button works once the backend is back.
fn kept(typed: &Typed, visitor: &Visitor, error: &Error) -> Response {
    tracing::warn!(%error, "the checkout could not reach the backend");
    retry(typed, visitor.csrf()).into_response()
}

/// What opens the cart. A customer's is the one that the page showed: once it is bought, their
/// current one is another, and a second press must find the first one's order.
async fn key(visitor: &Visitor, typed: &Typed) -> Result<Option<CartKey>, Error> {
    let shown = typed.cart.parse().ok().map(CartKey::of_customer);
    if shown.is_some() && visitor.is_customer().await? {
        return Ok(shown);
    }
    visitor.cart_key().await
}

impl Press {
    async fn answer(&self) -> Result<Response, Error> {
        let cart = match self.visitor.api.cart(&self.key).await {
            Err(error) if error.is_not_found() => return Ok(nothing(&self.app)),
            cart => cart?,
        };
        let is_paying = self.typed.act == "pay";
        // An ordered cart can be paid again, and a second press must find the first one's order.
        if is_paying && cart.status == CartStatus::Ordered {
            return self.pay(cart).await;
        }
        if let Some(elsewhere) = not_for_sale(&self.app, &cart, &self.visitor) {
            return Ok(elsewhere);
        }
        if let Some(id) = self.typed.wanted() {
            return self.deliver_to(id, cart).await;
        }
        let (cart, wrong) = self.save(cart).await?;
        if wrong.is_empty() {
            if !is_paying {
                return self.saved(cart).await;
            }
            if let Err(error) = self.keep_address().await {
                // Buying goes on without.
                tracing::warn!(%error, "an address was not kept");
            }
            return self.pay(cart).await;
        }
        // Asking what delivery costs is no reason to be told of empty fields or an old choice.
        let again = if self.typed.act == "update" {
            let is_told =
                |wrong: &Wrong| wrong.field != "shipping" && !self.typed.is_blank(&wrong.field);
            let wrong = wrong.into_iter().filter(is_told).collect::<Vec<_>>();
            let part = if wrong.is_empty() { "#delivery" } else { "" };
            Again { wrong, part, ..Again::default() }
        } else {
            Again { wrong, ..Again::default() }
        };
        self.back(cart, again).await
    }

    /// Fills in an address that the customer keeps. Nothing else is asked of them yet.
    async fn deliver_to(&self, id: AddressId, cart: Cart) -> Result<Response, Error> {
        let addresses = self.visitor.api.addresses().await?;
        let Some(kept) = addresses.into_iter().find(|kept| kept.id == id) else {
            let gone = Flash::bad(texts::checkout_kept_gone());
            return self.back(cart, Again::because(gone)).await;
        };
        let typed = self.typed.clone().at(kept.address);
        let change = UpdateCart { email: None, ..typed.change(true) };
        match self.visitor.api.update_cart(&self.key, &change).await {
            Ok(cart) => self.saved(cart).await,
            Err(error) => {
                let wrong = found_wrong(&error);
                if wrong.is_empty() {
                    return Err(error);
                }
                self.back(cart, Again { wrong, ..Again::default() }).await
            }
        }
    }

    /// Keeps the address for the customer who asked for that, unless it is kept already.
    async fn keep_address(&self) -> Result<(), Error> {
        if self.typed.keep != "yes" || !self.visitor.is_customer().await? {
            return Ok(());
        }
        let address = self.typed.address();
        let known = self.visitor.api.addresses().await?;
        if known.iter().any(|kept| kept.address == address) {
            return Ok(());
        }
        let address = AddAddress { address, is_default: false };
        self.visitor.api.add_address(&address).await.map(drop)
    }

    /// Saves all that can be saved, and says what cannot.
    async fn save(&self, cart: Cart) -> Result<(Cart, Vec<Wrong>), Error> {
        let shop = self.app.shop_config().await?;
        let mut wrong = self.typed.missing(shop::country(&shop, &self.typed.country));
        let mut change = self.typed.change(!wrong.iter().any(Wrong::is_address));
        // What the backend finds wrong is left out the next time.
        for _ in 0..3 {
            let error = match self.visitor.api.update_cart(&self.key, &change).await {
                Ok(saved) => return self.deliver(saved, wrong).await,
                Err(error) if is_taken(&error) => return Ok((self.again().await?, wrong)),
                Err(error) => error,
            };
            let found = found_wrong(&error);
            if found.is_empty() {
                return Err(error);
            }
            change = without(change, &found);
            wrong.extend(found);
        }
        self.deliver(cart, wrong).await
    }

    /// Chooses the way to deliver that the form names.
    async fn deliver(
        &self,
        cart: Cart,
        mut wrong: Vec<Wrong>,
    ) -> Result<(Cart, Vec<Wrong>), Error> {
        let method = self.typed.method();
        if !cart.requires_shipping || (method.is_some() && method == cart.shipping_method) {
            return Ok((cart, wrong));
        }
        let choose = texts::checkout_choose_delivery();
        let Some(method) = method else {
            wrong.push(Wrong::new("shipping", choose));
            return Ok((cart, wrong));
        };
        match self.visitor.api.choose_shipping(&self.key, method).await {
            Ok(cart) => Ok((cart, wrong)),
            Err(error) if is_taken(&error) => Ok((self.again().await?, wrong)),
            Err(error) if error.problem().is_some() && !error.is_temporary() => {
                let other = texts::checkout_other_delivery();
                wrong.push(Wrong::new("shipping", other));
                Ok((cart, wrong))
            }
            Err(error) => Err(error),
        }
    }

    /// The cart as another press of the button left it.
    async fn again(&self) -> Result<Cart, Error> {
        self.visitor.api.cart(&self.key).await
    }

    /// Everything is saved: the page again, with the way to pay that was chosen.
    async fn saved(&self, cart: Cart) -> Result<Response, Error> {
        let part = if self.typed.act == "continue" { "#pay" } else { "#delivery" };
        let draft = Draft::of_payment(&cart, &self.typed);
        self.lead_back(cart, &draft, Again { part, ..Again::default() }).await
    }

    /// Takes the money, if the total is the one that was seen.
    async fn pay(&self, cart: Cart) -> Result<Response, Error> {
        let total = cart.totals.total;
        let seen = self.typed.seen().unwrap_or(total);
        if cart.status == CartStatus::Open && seen != total {
            return self.back(cart, Again::because(changed(seen, total))).await;
        }
        match self.complete(&self.typed.order(seen)).await {
            Ok(done) => Ok(order::bought(&self.app, &done)),
            Err(error) if error.is_temporary() => Err(error),
            Err(error) => {
                let cart = self.visitor.api.cart(&self.key).await?;
                let again = refused(&error, &cart, seen).ok_or(error)?;
                self.back(cart, again).await
            }
        }
    }

    /// Buys once, waiting for a purchase with the same key that is under way.
    async fn complete(&self, order: &CompleteCart) -> Result<Completed, Error> {
        let (times, pause) = ASK_AGAIN;
        for _ in 0..times {
            match self.visitor.api.complete(&self.key, &self.typed.once, order).await {
                Err(error) if is_under_way(&error) => tokio::time::sleep(pause).await,
                answer => return answer,
            }
        }
        self.visitor.api.complete(&self.key, &self.typed.once, order).await
    }

    /// Back to the page, with what was typed and what is to be said of it.
    async fn back(&self, cart: Cart, again: Again) -> Result<Response, Error> {
        let draft = Draft::of(&cart, &self.typed, &again.wrong, again.goes_on);
        self.lead_back(cart, &draft, again).await
    }

    /// Leads to the page by its address: one that answered a form would ask to send it again at
    /// every Back and Reload. What is too long for a cookie is answered all the same.
    async fn lead_back(&self, cart: Cart, draft: &Draft, again: Again) -> Result<Response, Error> {
        match draft.cookie(&self.app.keys) {
            Some(cookie) => Ok(self.led_back(cookie, again)),
            None => self.drawn(cart, draft, again).await,
        }
    }

    fn led_back(&self, draft: Cookie<'static>, again: Again) -> Response {
        let notice = again.notice.map(|notice| notice.cookie(&self.app.keys));
        let order = again.order.as_ref().map(cookies::order);
        let cookies = [Some(draft), notice, order].into_iter().flatten();
        (set(cookies), Redirect::to(&format!("/checkout{}", again.part))).into_response()
    }

    async fn drawn(&self, cart: Cart, draft: &Draft, again: Again) -> Result<Response, Error> {
        let mut desk = Desk::of(&self.app, &self.key, cart, &self.visitor).await?;
        desk.typed = draft.over(desk.typed);
        desk.wrong = again.wrong;
        desk.notice = again.notice;
        let order = again.order.as_ref().map(cookies::order);
        let page = desk.page().with_status(StatusCode::UNPROCESSABLE_ENTITY).with_cookie(order);
        Ok(page.into_response())
    }
}

impl Again {
    fn because(notice: Flash) -> Self {
        Self { notice: Some(notice), ..Self::default() }
    }
}

/// What to say of a purchase that was refused; `None` when that is for nobody to read.
fn refused(error: &Error, cart: &Cart, seen: Money) -> Option<Again> {
    let problem = error.problem()?;
    let again = match problem.code.as_str() {
        "cart_changed" => Again::because(changed(seen, cart.totals.total)),
        "insufficient_stock" => {
            let flash = Flash::bad(texts::checkout_sold_out());
            Again::because(flash.with_link(texts::checkout_sold_out_see(), "/cart"))
        }
        "completion_in_progress" => {
            Again { goes_on: true, ..Again::because(Flash::bad(texts::checkout_under_way())) }
        }
        "payment_failed" => {
            let order = order_of(problem.facts.as_ref());
            Again { order, ..Again::because(Flash::bad(texts::checkout_declined())) }
        }
        _ => {
            let wrong = found_wrong(error);
            let notice = wrong.is_empty().then(|| Flash::bad(problem.detail.clone()));
            Again { notice, wrong, ..Again::default() }
        }
    };
    Some(again)
}

fn changed(seen: Money, total: Money) -> Flash {
    Flash::bad(texts::checkout_changed(seen, total))
}

/// The order that stays payable, which the refusal names.
fn order_of(facts: Option<&serde_json::Value>) -> Option<OrderKey> {
    let facts = facts?;
    let id: OrderId = facts.get("order_id")?.as_str()?.parse().ok()?;
    Some(OrderKey { id, token: facts.get("order_token")?.as_str()?.to_owned() })
}

fn is_under_way(error: &Error) -> bool {
    error.code() == Some("completion_in_progress")
}

/// Whether a purchase has the cart in its hands.
fn is_taken(error: &Error) -> bool {
    is_under_way(error) || error.code() == Some("cart_locked")
}

fn found_wrong(error: &Error) -> Vec<Wrong> {
    let problem = error.problem().filter(|problem| (400..500).contains(&problem.status));
    problem.map(|problem| problem.errors.iter().map(Wrong::of).collect()).unwrap_or_default()
}

/// The change without what was found wrong.
fn without(change: UpdateCart, wrong: &[Wrong]) -> UpdateCart {
    let about = |field: &str| wrong.iter().any(|wrong| wrong.field == field);
    UpdateCart {
        email: change.email.filter(|_| !about("email")),
        note: change.note.filter(|_| !about("note")),
        country: change.country.filter(|_| !about("country")),
        currency: change.currency,
        shipping_address: change.shipping_address.filter(|_| !wrong.iter().any(Wrong::is_address)),
    }
}

#[cfg(test)]
mod tests {
    use api_types::Address;

    use super::*;

    #[test]
    fn what_is_right_is_saved_without_what_is_wrong() {
        let change = UpdateCart {
            email: Some("ann".to_owned()),
            country: Some("DE".to_owned()),
            shipping_address: Some(Address::default()),
            currency: None,
            note: Some("Hello".to_owned()),
        };

        let saved = without(change.clone(), &[Wrong::new("email", "No.")]);
        assert_eq!((saved.email, saved.shipping_address.is_some()), (None, true));

        let saved = without(change, &[Wrong::new("postal_code", "No.")]);
        assert_eq!((saved.email.as_deref(), saved.shipping_address), (Some("ann"), None));
        assert_eq!(saved.country.as_deref(), Some("DE"));
    }

    #[test]
    fn a_declined_card_names_the_order_that_stays() {
        let facts = serde_json::json!({
            "order_id": "ord_0192f0c1d2e37a4bb5c6d7e8f9012345",
            "order_token": "secret",
        });

        assert_eq!(order_of(Some(&facts)).map(|key| key.token).as_deref(), Some("secret"));
        assert_eq!(order_of(None), None);
    }
}
