//! What was typed into the checkout, carried across the redirect that answers a press of its button.

use std::{collections::BTreeMap, convert::Infallible};

use api_types::{Cart, CartId, CartStatus};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::{Deserialize, Serialize};

use super::form::{Typed, Wrong};
use crate::{cookies, keys::Keys};

const PURPOSE: &str = "checkout";

/// Browsers drop a cookie of more than 4096 bytes, its name and rules included.
const MOST: usize = 3900;

/// The fields that stay open once an order names the cart.
const PAYING: [&str; 3] = ["payment", "card", "once"];

/// What the cart could not keep of the form, and what was wrong with it; the next page shows it,
/// however often it is loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    cart: CartId,
    /// Version of the cart that `wrong` is about.
    version: i32,
    typed: BTreeMap<String, String>,
    wrong: Vec<Wrong>,
}

impl Draft {
    /// What `cart` does not say itself. The purchase's key goes along when it `goes_on`.
    pub fn of(cart: &Cart, typed: &Typed, wrong: &[Wrong], goes_on: bool) -> Self {
        let known = Typed::of(cart);
        let is_ordered = cart.status == CartStatus::Ordered;
        let is_kept = |name: &str| match name {
            "total" | "currency" | "do" => false,
            "once" => goes_on,
            name => !is_ordered || PAYING.contains(&name),
        };
        let differs =
            typed.fields().into_iter().zip(known.fields()).filter(|(now, then)| now.1 != then.1);
        let typed = differs
            .map(|(now, _)| now)
            .filter(|(name, _)| is_kept(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self { cart: cart.id, version: cart.version, typed, wrong: wrong.to_vec() }
    }

    /// How the shopper means to pay, when the cart keeps all the rest.
    pub fn of_payment(cart: &Cart, typed: &Typed) -> Self {
        let (payment, card) = (typed.payment.clone(), typed.card.clone());
        Self::of(cart, &Typed { payment, card, ..Typed::of(cart) }, &[], false)
    }

    /// A press of the button that did not reach the backend: all of it.
    pub fn pressed(cart: CartId, typed: &Typed) -> Self {
        let typed = typed.fields().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { cart, version: 0, typed: typed.into(), wrong: Vec::new() }
    }

    /// The form of a press that did not reach the backend; `None` when it reached it.
    pub fn press(&self) -> Option<Typed> {
        self.typed.contains_key("do").then(|| self.over(Typed::default()))
    }

    /// Whether it was typed for that cart.
    pub fn is_for(&self, cart: CartId) -> bool {
        self.cart == cart
    }

    /// The form with what was typed over what the cart says.
    pub fn over(&self, fresh: Typed) -> Typed {
        let mut fields: BTreeMap<&str, &str> = fresh.fields().into_iter().collect();
        fields.extend(self.typed.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let fields = serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(
            fields.into_iter(),
        );
        Typed::deserialize(fields).unwrap_or(fresh)
    }

    /// What is wrong, unless the cart has changed since that was found.
    pub fn wrong(&self, cart: &Cart) -> Vec<Wrong> {
        if self.version == cart.version { self.wrong.clone() } else { Vec::new() }
    }

    /// As a cookie that only we can make; `None` when it is more than a cookie holds.
    pub fn cookie(&self, keys: &Keys) -> Option<Cookie<'static>> {
        let sealed = keys.seal(PURPOSE, self);
        (sealed.len() <= MOST).then(|| cookies::draft(sealed))
    }
}

/// The draft that came along, if we made it.
pub struct Drafted(pub Option<Draft>);

impl<S: Send + Sync> FromRequestParts<S> for Drafted
where
    Keys: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = jar.get(cookies::DRAFT);
        Ok(Self(cookie.and_then(|cookie| Keys::from_ref(state).open(PURPOSE, cookie.value()))))
    }
}

#[cfg(test)]
mod tests {
    use api_types::{Currency, Money, Totals};

    use super::*;

    fn cart(status: CartStatus) -> Cart {
        let nothing = Money::new(0, Currency::EUR);
        Cart {
            id: "cart_00000000000000000000000000000001".parse().unwrap(),
            version: 4,
            status,
            currency: Currency::EUR,
            country: "DE".to_owned(),
            email: Some("ann@example.com".to_owned()),
            shipping_address: None,
            note: None,
            lines: Vec::new(),
            item_count: 0,
            shipping_method: None,
            requires_shipping: true,
            totals: Totals {
                subtotal: nothing,
                discount: nothing,
                shipping: None,
                tax: nothing,
                tax_included: true,
                tax_lines: Vec::new(),
                total: nothing,
            },
            until_free_delivery: None,
            problems: Vec::new(),
            order_id: None,
        }
    }

    fn typed() -> Typed {
        let text = str::to_owned;
        Typed {
            email: String::new(),
            name: text("Ann Weber"),
            country: text("DE"),
            payment: text("test"),
            total: text("100"),
            once: text("a-key"),
            act: text("pay"),
            ..Typed::default()
        }
    }

    #[test]
    fn what_was_typed_comes_back_even_where_it_was_emptied() {
        let (cart, keys) = (cart(CartStatus::Open), Keys::from_bytes(b"key"));
        let wrong = [Wrong::new("email", "Tell us.")];
        let cookie = Draft::of(&cart, &typed(), &wrong, false).cookie(&keys).unwrap();
        let draft: Draft = keys.open(PURPOSE, cookie.value()).unwrap();

        let shown = draft.over(Typed { once: "new".to_owned(), ..Typed::of(&cart) });

        assert_eq!((shown.email.as_str(), shown.name.as_str()), ("", "Ann Weber"));
        assert_eq!((shown.once.as_str(), shown.total.as_str()), ("new", ""));
        assert_eq!(draft.wrong(&cart), wrong);
        assert_eq!(draft.wrong(&Cart { version: 5, ..cart }), []);
        assert_eq!(draft.press(), None);
    }

    #[test]
    fn the_purchase_goes_on_under_its_key_only_while_nobody_knows_how_it_ended() {
        let cart = cart(CartStatus::Open);
        let key = |goes_on| Draft::of(&cart, &typed(), &[], goes_on).over(Typed::default()).once;

        assert_eq!(key(true), "a-key");
        assert_eq!(key(false), "");
        assert_eq!(Draft::pressed(cart.id, &typed()).press(), Some(typed()));
    }

    #[test]
    fn of_an_ordered_cart_only_the_payment_can_change() {
        let cart = cart(CartStatus::Ordered);

        let shown = Draft::of(&cart, &typed(), &[], false).over(Typed::of(&cart));

        assert_eq!((shown.email.as_str(), shown.name.as_str()), ("ann@example.com", ""));
        assert_eq!(shown.payment, "test");
    }

    #[test]
    fn more_than_a_cookie_holds_is_no_cookie() {
        let note = "x".repeat(5000);
        let draft = Draft::of(&cart(CartStatus::Open), &Typed { note, ..typed() }, &[], false);

        assert!(draft.cookie(&Keys::from_bytes(b"key")).is_none());
    }
}
