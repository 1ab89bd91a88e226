//! Every setting, from flags and the environment.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use hops::TrustedProxies;
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

    /// Networks of the balancers and edges before us, whose `X-Forwarded-For` is believed.
    #[arg(long, env, global = true, default_value_t)]
    pub trusted_proxies: TrustedProxies,

    /// Folder of the built style sheet, scripts and fonts, with their `manifest.json`.
    #[arg(long, env, global = true, default_value = "target/site")]
    pub site_dir: PathBuf,

    /// Secret of at least 32 bytes that signs form tokens and notices. Give every replica the same one.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub cookie_key: Option<SecretString>,

    /// Stands in for `COOKIE_KEY` when that is absent.
    #[arg(long, env, global = true, hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,

    /// What to log: `info`, or `frontend=debug,warn`.
    #[arg(long, env, global = true, default_value = "info")]
    pub log: String,
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
    }
}
