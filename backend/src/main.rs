//! The commands of the backend.

use anyhow::Context;
use backend::{Config, serve, verify::Finding};
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
    /// Hold the shop's promises against its database; exits 1 when one is broken
    Verify {
        #[command(flatten)]
        config: Box<Config>,
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
        Command::Verify { config } => report(&serve::verify(*config).await?),
        Command::Openapi => print_document(),
        Command::Healthcheck { config } => serve::healthcheck(&config).await,
    }
}

#[expect(clippy::print_stdout, reason = "the document is this command's answer")]
fn print_document() -> anyhow::Result<()> {
    println!("{}", backend::openapi().to_pretty_json().context("could not write the document")?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the findings are this command's answer")]
fn report(findings: &[Finding]) -> anyhow::Result<()> {
    for finding in findings {
        let mark = if finding.violations == 0 { "kept  " } else { "BROKEN" };
        println!("{mark} {:4} {} ({} rows)", finding.id, finding.promise, finding.violations);
    }
    let broken = findings.iter().filter(|finding| finding.violations > 0).count();
    anyhow::ensure!(broken == 0, "{broken} of {} promises are broken", findings.len());
    Ok(())
}
