//! What the shop knows of a customer, changed.

use api_types::UpdateCustomer;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    actions::currency::switch,
    api::Error,
    app::App,
    extract::Signed,
    flash::Flash,
    pages::account::{
        Place, Refused,
        profile::{Sheet, Typed, moving_page},
    },
    texts,
};

/// `POST /account/profile`
pub async fn change(
    State(app): State<App>,
    Signed(typed, visitor): Signed<Typed>,
) -> Result<Response, Error> {
    let change = UpdateCustomer {
        name: Some(typed.name.trim().to_owned()),
        wants_news: Some(typed.news == "yes"),
        currency: typed.currency.parse().ok(),
    };
    match visitor.api.update_customer(&change).await {
        Ok(customer) => {
            let stays = match customer.currency {
                Some(currency) => switch(&visitor, currency).await?,
                None => None,
            };
            let flash = stays.unwrap_or_else(|| Flash::good(texts::account_profile_save_done()));
            Ok(flash.to(Place::Profile.path(), &app.keys))
        }
        Err(error) => {
            let refused = Refused::of(error)?;
            let mut sheet = Sheet::of(&app, &visitor).await?;
            (sheet.typed, sheet.refused) = (typed, refused);
            Ok(sheet.page(&visitor).await?.into_response())
        }
    }
}

/// The form that asks for another email.
#[derive(Deserialize)]
pub struct Other {
    #[serde(default)]
    email: String,
}

/// `POST /account/profile/email`: a letter goes to the new one.
pub async fn change_email(
    State(app): State<App>,
    Signed(other, visitor): Signed<Other>,
) -> Result<Response, Error> {
    let email = other.email.trim().to_owned();
    let refused = if email.is_empty() {
        Refused::at("email", texts::account_email_new_missing())
    } else {
        match visitor.api.change_email(email.clone()).await {
            Ok(()) => {
                let text = texts::account_email_new_sent(&email);
                return Ok(Flash::good(text).to(Place::Profile.path(), &app.keys));
            }
            Err(error) => Refused::of(error)?,
        }
    };
    let mut sheet = Sheet::of(&app, &visitor).await?;
    (sheet.email, sheet.refused) = (other.email, refused);
    Ok(sheet.page(&visitor).await?.into_response())
}

/// The secret of a letter.
#[derive(Deserialize)]
pub struct Secret {
    token: String,
}

/// `POST /account/email`: moves the account to the email that the letter went to.
pub async fn move_in(
    State(app): State<App>,
    Signed(secret, visitor): Signed<Secret>,
) -> Result<Response, Error> {
    match visitor.api.confirm_email(secret.token.clone()).await {
        Ok(()) => {
            let flash = Flash::good(texts::account_email_move_done());
            Ok(flash.to(Place::Profile.path(), &app.keys))
        }
        Err(error) => {
            let refused = Refused::of(error)?;
            Ok(moving_page(&visitor, secret.token, refused).into_response())
        }
    }
}
