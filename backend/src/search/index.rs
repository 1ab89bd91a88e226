//! The index: many may search it, one at a time may change it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use anyhow::Context;
use api_types::{Currency, ProductId};
use tantivy::{
    DocAddress, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, schema::Value,
};

use super::{
    follow::Mark,
    list::{Found, Wanted},
    matching::{self, Figures},
    query::Typed,
    schema::{Entry, Fields},
    shelves::Shelves,
    words,
};

/// Memory that documents are gathered in before they are written, in bytes.
const WRITER_MEMORY: usize = 20_000_000;

/// With fewer rows than this, nearly right words count too.
const FEW: u64 = 3;

/// The shop's products as shoppers search them, kept in this process.
#[derive(Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

struct Inner {
    fields: Fields,
    // Absent after a failure: the next one to change the index opens it anew.
    writer: Mutex<Option<IndexWriter>>,
    index: tantivy::Index,
    reader: IndexReader,
    shelves: RwLock<Arc<Shelves>>,
    mark: tokio::sync::Mutex<Option<Mark>>,
}

impl Index {
    /// An empty index, in files that go away with this process.
    pub fn new() -> anyhow::Result<Self> {
        let (schema, fields) = Fields::new();
        let index = tantivy::Index::create_from_tempdir(schema).context(
            "cannot write the search index; is the folder for temporary files writable?",
        )?;
        for (name, analyzer) in words::analyzers() {
            index.tokenizers().register(name, analyzer);
        }
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .context("cannot read the search index")?;
        let shelves = RwLock::new(Arc::new(Shelves::new(Vec::new(), Vec::new())));
        let (writer, mark) = (Mutex::default(), tokio::sync::Mutex::default());
        Ok(Self { inner: Arc::new(Inner { fields, writer, index, reader, shelves, mark }) })
    }

    /// How far the index has followed the database; held while it does.
    pub(super) async fn mark(&self) -> tokio::sync::MutexGuard<'_, Option<Mark>> {
        self.inner.mark.lock().await
    }

    /// The categories and currencies.
    pub fn shelves(&self) -> Arc<Shelves> {
        Arc::clone(&self.inner.shelves.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set_shelves(&self, shelves: Shelves) {
        *self.inner.shelves.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelves);
    }

    /// How many products there are.
    pub fn len(&self) -> u64 {
        self.searcher().num_docs()
    }

    fn searcher(&self) -> Searcher {
        self.inner.reader.searcher()
    }

    /// Begins a change that is seen at once when it is [`Change::commit`]ted, and else not at all.
    pub(super) fn change(&self) -> tantivy::Result<Change<'_>> {
        let mut writer = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.is_none() {
            *writer = Some(self.inner.index.writer_with_num_threads(1, WRITER_MEMORY)?);
        }
        Ok(Change { index: self, writer, is_done: false })
    }

    /// The rows of a list, and the figures that their scores were made of.
    pub fn list(
        &self,
        typed: Option<&Typed>,
        category: Option<&str>,
        wanted: &Wanted,
        figures: Option<Figures>,
    ) -> anyhow::Result<Listed> {
        let (searcher, fields) = (self.searcher(), &self.inner.fields);
        let mut figures = match (figures, typed) {
            (Some(figures), _) => figures,
            (None, Some(typed)) => Figures::of(typed, fields, &searcher)?,
            (None, None) => Figures::default(),
        };
        let search = |figures: &Figures| {
            let query = matching::listed(typed, figures.is_tolerant, category, fields);
            let statistics = figures.statistics(typed, fields);
            searcher.search_with_statistics_provider(&*query, wanted, &statistics)
        };
        let mut found = search(&figures)?;
        let is_first = wanted.from.is_none() && !figures.is_tolerant;
        if let (true, Some(typed)) = (is_first && found.total < FEW, typed) {
            let codes =
                searcher.search(&*matching::code(typed, fields), &tantivy::collector::Count)?;
            if codes == 0 {
                figures.is_tolerant = true;
                found = search(&figures)?;
            }
        }
        let cards = self.cards(&searcher, &found, wanted.currency)?;
        Ok(Listed { found, cards, figures })
    }

    /// Finished cards of the products that what was typed may become, best first.
    pub fn suggest(&self, typed: &Typed, wanted: &Wanted) -> anyhow::Result<Vec<String>> {
        let (searcher, fields) = (self.searcher(), &self.inner.fields);
        let mut found = searcher.search(&*matching::suggested(typed, false, fields), wanted)?;
        if found.total < FEW {
            found = searcher.search(&*matching::suggested(typed, true, fields), wanted)?;
        }
        self.cards(&searcher, &found, wanted.currency)
    }

    /// Whether any product stands on this shelf or below it.
    pub fn has_products(&self, category: &str) -> bool {
        let term = tantivy::Term::from_field_text(self.inner.fields.category, category);
        self.searcher().doc_freq(&term).is_ok_and(|count| count > 0)
    }

    fn cards(
        &self,
        searcher: &Searcher,
        found: &Found,
        currency: Currency,
    ) -> anyhow::Result<Vec<String>> {
        found.rows.iter().map(|(_, address)| self.card(searcher, *address, currency)).collect()
    }

    fn card(
        &self,
        searcher: &Searcher,
        address: DocAddress,
        currency: Currency,
    ) -> anyhow::Result<String> {
        let document: TantivyDocument = searcher.doc(address)?;
        document
            .get_all(self.inner.fields.card)
            .find_map(|value| value.as_str()?.strip_prefix(currency.code()))
            .map(str::to_owned)
            .context("a product is in a list of a currency that it has no card in")
    }
}

/// A page's rows.
pub struct Listed {
    /// Where the rows stand.
    pub found: Found,
    /// Their finished cards, in the same order.
    pub cards: Vec<String>,
    /// What following pages must be scored by.
    pub figures: Figures,
}

/// A change of the index that is under way.
pub struct Change<'a> {
    index: &'a Index,
    writer: MutexGuard<'a, Option<IndexWriter>>,
    is_done: bool,
}

impl Change<'_> {
    /// Takes every product out.
    pub fn clear(&mut self) -> tantivy::Result<()> {
        self.writer()?.delete_all_documents().map(drop)
    }

    /// Takes these products out.
    pub fn remove(&mut self, ids: &[ProductId]) -> tantivy::Result<()> {
        let fields = &self.index.inner.fields;
        let writer = self.writer()?;
        for id in ids {
            writer.delete_term(fields.term_of(*id));
        }
        Ok(())
    }

    /// Puts products in that are not there.
    pub fn add(&mut self, entries: &[Entry]) -> tantivy::Result<()> {
        let fields = &self.index.inner.fields;
        let writer = self.writer()?;
        for entry in entries {
            writer.add_document(fields.document(entry))?;
        }
        Ok(())
    }

    /// Lets searchers see all of it.
    pub fn commit(mut self) -> tantivy::Result<()> {
        let writer = self.writer.as_mut().ok_or_else(gone)?;
        writer.commit()?;
        self.is_done = true;
        self.index.inner.reader.reload()
    }

    fn writer(&self) -> tantivy::Result<&IndexWriter> {
        self.writer.as_ref().ok_or_else(gone)
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            // Half a change must not be committed with the next one; a new writer knows nothing of it.
            *self.writer = None;
        }
    }
}

fn gone() -> tantivy::TantivyError {
    tantivy::TantivyError::SystemError("the index's writer is gone".to_owned())
}
