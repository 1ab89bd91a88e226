//! The parts of the checkout form.

use api_types::{PaymentMethod, ShippingOption};
use leptos::prelude::*;

use super::Desk;
use crate::{
    components::{
        address::address_line,
        field::{Field, field, tick},
        order_summary::price_or_free,
    },
    pages::address::message,
    shop, texts,
};

/// Where letters go.
pub fn contact(desk: &Desk) -> impl IntoView + use<> {
    field(Field {
        kind: "email",
        autocomplete: "email",
        inputmode: "email",
        hint: Some(texts::checkout_email_hint().to_owned()),
        name: "email",
        label: texts::checkout_email(),
        value: desk.typed.email.clone(),
        error: message(&desk.wrong, "email"),
        ..Field::default()
    })
}

/// The way in for guests who are customers.
pub fn express(desk: &Desk) -> impl IntoView + use<> {
    desk.customer.is_none().then(|| {
        view! {
            <p class="express">
                {texts::checkout_known()} " "
                <a href="/account/sign-in?return_to=/checkout">{texts::checkout_known_sign_in()}</a>
            </p>
        }
    })
}

/// Addresses that the customer keeps, each a button that fills it in.
pub fn kept(desk: &Desk) -> impl IntoView + use<> {
    let used = desk.typed.address();
    let rows = desk
        .customer
        .iter()
        .flat_map(|known| &known.addresses)
        .map(|kept| {
            let is_used = kept.address == used;
            let country = shop::country_name(&desk.shop, &kept.address.country);
            let line = address_line(&kept.address, &country);
            let button = if is_used {
                view! { <span class="muted small">{texts::checkout_kept_used()}</span> }.into_any()
            } else {
                let name = texts::checkout_kept_use_of(&line);
                view! {
                    <button class="button small" name="do" value=format!("to:{}", kept.id)
                        aria-label=name>{texts::checkout_kept_use()}</button>
                }
                .into_any()
            };
            view! { <li class:used=is_used><span>{line}</span>{button}</li> }
        })
        .collect_view();
    let has_any = desk.customer.as_ref().is_some_and(|known| !known.addresses.is_empty());
    has_any.then(|| {
        view! {
            <div class="kept">
                <h3 id="kept">{texts::checkout_kept()}</h3>
                <ul aria-labelledby="kept">{rows}</ul>
            </div>
        }
    })
}

/// Whether to keep an address that is new.
pub fn keep(desk: &Desk) -> impl IntoView + use<> {
    let used = desk.typed.address();
    let known = desk.customer.as_ref()?;
    if known.addresses.iter().any(|kept| kept.address == used) {
        return None;
    }
    let is_kept = desk.typed.keep == "yes" || known.addresses.is_empty();
    Some(tick("keep", texts::checkout_keep(), is_kept))
}

/// A few words to the shop, folded until wanted.
pub fn note(desk: &Desk) -> impl IntoView + use<> {
    let text = desk.typed.note.clone();
    let is_open = !text.is_empty();
    view! {
        <details class="note" open=is_open>
            <summary>{texts::checkout_note_add()}</summary>
            <label class="field" for="note">
                <span>{texts::checkout_note()}</span>
                <textarea id="note" name="note" rows="3" maxlength="500">{text}</textarea>
            </label>
        </details>
    }
    .into_any()
}

/// Ways to deliver, for the country that the cart knows.
pub fn ways(desk: &Desk) -> impl IntoView + use<> {
    let wrong = message(&desk.wrong, "shipping").map(|text| view! { <p class="error">{text}</p> });
    if desk.options.is_empty() {
        let text = texts::checkout_no_way();
        return view! { {wrong} <p id="shipping" tabindex="-1">{text}</p> }.into_any();
    }
    let chosen = desk.option().map(|option| option.id);
    let choices = desk
        .options
        .iter()
        .enumerate()
        .map(|(at, option)| way(option, at, Some(option.id) == chosen))
        .collect_view();
    view! { {wrong} <div class="choice">{choices}</div> }.into_any()
}

fn way(option: &ShippingOption, at: usize, is_chosen: bool) -> impl IntoView + use<> {
    let days = match (option.min_days, option.max_days) {
        (from, to) if from == to => texts::checkout_days(to),
        (from, to) => texts::checkout_days_between(from, to),
    };
    let text = option.description.clone().map(|text| format!(" · {text}"));
    view! {
        <label>
            <input type="radio" name="shipping" value=option.id.to_string() checked=is_chosen
                id=(at == 0).then_some("shipping")/>
            <span>
                {option.title.clone()}
                <span class="muted small">{days} {text}</span>
            </span>
            <span class="price">{price_or_free(option.price)}</span>
        </label>
    }
    .into_any()
}

/// Ways to pay.
pub fn payments(desk: &Desk) -> impl IntoView + use<> {
    let wrong = ["payment", "card"].into_iter().find_map(|field| message(&desk.wrong, field));
    let wrong = wrong.map(|text| view! { <p class="error">{text}</p> });
    view! { {wrong} {payment_choice(&desk.methods, &desk.typed.payment, &desk.typed.card)} }
        .into_any()
}

/// Ways to pay, with the cards of those that take test cards.
pub fn payment_choice(
    methods: &[PaymentMethod],
    chosen: &str,
    card: &str,
) -> impl IntoView + use<> {
    let is_known = methods.iter().any(|method| method.code == chosen);
    let choices = methods
        .iter()
        .enumerate()
        .map(|(at, method)| {
            let is_chosen = if is_known { method.code == chosen } else { at == 0 };
            view! {
                <div>
                    <label>
                        <input type="radio" name="payment" value=method.code.clone()
                            checked=is_chosen id=(at == 0).then_some("payment")/>
                        <span>
                            {method.title.clone()}
                            <span class="muted small">{method.description.clone()}</span>
                        </span>
                    </label>
                    {cards(method, card).into_any()}
                </div>
            }
        })
        .collect_view();
    view! { <div class="choice">{choices}</div> }.into_any()
}

fn cards(method: &PaymentMethod, chosen: &str) -> impl IntoView + use<> {
    if method.test_cards.is_empty() {
        return None;
    }
    let options = method
        .test_cards
        .iter()
        .map(|(token, text)| {
            view! { <option value=token.clone() selected=token == chosen>{text.clone()}</option> }
        })
        .collect_view();
    Some(view! {
        <label class="field choice-more" for="card">
            <span>{texts::checkout_test_card()}</span>
            <select id="card" name="card">{options}</select>
        </label>
    })
}
