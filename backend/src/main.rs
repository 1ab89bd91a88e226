//! The commands of the backend.

use anyhow::Context;
use backend::{Config, serve};
use clap::{Parser, Subcommand};

/// Oxcart's backend: the shop's API and its background work.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests
    Serve {
        #[command(flatten)]
        config: Box<Config>,
        /// Do the background work in this process too
        #[arg(long)]
        with_worker: bool,
    },
    /// Do the background work: mail, payments that wait, expiry
    Worker {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Bring the database's schema up to date
    Migrate {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Load the demo shop; what is there stays as it is
    Seed {
        #[command(flatten)]
        config: Box<Config>,
        /// How many products there are to be: the demo shop's, then theirs again under numbered names
        #[arg(long)]
        products: Option<u64>,
    },
    /// Print the API's document (OpenAPI 3.1, JSON)
    Openapi,
    /// Ask a running backend whether it wants requests; exits 0 when it does
    Healthcheck {
        #[command(flatten)]
        config: Box<Config>,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Serve { config, with_worker } => serve::serve(*config, with_worker).await,
        Command::Worker { config } => serve::work(*config).await,
        Command::Migrate { config } => serve::migrate(&config).await,
        Command::Seed { config, products } => serve::seed(*config, products).await,
        Command::Openapi => print_document(),
        Command::Healthcheck { config } => serve::healthcheck(&config).await,
    }
}

#[expect(clippy::print_stdout, reason = "the document is this command's answer")]
fn print_document() -> anyhow::Result<()> {
    println!("{}", backend::openapi().to_pretty_json().context("could not write the document")?);
    Ok(())
}
