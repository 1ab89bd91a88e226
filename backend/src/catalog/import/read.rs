//! Reading a file row by row, and handing on the rows of one product at a time.

use std::{fs::File, path::PathBuf};

use anyhow::{Context, bail};
use csv::StringRecord;
use tokio::sync::mpsc;

use super::{
    header::Header,
    newlines::Newlines,
    shopify::{Layout, Row},
};

/// Products that are read ahead.
const AHEAD: usize = 256;

/// Most rows of one product; Shopify has at most 2,000 variants and 250 pictures.
const MOST_ROWS: usize = 2_500;

/// Rows that stand together under one handle.
#[derive(Default)]
pub struct Group {
    pub rows: Vec<Row>,
    /// Rows that could not even be read, with the reason.
    pub unreadable: Vec<(u64, String)>,
}

impl Group {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.unreadable.is_empty()
    }
}

/// The products of a file, one after another.
pub struct Reader {
    layout: Layout,
    groups: mpsc::Receiver<anyhow::Result<Group>>,
}

impl Reader {
    /// Which column is which.
    pub fn layout(&self) -> Layout {
        self.layout.clone()
    }

    /// The rows of the next product.
    pub async fn next(&mut self) -> Option<anyhow::Result<Group>> {
        self.groups.recv().await
    }
}

/// Opens a file of products; a thread of its own reads it, a little ahead of what is asked for.
pub async fn open(path: PathBuf) -> anyhow::Result<Reader> {
    let (send, groups) = mpsc::channel(AHEAD);
    let (layout, rows) = tokio::task::spawn_blocking(move || {
        let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(Newlines::new(file));
        let header = rows.byte_headers().context("the header cannot be read")?.clone();
        let names = StringRecord::from_byte_record_lossy(header);
        match Layout::of(Header::new(&names)) {
            Some(layout) => anyhow::Ok((layout, rows)),
            None => bail!(
                "this is no file of products: it needs the columns Handle (or URL handle) and Title"
            ),
        }
    })
    .await??;
    let columns = layout.clone();
    tokio::task::spawn_blocking(move || hand_on(&columns, rows, &send));
    Ok(Reader { layout, groups })
}

fn hand_on(
    layout: &Layout,
    mut file: csv::Reader<Newlines<File>>,
    send: &mpsc::Sender<anyhow::Result<Group>>,
) {
    let mut group = Group::default();
    let mut record = csv::ByteRecord::new();
    loop {
        match file.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let _ = send.blocking_send(Err(error.into()));
                return;
            }
        }
        // The reader stands behind the record's end; where it began it says only if no blank line was there.
        let inside = record.as_slice().split(|byte| *byte == b'\n').count() as u64;
        let line = file.position().line().saturating_sub(inside);
        let Ok(cells) = StringRecord::from_byte_record(record.clone()) else {
            group.unreadable.push((line, "is not UTF-8 text".to_owned()));
            continue;
        };
        let row = Row { line, cells: cells.iter().map(str::to_owned).collect() };
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let handle = layout.handle(&row);
        let belongs = group
            .rows
            .first()
            .is_some_and(|first| !handle.is_empty() && layout.handle(first) == handle);
        if !belongs
            && !group.is_empty()
            && send.blocking_send(Ok(std::mem::take(&mut group))).is_err()
        {
            return;
        }
        if group.rows.len() < MOST_ROWS {
            group.rows.push(row);
        } else {
            group.unreadable.push((line, format!("a product has at most {MOST_ROWS} rows")));
        }
    }
    if !group.is_empty() {
        let _ = send.blocking_send(Ok(group));
    }
}
