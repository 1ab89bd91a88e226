//! Becoming a customer.

use api_types::{Register, VerifyRegistration};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::enter::let_in;
use crate::{
    api::Error,
    extract::Signed,
    pages::account::{
        Onwards, Place, Refused,
        register::{Typed, register_page, verify_page},
    },
    texts,
};

/// `POST /account/register`: asks for an account. The answer tells nobody who has one.
pub async fn register(Signed(typed, visitor): Signed<Typed>) -> Result<Response, Error> {
    let asked = Register {
        email: typed.email.trim().to_owned(),
        password: typed.password.clone(),
        name: typed.name.trim().to_owned(),
        wants_news: typed.news == "yes",
    };
    let refused = if asked.email.is_empty() {
        Refused::at("email", texts::account_register_no_email())
    } else {
        match visitor.api.register(&asked).await {
            Ok(()) => return Ok(Redirect::to("/account/register/sent").into_response()),
            Err(error) => Refused::of(error)?,
        }
    };
    Ok(register_page(&visitor, typed, &Onwards::default(), refused).into_response())
}

/// The form of the page that a letter leads to.
#[derive(Deserialize)]
pub struct Proof {
    token: String,
    #[serde(default)]
    password: String,
}

/// `POST /account/verify`: opens the account, and signs in.
pub async fn verify(Signed(proof, visitor): Signed<Proof>) -> Result<Response, Error> {
    let asked = VerifyRegistration { token: proof.token.clone(), password: proof.password };
    match visitor.api.verify(&asked).await {
        Ok(signed_in) => Ok(let_in(&visitor, &signed_in, Place::Overview.path()).await),
        Err(error) => {
            let refused = Refused::of(error)?;
            Ok(verify_page(&visitor, proof.token, refused).into_response())
        }
    }
}
