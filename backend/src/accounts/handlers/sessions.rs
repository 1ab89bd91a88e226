//! The devices that a customer is signed in on.

use api_types::{Session, SessionId};
use axum::{extract::State, http::StatusCode};

use super::{
    super::{Customer, session::End},
    store,
};
use crate::{
    App,
    http::{All, ApiError, Failures, Json, Path, Result},
};

/// List the devices that are signed in
#[utoipa::path(
    get, path = "/auth/sessions", tag = "accounts",
    responses((status = 200, body = All<Session>), Failures),
    security(("customer" = [])),
)]
pub async fn list_sessions(
    customer: Customer,
    State(app): State<App>,
) -> Result<Json<All<Session>>> {
    let now = app.clock.now();
    let data = app
        .db
        .read(async |conn| store::sessions::list(conn, customer.id, customer.session, now).await)
        .await?;
    Ok(Json(All { data }))
}

/// Sign a device out; doing it again changes nothing
#[utoipa::path(
    delete, path = "/auth/sessions/{id}", tag = "accounts",
    params(("id" = SessionId, Path)),
    responses((status = 204), Failures),
    security(("customer" = [])),
)]
pub async fn end_session(
    customer: Customer,
    State(app): State<App>,
    Path(id): Path<SessionId>,
) -> Result<StatusCode> {
    let now = app.clock.now();
    let reason = if id == customer.session { End::SignedOut } else { End::Elsewhere };
    let is_ended = app
        .db
        .write(async |tx| store::sessions::end(tx, customer.id, id, reason.name(), now).await)
        .await?;
    if is_ended { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound("session")) }
}

/// Sign every other device out
#[utoipa::path(
    delete, path = "/auth/sessions", tag = "accounts",
    responses((status = 204), Failures),
    security(("customer" = [])),
)]
pub async fn end_other_sessions(customer: Customer, State(app): State<App>) -> Result<StatusCode> {
    let now = app.clock.now();
    let (but, reason) = (Some(customer.session), End::Elsewhere.name());
    app.db
        .write(async |tx| store::sessions::end_all(tx, customer.id, but, reason, now).await)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
