//! Settings that live in AWS Secrets Manager: read at start, and followed when they change.
//!
//! A secret is a JSON object whose keys are the settings' names. Nothing here prints a value.

use std::{str::FromStr, time::Duration};

use anyhow::{Context, anyhow, ensure};
use aws_config::{BehaviorVersion, timeout::TimeoutConfig};
use aws_sdk_secretsmanager::{Client, error::DisplayErrorContext};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use sqlx::postgres::PgConnectOptions;
use tokio_util::sync::CancellationToken;

use crate::{App, Config, config::SecretsConfig};

/// Longest that reading one secret may take, tries included.
const PATIENCE: Duration = Duration::from_secs(10);

/// Shortest pause between two readings, however often the database refuses us.
const BREATH: Duration = Duration::from_millis(200);

/// The version of a secret that holds now, and the one that held before it.
const CURRENT: &str = "AWSCURRENT";
const BEFORE: &str = "AWSPREVIOUS";

/// Puts what the named secrets hold into the settings; changes nothing when none is named.
pub async fn fill(config: &mut Config) -> anyhow::Result<()> {
    let Some(store) = Store::open(&config.secrets).await else { return Ok(()) };
    store.fill(config).await
}

/// Looks for changed secrets until told to stop, and lets the running shop have them. What cannot
/// be read or used leaves everything as it is, and is tried again.
pub async fn follow(app: App, stop: CancellationToken) {
    let Some(store) = Store::open(&app.config.secrets).await else { return };
    let mut known = (*app.config).clone();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(app.config.secrets.secrets_refresh) => {}
            () = app.db.credentials_refused() => tracing::info!("the database refuses our credentials; looking for others"),
        }
        let outcome = match renew(&store, &app, &mut known).await {
            Ok(()) => "ok",
            Err(error) => {
                tracing::error!("secrets could not be renewed, and stay as they are: {error:#}");
                "failed"
            }
        };
        metrics::counter!("oxcart_secrets_renewals_total", "outcome" => outcome).increment(1);
        tokio::time::sleep(BREATH).await;
    }
}

/// Reads every secret and puts to use what differs from `known`.
async fn renew(store: &Store, app: &App, known: &mut Config) -> anyhow::Result<()> {
    let mut found = known.clone();
    store.fill(&mut found).await?;
    let database = &found.database.database_url;
    if differs(Some(&known.database.database_url), Some(database)) {
        app.db
            .move_to(database.expose_secret())
            .await
            .context("the database does not let us in with the new DATABASE_URL")?;
        known.database = found.database;
        tracing::info!("the database is reached with new credentials");
    }
    let (before, address) = (known.redis.address(), found.redis.address());
    if let Some(address) = address.filter(|address| differs(before.as_ref(), Some(address))) {
        if let Some(redis) = app.cache.redis() {
            redis.move_to(&address)?;
        }
        known.redis = found.redis;
        tracing::info!("Redis is reached with new credentials");
    }
    if let Some(secret) =
        found.jwt_secret.filter(|new| differs(known.jwt_secret.as_ref(), Some(new)))
    {
        app.keys.rotate(&secret).context("JWT_SECRET cannot be used")?;
        known.jwt_secret = Some(secret);
        tracing::info!("JWT_SECRET is a new one; the one before it is still believed");
    }
    Ok(())
}

fn differs(one: Option<&SecretString>, other: Option<&SecretString>) -> bool {
    one.map(ExposeSecret::expose_secret) != other.map(ExposeSecret::expose_secret)
}

/// AWS Secrets Manager, and which of its secrets are ours.
struct Store {
    client: Client,
    names: SecretsConfig,
}

impl Store {
    /// None when no secret is named.
    async fn open(names: &SecretsConfig) -> Option<Self> {
        let SecretsConfig { secrets_database, secrets_redis, secrets_jwt, .. } = names;
        [secrets_database, secrets_redis, secrets_jwt].into_iter().flatten().next()?;
        let limits = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
        let found = aws_config::defaults(BehaviorVersion::latest()).timeout_config(limits);
        Some(Self { client: Client::new(&found.load().await), names: names.clone() })
    }

    async fn fill(&self, config: &mut Config) -> anyhow::Result<()> {
        if let Some(name) = &self.names.secrets_database {
            config.database.database_url = self.read(name).await?.database()?;
        }
        if let Some(name) = &self.names.secrets_redis {
            let secret = self.read(name).await?;
            let redis = &mut config.redis;
            redis.redis_host = Some(secret.text("REDIS_HOST")?.to_owned());
            redis.redis_password = Some(secret.text("REDIS_PASSWORD")?.into());
            redis.redis_port = secret.port("REDIS_PORT")?.unwrap_or(redis.redis_port);
            ensure!(redis.address().is_some(), secret.bad("REDIS_HOST", "is not a host's name"));
        }
        if let Some(name) = &self.names.secrets_jwt {
            config.jwt_secret = Some(self.read(name).await?.long("JWT_SECRET")?);
            // A replica that starts after a rotation believes what the others still believe.
            let before = self.version(name, BEFORE).await.ok();
            config.jwt_secret_previous = before.and_then(|secret| secret.long("JWT_SECRET").ok());
        }
        Ok(())
    }

