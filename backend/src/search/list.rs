//! The rows of a list from one place on: a collector that keeps as many as a page holds.

use std::{cmp::Ordering, collections::BinaryHeap};

use api_types::{Currency, Sort};
use serde::{Deserialize, Serialize};
use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn, TermOrdHit},
};

use super::schema::column;

/// Where a row stands: smaller is earlier. The id keeps rows apart that are equal otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// What the list is sorted by.
    pub key: Key,
    /// The product's id in two halves.
    pub id: (u64, u64),
}

/// What a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A figure, and a second one for those that are equal in the first.
    Figures(u64, u64),
    /// A name.
    Name(String),
}

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub sort: Sort,
    /// Whether rows are scored by how well they match.
    pub is_scored: bool,
    pub currency: Currency,
    pub price_min: Option<i64>,
    pub price_max: Option<i64>,
    pub only_available: bool,
    /// Present time in microseconds: what is published later is not there yet.
    pub now: i64,
    /// The last row that was seen; the list goes on after it.
    pub from: Option<Place>,
    /// Whether the list goes on towards its beginning.
    pub backwards: bool,
    pub limit: usize,
}

/// The rows that were found.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order of the list.
    pub rows: Vec<(Place, DocAddress)>,
    /// Whether there are rows before these.
    pub has_before: bool,
    /// Whether there are rows behind these.
    pub has_after: bool,
    /// All rows of the list.
    pub total: u64,
}

impl Collector for Wanted {
    type Fruit = Found;
    type Child = Segment;

    fn for_segment(
        &self,
        ordinal: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<Segment> {
        let columns = reader.fast_fields();
        let sorted = match (self.sort, self.is_scored) {
            (Sort::Relevance, true) => Sorted::Score(columns.u64(column::SOLD)?),
            (Sort::Relevance | Sort::BestSelling, _) => Sorted::Sold(columns.u64(column::SOLD)?),
            (Sort::PriceAsc, _) => Sorted::Price,
            (Sort::PriceDesc, _) => Sorted::PriceDown,
            (Sort::Newest, _) => Sorted::Newest,
            (Sort::Name, _) => Sorted::Name(columns.str(column::NAME)?),
        };
        let limit = self.limit + 1;
        let mut segment = Segment {
            ordinal,
            price: columns.column_opt(&format!("{}.{}", column::PRICE, self.currency))?,
            published: columns.i64(column::PUBLISHED)?,
            available: columns.u64(column::AVAILABLE)?,
            id: (columns.u64(column::ID_HIGH)?, columns.u64(column::ID_LOW)?),
            sorted,
            from: None,
            wanted: self.clone(),
            limit,
            kept: BinaryHeap::with_capacity(limit + 1),
            outside: false,
            total: 0,
        };
        segment.from = self.from.as_ref().map(|from| segment.local(from)).transpose()?;
        Ok(segment)
    }

    fn requires_scoring(&self) -> bool {
        self.is_scored && self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Found>>) -> tantivy::Result<Found> {
        let mut all = Found::default();
        let mut outside = false;
        for found in segments {
            let found = found?;
            all.total += found.total;
            outside |= found.has_before;
            all.rows.extend(found.rows);
        }
        all.rows.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        if self.backwards {
            all.rows.reverse();
        }
        let goes_on = all.rows.len() > self.limit;
        all.rows.truncate(self.limit);
        if self.backwards {
            all.rows.reverse();
        }
        (all.has_before, all.has_after) =
            if self.backwards { (goes_on, outside) } else { (outside, goes_on) };
        Ok(all)
    }
}

/// What a segment sorts by.
enum Sorted {
    Score(Column<u64>),
    Sold(Column<u64>),
    Price,
    PriceDown,
    Newest,
    Name(Option<StrColumn>),
}

/// A place within one segment, where names are ordinals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Local {
    // A name's ordinal counts twice, so that a name that is not there stands between two.
    key: (u64, u64),
    id: (u64, u64),
}

/// One segment's part of a list.
pub struct Segment {
    ordinal: SegmentOrdinal,
    price: Option<Column<i64>>,
    published: Column<i64>,
    available: Column<u64>,
    id: (Column<u64>, Column<u64>),
    sorted: Sorted,
    from: Option<Local>,
    wanted: Wanted,
    limit: usize,
    kept: BinaryHeap<Row>,
    outside: bool,
    total: u64,
}

