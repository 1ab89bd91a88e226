//! A new password by letter.

use api_types::ResetPassword;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    api::Error,
    app::App,
    extract::Signed,
    flash::Flash,
    pages::account::{
        Refused,
        forgot::{forgot_page, reset_page},
    },
    texts,
};

/// The form that asks for a letter.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    email: String,
}

/// `POST /account/forgot`: the answer tells nobody who has an account.
pub async fn forgot(Signed(asked, visitor): Signed<Asked>) -> Result<Response, Error> {
    let email = asked.email.trim();
    let refused = if email.is_empty() {
        Refused::at("email", texts::account_forgot_no_email())
    } else {
        match visitor.api.forgot(email.to_owned()).await {
            Ok(()) => return Ok(Redirect::to("/account/forgot/sent").into_response()),
            Err(error) => Refused::of(error)?,
        }
    };
    Ok(forgot_page(&visitor, asked.email, refused).into_response())
}

/// The form of the page that a letter leads to.
#[derive(Deserialize)]
pub struct Chosen {
    token: String,
    #[serde(default)]
    password: String,
}

/// `POST /account/reset`: chooses a new password; every device, this one too, is signed out.
pub async fn reset(
    State(app): State<App>,
    Signed(chosen, visitor): Signed<Chosen>,
) -> Result<Response, Error> {
    let reset = ResetPassword { token: chosen.token.clone(), password: chosen.password };
    match visitor.api.reset_password(&reset).await {
        Ok(()) => {
            let flash = Flash::good(texts::account_reset_done());
            Ok(flash.to("/account/sign-in", &app.keys))
        }
        Err(error) => {
            let refused = Refused::of(error)?;
            Ok(reset_page(&visitor, chosen.token, refused).into_response())
        }
    }
}
