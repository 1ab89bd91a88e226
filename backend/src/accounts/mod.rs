//! Customers: signing up and in, devices, addresses, and leaving again (reliability.md D9).
//!
//! A handler that names [`Customer`] among its arguments cannot run for a stranger, and store
//! functions take whose row they may touch.

mod access_token;
mod admin;
mod caller;
mod device;
mod handlers;
mod known_device;
mod leaving;
pub mod letters;
mod passkeys;
mod password;
mod session;
mod store;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

pub use self::{
    caller::{Caller, Customer, FreshCustomer},
    device::Device,
    leaving::make_export,
    passkeys::Passkeys,
    password::{Passwords, Verdict, check as check_password},
    store::customers::lock,
};

/// The routes of accounts.
pub fn routes() -> OpenApiRouter<App> {
    use handlers::{addresses, letters, passkeys, password, profile, register, sessions, sign_in};

    OpenApiRouter::new()
        .routes(routes!(register::register_customer))
        .routes(routes!(register::verify_registration))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_in::refresh))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(sign_in::reauthenticate))
        .routes(routes!(password::forget_password))
        .routes(routes!(password::reset_password))
        .routes(routes!(password::set_password))
        .routes(routes!(sessions::list_sessions, sessions::end_other_sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(passkeys::list_passkeys))
        .routes(routes!(passkeys::remove_passkey))
        .routes(routes!(passkeys::start_passkey))
        .routes(routes!(passkeys::finish_passkey))
        .routes(routes!(passkeys::start_passkey_sign_in))
        .routes(routes!(passkeys::finish_passkey_sign_in))
        .routes(routes!(profile::show_me, profile::update_me, profile::forget_me))
        .routes(routes!(profile::change_email))
        .routes(routes!(letters::verify_email))
        .routes(routes!(letters::find_order))
        .routes(routes!(profile::show_export, profile::ask_for_export))
        .routes(routes!(profile::fetch_export))
        .routes(routes!(addresses::list_addresses, addresses::add_address))
        .routes(routes!(addresses::update_address, addresses::remove_address))
        .routes(routes!(profile::list_my_orders))
        .merge(admin::routes())
}

/// Forgets what is kept for a while only: letters, sessions, ceremonies, copies; how many letters.
pub async fn forget_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    store::sessions::forget_old(&mut *tx, now).await?;
    store::passkeys::forget_old(&mut *tx, now).await?;
    store::leaving::forget_old(&mut *tx, now).await?;
    store::letters::forget_old(tx, now).await
}