/// A row in the heap, whose greatest is the first to go.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Row {
    local: Local,
    document: DocId,
    backwards: bool,
}

impl Ord for Row {
    fn cmp(&self, other: &Self) -> Ordering {
        let forwards = self.local.cmp(&other.local);
        if self.backwards { forwards.reverse() } else { forwards }
    }
}

impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl SegmentCollector for Segment {
    type Fruit = tantivy::Result<Found>;

    fn collect(&mut self, document: DocId, score: Score) {
        let Some(price) = self.price_if_wanted(document) else { return };
        self.total += 1;
        let local = Local {
            key: self.key(document, score, price),
            id: (self.id.0.first(document).unwrap_or(0), self.id.1.first(document).unwrap_or(0)),
        };
        let backwards = self.wanted.backwards;
        let is_behind = match &self.from {
            None => true,
            Some(from) if backwards => local < *from,
            Some(from) => local > *from,
        };
        if !is_behind {
            self.outside = true;
            return;
        }
        let row = Row { local, document, backwards };
        if self.kept.len() < self.limit {
            self.kept.push(row);
        } else if self.kept.peek().is_some_and(|last| row < *last) {
            self.kept.pop();
            self.kept.push(row);
        }
    }

    fn harvest(self) -> tantivy::Result<Found> {
        let rows = self
            .kept
            .iter()
            .map(|row| Ok((self.place(row.local)?, DocAddress::new(self.ordinal, row.document))))
            .collect::<tantivy::Result<_>>()?;
        Ok(Found { rows, has_before: self.outside, has_after: false, total: self.total })
    }
}

impl Segment {
    /// The price of a row that belongs to the list.
    fn price_if_wanted(&self, document: DocId) -> Option<i64> {
        let wanted = &self.wanted;
        let price = self.price.as_ref()?.first(document)?;
        let fits = wanted.price_min.is_none_or(|least| price >= least)
            && wanted.price_max.is_none_or(|most| price <= most)
            && (!wanted.only_available || self.available.first(document) == Some(1))
            && self.published.first(document).is_some_and(|at| at <= wanted.now);
        fits.then_some(price)
    }

    fn key(&self, document: DocId, score: Score, price: i64) -> (u64, u64) {
        let upwards = |figure: i64| tantivy::i64_to_u64(figure);
        match &self.sorted {
            Sorted::Score(sold) => {
                (steps_down(score), u64::MAX - sold.first(document).unwrap_or(0))
            }
            Sorted::Sold(sold) => (u64::MAX - sold.first(document).unwrap_or(0), 0),
            Sorted::Price => (upwards(price), 0),
            Sorted::PriceDown => (u64::MAX - upwards(price), 0),
            Sorted::Newest => (u64::MAX - upwards(self.published.first(document).unwrap_or(0)), 0),
            Sorted::Name(names) => {
                let ordinal = names.as_ref().and_then(|names| names.ords().first(document));
                (ordinal.unwrap_or(0) * 2 + 1, 0)
            }
        }
    }

    /// Where a place of any segment would be in this one.
    fn local(&self, place: &Place) -> tantivy::Result<Local> {
        let key = match (&place.key, &self.sorted) {
            (Key::Figures(first, second), _) => (*first, *second),
            (Key::Name(name), Sorted::Name(Some(names))) => {
                match names.dictionary().term_ord_or_next(name)? {
                    TermOrdHit::Exact(ordinal) => (ordinal * 2 + 1, 0),
                    TermOrdHit::Next(ordinal) => (ordinal.saturating_mul(2), 0),
                }
            }
            (Key::Name(_), _) => (0, 0),
        };
        Ok(Local { key, id: place.id })
    }

    fn place(&self, local: Local) -> tantivy::Result<Place> {
        let key = match &self.sorted {
            Sorted::Name(names) => {
                let mut name = String::new();
                if let Some(names) = names {
                    names.ord_to_str(local.key.0 / 2, &mut name)?;
                }
                Key::Name(name)
            }
            _ => Key::Figures(local.key.0, local.key.1),
        };
        Ok(Place { key, id: local.id })
    }
}

/// A score in coarse steps, best first: equal matches are sorted by what sells, and the order in
/// which a sum was added up makes no difference.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "scores are small and positive"
)]
fn steps_down(score: Score) -> u64 {
    u64::MAX - (f64::from(score.max(0.0)) * 64.0).round() as u64
}
