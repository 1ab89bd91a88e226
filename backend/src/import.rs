//! The command that takes products in from a file.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Context;
use api_types::Currency;
use backend::{
    Config,
    catalog::import::{self, Event, Listener, Options, Outcome, Reach, Totals},
    serve,
};
use clap::Args;

/// What to take in, and how.
#[derive(Args)]
pub struct Arguments {
    /// File of products, as Shopify exports them (CSV).
    file: PathBuf,
    /// Currency of the file's prices.
    #[arg(long, default_value = "EUR")]
    currency: Currency,
    /// Tell one JSON object a line instead of words.
    #[arg(long)]
    json: bool,
    /// Do not fetch the pictures that the file names.
    #[arg(long)]
    without_pictures: bool,
}

/// Takes the file in, and tells what came of each row.
pub async fn run(config: Config, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let app = serve::open(config).await?;
    app.check_schema().await?;
    let options = Options {
        currency: arguments.currency,
        with_pictures: !arguments.without_pictures,
        reach: Reach::Public,
    };
    let mut teller =
        Teller { as_json: arguments.json, shows_progress: std::io::stderr().is_terminal(), failed: None };
    let totals = import::run(&app, &arguments.file, &options, &mut teller).await;
    app.db.close().await;
    let totals = totals?;
    teller.sum_up(&totals);
    if let Some(error) = teller.failed {
        return Err(error).context("the report could not be written");
    }
    Ok(if totals.refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// Tells on the standard output; how far it is, on a terminal beside it.
struct Teller {
    as_json: bool,
    shows_progress: bool,
    failed: Option<std::io::Error>,
}

impl Listener for Teller {
    fn hear(&mut self, event: &Event) {
        let line = if self.as_json { json(event) } else { words(event) };
        self.say(&line);
    }

    fn progress(&mut self, totals: &Totals) {
        if self.shows_progress {
            let done = totals.created + totals.updated + totals.unchanged;
            // Best effort: nobody waits for it.
            let _ = write!(
                std::io::stderr(),
                "\r\u{1b}[K{} rows, {done} products, {} refused …\r",
                totals.rows,
                totals.refused,
            );
        }
    }
}

impl Teller {
    fn say(&mut self, line: &str) {
        if self.shows_progress {
            let _ = write!(std::io::stderr(), "\u{1b}[K");
        }
        if let Err(error) = writeln!(std::io::stdout(), "{line}") {
            self.failed.get_or_insert(error);
        }
    }

    fn sum_up(&mut self, totals: &Totals) {
        let line = if self.as_json {
            json(&serde_json::json!({ "event": "totals", "totals": totals }))
        } else {
            format!(
                "{} rows: {} products created, {} updated, {} unchanged; {} rows refused; \
                 {} pictures fetched, {} not",
                totals.rows,
                totals.created,
                totals.updated,
                totals.unchanged,
                totals.refused,
                totals.pictures,
                totals.no_pictures,
            )
        };
        self.say(&line);
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn words(event: &Event) -> String {
    match event {
        Event::Row { line, handle, outcome } => {
            let outcome = match outcome {
                Outcome::Created => "created",
                Outcome::Updated => "updated",
                Outcome::Unchanged => "unchanged",
            };
            format!("line {line}: {outcome} {handle}")
        }
        Event::Refused { line, handle, column, reason } => {
            format!("line {line}: refused {handle}, column {column}: {reason}")
        }
        Event::NoPicture { line, handle, url, reason } => {
            format!("line {line}: no picture for {handle}, {url}: {reason}")
        }
    }
}
