//! Taking everything along, and leaving for good.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{Pressed, told};
use crate::{
    api::Error,
    app::App,
    extract::{Signed, Visitor},
    flash::Flash,
    pages::account::{Place, Refused, data::data_page},
    texts,
};

/// `POST /account/data/export`: asks for a copy.
pub async fn export(
    State(app): State<App>,
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Result<Response, Error> {
    let done = visitor.api.ask_for_export().await.map(drop);
    told(&app, done, texts::account_copy_asked(), Place::Data.path())
}

/// `GET /account/data/archive`: the copy, as a file.
pub async fn archive(State(app): State<App>, visitor: Visitor) -> Result<Response, Error> {
    let copy = match visitor.api.archive().await {
        Ok(copy) => copy,
        Err(error) if error.is_not_found() => {
            let flash = Flash::bad(texts::account_copy_ready_gone());
            return Ok(flash.to(Place::Data.path(), &app.keys));
        }
        Err(error) => return Err(error),
    };
    let mut response = Body::from_stream(copy.bytes_stream()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    let name = HeaderValue::from_static("attachment; filename=\"my-data.zip\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// The form of somebody who leaves.
#[derive(Deserialize)]
pub struct Leaving {
    #[serde(default)]
    email: String,
}

/// `POST /account/data/leave`: forgets the customer, and this browser with them.
pub async fn leave(
    State(app): State<App>,
    Signed(leaving, visitor): Signed<Leaving>,
) -> Result<Response, Error> {
    let email = leaving.email.trim();
    let refused = if email.is_empty() {
        Refused::at("email", texts::account_leave_missing())
    } else {
        match visitor.api.forget_me(email.to_owned()).await {
            Ok(()) => {
                visitor.session.end().await;
                let flash = Flash::good(texts::account_leave_done());
                return Ok(flash.to("/", &app.keys));
            }
            Err(error) => Refused::of(error)?,
        }
    };
    Ok(data_page(&visitor, leaving.email, refused).await?.into_response())
}
