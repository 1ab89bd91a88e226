//! `/account`: who one is here, what was bought last, and the ways on.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{Place, orders::rows};
use crate::{api::Error, app::App, extract::Visitor, session::Wall};

/// How many of the latest orders are shown.
const LATEST: u8 = 3;

/// The customer's own front page.
pub async fn overview(State(_): State<App>, visitor: Visitor) -> Result<Response, Error> {
    if !visitor.is_customer().await? {
        return Ok(Wall::SignIn.into_response());
    }
    let (customer, orders) =
        tokio::try_join!(visitor.api.customer(), visitor.api.orders(None, LATEST))?;
    let page = Place::Overview.page(&visitor, move || {
        let hello = if customer.name.is_empty() {
            "Good to see you.".to_owned()
        } else {
            format!("Good to see you, {}.", customer.name)
        };
        let has_more = orders.page.next_cursor.is_some();
        let latest = if orders.data.is_empty() {
            view! {
                <p class="muted">"You have not bought anything yet."</p>
                <p><a class="button" href="/search?sort=newest">"See what is new"</a></p>
            }
            .into_any()
        } else {
            let all = has_more
                .then(|| view! { <p><a class="link" href="/account/orders">"All orders"</a></p> });
            view! { {rows(&orders.data)} {all} }.into_any()
        };
        view! {
            <p class="lead">{hello}</p>
            <p class="muted">"Signed in as " {customer.email}</p>
            <section class="stack" aria-labelledby="latest">
                <h2 id="latest">"Latest orders"</h2>
                {latest}
            </section>
        }
    });
    Ok(page.into_response())
}
