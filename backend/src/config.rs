//! Everything that differs between one deployment and the next.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use hops::TrustedProxies;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{catalog::import::Reach, media::Place};

/// Every setting: a flag and an environment variable of the same name, read once at start.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address that the API listens on.
    #[arg(long, env, default_value = "0.0.0.0:4000")]
    pub listen: SocketAddr,

    /// Address of metrics and health for operators; never routed from outside.
    #[arg(long, env, default_value = "127.0.0.1:9400")]
    pub ops_listen: SocketAddr,

    /// Where shoppers see the shop; used in links we send out.
    #[arg(long, env, default_value = "http://localhost:3000")]
    pub public_url: Url,

    /// Secret of at least 32 characters behind order links, letters, access tokens and what is sealed in the database.
    #[arg(long, env, hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,

    /// The secret before it, still believed while it is being replaced.
    #[arg(long, env, hide_env_values = true)]
    pub jwt_secret_previous: Option<SecretString>,

    /// Longest that a request may take, in milliseconds.
    #[arg(long, env, default_value = "8000", value_parser = millis)]
    pub request_timeout: Duration,

    /// Networks of the storefront, balancers and edges before us, whose `X-Forwarded-For` is believed.
    #[arg(long, env, default_value_t)]
    pub trusted_proxies: TrustedProxies,

    /// Longest wait for running requests when stopping, in milliseconds.
    #[arg(long, env, default_value = "25000", value_parser = millis)]
    pub drain_timeout: Duration,

    /// How long to keep serving after readiness has turned false, in milliseconds.
    #[arg(long, env, default_value = "0", value_parser = millis)]
    pub drain_delay: Duration,

    #[command(flatten, next_help_heading = "Limits")]
    pub rate_limits: RateLimitsConfig,

    #[command(flatten, next_help_heading = "Places")]
    pub places: PlacesConfig,

    #[command(flatten, next_help_heading = "Database")]
    pub database: DatabaseConfig,

    #[command(flatten, next_help_heading = "Redis")]
    pub redis: RedisConfig,

    #[command(flatten, next_help_heading = "AWS Secrets Manager")]
    pub secrets: SecretsConfig,

    #[command(flatten, next_help_heading = "Signals")]
    pub signals: SignalsConfig,

    #[command(flatten, next_help_heading = "Catalogue")]
    pub catalog: CatalogConfig,

    #[command(flatten, next_help_heading = "Cart and checkout")]
    pub checkout: CheckoutConfig,

    #[command(flatten, next_help_heading = "Mail")]
    pub mail: MailConfig,
}

/// How often what may be asked; `docs/limits.md` has the numbers.
#[derive(Args, Clone, Debug)]
pub struct RateLimitsConfig {
    /// Multiplies every limit, for tests and drills that come from one address.
    #[arg(long, env, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub rate_limit_scale: u32,

    /// Backends that share the requests; each counts for its share while Redis is away.
    #[arg(long, env, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub replicas: u32,
}

/// Requests answered at once, of all kinds and of each; more are asked to come again. Hooks and health have no limit.
#[derive(Args, Clone, Debug)]
pub struct PlacesConfig {
    /// Of all kinds together; as they fill, suggestions are turned away first and buying last.
    #[arg(long, env, default_value_t = 512)]
    pub max_concurrent_requests: usize,

    /// Suggestions while typing.
    #[arg(long, env, default_value_t = 64)]
    pub places_suggestions: usize,

    /// Products, shelves, pages, pictures.
    #[arg(long, env, default_value_t = 256)]
    pub places_catalog: usize,

    /// Signing in, accounts.
    #[arg(long, env, default_value_t = 96)]
    pub places_account: usize,

    /// Carts.
    #[arg(long, env, default_value_t = 192)]
    pub places_cart: usize,

    /// Buying, orders, payments.
    #[arg(long, env, default_value_t = 256)]
    pub places_checkout: usize,
}

/// Where every truth is kept.
#[derive(Args, Clone, Debug)]
pub struct DatabaseConfig {
    /// PostgreSQL connection string.
    #[arg(
        long,
        env,
        hide_env_values = true,
        default_value = "postgres://postgres@localhost:5432/oxcart"
    )]
    pub database_url: SecretString,

    /// Most connections held open.
    #[arg(long, env, default_value_t = 20)]
    pub database_connections: u32,
}

/// Where counters and cached answers are shared; the backend runs without it.
#[derive(Args, Clone, Debug)]
pub struct RedisConfig {
    /// Redis connection string, `redis://host:6379`.
    #[arg(long, env, hide_env_values = true, conflicts_with = "redis_host")]
    pub redis_url: Option<SecretString>,

    /// Redis server, in place of `REDIS_URL`.
    #[arg(long, env)]
    pub redis_host: Option<String>,

    /// Port of `REDIS_HOST`.
    #[arg(long, env, default_value_t = 6379)]
    pub redis_port: u16,

    /// Password at `REDIS_HOST`.
    #[arg(long, env, hide_env_values = true)]
    pub redis_password: Option<SecretString>,

    /// Speak TLS with `REDIS_HOST`.
    #[arg(long, env, default_value_t = false)]
    pub redis_tls: bool,

    /// Longest that any use of Redis may take, in milliseconds.
    #[arg(long, env, default_value = "50", value_parser = millis)]
    pub redis_budget: Duration,
}

