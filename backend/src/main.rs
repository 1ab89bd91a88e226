//! The commands of the backend.

mod import;

use std::process::ExitCode;

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
    /// Take products in from a file that Shopify or WooCommerce wrote; exits 3 when rows were refused
    ///
    /// Shopify: rows of one product stand together under its handle. WooCommerce: variations may stand
    /// anywhere. A blank cell blanks what was there, an absent column keeps it. Every row is told of:
    /// created, updated, unchanged, left alone, or refused with its line, column and reason; a row that is
    /// refused does not stop the rest. Running it again changes nothing. `--dry-run` tells what would
    /// change, field by field; `--undo` takes the last import back. Exits 0 when every row was taken, 3
    /// when some were refused (or some products were left as they are), 1 when it could not go on.
    Import {
        #[command(flatten)]
        config: Box<Config>,
        #[command(flatten)]
        import: import::Arguments,
    },
    /// Write every product out, in Shopify's layout: taking that file in again changes nothing
    Export {
        #[command(flatten)]
        config: Box<Config>,
        #[command(flatten)]
        export: import::ExportArguments,
    },
    /// Load the demo shop; what is there stays as it is
    Seed {
        #[command(flatten)]
        config: Box<Config>,
        /// How many products there are to be: the demo shop's, then theirs again under numbered names
        #[arg(long)]
        products: Option<u64>,
    },
    /// Hold the shop's promises against its database; exits 1 when one is broken
    Verify {
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Print the API's document (OpenAPI 3.1, JSON)
    Openapi,
    /// Print the document of the limits (Markdown)
    Limits,
    /// Print what each role of staff may (Markdown)
    Roles,
    /// Invite the first administrator; prints the secret with which they come in, once, within a day
    ///
    /// Refused while there is an administrator: after the first, staff invite each other.
    FirstAdmin {
        #[command(flatten)]
        config: Box<Config>,
        /// Their e-mail address, which they sign in with
        email: String,
    },
    /// Ask a running backend whether it wants requests; exits 0 when it does
    Healthcheck {
        #[command(flatten)]
        config: Box<Config>,
        /// Which one to ask, such as `http://backend:4000/api/health/ready`; the one here when absent
        #[arg(long)]
        url: Option<url::Url>,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Import { config, import } => return import::run(*config, import).await,
        Command::Export { config, export } => import::write_out(*config, export).await,
        Command::Serve { config, with_worker } => serve::serve(*config, with_worker).await,
        Command::Worker { config } => serve::work(*config).await,
        Command::Migrate { config } => serve::migrate(*config).await,
        Command::Seed { config, products } => serve::seed(*config, products).await,
        Command::Verify { config } => report(&serve::verify(*config).await?),
        Command::Openapi => print_document(),
        Command::Limits => {
            print(&backend::limits::document());
            Ok(())
        }
        Command::Roles => print_roles(),
        Command::FirstAdmin { config, email } => first_admin(*config, &email).await,
        Command::Healthcheck { config, url } => serve::healthcheck(&config, url).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::print_stdout, reason = "the document is this command's answer")]
fn print_document() -> anyhow::Result<()> {
    println!("{}", backend::openapi().to_pretty_json().context("could not write the document")?);
    Ok(())
}

fn print_roles() -> anyhow::Result<()> {
    let api = serde_json::to_value(backend::openapi()).context("could not write the document")?;
    print(&backend::staff::permission::document(&api));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the text is this command's answer")]
fn print(text: &str) {
    print!("{text}");
}

async fn first_admin(config: Config, email: &str) -> anyhow::Result<()> {
    let app = serve::open(config).await?;
    app.check_schema().await?;
    let secret = backend::staff::first_admin(&app, email).await;
    app.db.close().await;
    let secret = secret?;
    print(&format!(
        "Send this to {email}. It is good once, for a day, with a name and a password, at\n\
         POST /api/admin/auth/accept:\n\n{secret}\n"
    ));
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
