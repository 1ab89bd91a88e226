//! Products out of files that other shops wrote: a row that cannot be taken is reported and never
//! stops the rest, and a second run of the same file changes nothing.

mod apply;
mod fetch;
mod header;
mod newlines;
mod pictures;
mod plan;
mod read;
mod shopify;
mod store;

use std::path::{Path, PathBuf};

use anyhow::Context;
use api_types::Currency;
use serde::Serialize;

pub use self::fetch::Reach;
pub(super) use self::{shopify::slug, store::usual_tax_class};
use crate::App;

/// Products changed in one transaction.
const BATCH: usize = 200;

/// What an import is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Currency of the file's prices.
    pub currency: Currency,
    /// Whether pictures are fetched from where the file says.
    pub with_pictures: bool,
    /// Which addresses pictures may be fetched from.
    pub reach: Reach,
}

/// Something to tell about a file's rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    },
}

impl Event {
    /// Where in the file it belongs.
    fn line(&self) -> u64 {
        match self {
            Self::Row { line, .. } | Self::Refused { line, .. } | Self::NoPicture { line, .. } => {
                *line
            }
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
    /// Pictures that were fetched.
    pub pictures: u64,
    /// Pictures that could not be had.
    pub no_pictures: u64,
}

/// Hears what an import has to tell, and how far it is.
pub trait Listener {
    /// Something to tell.
    fn hear(&mut self, event: &Event);

    /// How far it is.
    fn progress(&mut self, totals: &Totals);
}

/// Takes the products of a file into the catalogue.
pub async fn run(
    app: &App,
    file: &Path,
    options: &Options,
    listener: &mut dyn Listener,
) -> anyhow::Result<Totals> {
    let mut reader = read::open(file.to_path_buf()).await?;
    let mut run = apply::Run::open(app, options, listener).await?;
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(product) = reader.next().await {
        batch.push(product.context("the file cannot be read any further")?);
        if batch.len() == BATCH {
            run.apply(reader.layout(), std::mem::take(&mut batch)).await?;
        }
    }
    run.apply(reader.layout(), batch).await?;
    Ok(run.totals())
}

/// Where pictures are kept.
fn media_dir(app: &App) -> PathBuf {
    app.config.catalog.media_dir.clone()
}
