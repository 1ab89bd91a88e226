//! `/account/passkeys`: keys on devices that sign in without a password.

use api_types::Passkey;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{
    Place, Refused, confirm_first, csrf, day,
    passkey::{Ceremony, script},
};
use crate::{
    api::Error,
    app::Page,
    components::field::{Field, field},
    extract::Visitor,
    texts,
};

/// The customer's passkeys, and a form for one more.
pub async fn passkeys(visitor: Visitor) -> Result<Response, Error> {
    Ok(passkeys_page(&visitor, String::new(), Refused::default()).await?.into_response())
}

/// That page, with what was typed and what is wrong.
pub async fn passkeys_page(
    visitor: &Visitor,
    name: String,
    refused: Refused,
) -> Result<Page, Error> {
    let passkeys = visitor.api.passkeys().await?;
    let is_fresh = visitor.session.is_fresh(&visitor.api).await?;
    let (token, status) = (visitor.csrf(), refused.status);
    let draw = move || {
        let rows = passkeys.iter().map(|passkey| row(passkey, &token, is_fresh)).collect_view();
        let list = (!passkeys.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> });
        view! {
            <p class="narrow">
                {texts::account_passkey()}
            </p>
            {refused.notice(&["name"]).into_any()}
            {list}
            <section class="stack narrow part" aria-labelledby="add">
                <h2 id="add">{texts::account_passkey_add()}</h2>
                {add(&token, name, &refused, is_fresh).into_any()}
            </section>
        }
        .into_any()
    };
    Ok(Place::Passkeys.page(visitor, draw).with_status(status).with_head(script))
}

fn add(token: &str, name: String, refused: &Refused, is_fresh: bool) -> impl IntoView + use<> {
    if !is_fresh {
        let text = texts::account_passkey_confirm();
        return confirm_first(Place::Passkeys, text).into_any();
    }
    let passkey = Ceremony {
        act: "create",
        start: "/account/passkeys/start",
        finish: "/account/passkeys",
        csrf: token.to_owned(),
    };
    let inside = view! {
        {field(Field {
            name: "name",
            label: texts::account_passkey_name(),
            value: name,
            hint: Some(texts::account_passkey_name_hint().to_owned()),
            error: refused.at_field("name"),
            ..Field::default()
        }).into_any()}
        <p><button class="button primary">{texts::account_passkey_add()}</button></p>
    };
    view! {
        <p class="without-passkeys muted">
            {texts::account_passkey_without()}
        </p>
        {passkey.form(inside).into_any()}
    }
    .into_any()
}

fn row(passkey: &Passkey, token: &str, is_fresh: bool) -> impl IntoView + use<> {
    let used = match passkey.last_used_at {
        Some(at) => texts::account_passkey_used(day(passkey.created_at), day(at)),
        None => texts::account_passkey_used_never(day(passkey.created_at)),
    };
    let remove = is_fresh.then(|| {
        view! {
            <details class="sure">
                <summary aria-label=texts::account_passkey_remove_of(&passkey.name)>{texts::account_passkey_remove()}</summary>
                <form method="post" action=format!("/account/passkeys/{}/remove", passkey.id)>
                    {csrf(token)}
                    <button class="button small">{texts::account_passkey_remove_sure()}</button>
                </form>
            </details>
        }
    });
    view! {
        <li>
            <div>
                <p class="row-title">{passkey.name.clone()}</p>
                <p class="muted small">{used}</p>
            </div>
            <div class="row-end">{remove}</div>
        </li>
    }
    .into_any()
}