    async fn read(&self, name: &str) -> anyhow::Result<Secret> {
        self.version(name, CURRENT).await
    }

    async fn version(&self, name: &str, stage: &str) -> anyhow::Result<Secret> {
        let asked = self.client.get_secret_value().secret_id(name).version_stage(stage);
        let answer = asked.send().await.map_err(|error| {
            // The error tells of the request and its answer's code; no secret came.
            anyhow!("the secret {name} could not be read: {}", DisplayErrorContext(&error))
        })?;
        Secret::parse(name, answer.secret_string())
    }
}

/// One secret, taken apart.
struct Secret {
    name: String,
    keys: Map<String, Value>,
}

impl Secret {
    fn parse(name: &str, text: Option<&str>) -> anyhow::Result<Self> {
        let text = text.with_context(|| format!("the secret {name} holds bytes, not text"))?;
        // The parser's own words could quote the text.
        let keys = serde_json::from_str(text)
            .map_err(|_| anyhow!("the secret {name} is not a JSON object"))?;
        Ok(Self { name: name.to_owned(), keys })
    }

    fn bad(&self, key: &str, what: &str) -> anyhow::Error {
        anyhow!("{key} in the secret {} {what}", self.name)
    }

    fn text(&self, key: &str) -> anyhow::Result<&str> {
        let value = self.keys.get(key).ok_or_else(|| self.bad(key, "is missing"))?;
        let text = value.as_str().ok_or_else(|| self.bad(key, "is not a text"))?;
        ensure!(!text.trim().is_empty(), self.bad(key, "is empty"));
        Ok(text)
    }

    fn database(&self) -> anyhow::Result<SecretString> {
        let url = self.text("DATABASE_URL")?;
        let is_ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
        ensure!(
            is_ours && PgConnectOptions::from_str(url).is_ok(),
            self.bad(
                "DATABASE_URL",
                "is not an address such as postgres://user:password@host/name"
            )
        );
        Ok(url.into())
    }

    fn long(&self, key: &str) -> anyhow::Result<SecretString> {
        let secret = self.text(key)?;
        ensure!(secret.len() >= 32, self.bad(key, "has fewer than 32 characters"));
        Ok(secret.into())
    }

    /// A port, written as a number or as text; none when it is absent.
    fn port(&self, key: &str) -> anyhow::Result<Option<u16>> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.parse().map(Some).map_err(|_| self.bad(key, "is not a port"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::parse("oxcart/demo/database", Some(text)).unwrap()
    }

    #[test]
    fn what_is_wrong_is_named_by_secret_and_key_and_never_by_its_value() {
        let parse = |text| Secret::parse("oxcart/demo/jwt", text).err().unwrap().to_string();
        assert_eq!(parse(Some("hunter2")), "the secret oxcart/demo/jwt is not a JSON object");
        assert_eq!(parse(None), "the secret oxcart/demo/jwt holds bytes, not text");

        for (text, said) in [
            ("{}", "is missing"),
            (r#"{"DATABASE_URL": 7}"#, "is not a text"),
            (r#"{"DATABASE_URL": " "}"#, "is empty"),
            (r#"{"DATABASE_URL": "hunter2"}"#, "is not an address"),
            (r#"{"DATABASE_URL": "postgres://a:hunter2@h:x/d"}"#, "is not an address"),
        ] {
            let error = secret(text).database().unwrap_err().to_string();
            assert!(
                error.starts_with("DATABASE_URL in the secret oxcart/demo/database "),
                "{error}"
            );
            assert!(error.contains(said), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_port_may_be_a_number_or_a_text() {
        assert_eq!(secret(r#"{"P": 6380}"#).port("P").unwrap(), Some(6380));
        assert_eq!(secret(r#"{"P": "6380"}"#).port("P").unwrap(), Some(6380));
        assert_eq!(secret("{}").port("P").unwrap(), None);
        assert!(secret(r#"{"P": "http"}"#).port("P").is_err());
    }

    #[test]
    fn a_short_secret_is_refused() {
        let error = secret(r#"{"JWT_SECRET": "short"}"#).long("JWT_SECRET").unwrap_err();

        let said = error.to_string();
        assert!(said.ends_with("oxcart/demo/database has fewer than 32 characters"), "{said}");
    }
}
