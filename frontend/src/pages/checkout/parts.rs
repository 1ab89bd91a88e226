//! The parts of the checkout form.

use api_types::{Country, PaymentMethod, ShippingOption};
use leptos::prelude::*;

use super::{Desk, form::Wrong};
use crate::{
    components::{
        field::{Field, field},
        order_summary::price_or_free,
    },
    shop, texts,
};

/// Where letters go.
pub fn contact(desk: &Desk) -> impl IntoView + use<> {
    field(Field {
        kind: "email",
        autocomplete: "email",
        inputmode: "email",
        hint: Some(texts::checkout_email_hint().to_owned()),
        ..of(desk, "email", texts::checkout_email(), &desk.typed.email)
    })
}

/// Where the parcel goes, by the rules of the country.
pub fn address(desk: &Desk) -> impl IntoView + use<> {
    let typed = &desk.typed;
    let country = shop::country(&desk.shop, &typed.country);
    let town = of(desk, "city", texts::checkout_city(), &typed.city);
    let street = of(desk, "line1", texts::checkout_line1(), &typed.line1);
    let name = of(desk, "name", texts::checkout_name(), &typed.name);
    view! {
        {countries(desk).into_any()}
        {field(Field { autocomplete: "shipping name", ..name }).into_any()}
        {field(optional("shipping organization", of(desk, "company", texts::checkout_company(), &typed.company))).into_any()}
        {field(Field { autocomplete: "shipping address-line1", ..street }).into_any()}
        {field(optional(
            "shipping address-line2",
            of(desk, "line2", texts::checkout_line2(), &typed.line2),
        )).into_any()}
        <div class="pair">
            {postal_code(desk, country).into_any()}
            {field(Field { autocomplete: "shipping address-level2", ..town }).into_any()}
        </div>
        {country.filter(|country| !country.states.is_empty()).map(|country| states(desk, country))}
        {field(Field {
            kind: "tel",
            inputmode: "tel",
            hint: Some(texts::checkout_phone_hint().to_owned()),
            ..optional("shipping tel", of(desk, "phone", texts::checkout_phone(), &typed.phone))
        }).into_any()}
    }
    .into_any()
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
    let wrong = message(desk, "shipping").map(|text| view! { <p class="error">{text}</p> });
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
    let wrong = ["payment", "card"].into_iter().find_map(|field| message(desk, field));
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

fn countries(desk: &Desk) -> impl IntoView + use<> {
    let options = shop::countries(&desk.shop)
        .map(|country| (country.code.clone(), country.title.clone()))
        .collect();
    field(Field {
        autocomplete: "shipping country",
        options: Some(options),
        ..of(desk, "country", texts::checkout_country(), &desk.typed.country)
    })
}

fn states(desk: &Desk, country: &Country) -> impl IntoView + use<> {
    let choose = (String::new(), texts::checkout_region_choose().to_owned());
    let options = std::iter::once(choose).chain(country.states.clone()).collect();
    field(Field {
        autocomplete: "shipping address-level1",
        options: Some(options),
        ..of(desk, "region", texts::checkout_region(), &desk.typed.region)
    })
}

fn postal_code(desk: &Desk, country: Option<&Country>) -> impl IntoView + use<> {
    let (pattern, example) = country.and_then(|country| country.postal_code.clone()).unzip();
    let is_number =
        example.as_ref().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let label = if country.is_some_and(|country| country.code == "US") {
        texts::checkout_postal_code_zip()
    } else {
        texts::checkout_postal_code()
    };
    field(Field {
        autocomplete: "shipping postal-code",
        inputmode: if is_number { "numeric" } else { "text" },
        is_optional: country.is_some_and(|country| !country.needs_postal_code),
        hint: example.map(texts::checkout_postal_code_hint),
        pattern,
        ..of(desk, "postal_code", label, &desk.typed.postal_code)
    })
}

/// A field with its value and what is wrong with it.
fn of(desk: &Desk, name: &'static str, label: &'static str, value: &str) -> Field {
    Field { name, label, value: value.to_owned(), error: message(desk, name), ..Field::default() }
}

fn optional(autocomplete: &'static str, field: Field) -> Field {
    Field { autocomplete, is_optional: true, ..field }
}

fn message(desk: &Desk, field: &str) -> Option<String> {
    desk.wrong.iter().find(|wrong: &&Wrong| wrong.field == field).map(|wrong| wrong.message.clone())
}
