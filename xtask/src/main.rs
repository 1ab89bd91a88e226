//! The project's own commands. `cargo xtask help` lists them.

mod browser;
mod catalogues;
mod check;
mod cluster;
mod dependencies;
mod deploy;
mod fuzz;
mod fuzz_api;
mod generate;
mod http;
mod install;
mod place;
mod ports;
mod services;
mod shell;
mod shop;
mod studio;
mod test;
mod totals;
mod up;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Everything there is to do with Oxcart, by one command.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the shop and run it here with its own database, until Ctrl-C
    Up(up::Options),
    /// Run every test there is, on databases of its own
    Test(test::Options),
    /// Look at the code without running it: format, lints, documents, limits, licences, generated files
    Check,
    /// Write the generated files: backend/openapi.json and .sqlx
    Gen,
    /// Prove everything about delivery: charts, layers, images, workflows, load, operations
    DeployCheck(deploy::Options),
    /// Have the shop delivered for real to a Kubernetes control plane on this machine
    Cluster(cluster::Options),
    /// Send a crowd of shoppers to a shop of their own
    Load(deploy::Load),
    /// Read what comes from outside with inputs that a fuzzer thinks of, a minute for each kind
    Fuzz(fuzz::Options),
    /// Ask a running API everything its document allows, and more, and hold the answers against it
    FuzzApi(fuzz_api::Options),
    /// Run only the browser's tests
    E2e {
        /// What Playwright is told, such as a file or `--project phone`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Open the tool that draws the demo shop's pictures
    Studio {
        /// What the tool is told
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run only the databases and print their addresses, until Ctrl-C
    Services,
    /// Build what browsers load
    Web,
}

fn main() -> ExitCode {
    match shell::watch_signals().and_then(|()| run(Cli::parse().command)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(_) if shell::interrupted() => {
            shell::say("stopped", "interrupted; everything that was started is stopped");
            ExitCode::from(130)
        }
        Err(error) => {
            shell::complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked, and says whether all is well.
fn run(command: Command) -> Result<bool> {
    match command {
        Command::Up(options) => up::run(&options)?,
        Command::Services => up::services()?,
        Command::Web => web::build()?,
        Command::Test(options) => return test::run(&options),
        Command::DeployCheck(options) => return deploy::run(&options),
        Command::Cluster(options) => return cluster::run(&options),
        Command::Fuzz(options) => return fuzz::run(&options),
        Command::FuzzApi(options) => return fuzz_api::run(&options),
        Command::Load(options) => return deploy::load(&options),
        Command::E2e { arguments } => return browser::e2e(&arguments),
        Command::Check => check::run()?,
        Command::Gen => generate::run()?,
        Command::Studio { arguments } => studio::run(&arguments)?,
    }
    Ok(true)
}
