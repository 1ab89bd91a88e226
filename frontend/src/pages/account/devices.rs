//! `/account/devices`: where the customer is signed in.

use api_types::Session;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{Place, csrf, day};
use crate::{api::Error, extract::Visitor, texts};

/// All devices, each with a button that signs it out.
pub async fn devices(visitor: Visitor) -> Result<Response, Error> {
    let sessions = visitor.api.sessions().await?;
    let token = visitor.csrf();
    let page = Place::Devices.page(&visitor, move || {
        let has_others = sessions.iter().any(|session| !session.is_current);
        let rows = sessions.iter().map(|session| row(session, &token)).collect_view();
        let others = has_others.then(|| {
            view! {
                <form method="post" action="/account/devices/others/end">
                    {csrf(&token)}
                    <button class="button primary">{texts::account_device_others()}</button>
                </form>
            }
        });
        view! {
            <p class="narrow">
                {texts::account_devices_unknown()} " "
                <a href="/account/password">{texts::account_devices_unknown_password()}</a> "."
            </p>
            <ul class="rows">{rows}</ul>
            {others}
        }
        .into_any()
    });
    Ok(page.into_response())
}

fn row(session: &Session, token: &str) -> impl IntoView + use<> {
    let end = if session.is_current {
        view! { <p class="tag">{texts::account_device_this()}</p> }.into_any()
    } else {
        let name = texts::account_device_end_of(&session.device);
        view! {
            <form method="post" action=format!("/account/devices/{}/end", session.id)>
                {csrf(token)}
                <button class="button small" aria-label=name>{texts::account_device_end()}</button>
            </form>
        }
        .into_any()
    };
    let seen = session.last_seen_at;
    view! {
        <li>
            <div>
                <p class="row-title">{session.device.clone()}</p>
                <p class="muted small">
                    {texts::account_device_since(day(session.created_at))} " "
                    <time datetime=seen.to_rfc3339()>{seen.format(texts::order_days_pattern_moment()).to_string()}</time>
                </p>
            </div>
            <div class="row-end">{end}</div>
        </li>
    }
    .into_any()
}
