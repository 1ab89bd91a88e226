//! The test provider: another company, played by us, with books of its own.
//!
//! It keeps its ledger apart from the shop's tables and outlives a restart, so
//! that tests and drills can hold the two against each other. It takes named
//! test cards, never card numbers.

mod handlers;
mod ledger;

use std::time::Duration;

use api_types::Money;
use chrono::TimeDelta;
use db::Db;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::provider::{Answer, Intent, NewIntent, ProviderError};
use crate::{App, Clock, keys::Keyring};

/// Its name in the database.
pub const CODE: &str = "test";

/// The cards it takes, and what each does.
pub const CARDS: [(&str, &str); 6] = [
    ("tok_ok", "Accepted at once"),
    ("tok_declined", "Declined"),
    ("tok_confirm", "Asks you to confirm"),
    ("tok_timeout_before", "No answer, nothing taken"),
    ("tok_timeout_after", "No answer, money taken"),
    ("tok_late", "Accepted after a few seconds"),
];

/// How long the late card takes.
const LATE: TimeDelta = TimeDelta::seconds(5);

/// The signature of a hook's body.
pub fn signature(keys: &Keyring, body: &[u8]) -> String {
    hex::encode(keys.sign("test provider hooks", &[body]))
}

/// Whether a hook's signature was made with these keys, in constant time.
pub fn is_signature(keys: &Keyring, body: &[u8], signature: &str) -> bool {
    hex::decode(signature).is_ok_and(|given| keys.is_ours("test provider hooks", &[body], &given))
}

/// The client of the test provider.
#[derive(Clone)]
pub struct TestProvider {
    books: Db,
    clock: Clock,
    keys: Keyring,
    public_url: url::Url,
    patience: Duration,
}

impl TestProvider {
    /// A provider that keeps its books in `books` and signs its hooks with the shop's keys.
    pub fn new(
        books: Db,
        clock: Clock,
        keys: Keyring,
        public_url: url::Url,
        patience: Duration,
    ) -> Self {
        Self { books, clock, keys, public_url, patience }
    }

    /// The signature of a hook's body.
    pub fn signature(&self, body: &[u8]) -> String {
        signature(&self.keys, body)
    }

    /// What its hooks are signed with.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// See [`super::Provider::create`].
    pub async fn create(&self, new: &NewIntent) -> Answer<Intent> {
        let now = self.clock.now();
        if new.token == "tok_timeout_before" {
            return self.no_answer().await;
        }
        let (state, succeeds_at) = match new.token.as_str() {
            "tok_ok" | "tok_timeout_after" => ("succeeded", None),
            "tok_declined" => ("failed", None),
            "tok_confirm" => ("requires_action", None),
            "tok_late" => ("processing", Some(now + LATE)),
            other => {
                return Err(ProviderError::Refused(format!("there is no test card {other:?}")));
            }
        };
        let row = self
            .books
            .write(async |tx| ledger::create(tx, new, state, succeeds_at, now).await)
            .await
            .map_err(away)?;
        if new.token == "tok_timeout_after" {
            return self.no_answer().await;
        }
        Ok(self.intent(row))
    }

    /// See [`super::Provider::find`].
    pub async fn find(&self, key: &str) -> Answer<Option<Intent>> {
        let now = self.clock.now();
        let row =
            self.books.write(async |tx| ledger::find(tx, key, now).await).await.map_err(away)?;
        Ok(row.map(|row| self.intent(row)))
    }

    /// See [`super::Provider::key_of`].
    pub async fn key_of(&self, reference: &str) -> Answer<Option<String>> {
        let read = self.books.read(async |conn| ledger::by_reference(conn, reference).await);
        Ok(read.await.map_err(away)?.map(|(key, ..)| key))
    }

    /// See [`super::Provider::cancel`].
    pub async fn cancel(&self, key: &str) -> Answer<Option<Intent>> {
        let now = self.clock.now();
        let row =
            self.books.write(async |tx| ledger::cancel(tx, key, now).await).await.map_err(away)?;
        Ok(row.map(|row| self.intent(row)))
    }

    /// See [`super::Provider::refund`].
    pub async fn refund(&self, reference: &str, amount: Money, refund_key: &str) -> Answer<()> {
        let now = self.clock.now();
        let done = self
            .books
            .write(async |tx| ledger::refund(tx, reference, amount.amount, refund_key, now).await)
            .await;
        match done {
            Ok(true) => Ok(()),
            Ok(false) => Err(ProviderError::Unknown(reference.to_owned())),
            Err(error)
                if db::constraint(&error)
                    == Some("test_provider_intent_refunded_within_amount") =>
            {
                Err(ProviderError::Refused("more than was taken".to_owned()))
            }
            Err(error) => Err(away(error)),
        }
    }

    async fn no_answer<T>(&self) -> Answer<T> {
        tokio::time::sleep(self.patience).await;
        Err(ProviderError::TimedOut)
    }
}

/// The provider's own pages.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(handlers::show_confirmation, handlers::confirm))
}

/// Sends the hooks that are due to the shop's own address; how many it took.
pub async fn send_hooks(app: &App, client: &reqwest::Client) -> anyhow::Result<usize> {
    let super::Provider::Test(provider) = &app.provider;
    let now = provider.clock.now();
    let due = provider.books.write(async |tx| ledger::hooks_due(tx, now).await).await?;
    let mut taken = 0;
    for reference in &due {
        let body =
            serde_json::json!({ "event_id": format!("evt_{reference}"), "intent": reference })
                .to_string();
        let signature = provider.signature(body.as_bytes());
        let url = format!("http://127.0.0.1:{}/api/hooks/payments/test", app.config.listen.port());
        let sent = client
            .post(url)
            .header("content-type", "application/json")
            .header("x-test-signature", signature)
            .body(body)
            .send()
            .await;
        if sent.is_ok_and(|answer| answer.status().is_success()) {
            provider.books.write(async |tx| ledger::hook_sent(tx, reference, now).await).await?;
            taken += 1;
        }
    }
    Ok(taken)
}

fn away(error: sqlx::Error) -> ProviderError {
    ProviderError::Away(error.into())
}
