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
            <p class="or muted" aria-hidden="true">"or"</p>
            <button class="button wide">"Sign in with a passkey"</button>
        };
        view! {
            {refused.notice(&["email", "password"]).into_any()}
            <form class="stack" method="post" action="/account/sign-in">
                {csrf(&token)}
                {on.field()}
                {field(Field {
                    name: "email",
                    label: "Email",
                    value: email,
                    kind: "email",
                    inputmode: "email",
                    autocomplete: "username webauthn",
                    error: refused.at_field("email"),
                    ..Field::default()
                }).into_any()}
                {password_field("password", "Password", "current-password", refused.at_field("password")).into_any()}
                <button class="button primary wide">"Sign in"</button>
            </form>
            {passkey.form(inside).into_any()}
            <ul class="door-ways">
                <li><a href="/account/forgot">"Forgot your password?"</a></li>
                <li>"New here? " <a href=on.to("/account/register")>"Make an account"</a></li>
            </ul>
        }
        .into_any()
    };
    door("Sign in", visitor, draw).with_status(status).with_head(script)
}

/// A field for a password. What was typed is never shown again.
pub fn password_field(
    name: &'static str,
    label: &'static str,
    autocomplete: &'static str,
    error: Option<String>,
) -> impl IntoView {
    let is_new = autocomplete == "new-password";
    let hint = "8 characters or more, of any kind. A few words that belong together only for you are best.";
    field(Field {
        name,
        label,
        kind: "password",
        autocomplete,
        hint: is_new.then(|| hint.to_owned()),
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
            {has_password.then(|| view! { <p class="or muted" aria-hidden="true">"or"</p> })}
            <button class=class>"Use a passkey"</button>
        };
        let form = has_password.then(|| {
            view! {
                <form class="stack" method="post" action="/account/confirm">
                    {csrf(&token)}
                    {on.field()}
                    <input class="sr" type="email" name="email" autocomplete="username" tabindex="-1"
                        aria-label="Email" readonly value=customer.email.clone()/>
                    {password_field("password", "Password", "current-password", refused.at_field("password")).into_any()}
                    <button class="button primary wide">"Go on"</button>
                </form>
            }
        });
        view! {
            <p>
                "You are signed in as " <strong>{customer.email.clone()}</strong>
                ". Before something that matters, we ask once more."
            </p>
            {refused.notice(&["password"]).into_any()}
            {form}
            {passkey.form(inside).into_any()}
            <ul class="door-ways">
                <li><a href="/account/forgot">{if has_password { "Forgot your password?" } else { "Choose a password by letter" }}</a></li>
                <li><a href="/account">"Back to your account"</a></li>
            </ul>
        }
        .into_any()
    };
    Ok(door("Is it you?", visitor, draw).with_status(status).with_head(script))
}
