//! `/orders/{id}?token=`

mod words;

use api_types::{
    Completed, Completion, Order, OrderId, OrderLine, OrderStatus, PaymentMethod, ShopConfig,
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use url::Url;

use crate::{
    api::Error,
    app::{App, Page},
    components::{
        Icon, Sign,
        address::address_rows,
        order_summary::{Delivery, price_or_free, sums, thumb},
    },
    cookies::{self, CartKey, OrderKey, set},
    extract::{Path, Query, Visitor},
    flash::Flash,
    keys::random_name,
    pages::checkout::payment_choice,
    session::Wall,
    shop, texts,
};

/// Seconds between two looks at a payment that has not arrived.
const LOOK_AGAIN: u32 = 5;

/// What the link of an order says.
#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
    /// Just bought.
    new: Option<String>,
    /// Wants to pay again.
    again: Option<String>,
}

/// Where the order is shown.
pub fn path(key: &OrderKey) -> String {
    if key.token.is_empty() {
        return format!("/orders/{}", key.id);
    }
    format!("/orders/{}?token={}", key.id, key.token)
}

/// An address that says one thing more.
fn and(path: &str, more: &str) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}{more}")
}

/// What opens the cart of an order, so that it can be paid here: a customer's own one, or the
/// one that this visitor filled.
pub async fn cart_of(visitor: &Visitor, id: &str) -> Result<Option<CartKey>, Error> {
    let Ok(id) = id.parse() else { return Ok(None) };
    if visitor.is_customer().await? {
        return Ok(Some(CartKey::of_customer(id)));
    }
    Ok(visitor.cart_key().await?.filter(|cart| cart.id == id))
}

/// Leads a shopper who has bought onwards: to the order, or to the bank that asks to confirm.
pub fn bought(app: &App, done: &Completed) -> Response {
    let key = OrderKey { id: done.order.id, token: done.order_token.clone() };
    let cookies = [cookies::order(&key), cookies::gone(cookies::DRAFT)];
    let ours = app.config.public_url.origin();
    let bank = done.redirect_url.as_deref().filter(|_| done.status == Completion::RequiresAction);
    let bank = bank.and_then(|url| app.config.public_url.join(url).ok());
    match bank {
        // A form may only lead to this shop (`form-action`), and redirects count: a page leads on.
        Some(url) if matches!(url.scheme(), "https" | "http") && url.origin() != ours => {
            Page { cookies: cookies.into(), ..leading_on(&url) }.into_response()
        }
        Some(url) if url.origin() == ours => {
            let path = url[url::Position::BeforePath..].to_owned();
            (set(cookies), Redirect::to(&path)).into_response()
        }
        _ => (set(cookies), Redirect::to(&and(&path(&key), "new=1"))).into_response(),
    }
}

fn leading_on(url: &Url) -> Page {
    let (url, refresh) = (url.to_string(), format!("0;url={url}"));
    Page::private(texts::order_confirm(), move || {
        view! {
            <div class="page plain-page">
                <h1>{texts::order_confirm()}</h1>
                <p>{texts::order_confirm_text()}</p>
                <p><a class="button primary" href=url rel="noreferrer">{texts::order_confirm_go()}</a></p>
            </div>
        }
    })
    .with_head(move || view! { <meta http-equiv="refresh" content=refresh/> })
    .as_task()
}

/// Everything that the page shows.
struct Sheet {
    order: Order,
    token: String,
    csrf: String,
    /// Country name, as people say it.
    country: String,
    /// Ways to pay, when this visitor can pay here and now.
    methods: Vec<PaymentMethod>,
    is_new: bool,
    /// Whether whoever looks at it is signed in.
    is_customer: bool,
    /// Whether the provider may still answer.
    is_waiting: bool,
}

