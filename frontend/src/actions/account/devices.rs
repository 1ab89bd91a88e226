//! Signing other devices out.

use api_types::SessionId;
use axum::{extract::State, response::Response};

use super::{Pressed, told};
use crate::{
    api::Error,
    app::App,
    extract::{Path, Signed},
    pages::account::Place,
    texts,
};

/// `POST /account/devices/{id}/end`
pub async fn end(
    State(app): State<App>,
    Path(id): Path<SessionId>,
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Result<Response, Error> {
    let done = visitor.api.end_session(id).await;
    told(&app, done, texts::account_device_end_done(), Place::Devices.path())
}

/// `POST /account/devices/others/end`
pub async fn end_others(
    State(app): State<App>,
    Signed(Pressed {}, visitor): Signed<Pressed>,
) -> Result<Response, Error> {
    let done = visitor.api.end_other_sessions().await;
    told(&app, done, texts::account_device_others_done(), Place::Devices.path())
}
