//! Every setting, from flags and the environment.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use secrecy::SecretString;
use url::Url;

/// Everything that differs between one deployment and the next.
///
/// Each value is a flag and an environment variable of the same name, read
/// once at start. `frontend serve --help` lists them all.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address to answer shoppers on.
    #[arg(long, env, global = true, default_value = "0.0.0.0:3000")]
    pub listen: SocketAddr,

    /// Address of `/metrics`, `/livez` and `/readyz`; keep it off the internet.
    #[arg(long, env, global = true, default_value = "127.0.0.1:9300")]
    pub ops_listen: SocketAddr,

    /// Where the backend answers; `/api` is forwarded there.
    #[arg(long, env, global = true, default_value = "http://localhost:4000")]
    pub backend_url: Url,

    /// Where shoppers see the shop; forms must come from there.
    #[arg(long, env, global = true, default_value = "http://localhost:3000")]
    pub public_url: Url,

    /// Folder of the built style sheet, scripts and fonts, with their `manifest.json`.
    #[arg(long, env, global = true, default_value = "target/site")]
    pub site_dir: PathBuf,

    /// Secret of at least 32 bytes that signs form tokens and notices. Give every replica the same one.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub cookie_key: Option<SecretString>,

    /// Stands in for `COOKIE_KEY` when that is absent.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,

    /// Most bytes of finished public pages to keep in memory, with their compressed forms; 0 keeps none.
    #[arg(long, env, global = true, default_value = "67108864")]
    pub page_cache_bytes: u64,

    /// How long a kept page is served as it is, in milliseconds.
    #[arg(long, env, global = true, default_value = "30000", value_parser = millis)]
    pub page_fresh: Duration,

    /// How long after that it is served while it is drawn anew, in milliseconds. Both together, and
    /// ten seconds in what it is drawn from, bound how old a page is while the backend answers.
    #[arg(long, env, global = true, default_value = "15000", value_parser = millis)]
    pub page_stale: Duration,

    /// What to log: `info`, or `frontend=debug,warn`.
    #[arg(long, env, global = true, default_value = "info")]
    pub log: String,
}

fn millis(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }

    #[test]
    fn every_setting_has_a_default() {
        let Cli { config } = Cli::parse_from(["frontend"]);

        assert_eq!(config.listen.port(), 3000);
        assert_eq!(config.public_url.as_str(), "http://localhost:3000/");
        // What a page is drawn from may be ten seconds old.
        assert!(config.page_fresh + config.page_stale <= Duration::from_secs(50));
    }
}
