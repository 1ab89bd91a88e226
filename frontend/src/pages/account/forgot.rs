//! `/account/forgot` and `/account/reset`: a new password by letter.

use leptos::prelude::*;

use super::{Refused, csrf, door, enter::password_field, register::Link, secret};
use crate::{
    app::Page,
    components::field::{Field, field},
    extract::{Query, Visitor},
    texts,
};

/// The page that asks where to send the letter.
pub async fn forgot(visitor: Visitor) -> Page {
    forgot_page(&visitor, String::new(), Refused::default())
}

/// That page, with what was typed and what is wrong.
pub fn forgot_page(visitor: &Visitor, email: String, refused: Refused) -> Page {
    let token = visitor.csrf();
    let status = refused.status;
    let draw = move || {
        view! {
            <p>{texts::account_forgot_text()}</p>
            {refused.notice(&["email"]).into_any()}
            <form class="stack" method="post" action="/account/forgot" novalidate>
                {csrf(&token)}
                {field(Field {
                    name: "email",
                    label: texts::account_field_email(),
                    value: email,
                    kind: "email",
                    inputmode: "email",
                    autocomplete: "username",
                    error: refused.at_field("email"),
                    ..Field::default()
                }).into_any()}
                <button class="button primary wide">{texts::account_forgot_button()}</button>
            </form>
            <ul class="door-ways"><li><a href="/account/sign-in">{texts::account_forgot_back()}</a></li></ul>
        }
        .into_any()
    };
    door(texts::account_forgot(), visitor, draw).with_status(status)
}

/// What to do next: the same words whether the address is known here or not.
pub async fn sent(visitor: Visitor) -> Page {
    door(texts::account_sent(), &visitor, || {
        view! {
            <p>
                {texts::account_forgot_sent()}
            </p>
            <p class="muted">
                {texts::account_sent_nothing()} " " <a href="/account/forgot">{texts::account_sent_again()}</a> "."
            </p>
        }
    })
}

/// The page that the letter leads to.
pub async fn reset(visitor: Visitor, Query(link): Query<Link>) -> Page {
    reset_page(&visitor, link.token, Refused::default())
}

/// That page, with what is wrong.
pub fn reset_page(visitor: &Visitor, secret_text: String, refused: Refused) -> Page {
    let token = visitor.csrf();
    let status = refused.status;
    let draw = move || {
        view! {
            <p>{texts::account_reset_text()}</p>
            {refused.notice(&["password"]).into_any()}
            <form class="stack" method="post" action="/account/reset" novalidate>
                {csrf(&token)}
                <input type="hidden" name="token" value=secret_text/>
                {password_field("password", texts::account_field_new_password(), "new-password", refused.at_field("password")).into_any()}
                <button class="button primary wide">{texts::account_field_new_password_button()}</button>
            </form>
            <ul class="door-ways"><li><a href="/account/forgot">{texts::account_reset_again()}</a></li></ul>
        }
        .into_any()
    };
    secret(door(texts::account_reset(), visitor, draw).with_status(status))
}
