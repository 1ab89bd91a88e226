//! Passkeys: what the browser's script asks for, and the forms that it sends.

use api_types::{FinishPasskey, FinishPasskeySignIn, PasskeyId, PasskeyStart, SignedIn};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Pressed, enter::let_in, told};
use crate::{
    api::Error,
    app::App,
    extract::{Path, Signed, Visitor},
    flash::Flash,
    pages::account::{
        Onwards, Place, Refused,
        enter::{confirm_page, sign_in_page},
        passkeys::passkeys_page,
    },
    texts,
};

/// What the script sends: the browser's answer as JSON.
#[derive(Deserialize)]
pub struct Answer {
    #[serde(default)]
    ceremony: String,
    #[serde(default)]
    credential: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    return_to: Onwards,
}

impl Answer {
    /// The browser's answer, when it is one.
    fn credential(&self) -> Option<serde_json::Value> {
        serde_json::from_str(&self.credential).ok()
    }
}

/// `POST /account/sign-in/start`: what the browser needs to use a passkey.
pub async fn start_sign_in(
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Result<Response, Error> {
    begun(visitor.api.start_passkey_sign_in().await)
}

/// `POST /account/passkeys/start`: what the browser needs to make one.
pub async fn start(Signed(Pressed {}, visitor): Signed<Pressed>) -> Result<Response, Error> {
    begun(visitor.api.start_passkey().await)
}

/// For the script: how to begin, or why not.
fn begun(start: Result<PasskeyStart, Error>) -> Result<Response, Error> {
    match start {
        Ok(start) => Ok(json(StatusCode::OK, &start)),
        Err(error) => {
            let refused = Refused::of(error)?;
            let detail = refused.notice.map(|flash| flash.text).unwrap_or_default();
            Ok(json(refused.status, &serde_json::json!({ "detail": detail })))
        }
    }
}

fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let mime = [(header::CONTENT_TYPE, "application/json")];
    (status, mime, serde_json::to_vec(body).unwrap_or_default()).into_response()
}

/// `POST /account/sign-in/passkey`
pub async fn sign_in(Signed(answer, visitor): Signed<Answer>) -> Result<Response, Error> {
    match shown(&visitor, &answer).await {
        Ok(signed_in) => Ok(let_in(&visitor, &signed_in, &answer.return_to.path()).await),
        Err(error) => {
            let refused = not_known(error)?;
            Ok(sign_in_page(&visitor, answer.return_to, String::new(), refused).into_response())
        }
    }
}

/// `POST /account/confirm/passkey`: the same customer, once more.
pub async fn confirm(Signed(answer, visitor): Signed<Answer>) -> Result<Response, Error> {
    let customer = visitor.api.customer().await?;
    let refused = match shown(&visitor, &answer).await {
        Ok(signed_in) if signed_in.customer.id == customer.id => {
            visitor.session.begin(&signed_in).await;
            return Ok(Redirect::to(&answer.return_to.path()).into_response());
        }
        Ok(_) => Refused::because(StatusCode::UNPROCESSABLE_ENTITY, texts::account_passkey_other()),
        Err(error) => not_known(error)?,
    };
    Ok(confirm_page(&visitor, answer.return_to, refused).await?.into_response())
}

async fn shown(visitor: &Visitor, answer: &Answer) -> Result<SignedIn, Option<Error>> {
    let credential = answer.credential().ok_or(None)?;
    let proof = FinishPasskeySignIn { ceremony: answer.ceremony.clone(), credential };
    visitor.api.finish_passkey_sign_in(&proof).await.map_err(Some)
}

/// Why a passkey opened nothing, in words that fit one.
fn not_known(error: Option<Error>) -> Result<Refused, Error> {
    let unknown = texts::account_passkey_unknown();
    let refused = match error {
        Some(error) => Refused::of(error)?,
        None => Refused::because(StatusCode::UNPROCESSABLE_ENTITY, unknown),
    };
    if refused.status == StatusCode::UNPROCESSABLE_ENTITY {
        return Ok(Refused::because(refused.status, unknown));
    }
    Ok(refused)
}

/// `POST /account/passkeys`: adds the one that the browser made.
pub async fn add(
    State(app): State<App>,
    Signed(answer, visitor): Signed<Answer>,
) -> Result<Response, Error> {
    let name = answer.name.trim().to_owned();
    let refused = match answer.credential() {
        None => {
            Refused::because(StatusCode::UNPROCESSABLE_ENTITY, texts::account_passkey_not_made())
        }
        Some(_) if name.is_empty() => Refused::at("name", texts::account_passkey_name_missing()),
        Some(credential) => {
            let made = FinishPasskey { ceremony: answer.ceremony, name, credential };
            match visitor.api.finish_passkey(&made).await {
                Ok(_) => {
                    let flash = Flash::good(texts::account_passkey_add_done());
                    return Ok(flash.to(Place::Passkeys.path(), &app.keys));
                }
                Err(error) => Refused::of(error)?,
            }
        }
    };
    Ok(passkeys_page(&visitor, answer.name, refused).await?.into_response())
}

/// `POST /account/passkeys/{id}/remove`
pub async fn remove(
    State(app): State<App>,
    Path(id): Path<PasskeyId>,
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Result<Response, Error> {
    let done = visitor.api.remove_passkey(id).await;
    told(&app, done, texts::account_passkey_remove_done(), Place::Passkeys.path())
}
