//! Those who work for the shop: sign-in in two steps, roles, keys for programs.
//!
//! A handler that names [`May`] first among its arguments cannot run for whoever may not.

mod actor;
mod authenticator;
mod code;
mod handlers;
mod invitation;
pub mod permission;
mod store;

use anyhow::ensure;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{App, keys::Keyring};

pub use self::{
    actor::{Actor, May, Staff, Who},
    authenticator::reseal,
    invitation::{JOB as INVITATION, deliver as deliver_invitation, first_admin},
    permission::may,
};

/// The routes of staff.
pub fn routes() -> OpenApiRouter<App> {
    use handlers::{api_keys, members, sign_in};

    OpenApiRouter::new()
        .routes(routes!(sign_in::sign_in_staff))
        .routes(routes!(sign_in::enrol_staff))
        .routes(routes!(sign_in::enter_code))
        .routes(routes!(sign_in::sign_out_staff))
        .routes(routes!(sign_in::accept_invitation))
        .routes(routes!(sign_in::show_staff_me))
        .routes(routes!(sign_in::set_staff_password))
        .routes(routes!(members::list_staff, members::invite_staff))
        .routes(routes!(members::show_staff, members::update_staff))
        .routes(routes!(members::resend_invitation))
        .routes(routes!(members::reset_staff_code))
        .routes(routes!(api_keys::list_api_keys, api_keys::make_api_key))
        .routes(routes!(api_keys::revoke_api_key))
}

/// Seals secrets of authenticators that are in the clear, which only a lasting `JWT_SECRET` can.
pub async fn seal_plain(tx: &mut PgConnection, keys: &Keyring) -> anyhow::Result<()> {
    if !store::authenticators::has_plain(&mut *tx).await? {
        return Ok(());
    }
    ensure!(
        keys.is_lasting(),
        "secrets of authenticators lie open in the database, and JWT_SECRET seals them: set it to what the shop runs with, and run this again"
    );
    let count = authenticator::seal_plain(tx, keys).await?;
    tracing::info!("sealed the secrets of {count} authenticators");
    Ok(())
}

/// Forgets sessions that are over.
pub async fn forget_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    store::sessions::forget_old(tx, now).await
}
