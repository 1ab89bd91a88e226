//! `/cart`

use std::sync::Arc;

use api_types::{Cart, CartLine, CartStatus, LineNotice, Money, ShippingOption, ShopConfig};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde_json::json;

use crate::{
    api::Error,
    app::{App, Page},
    components::{
        Notice, Tone,
        order_summary::{Delivery, price_or_free, sums, thumb},
    },
    extract::Visitor,
    pages::order,
    shop, texts,
};

/// What the visitor means to buy.
pub async fn cart(State(app): State<App>, visitor: Visitor) -> Result<Response, Error> {
    let Some((key, cart)) = visitor.cart().await? else { return Ok(empty(None).into_response()) };
    let before = match cart.status {
        CartStatus::Open if cart.lines.is_empty() => None,
        CartStatus::Open => {
            let options = visitor.api.shipping_options(&key).await.unwrap_or_default();
            let shop = app.shop_config().await?;
            let csrf = visitor.csrf();
            let draw = move || full(&cart, &options, &shop, &csrf);
            let page = Page::private(texts::cart_title(), draw).with_class("cart-page");
            return Ok(page.with_cookie(visitor.cookie()).into_response());
        }
        CartStatus::Ordered => {
            let key = visitor.order.filter(|key| Some(key.id) == cart.order_id);
            Some((texts::cart_was_ordered(), key.map(|key| order::path(&key))))
        }
        CartStatus::Expired => Some((texts::cart_has_expired(), None)),
    };
    Ok(empty(before).into_response())
}

/// How much is in the cart, for the number beside the link to it: `GET /cart/count`.
pub async fn count(visitor: Visitor) -> Result<Response, Error> {
    let cart = visitor.cart().await?.map(|(_, cart)| cart);
    let open = cart.filter(|cart| cart.status == CartStatus::Open);
    let count = json!({ "status": "open", "item_count": open.map_or(0, |cart| cart.item_count) });
    Ok(([(header::CONTENT_TYPE, "application/json")], count.to_string()).into_response())
}

