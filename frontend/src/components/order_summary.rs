//! What a cart or an order costs, line by line.

use api_types::{Money, Picture as Shot, Totals};
use leptos::prelude::*;

use super::{Picture, stand_in};
use crate::texts;

/// A delivery row: what it is called and what it says.
pub struct Delivery {
    /// Such as `Standard delivery`.
    pub name: String,
    /// Such as `Free`, or a price.
    pub text: String,
    /// Whether the total has it in it.
    pub is_in_total: bool,
}

/// Price as people say it: `Free` when it is nothing.
pub fn price_or_free(price: Money) -> String {
    if price.amount == 0 { texts::summary_free().to_owned() } else { price.to_string() }
}

/// The rows of a sum: things, discount, delivery, tax, total.
pub fn sums(
    totals: &Totals,
    count: i64,
    delivery: Option<Delivery>,
    total: Money,
) -> impl IntoView + use<> {
    let discount = (totals.discount.amount != 0).then(|| {
        let off = Money::new(-totals.discount.amount.abs(), totals.discount.currency).to_string();
        view! { <div><dt>{texts::summary_discount()}</dt><dd class="price signal">{off}</dd></div> }
    });
    let is_whole = delivery.as_ref().is_none_or(|row| row.is_in_total);
    let without = (!is_whole).then(
        || view! { <span class="muted">" " {texts::summary_total_without_delivery()}</span> },
    );
    let delivery = delivery.map(|row| {
        view! { <div><dt>{row.name}</dt><dd class="price">{row.text}</dd></div> }
    });
    let is_included = totals.tax_included;
    let taxes = totals.tax_lines.iter().map(|tax| {
        let name = if is_included { texts::summary_of_which(tax.title()) } else { tax.title() };
        let class = if is_included { "muted small" } else { "" };
        view! { <div class=class><dt>{name}</dt><dd class="price">{tax.amount.to_string()}</dd></div> }
    });
    let (before, after) = if is_included {
        (None, Some(taxes.collect_view()))
    } else {
        (Some(taxes.collect_view()), None)
    };
    view! {
        <dl class="sums">
            <div><dt>{texts::summary_things(count)}</dt><dd class="price">{totals.subtotal.to_string()}</dd></div>
            {discount} {delivery} {before}
            <div class="sums-total"><dt>{texts::summary_total()} {without}</dt><dd class="price">{total.to_string()}</dd></div>
            {after}
        </dl>
    }
    .into_any()
}

/// A small square picture of the thing of that title.
pub fn thumb(picture: Option<&Shot>, title: &str) -> impl IntoView + use<> {
    let picture = match picture.cloned() {
        Some(picture) => view! { <Picture picture sizes="7rem" decorative=true/> }.into_any(),
        None => stand_in(title).into_any(),
    };
    view! { <span class="line-picture">{picture}</span> }
}
