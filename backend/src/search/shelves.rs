//! The tree of categories as the index knows it.

use api_types::{CategoryId, Currency};

use super::{query::Typed, words};

/// A category that lists can be narrowed to.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    pub id: CategoryId,
    pub handle: String,
    pub title: String,
    /// Words of the title, folded.
    pub words: Vec<String>,
}

/// What is known of the shop beside its products.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shelves {
    /// All categories, in the tree's order.
    pub all: Vec<Shelf>,
    /// The currencies that the shop sells in, its own first.
    pub currencies: Vec<Currency>,
}

impl Shelf {
    /// How the index writes its id.
    pub fn term(&self) -> String {
        self.id.0.simple().to_string()
    }

    /// Whether every word that was typed begins one of the title, but for some slips.
    fn is_like(&self, typed: &Typed, slips: fn(&str) -> u8) -> bool {
        let begins = |typed: &str| {
            let slips = slips(typed);
            self.words.iter().any(|word| words::begins_like(word, typed, slips))
        };
        !typed.words.is_empty() && typed.words.iter().all(|word| begins(&word.plain))
    }
}

impl Shelves {
    /// A shop without regions sells in euro.
    pub fn new(all: Vec<Shelf>, mut currencies: Vec<Currency>) -> Self {
        if currencies.is_empty() {
            currencies.push(Currency::EUR);
        }
        Self { all, currencies }
    }

    /// The currency of prices when none is asked for.
    pub fn own_currency(&self) -> Currency {
        self.currencies.first().copied().unwrap_or(Currency::EUR)
    }

    /// The category with this handle.
    pub fn named(&self, handle: &str) -> Option<&Shelf> {
        self.all.iter().find(|shelf| shelf.handle == handle)
    }

    /// Categories that what was typed might be about; right ones before nearly right ones.
    pub fn suggested(&self, typed: &Typed) -> Vec<&Shelf> {
        let fitting = |slips| self.all.iter().filter(move |shelf| shelf.is_like(typed, slips));
        let right: Vec<_> = fitting(|_| 0).collect();
        if right.is_empty() { fitting(words::tolerance).collect() } else { right }
    }
}
