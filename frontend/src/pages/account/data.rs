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
    texts,
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
            return confirm_first(Place::Data, texts::account_data_confirm()).into_any();
        }
        view! {
            <section class="stack narrow" aria-labelledby="copy">
                <h2 id="copy">{texts::account_copy()}</h2>
                <p>{texts::account_copy_text()}</p>
                {copy(export.as_ref(), &token).into_any()}
            </section>
            <section class="stack narrow part" aria-labelledby="leave">
                <h2 id="leave">{texts::account_leave()}</h2>
                <p>{texts::account_leave_text()}</p>
                {refused.notice(&["email"]).into_any()}
                <details class="sure" open=!is_asked>
                    <summary>{texts::account_leave_want()}</summary>
                    <form class="stack" method="post" action="/account/data/leave" novalidate>
                        {csrf(&token)}
                        {field(Field {
                            name: "email",
                            label: texts::account_leave_email(),
                            value: email,
                            kind: "email",
                            inputmode: "email",
                            autocomplete: "off",
                            hint: Some(customer.email),
                            error: refused.at_field("email"),
                            ..Field::default()
                        }).into_any()}
                        <p><button class="button danger">{texts::account_leave_button()}</button></p>
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
        None => ask(texts::account_copy_ask(), "button primary"),
        Some(export) if export.state == ExportState::Waiting => view! {
            <p class="waiting" role="status">{texts::account_copy_waiting()}</p>
        }
        .into_any(),
        Some(export) => {
            let until = export.expires_at.map(|at| texts::account_copy_ready_until(day(at)));
            view! {
                <p>{texts::account_copy_ready(day(export.asked_at))} " " {until}</p>
                <div class="ways">
                    <a class="button primary" href="/account/data/archive" download>{texts::account_copy_ready_download()}</a>
                    {ask(texts::account_copy_ready_again(), "button")}
                </div>
            }
            .into_any()
        }
    }
}
