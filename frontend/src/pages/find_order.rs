//! `/orders/find`

use axum::extract::State;
use leptos::prelude::*;

use crate::{
    app::{App, Page},
    components::{Notice, Tone},
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
            <form class="form find-order" method="post" action="/orders/find">
                <input type="hidden" name="csrf" value=csrf/>
                {field("number", texts::finding_number(), texts::finding_number_hint(), typed.number, typed.number_error)}
                {field("email", texts::finding_email(), texts::finding_email_hint(), typed.email, typed.email_error)}
                <button class="button primary">{texts::finding_title_send()}</button>
            </form>
        </div>
    }
    .into_any()
}

fn field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    error: Option<&'static str>,
) -> impl IntoView {
    let is_number = name == "number";
    let error_id = format!("{name}-error");
    let described = error.map(|_| error_id.clone());
    view! {
        <div class="field">
            <label for=name>{label} " " <span class="muted">{hint}</span></label>
            <input
                id=name
                name=name
                type=if is_number { "text" } else { "email" }
                inputmode=is_number.then_some("numeric")
                autocomplete=if is_number { "off" } else { "email" }
                maxlength=if is_number { "20" } else { "254" }
                required
                value=value
                aria-invalid=error.map(|_| "true")
                aria-describedby=described
            />
            {error.map(|text| view! { <p class="error" id=error_id>{text}</p> })}
        </div>
    }
    .into_any()
}
