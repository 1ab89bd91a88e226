//! Letters about an account: written as a row, sent by a job, and what their links are good for.
//!
//! A link's secret is made from the letter's id and the shop's secret, so that nothing that is
//! stored opens an account. Each is good once.

use api_types::{CustomerId, OrderId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sqlx::PgConnection;
use url::Url;
use uuid::Uuid;

use super::store::letters;
use crate::{
    App,
    http::{ApiError, Result},
    jobs,
    keys::Keyring,
    mail::Letter,
    orders, texts,
};

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Finish signing up.
    Register,
    /// Somebody wanted to sign up with an address that has an account.
    Known,
    /// Not sent: it takes the time that a sent one takes.
    Nobody,
    /// Choose a new password.
    Password,
    /// Move the account to this address.
    Email,
    /// The password was changed.
    PasswordChanged,
    /// The account moved to another address.
    EmailChanged,
    /// A session was ended, because a used token came again.
    TokenReused,
    /// A passkey was added.
    PasskeyAdded,
    /// The link of an order.
    OrderLink,
}

impl Purpose {
    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Known => "known",
            Self::Nobody => "nobody",
            Self::Password => "password",
            Self::Email => "email",
            Self::PasswordChanged => "password_changed",
            Self::EmailChanged => "email_changed",
            Self::TokenReused => "token_reused",
            Self::PasskeyAdded => "passkey_added",
            Self::OrderLink => "order_link",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [
            Self::Register,
            Self::Known,
            Self::Nobody,
            Self::Password,
            Self::Email,
            Self::PasswordChanged,
            Self::EmailChanged,
            Self::TokenReused,
            Self::PasskeyAdded,
            Self::OrderLink,
        ]
        .into_iter()
        .find(|purpose| purpose.name() == name)
    }

    /// How long its link is good for, or its row is kept.
    const fn ttl(self) -> TimeDelta {
        match self {
            Self::Password => TimeDelta::minutes(15),
            _ => TimeDelta::hours(24),
        }
    }
}

/// A letter about to be written.
pub struct Ask<'a> {
    /// What about.
    pub purpose: Purpose,
    /// Whose account, where there is one.
    pub customer: Option<CustomerId>,
    /// Where it goes.
    pub email: &'a str,
    /// What a new account begins with.
    pub registration: Option<serde_json::Value>,
    /// Which order's link.
    pub order: Option<OrderId>,
}

/// Writes a letter and the job that sends it.
pub async fn ask(app: &App, tx: &mut PgConnection, ask: Ask<'_>) -> Result<()> {
    let (id, now) = (Uuid::new_v4(), app.clock.now());
    letters::insert(&mut *tx, id, &ask, now, now + ask.purpose.ttl()).await?;
    jobs::enqueue_one(
        tx,
        "mail.account",
        format!("mail.account:{id}"),
        json!({ "letter_id": id }),
        now,
    )
    .await?;
    Ok(())
}

/// Tells a customer that something happened to their account.
pub async fn notice(
    app: &App,
    tx: &mut PgConnection,
    purpose: Purpose,
    customer: CustomerId,
    email: &str,
) -> Result<()> {
    let customer = Some(customer);
    ask(app, tx, Ask { purpose, customer, email, registration: None, order: None }).await
}

/// The letter that a link's secret names, locked; `None` when it is not ours, used, or too old.
pub async fn opened(
    app: &App,
    tx: &mut PgConnection,
    purpose: Purpose,
    token: &str,
) -> Result<Option<letters::Row>> {
    let Some(id) = named(&app.keys, purpose, token) else { return Ok(None) };
    let row = letters::lock(tx, id, purpose.name()).await?;
    let now: DateTime<Utc> = app.clock.now();
    Ok(row.filter(|row| row.used_at.is_none() && row.expires_at > now))
}

/// What a link that opens nothing is answered with.
pub fn void() -> ApiError {
    ApiError::rejected("link_void", "This link has been used or is too old. Ask for a new one.")
}

fn secret(keys: &Keyring, purpose: Purpose, id: Uuid) -> String {
    let made = keys.sign("letter", &[purpose.name().as_bytes(), id.as_bytes()]);
    URL_SAFE_NO_PAD.encode([id.as_bytes().as_slice(), &made].concat())
}

fn named(keys: &Keyring, purpose: Purpose, token: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, made) = bytes.split_at_checked(16)?;
    let id = Uuid::from_slice(id).ok()?;
    keys.is_ours("letter", &[purpose.name().as_bytes(), id.as_bytes()], made).then_some(id)
}

