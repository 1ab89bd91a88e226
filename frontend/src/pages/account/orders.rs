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
                <EmptyState title="Nothing bought yet" text="What you buy is listed here, with all that happens to it.">
                    <a class="button primary" href="/search?sort=newest">"See what is new"</a>
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
        many => format!(" · {many} things"),
    });
    view! {
        <li>
            {thumb(picture.as_ref(), titles.first().map_or("", String::as_str)).into_any()}
            <div>
                <a class="row-title" href=format!("/orders/{id}")>{format!("Order {number}")}</a>
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
        (OrderStatus::PendingPayment, _) => "Not paid yet",
        (OrderStatus::OnHold, _) => "Waits for us",
        (OrderStatus::Cancelled, _) if order.payment_status == PaymentStatus::Refunded => {
            "Cancelled, money back"
        }
        (OrderStatus::Cancelled, _) => "Cancelled",
        (OrderStatus::Expired, _) => "Expired",
        (_, FulfilmentStatus::Unfulfilled) => "We pack it",
        (_, FulfilmentStatus::Partial) => "Partly on its way",
        (_, FulfilmentStatus::Fulfilled) => "On its way",
        (_, FulfilmentStatus::Delivered | FulfilmentStatus::NotRequired) => "With you",
        (_, FulfilmentStatus::PartiallyReturned) => "Partly returned",
        (_, FulfilmentStatus::Returned) => "Returned",
    }
}
