//! `/account/devices`: where the customer is signed in.

use api_types::Session;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{Place, csrf, day};
use crate::{api::Error, extract::Visitor};

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
                    <button class="button primary">"Sign out everywhere else"</button>
                </form>
            }
        });
        view! {
            <p class="narrow">
                "If you do not know one of these, sign it out and "
                <a href="/account/password">"choose a new password"</a> "."
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
        view! { <p class="tag">"This one"</p> }.into_any()
    } else {
        let name = format!("Sign out {}", session.device);
        view! {
            <form method="post" action=format!("/account/devices/{}/end", session.id)>
                {csrf(token)}
                <button class="button small" aria-label=name>"Sign out"</button>
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
                    "Signed in " {day(session.created_at)} ", last seen "
                    <time datetime=seen.to_rfc3339()>{seen.format("%-d %B, %H:%M UTC").to_string()}</time>
                </p>
            </div>
            <div class="row-end">{end}</div>
        </li>
    }
    .into_any()
}