impl RedisConfig {
    /// The connection string, given whole or in parts.
    pub fn address(&self) -> Option<SecretString> {
        let host = self.redis_host.as_ref();
        self.redis_url.clone().or_else(|| {
            let scheme = if self.redis_tls { "rediss" } else { "redis" };
            let mut url = Url::parse(&format!("{scheme}://{}:{}", host?, self.redis_port)).ok()?;
            let password = self.redis_password.as_ref().map(ExposeSecret::expose_secret);
            url.set_password(password.filter(|password| !password.is_empty())).ok()?;
            Some(String::from(url).into())
        })
    }
}

/// Which secrets to read from AWS Secrets Manager, by name or ARN; credentials and region are found
/// as by any AWS tool. What they hold stands in for the settings, and is followed when it changes.
#[derive(Args, Clone, Debug)]
pub struct SecretsConfig {
    /// Secret with the key `DATABASE_URL`.
    #[arg(long, env)]
    pub secrets_database: Option<String>,

    /// Secret with the keys `REDIS_HOST`, `REDIS_PORT` and `REDIS_PASSWORD`.
    #[arg(long, env)]
    pub secrets_redis: Option<String>,

    /// Secret with the key `JWT_SECRET`.
    #[arg(long, env)]
    pub secrets_jwt: Option<String>,

    /// How often to look for changed secrets, in seconds.
    #[arg(long, env, default_value = "60", value_parser = seconds)]
    pub secrets_refresh: Duration,
}

/// What operators see.
#[derive(Args, Clone, Debug)]
pub struct SignalsConfig {
    /// What to log, such as `info,backend=debug`.
    #[arg(long, env, default_value = "info")]
    pub log: String,

    /// OpenTelemetry collector that takes traces over HTTP; none are sent when absent.
    #[arg(long, env)]
    pub otel_exporter_otlp_endpoint: Option<Url>,
}

/// Pictures, search and the demo shop.
#[derive(Args, Clone, Debug)]
pub struct CatalogConfig {
    /// Where pictures are kept: a folder, or `s3://bucket/prefix`; region and credentials of S3 are found as by any
    /// AWS tool.
    #[arg(long, env, default_value = ".data/media")]
    pub media_store: Place,

    /// Which addresses pictures of an import may be fetched from; no setting, for tests.
    #[arg(skip)]
    pub picture_reach: Reach,

    /// Folder of the demo shop, for `seed`.
    #[arg(long, env, default_value = "backend/demo")]
    pub demo_dir: PathBuf,

    /// How often the search index looks for changes, in milliseconds.
    #[arg(long, env, default_value = "500", value_parser = millis)]
    pub search_poll: Duration,

    /// Memory for finished answers of the catalogue, in bytes.
    #[arg(long, env, default_value_t = 32 * 1024 * 1024)]
    pub cache_bytes: u64,

    /// How long a finished answer may be served before it is made again, in milliseconds.
    #[arg(long, env, default_value = "5000", value_parser = millis)]
    pub cache_ttl: Duration,
}

/// Limits on baskets, and how long things are kept for a shopper.
#[derive(Args, Clone, Debug)]
pub struct CheckoutConfig {
    /// How long an open cart is kept after its last change, in seconds.
    #[arg(long, env, default_value = "2592000", value_parser = seconds)]
    pub cart_ttl: Duration,

    /// How long stock is held for an order that waits for its payment, in seconds.
    #[arg(long, env, default_value = "600", value_parser = seconds)]
    pub hold_ttl: Duration,

    /// Most different variants in a cart.
    #[arg(long, env, default_value_t = 100)]
    pub cart_max_lines: usize,

    /// Offer the test provider, which takes no real money.
    #[arg(long, env, default_value_t = false)]
    pub test_payments: bool,

    /// How long to wait for a payment provider, in milliseconds.
    #[arg(long, env, default_value = "4000", value_parser = millis)]
    pub provider_timeout: Duration,

    /// How often waiting payments are asked after, in milliseconds.
    #[arg(long, env, default_value = "60000", value_parser = millis)]
    pub reconcile_every: Duration,
}

/// How letters leave.
#[derive(Args, Clone, Debug)]
pub struct MailConfig {
    /// SMTP server, `smtp://host:25` or `smtps://user:password@host`.
    #[arg(long, env, hide_env_values = true)]
    pub smtp_url: Option<SecretString>,

    /// Folder that letters are written to instead, for development.
    #[arg(long, env, conflicts_with = "smtp_url")]
    pub mail_dir: Option<PathBuf>,

    /// Sender of letters.
    #[arg(long, env, default_value = "Oxcart <hello@oxcart.example>")]
    pub mail_from: String,
}

fn millis(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_millis)
}

fn seconds(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        redis: RedisConfig,
    }

    fn address(flags: &[&str]) -> Option<String> {
        let flags = Flags::parse_from(["shop"].iter().chain(flags));
        flags.redis.address().map(|url| url.expose_secret().to_owned())
    }

    #[test]
    fn redis_is_found_by_its_address_or_its_parts() {
        assert_eq!(address(&["--redis-url", "redis://a:1"]).as_deref(), Some("redis://a:1"));
        assert_eq!(address(&["--redis-host", "a"]).as_deref(), Some("redis://a:6379"));
        let parts =
            ["--redis-host", "a", "--redis-port", "1", "--redis-tls", "--redis-password", "p/@"];
        assert_eq!(address(&parts).as_deref(), Some("rediss://:p%2F%40@a:1"));
        assert_eq!(address(&[]), None);
    }
}
