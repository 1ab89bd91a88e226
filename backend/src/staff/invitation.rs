//! How people come in: a letter with a secret that is good once, for a day. It is made from the shop's
//! secret, so that nothing that is stored opens the door.

use anyhow::ensure;
use api_types::{Role, StaffId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, store::members};
use crate::{
    App,
    audit::{self, Change},
    cart::address::is_email,
    http::{ApiError, Result},
    jobs,
    keys::Keyring,
    mail::Letter,
    texts,
};

/// How long an invitation is good for.
const TTL: TimeDelta = TimeDelta::hours(24);
const PURPOSE: &str = "staff invitation";

/// The job that sends an invitation.
pub const JOB: &str = "mail.staff_invitation";

/// Writes an invitation's new secret and the job that sends it.
pub async fn send(app: &App, tx: &mut PgConnection, staff: StaffId) -> Result<()> {
    let (now, nonce) = (app.clock.now(), rand::random::<[u8; 16]>());
    members::invite(&mut *tx, staff, &nonce, now + TTL).await?;
    let once = format!("{JOB}:{staff}:{}", hex::encode(nonce));
    jobs::enqueue_one(tx, JOB, once, json!({ "staff_id": staff }), now).await?;
    Ok(())
}

/// Sends the letter of an invitation that is still open.
pub async fn deliver(app: &App, payload: &Value) -> anyhow::Result<()> {
    let staff: StaffId = serde_json::from_value(payload["staff_id"].clone())?;
    let open = app.db.read(async |conn| members::invitation(conn, staff).await).await?;
    let Some((email, nonce)) = open else { return Ok(()) };
    let mut page = app.config.public_url.clone();
    page.set_path("/api/docs");
    page.set_fragment(Some("accept_invitation"));
    let secret = secret(&app.keys, staff, &nonce);
    let letter = Letter::short(
        &email,
        texts::staff_invitation(),
        &texts::staff_invitation_text(&secret),
        texts::staff_invitation_link(),
        &page,
    );
    app.mailer.send(&letter, &format!("staff:{staff}:{}", hex::encode(nonce))).await
}

/// The secret of an invitation.
fn secret(keys: &Keyring, staff: StaffId, nonce: &[u8]) -> String {
    let made = keys.sign(PURPOSE, &[staff.0.as_bytes(), nonce]);
    URL_SAFE_NO_PAD.encode([staff.0.as_bytes().as_slice(), &made].concat())
}

/// Whose invitation a secret opens, locked; refused when it is not ours, was used, or is too old.
pub async fn opened(app: &App, tx: &mut PgConnection, token: &str) -> Result<(StaffId, String)> {
    let parts = URL_SAFE_NO_PAD.decode(token).ok();
    let parts = parts.as_deref().and_then(|bytes| bytes.split_at_checked(16));
    let named = parts.and_then(|(id, made)| Some((StaffId(Uuid::from_slice(id).ok()?), made)));
    let Some((staff, made)) = named else { return Err(void()) };
    let Some(open) = members::lock_invitation(tx, staff, app.clock.now()).await? else {
        return Err(void());
    };
    if app.keys.is_ours(PURPOSE, &[staff.0.as_bytes(), &open.nonce], made) {
        return Ok((staff, open.email));
    }
    Err(void())
}

fn void() -> ApiError {
    ApiError::rejected(
        "link_void",
        "This invitation has been used or is too old. Ask for a new one.",
    )
}

/// The secret with which the first administrator comes in. Refused while there is one already.
pub async fn first_admin(app: &App, email: &str) -> anyhow::Result<String> {
    let email = email.trim().to_owned();
    ensure!(is_email(&email), "{email:?} is not an e-mail address");
    ensure!(
        app.keys.is_lasting(),
        "JWT_SECRET makes the secret of an invitation: set it to what the shop runs with"
    );
    let (now, nonce) = (app.clock.now(), rand::random::<[u8; 16]>());
    let staff = app
        .db
        .write(async |tx| {
            if members::lock_admins(&mut *tx).await?.is_empty() {
                let staff = members::insert(&mut *tx, &email, Role::Admin, now).await?;
                members::invite(&mut *tx, staff, &nonce, now + TTL).await?;
                let change = Change::made("staff.invited", staff, &json!({ "role": "admin" }));
                audit::record(tx, &Actor::system(), &change, now).await?;
                return Ok::<_, sqlx::Error>(Some(staff));
            }
            Ok(None)
        })
        .await?;
    let Some(staff) = staff else {
        anyhow::bail!("there is an administrator already: let them invite {email}");
    };
    Ok(secret(&app.keys, staff, &nonce))
}
