//! The kinds of files that can be read, behind one face (pure).

use api_types::Currency;
use chrono::NaiveDate;

use super::{
    header::Header,
    plan::{Refusal, Wanted},
    shopify, woocommerce,
};
use crate::spreadsheet::is_formula;

/// Who wrote a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Shopify, of any generation.
    Shopify,
    /// `WooCommerce`.
    Woocommerce,
}

impl Kind {
    /// Its name in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
            Self::Woocommerce => "woocommerce",
        }
    }
}

/// One row, cell by cell.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: u64,
    pub cells: Vec<String>,
}

/// Which column of a file is which.
#[derive(Clone, Debug)]
pub enum Layout {
    Shopify(shopify::Layout),
    Woocommerce(woocommerce::Layout),
}

impl Layout {
    /// The layout of a file with this header, of this kind or whichever fits; absent when it is no file of products.
    pub fn of(header: &Header, kind: Option<Kind>) -> Option<Self> {
        let woocommerce = || woocommerce::Layout::of(header.clone()).map(Self::Woocommerce);
        let shopify = || shopify::Layout::of(header.clone()).map(Self::Shopify);
        match kind {
            Some(Kind::Shopify) => shopify(),
            Some(Kind::Woocommerce) => woocommerce(),
            None => woocommerce().or_else(shopify),
        }
    }

    /// Who wrote the file.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Shopify(_) => Kind::Shopify,
            Self::Woocommerce(_) => Kind::Woocommerce,
        }
    }

    /// What the file calls a column of ours.
    pub fn name<'a>(&'a self, column: &'a str) -> &'a str {
        match self {
            Self::Shopify(layout) => layout.name(column),
            Self::Woocommerce(layout) => layout.name(column),
        }
    }

    /// What a product is called in refusals, by its first row.
    pub fn named(&self, row: &Row) -> String {
        match self {
            Self::Shopify(layout) => layout.handle(row).to_owned(),
            Self::Woocommerce(layout) => layout.named(row),
        }
    }

    /// What the rows of one product want. Rows that cannot be read are refused one by one; when the product itself
    /// cannot be read, all are.
    pub fn product(
        &self,
        rows: &[Row],
        currency: Currency,
        today: NaiveDate,
    ) -> Result<(Wanted, Vec<Refusal>), Vec<Refusal>> {
        match self {
            Self::Shopify(layout) => shopify::product(layout, rows, currency),
            Self::Woocommerce(layout) => layout.product(rows, currency, today),
        }
    }
}

/// A cell without the mark that keeps spreadsheets from reading it as a formula.
pub fn without_mark(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if may_be_marked(rest) => rest,
        _ => cell,
    }
}

/// A cell with that mark, where a spreadsheet would read a formula; [`without_mark`] gives it back.
pub fn with_mark(cell: String) -> String {
    if may_be_marked(&cell) { format!("'{cell}") } else { cell }
}

/// Whether a text is a formula, marked or not.
fn may_be_marked(text: &str) -> bool {
    is_formula(text.trim_start_matches('\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_taken_off_again_exactly() {
        for cell in [
            "", "mug", "=1+1", "'=1", "''@x", "-5", "it's", "'quoted'", "+", "a=b", "＝1", "  =1",
            "'\n=",
        ] {
            let marked = with_mark(cell.to_owned());

            assert_eq!(without_mark(&marked), cell);
            assert!(!marked.starts_with(['=', '+', '-', '@', '\t', '\r']), "{marked}");
        }
    }
}
