//! `/orders/find`

use axum::extract::State;
use leptos::prelude::*;

use crate::{
    app::{App, Page},
    components::{
        Notice, Tone,
        field::{Field, field},
    },
    extract::Visitor,
    texts,
};

/// What was typed, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The order's number.
    pub number: String,
    /// The address that it was ordered with.
    pub email: String,
    /// What is wrong with the number.
    pub number_error: Option<&'static str>,
    /// What is wrong with the address.
    pub email_error: Option<&'static str>,
}

/// The form that asks for an order's link.
pub async fn find(State(_): State<App>, visitor: Visitor) -> Page {
    form(&visitor, Typed::default())
}

/// The form with what was typed.
pub fn form(visitor: &Visitor, typed: Typed) -> Page {
    let csrf = visitor.csrf();
    Page::private(texts::finding_title(), move || draw(typed, csrf)).with_cookie(visitor.cookie())
}

/// Says that a letter is on its way, whether there is such an order or not.
pub fn sent() -> Page {
    Page::private(texts::finding_sent(), || {
        view! {
            <div class="page plain-page">
                <h1>{texts::finding_sent()}</h1>
                <p class="lead">
                    {texts::finding_sent_text()}
                </p>
                <p class="ways">
                    <a class="button" href="/orders/find">{texts::finding_sent_again()}</a>
                    <a href="/pages/contact">{texts::finding_sent_contact()}</a>
                </p>
            </div>
        }
    })
}

fn draw(typed: Typed, csrf: String) -> impl IntoView {
    let has_mistakes = typed.number_error.is_some() || typed.email_error.is_some();
    let mistakes = has_mistakes.then(|| {
        view! { <Notice tone=Tone::Bad>{texts::finding_title_mistakes()}</Notice> }
    });
    view! {
        <div class="page plain-page">
            <h1>{texts::finding_title()}</h1>
            <p class="lead">
                {texts::finding_title_text()}
            </p>
            {mistakes}
            <form class="form find-order" method="post" action="/orders/find" novalidate>
                <input type="hidden" name="csrf" value=csrf/>
                {field(Field {
                    name: "number",
                    label: texts::finding_number(),
                    hint: Some(texts::finding_number_hint().to_owned()),
                    value: typed.number,
                    inputmode: "numeric",
                    error: typed.number_error.map(str::to_owned),
                    ..Field::default()
                }).into_any()}
                {field(Field {
                    name: "email",
                    label: texts::finding_email(),
                    hint: Some(texts::finding_email_hint().to_owned()),
                    value: typed.email,
                    kind: "email",
                    inputmode: "email",
                    autocomplete: "email",
                    error: typed.email_error.map(str::to_owned),
                    ..Field::default()
                }).into_any()}
                <button class="button primary">{texts::finding_title_send()}</button>
            </form>
        </div>
    }
    .into_any()
}
