//! `/account/profile` and `/account/email`: what the shop knows of a customer.

use api_types::{Customer, ShopConfig};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{Place, Refused, csrf, door, register::Link, secret};
use crate::{
    api::Error,
    app::{App, Page},
    components::field::{Field, field, tick},
    extract::{Query, Visitor},
    session::Wall,
    texts,
};

/// The form of the profile, as it was typed.
#[derive(Clone, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Typed {
    /// What to call the customer.
    pub name: String,
    /// Whether news may be sent: `yes`.
    pub news: String,
    /// Code of the currency they like.
    pub currency: String,
}

/// What the shop knows, to be changed.
pub async fn profile(State(app): State<App>, visitor: Visitor) -> Result<Response, Error> {
    Ok(Sheet::of(&app, &visitor).await?.page(&visitor).await?.into_response())
}

/// Everything that the page shows.
pub struct Sheet {
    customer: Customer,
    shop: std::sync::Arc<ShopConfig>,
    /// What was typed, or what the shop knows.
    pub typed: Typed,
    /// The other email that was typed.
    pub email: String,
    /// What is wrong.
    pub refused: Refused,
}

impl Sheet {
    /// What the shop knows.
    pub async fn of(app: &App, visitor: &Visitor) -> Result<Self, Error> {
        let (customer, shop) = tokio::try_join!(visitor.api.customer(), app.shop_config())?;
        let typed = Typed {
            name: customer.name.clone(),
            news: if customer.wants_news { "yes".to_owned() } else { String::new() },
            currency: customer.currency.unwrap_or(shop.default_currency).to_string(),
        };
        Ok(Self { customer, shop, typed, email: String::new(), refused: Refused::default() })
    }

    /// As a page.
    pub async fn page(self, visitor: &Visitor) -> Result<Page, Error> {
        let is_fresh = visitor.session.is_fresh(&visitor.api).await?;
        let (token, status) = (visitor.csrf(), self.refused.status);
        let draw = move || {
            view! {
                {self.refused.notice(&["name", "currency", "email"]).into_any()}
                {self.form(&token).into_any()}
                {self.moving(&token, is_fresh).into_any()}
            }
            .into_any()
        };
        Ok(Place::Profile.page(visitor, draw).with_status(status))
    }

    fn form(&self, token: &str) -> impl IntoView + use<> {
        let currencies = self.shop.currencies.iter().map(ToString::to_string);
        let options = currencies.map(|code| (code.clone(), code)).collect();
        view! {
            <form class="stack narrow" method="post" action="/account/profile" novalidate>
                {csrf(token)}
                {field(Field {
                    name: "name",
                    label: texts::account_field_name(),
                    value: self.typed.name.clone(),
                    autocomplete: "name",
                    is_optional: true,
                    error: self.refused.at_field("name"),
                    ..Field::default()
                }).into_any()}
                {field(Field {
                    name: "currency",
                    label: texts::account_profile_currency(),
                    value: self.typed.currency.clone(),
                    autocomplete: "transaction-currency",
                    options: Some(options),
                    error: self.refused.at_field("currency"),
                    ..Field::default()
                }).into_any()}
                {tick("news", texts::account_field_news(), self.typed.news == "yes").into_any()}
                <p><button class="button primary">{texts::account_profile_save()}</button></p>
            </form>
        }
        .into_any()
    }

    /// Moving to another email takes a letter there, and somebody who is surely the customer.
    fn moving(&self, token: &str, is_fresh: bool) -> impl IntoView + use<> {
        let form = if is_fresh {
            view! {
                <form class="stack" method="post" action="/account/profile/email" novalidate>
                    {csrf(token)}
                    {field(Field {
                        name: "email",
                        label: texts::account_email_new(),
                        value: self.email.clone(),
                        kind: "email",
                        inputmode: "email",
                        autocomplete: "email",
                        hint: Some(texts::account_email_new_hint().to_owned()),
                        error: self.refused.at_field("email"),
                        ..Field::default()
                    }).into_any()}
                    <p><button class="button">{texts::account_email_new_button()}</button></p>
                </form>
            }
            .into_any()
        } else {
            let door = Wall::Confirm.door(Place::Profile.path());
            view! { <p><a class="button" href=door>{texts::account_email_change()}</a></p> }
                .into_any()
        };
        view! {
            <section class="stack narrow part" aria-labelledby="email-title">
                <h2 id="email-title">{texts::account_field_email()}</h2>
                <p>
                    {texts::account_email_now()} " " <strong>{self.customer.email.clone()}</strong> ". "
                    {texts::account_email_now_too()}
                </p>
                {form}
            </section>
        }
        .into_any()
    }
}

/// The page that the letter to a new email leads to. Only its button changes something.
pub async fn moving(visitor: Visitor, Query(link): Query<Link>) -> Page {
    moving_page(&visitor, link.token, Refused::default())
}

/// That page, with what is wrong.
pub fn moving_page(visitor: &Visitor, secret_text: String, refused: Refused) -> Page {
    let token = visitor.csrf();
    let status = refused.status;
    let draw = move || {
        view! {
            <p>{texts::account_email_move_text()}</p>
            {refused.notice(&[]).into_any()}
            <form class="stack" method="post" action="/account/email">
                {csrf(&token)}
                <input type="hidden" name="token" value=secret_text/>
                <button class="button primary wide">{texts::account_email_move_button()}</button>
            </form>
        }
        .into_any()
    };
    secret(door(texts::account_email_move(), visitor, draw).with_status(status))
}
