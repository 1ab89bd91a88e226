//! A new password for a customer who is signed in.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    api::Error,
    app::App,
    extract::Signed,
    flash::Flash,
    pages::account::{Place, Refused, password::password_page},
    texts,
};

/// The form.
#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    password: String,
}

/// `POST /account/password`
pub async fn change(
    State(app): State<App>,
    Signed(chosen, visitor): Signed<Chosen>,
) -> Result<Response, Error> {
    match visitor.api.set_password(chosen.password).await {
        Ok(()) => {
            let flash = Flash::good(texts::account_password_done());
            Ok(flash.to(Place::Password.path(), &app.keys))
        }
        Err(error) => {
            let refused = Refused::of(error)?;
            Ok(password_page(&visitor, refused).await?.into_response())
        }
    }
}