/// A cart with nothing in it, and what became of the one before.
fn empty(before: Option<(&'static str, Option<String>)>) -> Page {
    let before = before.map(|(text, path)| (text, path.filter(|path| !path.is_empty())));
    Page::private(texts::cart_title(), move || {
        let before = before.map(|(text, path)| {
            let link = path.map(|path| view! { " " <a href=path>{texts::cart_was_ordered_see()}</a> });
            view! { <Notice tone=Tone::Plain>{text} {link}</Notice> }
        });
        view! {
            <div class="page cart-empty">
                <h1>{texts::cart_title()}</h1>
                {before}
                <p>{texts::cart_empty()}</p>
                <p class="ways">
                    <a class="button primary" href="/search?sort=newest">{texts::cart_empty_new()}</a>
                    <a class="button" href="/search?sort=best_selling">{texts::cart_empty_bought()}</a>
                </p>
            </div>
        }
    })
    .with_class("cart-page")
}

fn full(
    cart: &Cart,
    options: &[ShippingOption],
    shop: &Arc<ShopConfig>,
    csrf: &str,
) -> impl IntoView + use<> {
    let lines = cart.lines.iter().map(|item| line(item, csrf)).collect_view();
    view! {
        <div class="page">
            <h1>{texts::cart_title()}</h1>
            <div class="two">
                <div>
                    <ul class="lines">{lines}</ul>
                    <p class="cart-on">
                        <a href="/">{texts::cart_go_on()}</a>
                        <a href="/cart/share">{texts::share_this()}</a>
                    </p>
                </div>
                <aside class="summary" aria-labelledby="summary">
                    <h2 id="summary">{texts::cart_summary()}</h2>
                    {free_delivery(cart).into_any()}
                    {sums(&cart.totals, cart.item_count, delivery(cart, options), cart.totals.total).into_any()}
                    {destination(cart, shop, csrf).into_any()}
                    {way_on(cart).into_any()}
                </aside>
            </div>
        </div>
    }
    .into_any()
}

/// One line: what it is, how many, what it costs and why.
fn line(line: &CartLine, csrf: &str) -> impl IntoView + use<> {
    let path = format!("/products/{}", line.handle);
    let chosen: Vec<_> = line.options.iter().map(|option| option.value.clone()).collect();
    let was = line.compare_at.filter(|was| was.amount > line.unit_price.amount);
    let was = was.map(|was| view! { <s class="muted">{was.to_string()}</s> });
    let each = (line.quantity > 1)
        .then(|| view! { <p class="muted small">{texts::cart_each(line.unit_price)}</p> });
    let why = (!line.why.is_empty()).then(|| {
        let steps = line.why.iter().map(|step| view! { <li>{step.clone()}</li> }).collect_view();
        view! { <details class="why small"><summary>{texts::cart_why()}</summary><ol>{steps}</ol></details> }
    });
    let notices = line.notices.iter().map(|notice| said(notice, line)).collect_view();
    view! {
        <li>
            <a href=path.clone() tabindex="-1" aria-hidden="true">{thumb(line.picture.as_ref(), &line.title).into_any()}</a>
            <form method="post" action=format!("/cart/lines/{}", line.id)>
                <input type="hidden" name="csrf" value=csrf.to_owned()/>
                <a class="line-title" href=path>{line.title.clone()}</a>
                <p class="muted small">{chosen.join(", ")}</p>
                {changes(line).into_any()}
                {notices}
                {why}
            </form>
            <div class="line-cost"><p class="price">{was}{line.total.to_string()}</p>{each}</div>
        </li>
    }
    .into_any()
}

/// How many, and the buttons that change it.
fn changes(line: &CartLine) -> impl IntoView + use<> {
    let (id, title) = (line.id.to_string(), line.title.clone());
    let most = line.max_quantity.max(line.quantity).max(1).to_string();
    view! {
        <div class="line-do">
            <label class="small" for=id.clone()>{texts::cart_quantity()}</label>
            <input id=id type="number" name="quantity" min="0" max=most inputmode="numeric"
                enterkeyhint="done" autocomplete="off" value=line.quantity.to_string()/>
            <button class="link" name="do" value="update" aria-label=texts::cart_update_of(&title)>
                {texts::cart_update()}
            </button>
            <button class="link" name="do" value="remove" formnovalidate
                aria-label=texts::cart_remove_of(&title)>
                {texts::cart_remove()}
            </button>
        </div>
    }
    .into_any()
}

/// What the shopper should know of a line, and the way out.
fn said(notice: &LineNotice, line: &CartLine) -> impl IntoView + use<> {
    match notice {
        LineNotice::InsufficientStock { available } if *available > 0 => {
            let set = format!("set:{available}");
            view! {
                <p class="line-problem">
                    {texts::cart_few_left(available)} " "
                    <button class="link" name="do" value=set formnovalidate>
                        {texts::cart_few_left_take(available)}
                    </button>
                </p>
            }
            .into_any()
        }
        LineNotice::InsufficientStock { .. } | LineNotice::Unavailable => view! {
            <p class="line-problem">
                {texts::cart_sold_out()} " " <button class="link" name="do" value="remove" formnovalidate>{texts::cart_sold_out_take_out()}</button>
            </p>
        }
        .into_any(),
        LineNotice::PriceChanged { was } => {
            let by = (line.unit_price.amount - was.amount).abs();
            let by = Money::new(by, was.currency);
            let text = if line.unit_price.amount < was.amount {
                texts::cart_price_down(by)
            } else {
                texts::cart_price_up(by)
            };
            view! { <p class="signal small">{text}</p> }
            .into_any()
        }
    }
}

/// How far it is to free delivery.
fn free_delivery(cart: &Cart) -> impl IntoView + use<> {
    let until = cart.until_free_delivery.filter(|until| until.amount > 0)?;
    let has = (cart.totals.subtotal.amount - cart.totals.discount.amount.abs()).max(0);
    let text = texts::cart_until_free(until);
    Some(view! {
        <div class="until-free">
            <label for="until-free">{text}</label>
            <progress id="until-free" max=(has + until.amount).to_string() value=has.to_string()></progress>
        </div>
    })
}

/// What delivery costs, or from what.
fn delivery(cart: &Cart, options: &[ShippingOption]) -> Option<Delivery> {
    let chosen = options.iter().find(|option| Some(option.id) == cart.shipping_method);
    if let Some((price, option)) = cart.totals.shipping.zip(chosen) {
        return Some(Delivery {
            name: option.title.clone(),
            text: price_or_free(price),
            is_in_total: true,
        });
    }
    let cheapest = options.iter().map(|option| option.price).min_by_key(|price| price.amount)?;
    let text = match price_or_free(cheapest) {
        free if cheapest.amount == 0 => free,
        price => texts::cart_delivery_from(price),
    };
    let is_in_total = cheapest.amount == 0;
    Some(Delivery { name: texts::summary_delivery().to_owned(), text, is_in_total })
}

/// Where to deliver, for prices before an address is known.
fn destination(cart: &Cart, shop: &ShopConfig, csrf: &str) -> impl IntoView + use<> {
    let countries = shop::countries(shop)
        .map(|country| {
            let is_chosen = country.code == cart.country;
            view! { <option value=country.code.clone() selected=is_chosen>{country.title.clone()}</option> }
        })
        .collect_view();
    view! {
        <form class="destination" method="post" action="/cart/country">
            <input type="hidden" name="csrf" value=csrf.to_owned()/>
            <label for="country">{texts::cart_deliver_to()}</label>
            <select id="country" name="country" autocomplete="country">{countries}</select>
            <button class="button small">{texts::cart_deliver_to_update()}</button>
        </form>
    }
    .into_any()
}

/// The way to the checkout, or what stands in it.
fn way_on(cart: &Cart) -> impl IntoView + use<> {
    let stands_in_the_way =
        |code: &str| matches!(code, "insufficient_stock" | "unavailable" | "empty");
    if cart.problems.iter().any(|problem| stands_in_the_way(&problem.code)) {
        return view! {
            <Notice tone=Tone::Bad>
                {texts::cart_in_the_way()}
            </Notice>
        }
        .into_any();
    }
    view! {
        <a class="button primary wide" href="/checkout">{texts::cart_check_out()}</a>
        <p class="small muted summary-note">{texts::cart_check_out_note()}</p>
    }
    .into_any()
}
