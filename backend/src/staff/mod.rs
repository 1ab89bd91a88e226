//! Those who work for the shop: sign-in in two steps, roles, keys for programs.
//!
//! A handler that names [`May`] first among its arguments cannot run for whoever may not.

mod actor;
mod code;
mod handlers;
mod invitation;
pub mod permission;
mod store;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::{
    actor::{Actor, May, Staff, Who},
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

/// Forgets sessions that are over.
pub async fn forget_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    store::sessions::forget_old(tx, now).await
}
