//! The project's own commands. `cargo xtask help` lists them.

mod http;
mod install;
mod place;
mod ports;
mod services;
mod shell;
mod shop;
mod up;
mod web;

use std::process::ExitCode;

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
    /// Run only the databases and print their addresses, until Ctrl-C
    Services,
    /// Build what browsers load
    Web,
}

fn main() -> ExitCode {
    let done = shell::watch_signals().and_then(|()| match Cli::parse().command {
        Command::Up(options) => up::run(&options),
        Command::Services => up::services(),
        Command::Web => web::build(),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
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
