//! A password forgotten, chosen anew, changed.

use api_types::{AskForLetter, ResetPassword, SetPassword};
use axum::{extract::State, http::StatusCode};

use super::{
    super::{
        FreshCustomer,
        letters::{self, Ask, Purpose},
        password,
        session::End,
    },
    email, may_write, store,
};
use crate::{
    App,
    http::{ApiError, Failures, Json, Result},
};

/// Ask for a letter with a link to a new password; the same answer for every address
#[utoipa::path(
    post, path = "/auth/password/forgot", tag = "accounts",
    request_body = AskForLetter,
    responses((status = 202), Failures),
)]
pub async fn forget_password(
    State(app): State<App>,
    Json(ask): Json<AskForLetter>,
) -> Result<StatusCode> {
    let email = email(&ask.email)?;
    may_write(&app, email).await?;
    app.db
        .write(async |tx| {
            let known = store::customers::account(&mut *tx, email).await?.map(|account| account.id);
            let purpose = if known.is_some() { Purpose::Password } else { Purpose::Nobody };
            let ask = Ask { purpose, customer: known, email, registration: None, order: None };
            letters::ask(&app, tx, ask).await
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Choose a new password with a letter's secret; every device is signed out
#[utoipa::path(
    post, path = "/auth/password/reset", tag = "accounts",
    request_body = ResetPassword,
    responses((status = 204), Failures),
)]
pub async fn reset_password(
    State(app): State<App>,
    Json(reset): Json<ResetPassword>,
) -> Result<StatusCode> {
    let letter = app
        .db
        .write(async |tx| letters::opened(&app, tx, Purpose::Password, &reset.token).await)
        .await?
        .ok_or_else(letters::void)?;
    password::check(&reset.password, &[&letter.email])?;
    let kept = app.passwords.kept(reset.password).await?;
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let letter = letters::opened(&app, &mut *tx, Purpose::Password, &reset.token).await?;
            let Some((letter, customer)) =
                letter.and_then(|it| Some((it.letter_id, it.customer_id?)))
            else {
                return Err(letters::void());
            };
            store::letters::use_up(&mut *tx, letter, now).await?;
            store::letters::void_others(&mut *tx, customer, now).await?;
            store::customers::set_password(&mut *tx, customer, &kept, Some(now)).await?;
            let reason = End::PasswordChanged.name();
            store::sessions::end_all(&mut *tx, customer, None, reason, now).await?;
            tracing::info!(customer.id = %customer, "a password was chosen anew");
            let email = store::customers::email(&mut *tx, customer).await?.unwrap_or_default();
            letters::notice(&app, tx, Purpose::PasswordChanged, customer, &email).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Choose a new password while signed in; every other device is signed out
#[utoipa::path(
    put, path = "/auth/password", tag = "accounts",
    request_body = SetPassword,
    responses((status = 204), Failures),
    security(("customer" = [])),
)]
pub async fn set_password(
    FreshCustomer(customer): FreshCustomer,
    State(app): State<App>,
    Json(set): Json<SetPassword>,
) -> Result<StatusCode> {
    let me = app.db.read(async |conn| store::customers::customer(conn, customer.id).await).await?;
    let me = me.ok_or(ApiError::SignedOut)?;
    password::check(&set.password, &[&me.email, &me.name])?;
    let kept = app.passwords.kept(set.password).await?;
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            store::customers::set_password(&mut *tx, customer.id, &kept, Some(now)).await?;
            store::letters::void_others(&mut *tx, customer.id, now).await?;
            let (but, reason) = (Some(customer.session), End::PasswordChanged.name());
            store::sessions::end_all(&mut *tx, customer.id, but, reason, now).await?;
            tracing::info!(customer.id = %customer.id, "a password was changed");
            letters::notice(&app, tx, Purpose::PasswordChanged, customer.id, &me.email).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
