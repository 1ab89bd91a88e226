//! The commands that take products in from a file, take that back, and write products out.

use std::{
    fs::File,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use api_types::Currency;
use backend::{
    App, Config,
    catalog::import::{
        self, Difference, Event, Kind, Listener, Options, Outcome, Totals, export, history,
    },
    serve,
    staff::Actor,
};
use clap::Args;
use serde_json::Value;

/// What to take in, and how.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command, each by itself")]
pub struct Arguments {
    /// File of products, as Shopify or WooCommerce writes them (CSV).
    #[arg(required_unless_present_any = ["undo", "list"])]
    file: Option<PathBuf>,
    /// Who wrote the file; found out by its header when absent.
    #[arg(long)]
    kind: Option<Kind>,
    /// Currency of the file's prices.
    #[arg(long, default_value = "EUR")]
    currency: Currency,
    /// Tell what would change, field by field, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Leave products alone that are there.
    #[arg(long)]
    keep_existing: bool,
    /// Tell one JSON object a line instead of words.
    #[arg(long)]
    json: bool,
    /// Do not fetch the pictures that the file names.
    #[arg(long)]
    without_pictures: bool,
    /// Folder of pictures: one that is named as an address ends is taken from there, and not fetched.
    #[arg(long, value_name = "FOLDER", conflicts_with = "without_pictures")]
    pictures: Option<PathBuf>,
    /// Take the last import back: what nobody changed since becomes what it was.
    #[arg(long, conflicts_with_all = ["file", "list", "dry_run"])]
    undo: bool,
    /// List the imports that there were, the newest first.
    #[arg(long, conflicts_with_all = ["file", "dry_run"])]
    list: bool,
}

/// Where to write products to.
#[derive(Args)]
pub struct ExportArguments {
    /// File to write; the standard output when absent.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Currency of the prices that are written.
    #[arg(long, default_value = "EUR")]
    currency: Currency,
}

/// Does what is asked, and tells what came of it.
pub async fn run(config: Config, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let app = serve::open(config).await?;
    app.check_schema().await?;
    let done = match &arguments.file {
        _ if arguments.undo => undo(&app).await,
        _ if arguments.list => list(&app).await,
        Some(file) => take(&app, file, &arguments).await,
        None => bail!("name a file"),
    };
    app.db.close().await;
    done
}

/// Writes every product out.
pub async fn write_out(config: Config, arguments: ExportArguments) -> anyhow::Result<()> {
    let app = serve::open(config).await?;
    app.check_schema().await?;
    let mut out: Box<dyn Write + Send> = match &arguments.out {
        None => Box::new(std::io::stdout()),
        Some(path) => {
            let file = File::create(path);
            Box::new(file.with_context(|| format!("cannot write {}", path.display()))?)
        }
    };
    let hand_on =
        async |part: Vec<u8>| out.write_all(&part).context("the file could not be written");
    let written = export::write(&app, arguments.currency, hand_on).await;
    app.db.close().await;
    // What is told must not get into the file.
    writeln!(std::io::stderr(), "{} products written", written?)?;
    Ok(())
}

async fn take(app: &App, file: &Path, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if let Some(folder) = arguments.pictures.as_ref().filter(|folder| !folder.is_dir()) {
        bail!("{} is not a folder", folder.display());
    }
    let options = Options {
        kind: arguments.kind,
        with_pictures: !arguments.without_pictures,
        pictures_folder: arguments.pictures.clone(),
        is_dry_run: arguments.dry_run,
        keeps_existing: arguments.keep_existing,
        ..Options::new(arguments.currency)
    };
    let mut teller = Teller {
        as_json: arguments.json,
        shows_progress: std::io::stderr().is_terminal(),
        failed: None,
    };
    let totals = import::run(app, file, &options, &mut teller).await?;
    teller.sum_up(&totals, arguments.dry_run);
    if let Some(error) = teller.failed {
        return Err(error).context("the report could not be written");
    }
    Ok(if totals.refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

async fn undo(app: &App) -> anyhow::Result<ExitCode> {
    let undone = history::undo(app, None, &Actor::system()).await?;
    let mut out = std::io::stdout();
    for handle in &undone.changed_since {
        writeln!(out, "left as it is, because it was changed since: {handle}")?;
    }
    writeln!(
        out,
        "{} products put back, {} removed, {} archived because somebody has them, {} left as they are",
        undone.put_back,
        undone.removed,
        undone.archived,
        undone.changed_since.len(),
    )?;
    Ok(if undone.changed_since.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

async fn list(app: &App) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    let runs = history::list(app, None, 50).await?;
    if runs.is_empty() {
        writeln!(out, "there were no imports")?;
    }
    for run in runs {
        let count = |name: &str| run.totals[name].as_u64().unwrap_or(0);
        let state = serde_json::to_value(run.state)?;
        writeln!(
            out,
            "{}  {:8} {:11} {}{}: {} created, {} updated, {} unchanged, {} rows refused",
            run.started_at.format("%Y-%m-%d %H:%M:%S"),
            state.as_str().unwrap_or_default(),
            run.kind,
            run.file_name,
            if run.is_dry_run { " (dry run)" } else { "" },
            count("created"),
            count("updated"),
            count("unchanged"),
            count("refused"),
        )?;
    }
    Ok(ExitCode::SUCCESS)
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
            let done = totals.created + totals.updated + totals.unchanged + totals.kept;
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

    fn sum_up(&mut self, totals: &Totals, is_dry_run: bool) {
        let line = if self.as_json {
            json(&serde_json::json!({ "event": "totals", "totals": totals }))
        } else {
            let would = if is_dry_run { "would be " } else { "" };
            format!(
                "{} rows: {} products {would}created, {} updated, {} unchanged, {} left alone; \
                 {} rows refused; {} pictures fetched, {} not",
                totals.rows,
                totals.created,
                totals.updated,
                totals.unchanged,
                totals.kept,
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
                Outcome::Kept => "left alone",
            };
            format!("line {line}: {outcome} {handle}")
        }
        Event::Refused { line, handle, column, reason } => {
            format!("line {line}: refused {handle}, column {column}: {reason}")
        }
        Event::Differs { handle, differences, .. } => {
            let lines = differences.iter().map(difference);
            std::iter::once(format!("{handle}:")).chain(lines).collect::<Vec<_>>().join("\n")
        }
        Event::NoPicture { line, handle, url, reason, is_asked_again } => {
            let later = if *is_asked_again { "; it is asked for again later" } else { "" };
            format!("line {line}: no picture for {handle}, {url}: {reason}{later}")
        }
    }
}

fn difference(of: &Difference) -> String {
    match &of.before {
        Value::Null => format!("  + {}: {}", of.field, short(&of.after)),
        before => format!("  ~ {}: {} → {}", of.field, short(before), short(&of.after)),
    }
}

/// A value in one short line.
fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.replace(['\n', '\r'], " "),
        other => other.to_string(),
    };
    let mut letters = text.chars();
    let start: String = letters.by_ref().take(100).collect();
    if letters.next().is_some() { format!("{start}…") } else { start }
}
