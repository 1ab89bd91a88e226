//! `/account/sign-in` and `/account/confirm`: showing who one is.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;

use super::{
    Asked, Onwards, Refused, csrf, door,
    passkey::{Ceremony, script},
};
use crate::{
    api::Error,
    app::{App, Page},
    components::field::{Field, field},
    extract::{Query, Visitor},
    session::Wall,
    texts,
};

/// The page that asks for email and password, or a passkey.
pub async fn sign_in(
    State(_): State<App>,
    visitor: Visitor,
    Query(Asked { return_to: on }): Query<Asked>,
) -> Result<Response, Error> {
    if visitor.is_customer().await? {
        return Ok(Redirect::to(&on.path()).into_response());
    }
    Ok(sign_in_page(&visitor, on, String::new(), Refused::default()).into_response())
}

/// That page, with the email that was typed and what is wrong.
pub fn sign_in_page(visitor: &Visitor, on: Onwards, email: String, refused: Refused) -> Page {
    let token = visitor.csrf();
    let status = refused.status;
    let draw = move || {
        let passkey = Ceremony {
            act: "get",
            start: "/account/sign-in/start",
            finish: "/account/sign-in/passkey",
            csrf: token.clone(),
        };
        let inside = view! {
            {on.field()}
            <p class="or muted" aria-hidden="true">{texts::account_sign_in_or()}</p>
            <button class="button wide">{texts::account_sign_in_passkey()}</button>
        };
        view! {
            {refused.notice(&["email", "password"]).into_any()}
            <form class="stack" method="post" action="/account/sign-in">
                {csrf(&token)}
                {on.field()}
                {field(Field {
                    name: "email",
                    label: texts::account_field_email(),
                    value: email,
                    kind: "email",
                    inputmode: "email",
                    autocomplete: "username webauthn",
                    error: refused.at_field("email"),
                    ..Field::default()
                }).into_any()}
                {password_field("password", texts::account_field_password(), "current-password", refused.at_field("password")).into_any()}
                <button class="button primary wide">{texts::account_sign_in()}</button>
            </form>
            {passkey.form(inside).into_any()}
            <ul class="door-ways">
                <li><a href="/account/forgot">{texts::account_sign_in_forgot()}</a></li>
                <li>{texts::account_sign_in_new()} " " <a href=on.to("/account/register")>{texts::account_register()}</a></li>
            </ul>
        }
        .into_any()
    };
    door(texts::account_sign_in(), visitor, draw).with_status(status).with_head(script)
}

/// A field for a password. What was typed is never shown again.
pub fn password_field(
    name: &'static str,
    label: &'static str,
    autocomplete: &'static str,
    error: Option<String>,
) -> impl IntoView {
    let is_new = autocomplete == "new-password";
    field(Field {
        name,
        label,
        kind: "password",
        autocomplete,
        hint: is_new.then(|| texts::account_field_password_hint().to_owned()),
        error,
        ..Field::default()
    })
}

/// The page that asks a customer once more, before something that matters.
pub async fn confirm(
    visitor: Visitor,
    Query(Asked { return_to: on }): Query<Asked>,
) -> Result<Response, Error> {
    if !visitor.is_customer().await? {
        return Ok(Redirect::to(&Wall::SignIn.door(&on.path())).into_response());
    }
    Ok(confirm_page(&visitor, on, Refused::default()).await?.into_response())
}

/// That page, with what is wrong.
pub async fn confirm_page(visitor: &Visitor, on: Onwards, refused: Refused) -> Result<Page, Error> {
    let customer = visitor.api.customer().await?;
    let token = visitor.csrf();
    let status = refused.status;
    let draw = move || {
        let passkey = Ceremony {
            act: "get",
            start: "/account/sign-in/start",
            finish: "/account/confirm/passkey",
            csrf: token.clone(),
        };
        let has_password = customer.has_password;
        let class = if has_password { "button wide" } else { "button primary wide" };
        let inside = view! {
            {on.field()}
            {has_password.then(|| view! { <p class="or muted" aria-hidden="true">{texts::account_sign_in_or()}</p> })}
            <button class=class>{texts::account_confirm_passkey()}</button>
        };
        let forgot = if has_password {
            texts::account_sign_in_forgot()
        } else {
            texts::account_confirm_by_letter()
        };
        let form = has_password.then(|| {
            view! {
                <form class="stack" method="post" action="/account/confirm">
                    {csrf(&token)}
                    {on.field()}
                    <input class="sr" type="email" name="email" autocomplete="username" tabindex="-1"
                        aria-label=texts::account_field_email() readonly value=customer.email.clone()/>
                    {password_field("password", texts::account_field_password(), "current-password", refused.at_field("password")).into_any()}
                    <button class="button primary wide">{texts::account_confirm_go_on()}</button>
                </form>
            }
        });
        view! {
            <p>
                {texts::account_confirm_who()} " " <strong>{customer.email.clone()}</strong> ". "
                {texts::account_confirm_who_why()}
            </p>
            {refused.notice(&["password"]).into_any()}
            {form}
            {passkey.form(inside).into_any()}
            <ul class="door-ways">
                <li><a href="/account/forgot">{forgot}</a></li>
                <li><a href="/account">{texts::account_confirm_back()}</a></li>
            </ul>
        }
        .into_any()
    };
    Ok(door(texts::account_confirm(), visitor, draw).with_status(status).with_head(script))
}
