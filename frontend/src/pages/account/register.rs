//! `/account/register` and `/account/verify`: becoming a customer, in two steps.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{Onwards, Place, Refused, csrf, door, enter::password_field, secret};
use crate::{
    api::Error,
    app::{App, Page},
    components::field::{Field, field, tick},
    extract::{Query, Visitor},
    texts,
};

/// What the address of the page says.
#[derive(Deserialize)]
pub struct Wish {
    /// `order`: to keep the order that was just made here.
    r#for: Option<String>,
    #[serde(default)]
    return_to: Onwards,
}

/// The form, as it was typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// What to call the customer.
    pub name: String,
    /// Where letters go.
    pub email: String,
    /// The password; it is not shown again.
    pub password: String,
    /// Whether news may be sent: `yes`.
    pub news: String,
}

/// The secret of a letter's link.
#[derive(Deserialize)]
pub struct Link {
    /// The secret.
    #[serde(default)]
    pub token: String,
}

/// The page that asks for an account. A guest who has just bought finds the order's email typed in.
pub async fn register(
    State(_): State<App>,
    visitor: Visitor,
    Query(wish): Query<Wish>,
) -> Result<Response, Error> {
    if visitor.is_customer().await? {
        return Ok(Redirect::to(Place::Overview.path()).into_response());
    }
    let mut typed = Typed::default();
    if let Some(key) = visitor.order.as_ref().filter(|_| wish.r#for.as_deref() == Some("order"))
        && let Ok(order) = visitor.api.order(key.id, &key.token).await
    {
        typed.email = order.email;
        typed.name = order.shipping_address.map(|address| address.name).unwrap_or_default();
    }
    Ok(register_page(&visitor, typed, &wish.return_to, Refused::default()).into_response())
}

/// That page, with what was typed and what is wrong.
pub fn register_page(visitor: &Visitor, typed: Typed, on: &Onwards, refused: Refused) -> Page {
    let token = visitor.csrf();
    let status = refused.status;
    let sign_in = on.to("/account/sign-in");
    let draw = move || {
        view! {
            <p class="muted">{texts::account_register_text()}</p>
            {refused.notice(&["name", "email", "password"]).into_any()}
            <form class="stack" method="post" action="/account/register" novalidate>
                {csrf(&token)}
                {field(Field {
                    name: "name",
                    label: texts::account_field_name(),
                    value: typed.name,
                    autocomplete: "name",
                    is_optional: true,
                    error: refused.at_field("name"),
                    ..Field::default()
                }).into_any()}
                {field(Field {
                    name: "email",
                    label: texts::account_field_email(),
                    value: typed.email,
                    kind: "email",
                    inputmode: "email",
                    autocomplete: "email",
                    error: refused.at_field("email"),
                    ..Field::default()
                }).into_any()}
                {password_field("password", texts::account_field_password(), "new-password", refused.at_field("password")).into_any()}
                {tick("news", texts::account_field_news(), typed.news == "yes").into_any()}
                <button class="button primary wide">{texts::account_register()}</button>
            </form>
            <ul class="door-ways">
                <li>{texts::account_register_known()} " " <a href=sign_in>{texts::account_sign_in()}</a></li>
            </ul>
        }
        .into_any()
    };
    door(texts::account_register(), visitor, draw).with_status(status)
}

/// What to do next: the same words whether the address is known here or not.
pub async fn sent(visitor: Visitor) -> Page {
    door(texts::account_sent(), &visitor, || {
        view! {
            <p>
                {texts::account_register_sent()}
            </p>
            <p class="muted">
                {texts::account_sent_nothing()} " "
                <a href="/account/register">{texts::account_sent_again()}</a> ". " {texts::account_register_before()} " "
                <a href="/account/sign-in">{texts::account_register_before_sign_in()}</a> " " {texts::account_register_before_with_it()}
            </p>
        }
    })
}

/// The page that the letter leads to: it asks for the password that was chosen.
pub async fn verify(visitor: Visitor, Query(link): Query<Link>) -> Page {
    verify_page(&visitor, link.token, Refused::default())
}

/// That page, with what is wrong.
pub fn verify_page(visitor: &Visitor, secret_text: String, refused: Refused) -> Page {
    let token = visitor.csrf();
    let status = refused.status;
    let draw = move || {
        view! {
            <p>{texts::account_verify_text()}</p>
            {refused.notice(&["password"]).into_any()}
            <form class="stack" method="post" action="/account/verify">
                {csrf(&token)}
                <input type="hidden" name="token" value=secret_text/>
                {password_field("password", texts::account_field_password(), "current-password", refused.at_field("password")).into_any()}
                <button class="button primary wide">{texts::account_verify_button()}</button>
            </form>
            <ul class="door-ways">
                <li>{texts::account_verify_not_you()}</li>
                <li><a href="/account/register">{texts::account_verify_other()}</a></li>
            </ul>
        }
        .into_any()
    };
    secret(door(texts::account_verify(), visitor, draw).with_status(status))
}
