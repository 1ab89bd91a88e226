//! Reading a file row by row, and handing on the rows of one product at a time.

use std::{
    collections::HashMap,
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use csv::StringRecord;
use tokio::sync::mpsc;

use super::{
    format::{Kind, Layout, Row},
    header::Header,
    newlines::Newlines,
    woocommerce,
};

/// Products that are read ahead.
const AHEAD: usize = 256;

/// Most rows of one product; Shopify has at most 2,000 variants and 250 pictures.
const MOST_ROWS: usize = 2_500;

/// Most products that may wait for their variations at once.
const MOST_WAITING: usize = 20_000;

/// Rows of one product.
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

    fn push(&mut self, row: Row) {
        if self.rows.len() < MOST_ROWS {
            self.rows.push(row);
        } else {
            self.unreadable.push((row.line, format!("a product has at most {MOST_ROWS} rows")));
        }
    }
}

/// The products of a file, one after another.
pub struct Reader {
    layout: Layout,
    groups: mpsc::Receiver<anyhow::Result<Group>>,
}

impl Reader {
    /// Which column is which.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The rows of the next product.
    pub async fn next(&mut self) -> Option<anyhow::Result<Group>> {
        self.groups.recv().await
    }
}

type Rows = csv::Reader<Newlines<File>>;

/// Opens a file of products; a thread of its own reads it, a little ahead of what is asked for.
pub async fn open(path: PathBuf, kind: Option<Kind>) -> anyhow::Result<Reader> {
    let (send, groups) = mpsc::channel(AHEAD);
    let (layout, rows, waited) = tokio::task::spawn_blocking(move || {
        let (layout, rows) = begin(&path, kind)?;
        let waited = match &layout {
            Layout::Woocommerce(layout) => variations(layout, begin(&path, kind)?.1)?,
            Layout::Shopify(_) => HashMap::new(),
        };
        anyhow::Ok((layout, rows, waited))
    })
    .await??;
    let columns = layout.clone();
    tokio::task::spawn_blocking(move || {
        let handed = match &columns {
            Layout::Shopify(_) => hand_on(&columns, rows, &send),
            Layout::Woocommerce(layout) => gather(layout, rows, waited, &send),
        };
        if let Err(error) = handed {
            let _ = send.blocking_send(Err(error));
        }
    });
    Ok(Reader { layout, groups })
}

fn begin(path: &Path, kind: Option<Kind>) -> anyhow::Result<(Layout, Rows)> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(Newlines::new(file));
    let header = rows.byte_headers().context("the header cannot be read")?.clone();
    let names = StringRecord::from_byte_record_lossy(header);
    match Layout::of(&Header::new(&names), kind) {
        Some(layout) => Ok((layout, rows)),
        None => bail!(
            "this is no file of products: Shopify's have the columns Handle (or URL handle) and Title, \
             WooCommerce's Type, Name and Regular price"
        ),
    }
}

/// One record of a file, or why it cannot be read.
enum Record {
    Row(Row),
    Unreadable(u64, String),
}

/// The next record that is not blank.
fn record(file: &mut Rows) -> anyhow::Result<Option<Record>> {
    let mut record = csv::ByteRecord::new();
    while file.read_byte_record(&mut record)? {
        // The reader stands behind the record's end; where it began it says only if no blank line was there.
        let inside = record.as_slice().split(|byte| *byte == b'\n').count() as u64;
        let line = file.position().line().saturating_sub(inside);
        let Ok(cells) = StringRecord::from_byte_record(record.clone()) else {
            return Ok(Some(Record::Unreadable(line, "is not UTF-8 text".to_owned())));
        };
        let row = Row { line, cells: cells.iter().map(str::to_owned).collect() };
        if !row.cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(Some(Record::Row(row)));
        }
    }
    Ok(None)
}

