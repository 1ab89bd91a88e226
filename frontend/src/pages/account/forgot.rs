//! `/account/forgot` and `/account/reset`: a new password by letter.

use leptos::prelude::*;

use super::{Refused, csrf, door, enter::password_field, register::Link, secret};
use crate::{
    app::Page,
    components::field::{Field, field},
    extract::{Query, Visitor},
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
            <p>"Tell us your email, and we send you a link with which you choose a new one."</p>
            {refused.notice(&["email"]).into_any()}
            <form class="stack" method="post" action="/account/forgot" novalidate>
                {csrf(&token)}
                {field(Field {
                    name: "email",
                    label: "Email",
                    value: email,
                    kind: "email",
                    inputmode: "email",
                    autocomplete: "username",
                    error: refused.at_field("email"),
                    ..Field::default()
                }).into_any()}
                <button class="button primary wide">"Send me a link"</button>
            </form>
            <ul class="door-ways"><li><a href="/account/sign-in">"Back to signing in"</a></li></ul>
        }
        .into_any()
    };
    door("A new password", visitor, draw).with_status(status)
}

/// What to do next: the same words whether the address is known here or not.
pub async fn sent(visitor: Visitor) -> Page {
    door("Look into your mail", &visitor, || {
        view! {
            <p>
                "If there is an account with that email, a letter is on its way. Its link is good for 15 minutes, and once."
            </p>
            <p class="muted">
                "Nothing there? Look into the folder for spam, or " <a href="/account/forgot">"try again"</a> "."
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
            <p>"All devices are signed out when you choose it, also those that are not yours."</p>
            {refused.notice(&["password"]).into_any()}
            <form class="stack" method="post" action="/account/reset" novalidate>
                {csrf(&token)}
                <input type="hidden" name="token" value=secret_text/>
                {password_field("password", "New password", "new-password", refused.at_field("password")).into_any()}
                <button class="button primary wide">"Choose this password"</button>
            </form>
            <ul class="door-ways"><li><a href="/account/forgot">"Send me another link"</a></li></ul>
        }
        .into_any()
    };
    secret(door("Choose a new password", visitor, draw).with_status(status))
}