/// The job that sends a letter about an account.
pub async fn send(app: &App, payload: &serde_json::Value) -> anyhow::Result<()> {
    let id: Uuid = serde_json::from_value(payload["letter_id"].clone())?;
    let row = app.db.read(async |conn| letters::waiting(conn, id).await).await?;
    let Some((purpose, row)) = row.and_then(|row| Some((Purpose::of(&row.purpose)?, row))) else {
        return Ok(());
    };
    let link = match row.order_id {
        Some(order) => {
            let head = app.db.read(async |conn| orders::head(conn, order, false).await).await?;
            let Some(head) = head else { return Ok(()) };
            orders::address(app, order, &head.link_nonce)
        }
        None => link(app, purpose, id),
    };
    if let Some(letter) = letter(purpose, &row.email, &link) {
        app.mailer.send(&letter, &format!("account:{id}")).await?;
    }
    Ok(())
}

fn link(app: &App, purpose: Purpose, id: Uuid) -> Url {
    let mut url = app.config.public_url.clone();
    let path = match purpose {
        Purpose::Register => "/account/verify",
        Purpose::Password => "/account/reset",
        Purpose::Email => "/account/email",
        Purpose::Known => "/account/sign-in",
        Purpose::PasskeyAdded => "/account/passkeys",
        Purpose::TokenReused => "/account/devices",
        Purpose::PasswordChanged | Purpose::EmailChanged => "/account/forgot",
        Purpose::Nobody | Purpose::OrderLink => "/",
    };
    url.set_path(path);
    if matches!(purpose, Purpose::Register | Purpose::Password | Purpose::Email) {
        url.query_pairs_mut().append_pair("token", &secret(&app.keys, purpose, id));
    }
    url
}

/// Subject, words and the words of the link.
fn words(purpose: Purpose) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match purpose {
        Purpose::Register => (
            texts::account_register(),
            texts::account_register_text(),
            texts::account_register_link(),
        ),
        Purpose::Known => {
            (texts::account_known(), texts::account_known_text(), texts::account_known_link())
        }
        Purpose::Password => (
            texts::account_password(),
            texts::account_password_text(),
            texts::account_password_link(),
        ),
        Purpose::Email => {
            (texts::account_email(), texts::account_email_text(), texts::account_email_link())
        }
        Purpose::PasswordChanged => (
            texts::account_password_changed(),
            texts::account_password_changed_text(),
            texts::account_password_changed_link(),
        ),
        Purpose::EmailChanged => (
            texts::account_email_changed(),
            texts::account_email_changed_text(),
            texts::account_email_changed_link(),
        ),
        Purpose::TokenReused => (
            texts::account_token_reused(),
            texts::account_token_reused_text(),
            texts::account_token_reused_link(),
        ),
        Purpose::PasskeyAdded => (
            texts::account_passkey_added(),
            texts::account_passkey_added_text(),
            texts::account_passkey_added_link(),
        ),
        Purpose::OrderLink => (
            texts::account_order_link(),
            texts::account_order_link_text(),
            texts::account_order_link_link(),
        ),
        Purpose::Nobody => return None,
    })
}

fn letter(purpose: Purpose, to: &str, link: &Url) -> Option<Letter> {
    let (subject, text, link_words) = words(purpose)?;
    Some(Letter::short(to, subject, text, link_words, link))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_for_its_own_letter_and_purpose_only() {
        let keys = Keyring::new(Some(&"a".repeat(32).into()), None).unwrap();
        let id = Uuid::from_u128(7);
        let token = secret(&keys, Purpose::Password, id);

        assert_eq!(named(&keys, Purpose::Password, &token), Some(id));
        assert_eq!(named(&keys, Purpose::Email, &token), None);
        let others = URL_SAFE_NO_PAD.decode(&token).unwrap();
        let others = [Uuid::from_u128(8).as_bytes().as_slice(), &others[16..]].concat();
        assert_eq!(named(&keys, Purpose::Password, &URL_SAFE_NO_PAD.encode(others)), None);
        for text in ["", "x", "AAAA", &token[..40]] {
            assert_eq!(named(&keys, Purpose::Password, text), None);
        }
    }

    #[test]
    fn every_purpose_but_nobodys_has_words() {
        let names = [
            "register",
            "known",
            "password",
            "email",
            "password_changed",
            "email_changed",
            "token_reused",
            "passkey_added",
            "order_link",
        ];
        for name in names {
            assert!(words(Purpose::of(name).unwrap()).is_some(), "{name}");
        }
        assert!(words(Purpose::Nobody).is_none());
    }
}