/// Rows that stand together under one handle.
fn hand_on(
    layout: &Layout,
    mut file: Rows,
    send: &mpsc::Sender<anyhow::Result<Group>>,
) -> anyhow::Result<()> {
    let mut group = Group::default();
    while let Some(record) = record(&mut file)? {
        let row = match record {
            Record::Row(row) => row,
            Record::Unreadable(line, reason) => {
                group.unreadable.push((line, reason));
                continue;
            }
        };
        let handle = layout.named(&row);
        let belongs = group
            .rows
            .first()
            .is_some_and(|first| !handle.is_empty() && layout.named(first) == handle);
        if !belongs
            && !group.is_empty()
            && send.blocking_send(Ok(std::mem::take(&mut group))).is_err()
        {
            return Ok(());
        }
        group.push(row);
    }
    if !group.is_empty() {
        let _ = send.blocking_send(Ok(group));
    }
    Ok(())
}

/// How many variations name each parent.
fn variations(
    layout: &woocommerce::Layout,
    mut file: Rows,
) -> anyhow::Result<HashMap<String, usize>> {
    let mut counts = HashMap::new();
    while let Some(record) = record(&mut file)? {
        if let Record::Row(row) = record
            && let Some(parent) = layout.parent(&row)
        {
            *counts.entry(parent.to_owned()).or_default() += 1;
        }
    }
    Ok(counts)
}

/// Products with their variations, wherever those stand: a product waits until the last of them has come.
fn gather(
    layout: &woocommerce::Layout,
    mut file: Rows,
    waited: HashMap<String, usize>,
    send: &mpsc::Sender<anyhow::Result<Group>>,
) -> anyhow::Result<()> {
    let mut waiting: Waiting = Waiting { waited, ..Waiting::default() };
    while let Some(record) = record(&mut file)? {
        let done = match record {
            Record::Unreadable(line, reason) => {
                Some(Group { unreadable: vec![(line, reason)], ..Group::default() })
            }
            Record::Row(row) => waiting.take(layout, row),
        };
        if let Some(group) = done
            && send.blocking_send(Ok(group)).is_err()
        {
            return Ok(());
        }
    }
    for group in waiting.rest() {
        if send.blocking_send(Ok(group)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Products that wait for variations, and variations that came before their product.
#[derive(Default)]
struct Waiting {
    /// How many variations each name of a parent has in the file.
    waited: HashMap<String, usize>,
    /// Which group each name belongs to.
    places: HashMap<String, u64>,
    groups: HashMap<u64, (Group, usize)>,
    early: HashMap<String, Vec<Row>>,
    next: u64,
}

impl Waiting {
    /// Puts a row where it belongs; the group that is whole by it.
    fn take(&mut self, layout: &woocommerce::Layout, row: Row) -> Option<Group> {
        let Some(parent) = layout.parent(&row) else { return self.product(layout, row) };
        let Some(place) = self.places.get(parent).copied() else {
            let parent = parent.to_owned();
            self.early.entry(parent).or_default().push(row);
            return None;
        };
        let (group, left) = self.groups.get_mut(&place)?;
        group.push(row);
        *left -= 1;
        if *left > 0 {
            return None;
        }
        self.groups.remove(&place).map(|(group, _)| group)
    }

    fn product(&mut self, layout: &woocommerce::Layout, row: Row) -> Option<Group> {
        let keys = layout.keys(&row);
        let mut left: usize = keys.iter().filter_map(|key| self.waited.get(key)).sum();
        let early: Vec<_> =
            keys.iter().filter_map(|key| self.early.remove(key)).flatten().collect();
        let mut group = Group::default();
        group.push(row);
        left = left.saturating_sub(early.len());
        for row in early {
            group.push(row);
        }
        if left == 0 {
            return Some(group);
        }
        if self.groups.len() >= MOST_WAITING {
            let reason =
                format!("its variations stand more than {MOST_WAITING} products behind it");
            let unreadable = group.rows.iter().map(|row| (row.line, reason.clone())).collect();
            return Some(Group { rows: Vec::new(), unreadable });
        }
        self.next += 1;
        self.places.extend(keys.into_iter().map(|key| (key, self.next)));
        self.groups.insert(self.next, (group, left));
        None
    }

    /// What never became whole: variations without their product.
    fn rest(self) -> impl Iterator<Item = Group> {
        let alone = self.early.into_values().map(|rows| Group { rows, ..Group::default() });
        self.groups.into_values().map(|(group, _)| group).chain(alone)
    }
}
