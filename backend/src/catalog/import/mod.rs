//! Products out of files that other shops wrote: a row that cannot be taken is reported and never
//! stops the rest, and a second run of the same file changes nothing.

mod admin;
mod apply;
mod diff;
pub mod export;
mod fetch;
mod format;
#[doc(hidden)]
pub mod fuzzing;
mod header;
pub mod history;
mod newlines;
mod pictures;
mod plan;
mod read;
mod shopify;
mod store;
mod woocommerce;

use std::path::{Path, PathBuf};

use anyhow::Context;
use api_types::Currency;
use serde::Serialize;
use serde_json::json;

use self::history::{NewRun, RunState};
pub use self::{
    admin::routes,
    diff::Difference,
    fetch::Reach,
    format::Kind,
    pictures::{FETCH, fetch_again},
};
pub(super) use self::{shopify::slug, store::usual_tax_class};
use crate::{
    App,
    audit::{self, Change},
    staff::Actor,
};

/// Products changed in one transaction.
const BATCH: usize = 200;

/// What an import is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who wrote the file; by its header when absent.
    pub kind: Option<Kind>,
    /// Currency of the file's prices.
    pub currency: Currency,
    /// Whether pictures are fetched from where the file says.
    pub with_pictures: bool,
    /// Folder whose files are taken for pictures of those names, before anybody is asked.
    pub pictures_folder: Option<PathBuf>,
    /// Whether it only tells what it would change.
    pub is_dry_run: bool,
    /// Whether products that are there are left alone.
    pub keeps_existing: bool,
}

impl Options {
    /// An import of a file in that currency, with its pictures, by the shop itself.
    pub fn new(currency: Currency) -> Self {
        Self {
            kind: None,
            currency,
            with_pictures: true,
            pictures_folder: None,
            is_dry_run: false,
            keeps_existing: false,
        }
    }
}

/// Something to tell about a file's rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// A row was taken.
    Row {
        /// Where it begins in the file.
        line: u64,
        /// The product's name in addresses.
        handle: String,
        /// What came of it.
        outcome: Outcome,
    },
    /// A row was not taken.
    Refused {
        /// Where it begins in the file.
        line: u64,
        /// The product's name in addresses, as the file writes it.
        handle: String,
        /// Header of the column that is wrong.
        column: String,
        /// What is wrong with it.
        reason: String,
    },
    /// What is different about a product; told by a dry run.
    Differs {
        /// Where its first row is.
        line: u64,
        /// The product's name in addresses.
        handle: String,
        /// Its fields.
        differences: Vec<Difference>,
    },
    /// A picture could not be had; its product stays without it.
    NoPicture {
        /// Where it is named in the file.
        line: u64,
        /// The product's name in addresses.
        handle: String,
        /// Where it should be.
        url: String,
        /// Why it is not there.
        reason: String,
        /// Whether it will be asked for again.
        is_asked_again: bool,
    },
}

impl Event {
    /// Where in the file it belongs.
    fn line(&self) -> u64 {
        match self {
            Self::Row { line, .. }
            | Self::Refused { line, .. }
            | Self::Differs { line, .. }
            | Self::NoPicture { line, .. } => *line,
        }
    }
}

/// What came of a product, and so of each of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there, and is different from before.
    Updated,
    /// It was there, and is as it was.
    Unchanged,
    /// It was there, and was to be left alone.
    Kept,
}

/// What an import did in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Rows of the file below its header.
    pub rows: u64,
    /// Rows that could not be taken.
    pub refused: u64,
    /// Products that are new.
    pub created: u64,
    /// Products that are different from before.
    pub updated: u64,
    /// Products that are as they were.
    pub unchanged: u64,
    /// Products that were left alone.
    pub kept: u64,
    /// Pictures that were fetched.
    pub pictures: u64,
    /// Pictures that could not be had.
    pub no_pictures: u64,
}

/// Hears what an import has to tell, and how far it is.
pub trait Listener: Send {
    /// Something to tell.
    fn hear(&mut self, event: &Event);

    /// How far it is.
    fn progress(&mut self, totals: &Totals);
}

