//! Signing in and out, and showing once more who one is.

use api_types::{SignIn, SignedIn};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::Pressed;
use crate::{
    actions::currency::switch,
    api::Error,
    app::App,
    extract::{Signed, Visitor},
    flash::Flash,
    pages::account::{
        Onwards, Refused,
        enter::{confirm_page, sign_in_page},
    },
    texts,
};

/// The form of the page that asks who one is.
#[derive(Deserialize)]
pub struct Proof {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    return_to: Onwards,
}

/// `POST /account/sign-in`
pub async fn sign_in(Signed(proof, visitor): Signed<Proof>) -> Result<Response, Error> {
    let Proof { email, password, return_to } = proof;
    let asked = SignIn { email: email.trim().to_owned(), password };
    match visitor.api.sign_in(&asked).await {
        Ok(signed_in) => Ok(let_in(&visitor, &signed_in, &return_to.path()).await),
        Err(error) => {
            let refused = Refused::of(error)?;
            Ok(sign_in_page(&visitor, return_to, email, refused).into_response())
        }
    }
}

/// Begins the session, brings along what lies in the cart, and leads on.
pub async fn let_in(visitor: &Visitor, signed_in: &SignedIn, path: &str) -> Response {
    visitor.session.begin(signed_in).await;
    if let Err(error) = visitor.customers_cart().await {
        // The cookie is kept, so the next look at the cart brings it along.
        tracing::warn!(%error, "a guest's cart was not taken over at once");
    }
    if let Some(currency) = signed_in.customer.currency
        && let Err(error) = switch(visitor, currency).await
    {
        tracing::warn!(%error, "a cart stays in its currency");
    }
    Redirect::to(path).into_response()
}

/// `POST /account/confirm`: the password once more.
pub async fn confirm(Signed(proof, visitor): Signed<Proof>) -> Result<Response, Error> {
    match visitor.api.reauthenticate(proof.password).await {
        Ok(signed_in) => {
            visitor.session.begin(&signed_in).await;
            Ok(Redirect::to(&proof.return_to.path()).into_response())
        }
        Err(error) => {
            let refused = Refused::of(error)?;
            Ok(confirm_page(&visitor, proof.return_to, refused).await?.into_response())
        }
    }
}

/// `POST /account/sign-out`: from here on the browser is nobody's, whatever the backend says.
pub async fn sign_out(
    State(app): State<App>,
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Response {
    if let Some(token) = visitor.session.end().await
        && let Err(error) = visitor.api.sign_out(token).await
    {
        tracing::warn!(%error, "a session could not be ended at the backend");
    }
    Flash::good(texts::account_sign_out_done()).to("/account/sign-in", &app.keys)
}