/// One order, for whoever has its link.
pub async fn order(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<OrderId>,
    Query(link): Query<Link>,
) -> Result<Response, Error> {
    let key = OrderKey { id, token: link.token };
    let is_customer = visitor.is_customer().await?;
    if key.token.is_empty() && !is_customer {
        return Ok(Wall::SignIn.into_response());
    }
    let order = visitor.api.order(id, &key.token).await?;
    let shop = app.shop_config().await?;
    let is_waiting = is_waiting(&order) && link.again.is_none();
    let methods = match cart_of(&visitor, &order.cart_id.to_string()).await? {
        Some(cart) if order.can_pay && !is_waiting => {
            visitor.api.payment_methods(&cart).await.unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let sheet = Sheet {
        is_customer,
        country: country(&order, &shop),
        methods,
        is_new: link.new.is_some(),
        is_waiting,
        csrf: visitor.csrf(),
        token: key.token,
        order,
    };
    let title = texts::order_title(sheet.order.number);
    let page = Page::private(title, move || draw(&sheet))
        .with_class("order-page")
        // The link opens the order: other sites must not learn it.
        .with_head(|| view! { <meta name="referrer" content="same-origin"/> })
        .with_cookie(visitor.cookie());
    let refresh = is_waiting.then_some(LOOK_AGAIN);
    Ok(Page { refresh, ..page }.into_response())
}

/// `/orders/{id}/invoice.pdf?token=`: the invoice, for whoever has the order's link, and its customer.
pub async fn invoice(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<OrderId>,
    Query(link): Query<Link>,
) -> Result<Response, Error> {
    let key = OrderKey { id, token: link.token };
    let pdf = match visitor.api.invoice(id, &key.token).await {
        Ok(pdf) => pdf,
        Err(error) if error.code() == Some("not_placed") => {
            let flash = Flash::bad(texts::order_invoice_none());
            return Ok(flash.to(&path(&key), &app.keys));
        }
        Err(error) => return Err(error),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"invoice.pdf\""),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, pdf).into_response())
}

fn country(order: &Order, shop: &ShopConfig) -> String {
    let address = order.shipping_address.as_ref();
    address.map(|address| shop::country_name(shop, &address.country)).unwrap_or_default()
}

/// Whether money may arrive by itself: nothing failed, and nothing is for the shopper to do.
fn is_waiting(order: &Order) -> bool {
    let has_failed = order.events.last().is_some_and(|event| event.kind == "payment_failed");
    order.status == OrderStatus::PendingPayment
        && order.payment_instructions.is_none()
        && !has_failed
}

fn draw(sheet: &Sheet) -> impl IntoView + use<> {
    let order = &sheet.order;
    let (title, text) = words::heading(sheet);
    let things = order.lines.iter().map(|line| i64::from(line.quantity)).sum();
    let delivery = order.totals.shipping.map(|price| {
        let name =
            order.shipping_title.clone().unwrap_or_else(|| texts::summary_delivery().to_owned());
        Delivery { name, text: price_or_free(price), is_in_total: true }
    });
    let lines = order.lines.iter().map(line).collect_view();
    view! {
        <div class="page">
            {sheet.is_customer.then(orders_link)}
            <h1>{title}</h1>
            <p class="order-lead">{text}</p>
            {offer(sheet).into_any()}
            <div class="two">
                <div class="order-story">
                    {instructions(order).into_any()}
                    {pay_again(sheet).into_any()}
                    {address(sheet).into_any()}
                    {timeline(order).into_any()}
                    {actions(sheet).into_any()}
                    {cancel(sheet).into_any()}
                </div>
                <aside class="summary" aria-labelledby="what">
                    <h2 id="what">{texts::order_title(order.number)}</h2>
                    <ul class="small-lines">{lines}</ul>
                    {sums(&order.totals, things, delivery, order.totals.total).into_any()}
                    <p class="small muted">{words::paid(order)}</p>
                </aside>
            </div>
        </div>
    }
    .into_any()
}

fn orders_link() -> impl IntoView {
    view! { <p class="back no-print"><a href="/account/orders"><Icon sign=Sign::Left/>{texts::order_all()}</a></p> }
        .into_any()
}

/// An account, for a guest who has just bought.
fn offer(sheet: &Sheet) -> impl IntoView + use<> {
    let is_bought = matches!(sheet.order.status, OrderStatus::Placed | OrderStatus::Completed);
    (sheet.is_new && is_bought && !sheet.is_customer).then(|| {
        view! {
            <aside class="offer no-print" aria-label=texts::order_account()>
                <p>
                    <strong>{texts::order_account_keep()}</strong>
                    " " {texts::order_account_why()}
                </p>
                <a class="button" href="/account/register?for=order">{texts::order_account_go()}</a>
            </aside>
        }
    })
}

/// What the shopper must do to pay.
fn instructions(order: &Order) -> impl IntoView + use<> {
    let is_done = matches!(order.status, OrderStatus::Cancelled | OrderStatus::Expired);
    let is_paid = order.paid.amount >= order.totals.total.amount;
    let text = order.payment_instructions.clone().filter(|_| !is_done && !is_paid)?;
    Some(view! {
        <section aria-labelledby="how-to-pay">
            <h2 id="how-to-pay">{texts::order_how_to_pay()}</h2>
            <p class="instructions">{text}</p>
        </section>
    })
}

