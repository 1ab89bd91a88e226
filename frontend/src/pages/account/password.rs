//! `/account/password`

use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::{Place, Refused, confirm_first, csrf, enter::password_field};
use crate::{api::Error, app::Page, extract::Visitor, texts};

/// A new password, for somebody who is surely the customer.
pub async fn password(visitor: Visitor) -> Result<Response, Error> {
    Ok(password_page(&visitor, Refused::default()).await?.into_response())
}

/// That page, with what is wrong.
pub async fn password_page(visitor: &Visitor, refused: Refused) -> Result<Page, Error> {
    let customer = visitor.api.customer().await?;
    let is_fresh = visitor.session.is_fresh(&visitor.api).await?;
    let (token, status) = (visitor.csrf(), refused.status);
    let draw = move || {
        if !is_fresh {
            let text = texts::account_password_confirm();
            return confirm_first(Place::Password, text).into_any();
        }
        let state = if customer.has_password {
            texts::account_password_has()
        } else {
            texts::account_password_none()
        };
        view! {
            <p>{state}</p>
            {refused.notice(&["password"]).into_any()}
            <form class="stack narrow" method="post" action="/account/password" novalidate>
                {csrf(&token)}
                <input class="sr" type="email" name="email" autocomplete="username" tabindex="-1"
                    aria-label=texts::account_field_email() readonly value=customer.email/>
                {password_field("password", texts::account_field_new_password(), "new-password", refused.at_field("password")).into_any()}
                <p><button class="button primary">{texts::account_field_new_password_button()}</button></p>
            </form>
        }
        .into_any()
    };
    Ok(Place::Password.page(visitor, draw).with_status(status))
}
