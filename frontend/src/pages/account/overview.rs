//! `/account`: who one is here, what was bought last, and the ways on.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{Place, orders::rows};
use crate::{api::Error, app::App, extract::Visitor, session::Wall, texts};

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
            texts::account_hello().to_owned()
        } else {
            texts::account_hello_named(&customer.name)
        };
        let has_more = orders.page.next_cursor.is_some();
        let latest = if orders.data.is_empty() {
            view! {
                <p class="muted">{texts::account_latest_none()}</p>
                <p><a class="button" href="/search?sort=newest">{texts::account_see_new()}</a></p>
            }
            .into_any()
        } else {
            let all = has_more
                .then(|| view! { <p><a class="link" href="/account/orders">{texts::account_latest_all()}</a></p> });
            view! { {rows(&orders.data)} {all} }.into_any()
        };
        view! {
            <p class="lead">{hello}</p>
            <p class="muted">{texts::account_signed_in_as(customer.email)}</p>
            <section class="stack" aria-labelledby="latest">
                <h2 id="latest">{texts::account_latest()}</h2>
                {latest}
            </section>
        }
    });
    Ok(page.into_response())
}
