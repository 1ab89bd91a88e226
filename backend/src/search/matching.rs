//! What was typed as a query of the index, and the figures that scores are made of.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tantivy::{
    Searcher, Term,
    query::{
        AllQuery, Bm25StatisticsProvider, BooleanQuery, BoostQuery, ConstScoreQuery,
        DisjunctionMaxQuery, EmptyQuery, FuzzyTermQuery, Occur, Query, TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::{
    query::{Typed, Word},
    schema::{Fields, Searched},
    words::tolerance,
};

/// What a whole article code counts: more than any words can.
const CODE: f32 = 10_000.0;

/// What the beginning of a word counts.
const BEGINNING: f32 = 2.0;

/// What a word that is nearly the one typed counts.
const NEAR: f32 = 1.0;

/// What the other texts add to the one that a word is found in most tellingly.
const TIE: f32 = 0.2;

/// How the words are looked for. A list keeps to its figures from the first page to the last, so
/// that a row's score does not move while other rows come and go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Whether nearly right words count.
    pub is_tolerant: bool,
    /// Documents in the index.
    pub documents: u64,
    /// Documents that have each word.
    pub having: Vec<u64>,
}

impl Figures {
    /// The figures of this moment.
    pub fn of(typed: &Typed, fields: &Fields, searcher: &Searcher) -> tantivy::Result<Self> {
        let mut having = Vec::with_capacity(typed.words.len());
        for word in &typed.words {
            let mut most = 0;
            for searched in fields.searched {
                let text = searched.form(word);
                most = most.max(searcher.doc_freq(&Term::from_field_text(searched.field, text))?);
            }
            having.push(most);
        }
        Ok(Self { is_tolerant: false, documents: searcher.num_docs(), having })
    }

    /// The figures as the scorer asks for them.
    pub fn statistics(&self, typed: Option<&Typed>, fields: &Fields) -> Statistics {
        // They come back in a cursor, which anybody may have written.
        let documents = self.documents.clamp(1, u64::from(u32::MAX));
        let mut having = HashMap::new();
        let words = typed.into_iter().flat_map(|typed| &typed.words);
        for (word, count) in words.zip(&self.having) {
            for searched in fields.searched {
                let text = searched.form(word);
                having.insert(
                    Term::from_field_text(searched.field, text),
                    (*count).clamp(1, documents),
                );
            }
        }
        let lengths =
            fields.searched.map(|searched| (searched.field, searched.usual_length * documents));
        Statistics { documents, having, lengths: HashMap::from(lengths) }
    }
}

impl Searched {
    /// The word as this text keeps it.
    fn form<'a>(&self, word: &'a Word) -> &'a str {
        if self.is_stemmed { &word.stem } else { &word.plain }
    }
}

/// What the scorer is told about the index as a whole.
pub struct Statistics {
    documents: u64,
    having: HashMap<Term, u64>,
    lengths: HashMap<Field, u64>,
}

impl Bm25StatisticsProvider for Statistics {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Ok(self.lengths.get(&field).copied().unwrap_or(self.documents))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.having.get(term).copied().unwrap_or(1))
    }
}

/// The query for a list: what was typed, within a category.
pub fn listed(
    typed: Option<&Typed>,
    is_tolerant: bool,
    category: Option<&str>,
    fields: &Fields,
) -> Box<dyn Query> {
    let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    if let Some(typed) = typed {
        all.push((Occur::Must, matching(typed, is_tolerant, fields)));
    }
    if let Some(category) = category {
        let inside = term(fields.category, category, IndexRecordOption::Basic);
        all.push((Occur::Must, Box::new(ConstScoreQuery::new(inside, 0.0))));
    }
    match all.len() {
        0 => Box::new(AllQuery),
        1 => all.remove(0).1,
        _ => Box::new(BooleanQuery::new(all)),
    }
}

/// The query for suggestions: every word is the beginning of one in a short text.
pub fn suggested(typed: &Typed, is_tolerant: bool, fields: &Fields) -> Box<dyn Query> {
    let each = typed.words.iter().map(|word| {
        let mut ways = vec![beginning(word, fields)];
        if is_tolerant {
            ways.extend(near(word, true, fields));
        }
        Box::new(DisjunctionMaxQuery::new(ways)) as Box<dyn Query>
    });
    every(each.collect())
}

fn matching(typed: &Typed, is_tolerant: bool, fields: &Fields) -> Box<dyn Query> {
    let each = typed.words.iter().map(|word| one_word(word, is_tolerant, fields));
    Box::new(DisjunctionMaxQuery::new(vec![code(typed, fields), every(each.collect())]))
}

/// The product whose article code was typed.
pub fn code(typed: &Typed, fields: &Fields) -> Box<dyn Query> {
    let whole = term(fields.code, &typed.code, IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(whole, CODE))
}

fn one_word(word: &Word, is_tolerant: bool, fields: &Fields) -> Box<dyn Query> {
    let mut ways: Vec<Box<dyn Query>> = Vec::with_capacity(10);
    for searched in fields.searched {
        let text = searched.form(word);
        let found = term(searched.field, text, IndexRecordOption::WithFreqs);
        ways.push(Box::new(BoostQuery::new(found, searched.boost)));
    }
    if word.is_open {
        ways.push(beginning(word, fields));
    }
    if is_tolerant {
        ways.extend(near(word, word.is_open, fields));
    }
    Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, TIE))
}

fn beginning(word: &Word, fields: &Fields) -> Box<dyn Query> {
    let found = term(fields.prefix, &word.plain, IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(found, BEGINNING))
}

/// Words that are `word` but for a slip or two, and those that begin so when it is `open`.
fn near(word: &Word, open: bool, fields: &Fields) -> Option<Box<dyn Query>> {
    let distance = tolerance(&word.plain);
    let text = Term::from_field_text(fields.word, &word.plain);
    let found = match (distance, open) {
        (0, _) => return None,
        (_, true) => FuzzyTermQuery::new_prefix(text, distance, true),
        (_, false) => FuzzyTermQuery::new(text, distance, true),
    };
    Some(Box::new(ConstScoreQuery::new(Box::new(found), NEAR)))
}

fn every(mut all: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match all.len() {
        0 => Box::new(EmptyQuery),
        1 => all.remove(0),
        _ => Box::new(BooleanQuery::intersection(all)),
    }
}

fn term(field: Field, text: &str, kept: IndexRecordOption) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), kept))
}
