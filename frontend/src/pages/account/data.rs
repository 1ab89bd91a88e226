//! `/account/data`: taking everything along, and leaving for good.

use api_types::{Export, ExportState};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{Place, Refused, confirm_first, csrf, day};
use crate::{
    api::Error,
    app::Page,
    components::field::{Field, field},
    extract::Visitor,
};

/// Seconds between two looks at a copy that is being made.
const LOOK_AGAIN: u32 = 5;

/// What a customer may do with what the shop knows of them.
pub async fn data(visitor: Visitor) -> Result<Response, Error> {
    Ok(data_page(&visitor, String::new(), Refused::default()).await?.into_response())
}

/// That page, with what was typed and what is wrong.
pub async fn data_page(visitor: &Visitor, email: String, refused: Refused) -> Result<Page, Error> {
    let (customer, export) = tokio::try_join!(visitor.api.customer(), visitor.api.export())?;
    let is_fresh = visitor.session.is_fresh(&visitor.api).await?;
    let is_waiting = export.as_ref().is_some_and(|export| export.state == ExportState::Waiting);
    let (token, status) = (visitor.csrf(), refused.status);
    let is_asked = status == axum::http::StatusCode::OK;
    let draw = move || {
        if !is_fresh {
            let text =
                "Before you take your data along, or leave, show us once more that it is you.";
            return confirm_first(Place::Data, text).into_any();
        }
        view! {
            <section class="stack narrow" aria-labelledby="copy">
                <h2 id="copy">"A copy of everything"</h2>
                <p>"All that we know of you, in files that people and programs can read: who you are, your addresses, your orders, your devices."</p>
                {copy(export.as_ref(), &token).into_any()}
            </section>
            <section class="stack narrow part" aria-labelledby="leave">
                <h2 id="leave">"Leave for good"</h2>
                <p>"Your account, addresses, passkeys and cart are deleted at once, and nobody can bring them back. Orders stay in our books without your name, because the law asks for that."</p>
                {refused.notice(&["email"]).into_any()}
                <details class="sure" open=!is_asked>
                    <summary>"I want to leave"</summary>
                    <form class="stack" method="post" action="/account/data/leave" novalidate>
                        {csrf(&token)}
                        {field(Field {
                            name: "email",
                            label: "Type your email to confirm",
                            value: email,
                            kind: "email",
                            inputmode: "email",
                            autocomplete: "off",
                            hint: Some(customer.email),
                            error: refused.at_field("email"),
                            ..Field::default()
                        }).into_any()}
                        <p><button class="button danger">"Delete my account"</button></p>
                    </form>
                </details>
            </section>
        }
        .into_any()
    };
    let page = Place::Data.page(visitor, draw).with_status(status);
    let refresh = (is_waiting && is_fresh && is_asked).then_some(LOOK_AGAIN);
    Ok(Page { refresh, ..page })
}

/// How far along the copy is, and what can be done.
fn copy(export: Option<&Export>, token: &str) -> impl IntoView + use<> {
    let ask = |words: &'static str, class: &'static str| {
        view! {
            <form method="post" action="/account/data/export">
                {csrf(token)}
                <button class=class>{words}</button>
            </form>
        }
        .into_any()
    };
    match export {
        None => ask("Ask for a copy", "button primary"),
        Some(export) if export.state == ExportState::Waiting => view! {
            <p class="waiting" role="status">"We are putting it together. This page looks again by itself."</p>
        }
        .into_any(),
        Some(export) => {
            let until = export.expires_at.map(|at| format!(" It is here until {}.", day(at)));
            view! {
                <p>{format!("Your copy of {} is ready.", day(export.asked_at))} {until}</p>
                <div class="ways">
                    <a class="button primary" href="/account/data/archive" download>"Download it"</a>
                    {ask("Ask for a new one", "button")}
                </div>
            }
            .into_any()
        }
    }
}
