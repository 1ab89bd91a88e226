//! The checkout page, drawn.

use api_types::{CartLine, Money};
use leptos::prelude::*;

use super::{
    Desk,
    form::Wrong,
    parts::{address, contact, note, payments, ways},
};
use crate::{
    components::order_summary::{Delivery, price_or_free, sums, thumb},
    document::notice,
    texts,
};

/// The whole page.
pub fn draw(desk: &Desk) -> impl IntoView + use<> {
    let notice = desk.notice.clone().map(notice);
    view! {
        <div class="page">
            <h1>{texts::checkout_title()}</h1>
            {notice}
            {problems(&desk.wrong).into_any()}
            <div class="two checkout">
                {form(desk).into_any()}
                {summary(desk).into_any()}
            </div>
        </div>
    }
    .into_any()
}

/// What is wrong, counted, each a link to its field.
fn problems(wrong: &[Wrong]) -> impl IntoView + use<> {
    if wrong.is_empty() {
        return None;
    }
    let title = texts::checkout_attention(wrong.len());
    let links = wrong
        .iter()
        .map(|wrong| {
            let href = format!("#{}", wrong.field);
            view! { <li><a href=href>{wrong.message.clone()}</a></li> }
        })
        .collect_view();
    Some(view! {
        <div class="problems" role="alert" tabindex="-1" autofocus>
            <h2>{title}</h2>
            <ul>{links}</ul>
        </div>
    })
}

fn form(desk: &Desk) -> impl IntoView + use<> {
    let due = desk.due();
    let total = due.unwrap_or(desk.cart.totals.total);
    let is_fixed = desk.is_ordered();
    let delivery = desk.cart.requires_shipping.then(|| {
        view! {
            <fieldset id="delivery" disabled=is_fixed>
                <legend><h2><span aria-hidden="true">"2"</span> {texts::checkout_delivery()}</h2></legend>
                {ways(desk).into_any()}
                <button class="button small" name="do" value="update">{texts::checkout_delivery_update()}</button>
            </fieldset>
        }
    });
    let fixed = is_fixed.then(|| {
        view! {
            <p>
                {texts::checkout_fixed()} " " <a href="/cart">{texts::checkout_fixed_go()}</a> "."
            </p>
        }
    });
    let number = if desk.cart.requires_shipping { "3" } else { "2" };
    view! {
        <form class="form" method="post" action="/checkout" novalidate>
            <input type="hidden" name="csrf" value=desk.csrf.clone()/>
            <input type="hidden" name="once" value=desk.typed.once.clone()/>
            <input type="hidden" name="total" value=total.amount.to_string()/>
            <input type="hidden" name="currency" value=total.currency.to_string()/>
            {fixed}
            <fieldset disabled=is_fixed>
                <legend><h2><span aria-hidden="true">"1"</span> {texts::checkout_contact()}</h2></legend>
                {contact(desk).into_any()}
                {address(desk).into_any()}
                {note(desk).into_any()}
            </fieldset>
            {delivery}
            <fieldset id="pay">
                <legend><h2><span aria-hidden="true">{number}</span> {texts::checkout_payment()}</h2></legend>
                {payments(desk).into_any()}
                {button(due).into_any()}
            </fieldset>
        </form>
    }
    .into_any()
}

/// The one primary button, with the amount on it.
fn button(due: Option<Money>) -> impl IntoView + use<> {
    let (act, words, below) = if let Some(due) = due {
        ("pay", texts::checkout_pay(due), texts::checkout_pay_below())
    } else {
        ("continue", texts::checkout_continue().to_owned(), texts::checkout_continue_below())
    };
    view! {
        <button class="button primary wide" name="do" value=act>{words}</button>
        <p class="small muted">{below}</p>
    }
    .into_any()
}

/// What is bought and what it costs, always in sight; folded on a phone.
fn summary(desk: &Desk) -> impl IntoView + use<> {
    let totals = &desk.cart.totals;
    let total = desk.due().unwrap_or(totals.total);
    let lines = desk.cart.lines.iter().map(line).collect_view();
    let price = totals.shipping.or_else(|| desk.option().map(|option| option.price));
    let is_known = desk.due().is_some();
    let delivery = desk.option().zip(price).map(|(option, price)| Delivery {
        name: option.title.clone(),
        text: if is_known { price_or_free(price) } else { texts::checkout_added_next().to_owned() },
    });
    let delivery = delivery.filter(|_| desk.cart.requires_shipping);
    view! {
        <aside class="summary" aria-label=texts::checkout_order()>
            <details>
                <summary>
                    <span>{texts::checkout_order()}</span>
                    <span class="price">{total.to_string()}</span>
                </summary>
                <ul class="small-lines">{lines}</ul>
                {sums(totals, desk.cart.item_count, delivery, total).into_any()}
                <p class="small"><a href="/cart">{texts::checkout_order_change()}</a></p>
            </details>
        </aside>
    }
    .into_any()
}

fn line(line: &CartLine) -> impl IntoView + use<> {
    let chosen: Vec<_> = line.options.iter().map(|option| option.value.clone()).collect();
    let chosen = chosen.join(", ");
    view! {
        <li>
            {thumb(line.picture.as_ref()).into_any()}
            <div>
                <p>{line.title.clone()}</p>
                <p class="muted small">{chosen}</p>
                <p class="muted small">{texts::checkout_order_quantity(line.quantity)}</p>
            </div>
            <p class="price">{line.total.to_string()}</p>
        </li>
    }
    .into_any()
}

/// One button that sends everything again.
pub fn retry(fields: Vec<(&'static str, String)>, csrf: String) -> impl IntoView {
    let fields = fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <div class="page plain-page">
            <h1>{texts::checkout_retry()}</h1>
            <p>{texts::checkout_retry_text()}</p>
            <form method="post" action="/checkout">
                <input type="hidden" name="csrf" value=csrf/>
                {fields}
                <button class="button primary">{texts::checkout_retry_title()}</button>
            </form>
        </div>
    }
    .into_any()
}
