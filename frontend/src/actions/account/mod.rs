//! The forms of the account, and of the doors to it.

pub mod addresses;
pub mod data;
pub mod devices;
pub mod enter;
pub mod forgot;
pub mod passkeys;
pub mod password;
pub mod profile;
pub mod register;

use axum::response::Response;
use serde::Deserialize;

use crate::{api::Error, app::App, flash::Flash, pages::account::Refused, texts};

/// A form of nothing but a button.
#[derive(Deserialize)]
pub struct Pressed {}

/// Leads to `path` with good news, or with the reason why not.
fn told(app: &App, done: Result<(), Error>, good: &str, path: &str) -> Result<Response, Error> {
    let flash = match done {
        Ok(()) => Flash::good(good),
        Err(error) if error.is_not_found() => Flash::bad(texts::account_gone_already()),
        Err(error) => {
            let refused = Refused::of(error)?;
            let first = refused.wrong.first().map(|wrong| Flash::bad(wrong.message.clone()));
            refused.notice.or(first).unwrap_or_else(|| Flash::bad(texts::account_did_not_work()))
        }
    };
    Ok(flash.to(path, &app.keys))
}
