//! What the index keeps of a product.

use api_types::{Currency, ProductId};
use chrono::{DateTime, Utc};
use tantivy::{
    TantivyDocument, Term,
    schema::{
        BytesOptions, Field, IndexRecordOption, JsonObjectOptions, NumericOptions, OwnedValue,
        Schema, TextFieldIndexing, TextOptions,
    },
};

use super::words;

/// Names of the columns that lists are filtered and sorted by.
pub mod column {
    pub const PRICE: &str = "price";
    pub const AVAILABLE: &str = "available";
    pub const SOLD: &str = "sold";
    pub const PUBLISHED: &str = "published";
    pub const NAME: &str = "name";
    pub const ID_HIGH: &str = "id_high";
    pub const ID_LOW: &str = "id_low";
}

/// A text that words are looked for in.
#[derive(Clone, Copy)]
pub struct Searched {
    pub field: Field,
    /// How much more a word counts here than in a description.
    pub boost: f32,
    /// Words that such a text usually has; a fixed figure keeps scores comparable over time.
    pub usual_length: u64,
    pub is_stemmed: bool,
}

/// The fields of the index.
#[derive(Clone)]
pub struct Fields {
    /// Texts that words are looked for in, most telling first.
    pub searched: [Searched; 7],
    /// Article codes, each as a whole.
    pub code: Field,
    /// Every word of the short texts, as it is written: where a near one is looked for.
    pub word: Field,
    /// Every beginning of those words.
    pub prefix: Field,
    /// The category and all above it, by id.
    pub category: Field,
    /// Options with their values, for counting what there is to choose from.
    pub choice: Field,
    pub id: Field,
    id_high: Field,
    id_low: Field,
    price: Field,
    available: Field,
    sold: Field,
    published: Field,
    name: Field,
    /// The finished card in each currency, behind the currency's three letters.
    pub card: Field,
}

/// All that the index is told about one product.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: ProductId,
    pub title: String,
    pub subtitle: Option<String>,
    pub brand: Option<String>,
    pub product_type: Option<String>,
    pub tags: Vec<String>,
    pub description_html: String,
    /// Options with their values.
    pub choices: Vec<(String, String)>,
    pub skus: Vec<String>,
    /// Ids of its category and of all above it.
    pub category_path: Vec<String>,
    /// Titles of the same.
    pub category_titles: Vec<String>,
    pub sold_30d: i64,
    pub published_at: DateTime<Utc>,
    pub is_available: bool,
    /// Lowest price and finished card in each currency that it is sold in.
    pub cards: Vec<(Currency, i64, String)>,
}

impl Fields {
    /// The index's schema and its fields.
    pub fn new() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let fast = || NumericOptions::default().set_fast();
        let mut searched = |name: &str, boost: f32, usual_length: u64, analyzer: &str| Searched {
            field: schema.add_text_field(name, text(analyzer, IndexRecordOption::WithFreqs)),
            boost,
            usual_length,
            is_stemmed: analyzer == words::STEMMED,
        };
        let searched = [
            searched("title", 6.0, 5, words::STEMMED),
            searched("brand", 4.0, 2, words::STEMMED),
            searched("sku", 4.0, 6, words::PLAIN),
            searched("category_title", 3.0, 4, words::STEMMED),
            searched("option", 2.0, 12, words::STEMMED),
            searched("tag", 2.0, 5, words::STEMMED),
            searched("description", 1.0, 80, words::STEMMED),
        ];
        let terms = |analyzer| text(analyzer, IndexRecordOption::Basic);
        let fields = Self {
            searched,
            code: schema.add_text_field("code", terms(words::WHOLE)),
            word: schema.add_text_field("word", terms(words::READY)),
            prefix: schema.add_text_field("prefix", terms(words::READY)),
            category: schema.add_text_field("category", terms("raw")),
            choice: schema.add_text_field("choice", TextOptions::default().set_fast("raw")),
            id: schema.add_bytes_field("id", BytesOptions::default().set_indexed()),
            id_high: schema.add_u64_field(column::ID_HIGH, fast()),
            id_low: schema.add_u64_field(column::ID_LOW, fast()),
            price: schema
                .add_json_field(column::PRICE, JsonObjectOptions::default().set_fast("raw")),
            available: schema.add_u64_field(column::AVAILABLE, fast()),
            sold: schema.add_u64_field(column::SOLD, fast()),
            published: schema.add_i64_field(column::PUBLISHED, fast()),
            name: schema.add_text_field(column::NAME, TextOptions::default().set_fast("raw")),
            card: schema.add_text_field("card", TextOptions::default().set_stored()),
        };
        (schema.build(), fields)
    }

    /// Finds a product's document.
    pub fn term_of(&self, id: ProductId) -> Term {
        Term::from_field_bytes(self.id, id.0.as_bytes())
    }

    /// The document of a product.
    pub fn document(&self, entry: &Entry) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        let (high, low) = entry.id.0.as_u64_pair();
        document.add_bytes(self.id, entry.id.0.as_bytes());
        document.add_u64(self.id_high, high);
        document.add_u64(self.id_low, low);
        document.add_u64(self.available, entry.is_available.into());
        document.add_u64(self.sold, entry.sold_30d.max(0).cast_unsigned());
        document.add_i64(self.published, entry.published_at.timestamp_micros());
        document.add_text(self.name, sort_name(&entry.title));
        for id in &entry.category_path {
            document.add_text(self.category, id);
        }
        for (name, value) in &entry.choices {
            document.add_text(self.choice, format!("{name}\u{1f}{value}"));
        }
        for (currency, _, card) in &entry.cards {
            document.add_text(self.card, format!("{currency}{card}"));
        }
        let prices =
            entry.cards.iter().map(|(currency, price, _)| (currency.to_string(), (*price).into()));
        document
            .add_object(self.price, prices.collect::<std::collections::BTreeMap<_, OwnedValue>>());
        self.add_texts(&mut document, entry);
        document
    }

    fn add_texts(&self, document: &mut TantivyDocument, entry: &Entry) {
        let [title, brand, sku, category, option, tag, description] =
            self.searched.map(|it| it.field);
        let choices = entry.choices.iter().flat_map(|(name, value)| [name, value]);
        let mut short = Vec::new();
        let mut add = |field: Field, text: &str| {
            document.add_text(field, text);
            short.extend(words::words(text));
        };
        add(title, &entry.title);
        entry.subtitle.iter().for_each(|text| add(title, text));
        entry.brand.iter().for_each(|text| add(brand, text));
        entry.product_type.iter().for_each(|text| add(tag, text));
        entry.tags.iter().for_each(|text| add(tag, text));
        entry.category_titles.iter().for_each(|text| add(category, text));
        choices.for_each(|text| add(option, text));
        entry.skus.iter().for_each(|text| add(sku, text));
        short.sort_unstable();
        short.dedup();
        document.add_text(self.word, short.join(" "));
        document.add_text(self.prefix, words::prefixes(&short));
        document.add_text(description, words::text_of_html(&entry.description_html));
        for sku in &entry.skus {
            document.add_text(self.code, sku);
        }
    }
}

/// A title as lists by name are sorted.
fn sort_name(title: &str) -> String {
    words::folded(title).chars().take(100).collect()
}

fn text(analyzer: &str, kept: IndexRecordOption) -> TextOptions {
    let norms = kept.has_freq();
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(analyzer)
            .set_index_option(kept)
            .set_fieldnorms(norms),
    )
}