/// The payment once more, when it did not arrive.
fn pay_again(sheet: &Sheet) -> impl IntoView + use<> {
    let order = &sheet.order;
    let here = format!("/orders/{}", order.id);
    if sheet.is_waiting {
        let key = OrderKey { id: order.id, token: sheet.token.clone() };
        let again = and(&path(&key), "again=1");
        return Some(
            view! {
                <p class="waiting" role="status">
                    {texts::order_left_bank()} " " <a href=again>{texts::order_left_bank_again()}</a>
                </p>
            }
            .into_any(),
        );
    }
    if !order.can_pay {
        return None;
    }
    if sheet.methods.is_empty() {
        return Some(view! { <p>{texts::order_pay_elsewhere()}</p> }.into_any());
    }
    let total = order.totals.total;
    Some(
        view! {
            <form class="form" method="post" action=format!("{here}/pay")>
                {secrets(sheet).into_any()}
                <input type="hidden" name="cart" value=order.cart_id.to_string()/>
                <input type="hidden" name="total" value=total.amount.to_string()/>
                <input type="hidden" name="currency" value=total.currency.to_string()/>
                <fieldset>
                    <legend><h2>{texts::order_pay()}</h2></legend>
                    {payment_choice(&sheet.methods, "", "").into_any()}
                    <button class="button primary wide">{texts::order_pay_button(total)}</button>
                </fieldset>
            </form>
        }
        .into_any(),
    )
}

/// What every form of the page carries.
fn secrets(sheet: &Sheet) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="csrf" value=sheet.csrf.clone()/>
        <input type="hidden" name="token" value=sheet.token.clone()/>
        <input type="hidden" name="once" value=random_name()/>
    }
    .into_any()
}

fn address(sheet: &Sheet) -> impl IntoView + use<> {
    let address = sheet.order.shipping_address.clone()?;
    let note = sheet.order.note.clone().filter(|note| !note.is_empty());
    let note =
        note.map(|note| view! { <p class="muted small">{texts::order_where_note(note)}</p> });
    Some(view! {
        <section aria-labelledby="where">
            <h2 id="where">{texts::order_where()}</h2>
            {address_rows(&address, &sheet.country).into_any()}
            {note}
        </section>
    })
}

fn timeline(order: &Order) -> impl IntoView + use<> {
    let events = order
        .events
        .iter()
        .rev()
        .map(|event| {
            let at = event.at.format(texts::order_days_pattern_moment()).to_string();
            view! {
                <li>
                    <p>{event.message.clone()}</p>
                    <time class="muted small" datetime=event.at.to_rfc3339()>{at}</time>
                </li>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="happened">
            <h2 id="happened">{texts::order_happened()}</h2>
            <ol class="timeline" reversed>{events}</ol>
        </section>
    }
    .into_any()
}

/// The invoice, and the same once more.
fn actions(sheet: &Sheet) -> impl IntoView + use<> {
    let id = sheet.order.id;
    let invoice = sheet.order.placed_at.map(|_| {
        let path = format!("/orders/{id}/invoice.pdf");
        let token = &sheet.token;
        let path = if token.is_empty() { path } else { format!("{path}?token={token}") };
        view! { <a class="button" href=path>{texts::order_invoice()}</a> }
    });
    let is_pending = sheet.order.status == OrderStatus::PendingPayment;
    let again = (!is_pending).then(|| {
        view! {
            <form method="post" action=format!("/orders/{id}/reorder")>
                {secrets(sheet).into_any()}
                <button class="button">{texts::order_again()}</button>
            </form>
        }
    });
    view! {
        <div class="order-actions no-print">
            {invoice}
            {again}
        </div>
    }
    .into_any()
}

/// Calling it off takes two steps, so that nobody does it by mistake.
fn cancel(sheet: &Sheet) -> impl IntoView + use<> {
    let order = &sheet.order;
    if !order.can_cancel {
        return None;
    }
    let text = if order.paid.amount > 0 {
        texts::order_cancel_text_paid(order.paid)
    } else {
        texts::order_cancel_text().to_owned()
    };
    Some(view! {
        <details class="cancel">
            <summary>{texts::order_cancel()}</summary>
            <form method="post" action=format!("/orders/{}/cancel", order.id)>
                {secrets(sheet).into_any()}
                <p>{text}</p>
                <button class="button">{texts::order_cancel_button()}</button>
            </form>
        </details>
    })
}

fn line(line: &OrderLine) -> impl IntoView + use<> {
    let chosen: Vec<_> = line.options.iter().map(|option| option.value.clone()).collect();
    let quantity = match line.quantity_fulfilled {
        sent if sent > 0 && sent < line.quantity => texts::order_quantity_sent(line.quantity, sent),
        _ => texts::order_quantity(line.quantity),
    };
    view! {
        <li>
            {thumb(line.picture.as_ref(), &line.title).into_any()}
            <div>
                <p>{line.title.clone()}</p>
                <p class="muted small">{chosen.join(", ")}</p>
                <p class="muted small">{quantity}</p>
            </div>
            <p class="price">{line.total.to_string()}</p>
        </li>
    }
    .into_any()
}