/// Takes the products of a file into the catalogue, and keeps what it did.
pub async fn run(
    app: &App,
    file: &Path,
    options: &Options,
    listener: &mut dyn Listener,
) -> anyhow::Result<Totals> {
    let reader = read::open(file.to_path_buf(), options.kind).await?;
    let actor = Actor::system();
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let new = NewRun {
        kind: reader.layout().kind().name(),
        file_name: &name,
        currency: options.currency,
        is_dry_run: options.is_dry_run,
        keeps_existing: options.keeps_existing,
        with_pictures: options.with_pictures,
        actor: &actor.id(),
    };
    let run = begun(app, &new, None, &actor).await?;
    carried_out(app, (run, reader), options, listener).await
}

/// Takes an upload that waits; false when there was none.
pub async fn work(app: &App) -> anyhow::Result<bool> {
    let now = app.clock.now();
    let claimed = app.db.write(async |tx| store::history::claim(tx, now).await).await?;
    let Some((run, bytes)) = claimed else { return Ok(false) };
    // On a thread of its own: reading and comparing is work for the processor.
    let (app, here) = (app.clone(), tokio::runtime::Handle::current());
    tokio::task::spawn_blocking(move || here.block_on(take(&app, run, bytes))).await??;
    Ok(true)
}

async fn take(app: &App, run: uuid::Uuid, bytes: Vec<u8>) -> anyhow::Result<()> {
    let asked =
        app.db.read(async |conn| store::history::runs(conn, Some(run), None, 1).await).await?;
    let Some(asked) = asked.into_iter().next() else { return Ok(()) };
    let options = Options {
        with_pictures: asked.with_pictures,
        is_dry_run: asked.is_dry_run,
        keeps_existing: asked.keeps_existing,
        ..Options::new(asked.currency)
    };
    let file = tempfile::NamedTempFile::new()?;
    tokio::fs::write(file.path(), bytes).await?;
    app.db.write(async |tx| store::history::forget_rows(tx, run).await).await?;
    let done = match read::open(file.path().to_path_buf(), None).await {
        Ok(reader) => {
            let kind = reader.layout().kind().name();
            app.db.write(async |tx| store::history::set_kind(tx, run, kind).await).await?;
            carried_out(app, (run, reader), &options, &mut Nobody).await.map(drop)
        }
        Err(error) => {
            let (end, nothing) =
                ((RunState::Failed, Some(format!("{error:#}"))), Totals::default());
            finished(app, run, end, &nothing).await
        }
    };
    if let Err(error) = done {
        tracing::warn!(import.id = %run, "an import could not go on: {error:#}");
    }
    Ok(())
}

/// Writes down that an import begins, or that its file was handed in to be taken by the worker.
async fn begun(
    app: &App,
    new: &NewRun<'_>,
    file: Option<&[u8]>,
    actor: &Actor,
) -> sqlx::Result<uuid::Uuid> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let run = store::history::begin(&mut *tx, new, file, now).await?;
            let about = json!({ "file_name": new.file_name, "dry_run": new.is_dry_run });
            audit::record(tx, actor, &Change::made("import.started", run, &about), now).await?;
            Ok(run)
        })
        .await
}

/// Nobody listens: what is told is kept.
struct Nobody;

impl Listener for Nobody {
    fn hear(&mut self, _event: &Event) {}

    fn progress(&mut self, _totals: &Totals) {}
}

async fn carried_out(
    app: &App,
    (id, mut reader): (uuid::Uuid, read::Reader),
    options: &Options,
    listener: &mut dyn Listener,
) -> anyhow::Result<Totals> {
    let mut run = apply::Run::open(app, id, options, listener).await?;
    let went = whole(&mut reader, &mut run).await;
    let totals = run.totals();
    let end = match &went {
        Ok(()) => (RunState::Done, None),
        Err(error) => (RunState::Failed, Some(format!("{error:#}"))),
    };
    finished(app, id, end, &totals).await?;
    went.map(|()| totals)
}

async fn finished(
    app: &App,
    run: uuid::Uuid,
    (state, failure): (RunState, Option<String>),
    totals: &Totals,
) -> anyhow::Result<()> {
    let (now, counted) = (app.clock.now(), serde_json::to_value(totals)?);
    let end = (state, failure.as_deref());
    app.db.write(async |tx| store::history::finish(tx, run, end, &counted, now).await).await?;
    Ok(())
}

async fn whole(reader: &mut read::Reader, run: &mut apply::Run<'_>) -> anyhow::Result<()> {
    let layout = reader.layout().clone();
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(product) = reader.next().await {
        batch.push(product.context("the file cannot be read any further")?);
        if batch.len() == BATCH {
            run.apply(&layout, std::mem::take(&mut batch)).await?;
        }
    }
    run.apply(&layout, batch).await
}
