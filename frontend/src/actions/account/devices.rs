//! Signing other devices out.

use api_types::SessionId;
use axum::{extract::State, response::Response};

use super::{Pressed, told};
use crate::{
    api::Error,
    app::App,
    extract::{Path, Signed},
    pages::account::Place,
};

/// `POST /account/devices/{id}/end`
pub async fn end(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Result<Response, Error> {
    let done = visitor.api.end_session(id).await;
    told(&app, done, "That device is signed out.", Place::Devices.path())
}

/// `POST /account/devices/others/end`
pub async fn end_others(
    State(app): State<App>,
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Result<Response, Error> {
    let done = visitor.api.end_other_sessions().await;
    told(&app, done, "All your other devices are signed out.", Place::Devices.path())
}
