//! A customer signed in on one device: a family of refresh tokens, each good for one use.
//!
//! Tabs refresh at the same moment, and answers get lost: for 15 seconds a used token of the same
//! browser is answered again, with the very token that came of it, because each token is made from
//! the one before. A used token that comes later has been stolen, and ends the session.

use api_types::{CustomerId, SessionId, SignedIn};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{
    Customer, Device, access_token,
    letters::{self, Purpose},
    store::{customers, sessions},
};
use crate::{
    App,
    http::{ApiError, Result},
    orders,
};

/// A session ends when it was not heard of for this long.
const IDLE: TimeDelta = TimeDelta::days(30);
/// A session ends after this long in any case.
const LONGEST: TimeDelta = TimeDelta::days(180);
/// For how long a used token is answered again.
const GRACE: TimeDelta = TimeDelta::seconds(15);

/// How a customer showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By password.
    Password,
    /// By passkey.
    Passkey,
}

impl Method {
    /// Its name in the database (RFC 8176).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Passkey => "webauthn",
        }
    }
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its customer signed out.
    SignedOut,
    /// Its customer ended it from another device.
    Elsewhere,
    /// The password was changed.
    PasswordChanged,
    /// A used refresh token came again.
    TokenReused,
}

impl End {
    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Elsewhere => "ended_elsewhere",
            Self::PasswordChanged => "password_changed",
            Self::TokenReused => "token_reused",
        }
    }
}

/// Signs a customer in on a device, and takes over what they ordered as a guest.
pub async fn begin(
    app: &App,
    tx: &mut PgConnection,
    customer: CustomerId,
    method: Method,
    device: &Device,
) -> Result<SignedIn> {
    let now = app.clock.now();
    let session = SessionId::new();
    let token = rand::random::<[u8; 32]>();
    sessions::insert(
        &mut *tx,
        &sessions::New {
            id: session,
            customer,
            device: &device.words,
            mark: &device.mark,
            method: method.name(),
            expires_at: now + LONGEST,
        },
        now,
    )
    .await?;
    sessions::insert_token(&mut *tx, session, &hash(&token), now).await?;
    orders::claim(&mut *tx, customer).await?;
    tracing::info!(customer.id = %customer, session.id = %session, method = method.name(), "signed in");
    metrics::counter!("oxcart_sign_ins_total", "method" => method.name()).increment(1);
    signed_in(app, tx, Customer { id: customer, session, authenticated_at: now }, &token).await
}

/// Notes that a customer showed again who they are, and answers with tokens that say so.
pub async fn confirm(
    app: &App,
    tx: &mut PgConnection,
    customer: Customer,
    method: Method,
) -> Result<SignedIn> {
    let now = app.clock.now();
    let token = rand::random::<[u8; 32]>();
    if !sessions::confirm(&mut *tx, customer.id, customer.session, method.name(), now).await? {
        return Err(ApiError::SignedOut);
    }
    // The tokens from before are spent: a session has one that can be used.
    sessions::spend_tokens(&mut *tx, customer.session, now).await?;
    sessions::insert_token(&mut *tx, customer.session, &hash(&token), now).await?;
    signed_in(app, tx, Customer { authenticated_at: now, ..customer }, &token).await
}

/// Exchanges a refresh token for the next pair; `None` when it opens nothing any more.
pub async fn refresh(app: &App, token: &str, device: &Device) -> Result<Option<SignedIn>> {
    let Some(token) = parse(token) else { return Ok(None) };
    app.db.write(async |tx| exchange(app, tx, &token, device).await).await
}

async fn exchange(
    app: &App,
    tx: &mut PgConnection,
    token: &[u8; 32],
    device: &Device,
) -> Result<Option<SignedIn>> {
    let now = app.clock.now();
    let given = hash(token);
    let Some(session) = sessions::lock_of_token(&mut *tx, &given).await? else { return Ok(None) };
    let is_over = session.ended_at.is_some()
        || session.expires_at <= now
        || session.last_seen_at + IDLE <= now;
    if is_over {
        return Ok(None);
    }
    let next = match sessions::used_at(&mut *tx, &given).await? {
        None => {
            let next = next(app, token, session.id);
            sessions::spend_tokens(&mut *tx, session.id, now).await?;
            sessions::insert_token(&mut *tx, session.id, &hash(&next), now).await?;
            Some(next)
        }
        Some(used_at) if is_twin(used_at, &session, device, now) => {
            metrics::counter!("oxcart_refresh_twins_total").increment(1);
            issued(app, &mut *tx, token, session.id).await?
        }
        Some(_) => None,
    };
    let Some(next) = next else {
        reused(app, tx, &session, now).await?;
        return Ok(None);
    };
    sessions::seen(&mut *tx, session.id, now).await?;
    let customer = Customer {
        id: session.customer_id,
        session: session.id,
        authenticated_at: session.authenticated_at,
    };
    signed_in(app, tx, customer, &next).await.map(Some)
}

fn is_twin(
    used_at: DateTime<Utc>,
    session: &sessions::Row,
    device: &Device,
    now: DateTime<Utc>,
) -> bool {
    now - used_at <= GRACE && session.user_agent_hash == device.mark
}

/// A used token came too late: whoever has it may have stolen it.
async fn reused(
    app: &App,
    tx: &mut PgConnection,
    session: &sessions::Row,
    now: DateTime<Utc>,
) -> Result<()> {
    sessions::end(&mut *tx, session.customer_id, session.id, End::TokenReused.name(), now).await?;
    tracing::warn!(customer.id = %session.customer_id, session.id = %session.id, "a used refresh token came again; the session is ended");
    metrics::counter!("oxcart_refresh_reused_total").increment(1);
    if let Some(email) = customers::email(&mut *tx, session.customer_id).await? {
        letters::notice(app, tx, Purpose::TokenReused, session.customer_id, &email).await?;
    }
    Ok(())
}

/// Ends the session that a refresh token belongs to, if any.
pub async fn end_of_token(app: &App, token: &str) -> Result<()> {
    let Some(token) = parse(token) else { return Ok(()) };
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            if let Some(session) = sessions::lock_of_token(&mut *tx, &hash(&token)).await? {
                sessions::end(tx, session.customer_id, session.id, End::SignedOut.name(), now)
                    .await?;
            }
            Ok(())
        })
        .await
}

async fn signed_in(
    app: &App,
    tx: &mut PgConnection,
    customer: Customer,
    token: &[u8; 32],
) -> Result<SignedIn> {
    let row = customers::customer(tx, customer.id).await?.ok_or(ApiError::SignedOut)?;
    Ok(SignedIn {
        access_token: access_token::write(
            &app.keys,
            &app.config.public_url,
            &customer,
            app.clock.now(),
        )?,
        expires_in: access_token::TTL_SECONDS,
        refresh_token: URL_SAFE_NO_PAD.encode(token),
        customer: row,
    })
}

/// The token that comes of another: the same however often it is asked for.
fn next(app: &App, token: &[u8; 32], session: SessionId) -> [u8; 32] {
    app.keys.sign("refresh", &[session.0.as_bytes(), token])
}

/// The token that came of another, by whichever secret made it; `None` when that one is older history.
async fn issued(
    app: &App,
    tx: &mut PgConnection,
    token: &[u8; 32],
    session: SessionId,
) -> Result<Option<[u8; 32]>> {
    for made in app.keys.signatures("refresh", &[session.0.as_bytes(), token]) {
        if sessions::is_issued(&mut *tx, session, &hash(&made)).await? {
            return Ok(Some(made));
        }
    }
    Ok(None)
}

fn parse(token: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()
}

fn hash(token: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(token).into()
}
