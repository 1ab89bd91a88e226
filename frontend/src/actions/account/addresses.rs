//! Keeping, changing and forgetting addresses.

use api_types::{AddAddress, AddressId, UpdateAddress};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{Pressed, told};
use crate::{
    api::Error,
    app::App,
    extract::{Path, Signed, Visitor},
    flash::Flash,
    pages::{
        account::{Place, Refused, addresses::Sheet},
        checkout::form::{Typed, Wrong},
    },
    shop, texts,
};

/// The form of an address.
#[derive(Deserialize)]
pub struct Written {
    #[serde(flatten)]
    typed: Typed,
    #[serde(default)]
    first: String,
}

/// `POST /account/addresses`: keeps one more.
pub async fn add(
    State(app): State<App>,
    Signed(form, visitor): Signed<Written>,
) -> Result<Response, Error> {
    saved(&app, &visitor, None, form).await
}

/// `POST /account/addresses/{id}`: changes one.
pub async fn change(
    State(app): State<App>,
    Path(id): Path<AddressId>,
    Signed(form, visitor): Signed<Written>,
) -> Result<Response, Error> {
    saved(&app, &visitor, Some(id), form).await
}

/// Saves what was typed, or draws it again with what is wrong.
async fn saved(
    app: &App,
    visitor: &Visitor,
    id: Option<AddressId>,
    form: Written,
) -> Result<Response, Error> {
    let is_first = form.first == "yes";
    let typed = form.typed;
    let refused = match asked(app, &typed).await? {
        Some(refused) => refused,
        None => match sent(visitor, id, &typed, is_first).await {
            Ok(()) => {
                let flash = Flash::good(texts::account_address_keep_done());
                return Ok(flash.to(Place::Addresses.path(), &app.keys));
            }
            Err(error) => Refused::of(error)?,
        },
    };
    let sheet = Sheet { id, typed, is_first };
    Ok(sheet.page(app, visitor, refused).await?.into_response())
}

/// Why the form is only drawn again: another country was chosen, or something is missing.
async fn asked(app: &App, typed: &Typed) -> Result<Option<Refused>, Error> {
    if typed.act == "update" {
        return Ok(Some(Refused::default()));
    }
    let shop = app.shop_config().await?;
    let missing = typed.missing(shop::country(&shop, &typed.country));
    let wrong: Vec<_> = missing.into_iter().filter(Wrong::is_address).collect();
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok((!wrong.is_empty()).then(|| Refused { wrong, status, ..Refused::default() }))
}

async fn sent(
    visitor: &Visitor,
    id: Option<AddressId>,
    typed: &Typed,
    is_first: bool,
) -> Result<(), Error> {
    let address = typed.address();
    let kept = match id {
        None => visitor.api.add_address(&AddAddress { address, is_default: is_first }).await,
        Some(id) => {
            let is_default = is_first.then_some(true);
            let change = UpdateAddress { address: Some(address), is_default };
            visitor.api.update_address(id, &change).await
        }
    };
    kept.map(drop)
}

/// `POST /account/addresses/{id}/default`: begins with this one from now on.
pub async fn begin_with(
    State(app): State<App>,
    Path(id): Path<AddressId>,
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Result<Response, Error> {
    let change = UpdateAddress { is_default: Some(true), ..UpdateAddress::default() };
    let done = visitor.api.update_address(id, &change).await.map(drop);
    told(&app, done, texts::account_address_first_done(), Place::Addresses.path())
}

/// `POST /account/addresses/{id}/remove`: forgets it.
pub async fn remove(
    State(app): State<App>,
    Path(id): Path<AddressId>,
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Result<Response, Error> {
    let done = visitor.api.remove_address(id).await;
    told(&app, done, texts::account_address_remove_done(), Place::Addresses.path())
}
