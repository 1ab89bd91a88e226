//! `/orders/find`

use axum::extract::State;
use leptos::prelude::*;

use crate::{
    app::{App, Page},
    components::{Notice, Tone},
    extract::Visitor,
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
    Page::private("Find your order", move || draw(typed, csrf)).with_cookie(visitor.cookie())
}

/// Says that a letter is on its way, whether there is such an order or not.
pub fn sent() -> Page {
    Page::private("Look into your mailbox", || {
        view! {
            <div class="page plain-page">
                <h1>"Look into your mailbox"</h1>
                <p class="lead">
                    "If there is an order with that number and that address, a letter with its link is on its way. It takes a minute at most."
                </p>
                <p class="ways">
                    <a class="button" href="/orders/find">"Try another number"</a>
                    <a href="/pages/contact">"Write to us"</a>
                </p>
            </div>
        }
    })
}

fn draw(typed: Typed, csrf: String) -> impl IntoView {
    let has_mistakes = typed.number_error.is_some() || typed.email_error.is_some();
    let mistakes = has_mistakes.then(|| {
        view! { <Notice tone=Tone::Bad>"Please look at the marked fields."</Notice> }
    });
    view! {
        <div class="page plain-page">
            <h1>"Find your order"</h1>
            <p class="lead">
                "No account is needed. Tell us the number of the order and the address that it was made with, and we send you a letter with the link."
            </p>
            {mistakes}
            <form class="form find-order" method="post" action="/orders/find">
                <input type="hidden" name="csrf" value=csrf/>
                {field("number", "Order number", "such as 1042", typed.number, typed.number_error)}
                {field("email", "Email", "where the confirmation went", typed.email, typed.email_error)}
                <button class="button primary">"Send me the link"</button>
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
