//! `/account/orders`: everything that was bought, newest first.

use api_types::{FulfilmentStatus, OrderStatus, OrderSummary, PaymentStatus};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{Place, day};
use crate::{
    api::Error,
    app::App,
    components::{EmptyState, Pagination, order_summary::thumb},
    extract::{Query, Visitor},
    texts,
};

/// How many orders a page has.
const PAGE: u8 = 20;

/// Where in the list the page begins.
#[derive(Deserialize)]
pub struct At {
    cursor: Option<String>,
}

/// A page of the customer's orders.
pub async fn orders(
    State(_): State<App>,
    visitor: Visitor,
    Query(at): Query<At>,
) -> Result<Response, Error> {
    let orders = visitor.api.orders(at.cursor.as_deref(), PAGE).await?;
    let page = Place::Orders.page(&visitor, move || {
        if orders.data.is_empty() {
            return view! {
                <EmptyState title=texts::account_orders_none() text=texts::account_orders_none_text()>
                    <a class="button primary" href="/search?sort=newest">{texts::account_see_new()}</a>
                </EmptyState>
            }
            .into_any();
        }
        let link = |cursor: Option<String>| {
            let cursor = cursor?;
            let cursor: String =
                url::form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
            Some(format!("/account/orders?cursor={cursor}"))
        };
        view! {
            {rows(&orders.data)}
            <Pagination prev=link(orders.page.prev_cursor) next=link(orders.page.next_cursor)/>
        }
        .into_any()
    });
    Ok(page.into_response())
}

/// Orders as a list, each a link to its page.
pub fn rows(orders: &[OrderSummary]) -> impl IntoView + use<> {
    let rows = orders.iter().map(|order| row(order).into_any()).collect_view();
    view! { <ul class="rows orders">{rows}</ul> }.into_any()
}

fn row(order: &OrderSummary) -> impl IntoView + use<> {
    let OrderSummary { id, number, created_at, total, item_count, titles, picture, .. } = order;
    let shown: i64 = titles.len().try_into().unwrap_or_default();
    let more = (*item_count > shown).then(|| match item_count {
        1 => String::new(),
        many => format!(" · {}", texts::summary_things(*many)),
    });
    view! {
        <li>
            {thumb(picture.as_ref(), titles.first().map_or("", String::as_str)).into_any()}
            <div>
                <a class="row-title" href=format!("/orders/{id}")>{texts::order_title(number)}</a>
                <p class="small">{titles.join(", ")} {more}</p>
                <p class="muted small">
                    <time datetime=created_at.to_rfc3339()>{day(*created_at)}</time>
                </p>
            </div>
            <div class="row-end">
                <p class="price">{total.to_string()}</p>
                <p class="small state">{state(order)}</p>
            </div>
        </li>
    }
}

/// How far along an order is, in a word or two.
fn state(order: &OrderSummary) -> &'static str {
    match (order.status, order.fulfilment_status) {
        (OrderStatus::PendingPayment, _) => texts::account_order_unpaid(),
        (OrderStatus::OnHold, _) => texts::account_order_on_hold(),
        (OrderStatus::Cancelled, _) if order.payment_status == PaymentStatus::Refunded => {
            texts::account_order_cancelled_refunded()
        }
        (OrderStatus::Cancelled, _) => texts::account_order_cancelled(),
        (OrderStatus::Expired, _) => texts::account_order_expired(),
        (_, FulfilmentStatus::Unfulfilled) => texts::account_order_placed(),
        (_, FulfilmentStatus::Partial) => texts::account_order_partly_sent(),
        (_, FulfilmentStatus::Fulfilled) => texts::account_order_sent(),
        (_, FulfilmentStatus::Delivered | FulfilmentStatus::NotRequired) => {
            texts::account_order_delivered()
        }
        (_, FulfilmentStatus::PartiallyReturned) => texts::account_order_partly_returned(),
        (_, FulfilmentStatus::Returned) => texts::account_order_returned(),
    }
}
