//! Oxcart's storefront: read the settings, serve.

use std::{process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use frontend::{config::Config, server, telemetry};

/// Oxcart's storefront.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    config: Config,
}

/// What to do; `serve` when nothing is said.
#[derive(Clone, Copy, Subcommand)]
enum Command {
    /// Serve the shop until told to stop.
    Serve,
    /// Ask a running storefront whether it takes shoppers; leaves with 0 or 1.
    Healthcheck,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Cli { command, config } = Cli::parse();
    let outcome = match command.unwrap_or(Command::Serve) {
        Command::Serve => {
            telemetry::start(&config.log);
            server::serve(config).await
        }
        Command::Healthcheck => server::healthcheck(&config, Duration::from_secs(3)).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            telemetry::last_words(&error);
            ExitCode::FAILURE
        }
    }
}
