//! `/checkout`: contact and address, delivery, payment, on one page and in one form.

pub mod form;
mod parts;
mod view;

use std::sync::Arc;

use api_types::{Cart, CartStatus, Money, PaymentMethod, ShippingOption, ShopConfig};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    api::Error,
    app::{App, Page},
    cookies::CartKey,
    extract::{Query, Visitor},
    flash::Flash,
    keys::random_name,
    pages::order,
    texts,
};

use self::form::{Typed, Wrong};

pub use self::parts::payment_choice;

/// What an update carries to the page that it redraws.
#[derive(Deserialize)]
pub struct Kept {
    payment: Option<String>,
}

/// Everything that the page shows.
pub struct Desk {
    cart: Cart,
    options: Vec<ShippingOption>,
    methods: Vec<PaymentMethod>,
    shop: Arc<ShopConfig>,
    csrf: String,
    /// What was typed, or what the cart knows.
    pub typed: Typed,
    /// What is wrong with it.
    pub wrong: Vec<Wrong>,
    /// What happened, in a sentence.
    pub notice: Option<Flash>,
}

impl Desk {
    /// The page for a cart, with what the cart knows typed in.
    pub async fn of(
        app: &App,
        key: &CartKey,
        cart: Cart,
        visitor: &Visitor,
    ) -> Result<Self, Error> {
        let (options, methods, shop) = tokio::try_join!(
            app.api.shipping_options(key),
            app.api.payment_methods(key),
            app.shop_config(),
        )?;
        let typed = Typed { once: random_name(), ..Typed::of(&cart) };
        let csrf = visitor.csrf();
        Ok(Self { cart, options, methods, shop, csrf, typed, wrong: Vec::new(), notice: None })
    }

    /// Whether an order names the cart, so that only its payment can change.
    pub fn is_ordered(&self) -> bool {
        self.cart.status == CartStatus::Ordered
    }

    /// The way to deliver that is chosen, or would be.
    fn option(&self) -> Option<&ShippingOption> {
        let by = |id: &str| self.options.iter().find(|option| option.id.to_string() == id);
        by(&self.typed.shipping)
            .or_else(|| self.options.iter().find(|option| option.is_chosen))
            .or_else(|| self.options.first())
    }

    /// What there is to pay, when that can be said: tax on top is known once delivery is chosen.
    fn due(&self) -> Option<Money> {
        let totals = &self.cart.totals;
        if self.cart.shipping_method.is_some() || !self.cart.requires_shipping {
            return Some(totals.total);
        }
        let price = self.option().filter(|_| totals.tax_included)?.price;
        Some(Money::new(totals.total.amount + price.amount, totals.total.currency))
    }

    /// As a page.
    pub fn page(self) -> Page {
        let title = match self.wrong.len() {
            0 => texts::checkout_title().to_owned(),
            many => texts::checkout_problems(many),
        };
        Page::private(title, move || view::draw(&self)).with_class("checkout-page").as_task()
    }
}

/// The page, for a cart that can be bought.
pub async fn checkout(
    State(app): State<App>,
    visitor: Visitor,
    Query(kept): Query<Kept>,
) -> Result<Response, Error> {
    let Some(key) = &visitor.cart else { return Ok(nothing(&app)) };
    let cart = match app.api.cart(key).await {
        Ok(cart) => cart,
        Err(error) if error.is_not_found() => return Ok(nothing(&app)),
        Err(error) => return Err(error),
    };
    if let Some(elsewhere) = not_for_sale(&app, &cart, &visitor) {
        return Ok(elsewhere);
    }
    let mut desk = Desk::of(&app, key, cart, &visitor).await?;
    desk.typed.payment = kept.payment.unwrap_or_default();
    Ok(desk.page().with_cookie(visitor.cookie()).into_response())
}

/// Where to go instead, when there is nothing to buy in the cart.
pub fn not_for_sale(app: &App, cart: &Cart, visitor: &Visitor) -> Option<Response> {
    match cart.status {
        CartStatus::Open if cart.lines.is_empty() => Some(nothing(app)),
        CartStatus::Open => None,
        CartStatus::Ordered => {
            let flash = Flash::good(texts::checkout_ordered_already());
            let order = visitor.order.as_ref().filter(|key| Some(key.id) == cart.order_id);
            Some(flash.to(&order.map_or_else(|| "/cart".to_owned(), order::path), &app.keys))
        }
        CartStatus::Expired => Some(Flash::bad(texts::checkout_expired()).to("/cart", &app.keys)),
    }
}

/// Back to the cart, where it says what to do.
pub fn nothing(app: &App) -> Response {
    Flash::bad(texts::checkout_nothing()).to("/cart", &app.keys)
}

/// Everything that was typed, behind one button, while the backend is away.
pub fn retry(typed: &Typed, csrf: String) -> Page {
    let fields: Vec<_> =
        typed.fields().into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    Page::private(texts::checkout_retry_title(), move || view::retry(fields, csrf))
        .with_status(StatusCode::SERVICE_UNAVAILABLE)
        .as_task()
}
