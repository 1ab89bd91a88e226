//! Catalogues of other shops in and out: told before, taken back after.

mod generations;
mod history;
mod hostile;
mod pictures;
mod real;
mod round_trip;
mod woocommerce;

use std::path::{Path, PathBuf};

use api_types::Currency;
use backend::catalog::import::{self, Event, Listener, Options, Outcome, Totals};
use tempfile::NamedTempFile;

use crate::support::Shop;

/// What an import told.
#[derive(Default)]
pub struct Heard(pub Vec<Event>);

impl Listener for Heard {
    fn hear(&mut self, event: &Event) {
        self.0.push(event.clone());
    }

    fn progress(&mut self, _totals: &Totals) {}
}

impl Heard {
    /// Line and reason of each refusal.
    pub fn refused(&self) -> Vec<(u64, &str, &str)> {
        let refused = self.0.iter().filter_map(|event| match event {
            Event::Refused { line, column, reason, .. } => Some((*line, &**column, &**reason)),
            _ => None,
        });
        refused.collect()
    }

    /// What came of each row, in the file's order.
    pub fn outcomes(&self) -> Vec<(u64, Outcome)> {
        let rows = self.0.iter().filter_map(|event| match event {
            Event::Row { line, outcome, .. } => Some((*line, *outcome)),
            _ => None,
        });
        rows.collect()
    }
}

/// A file of a test's own.
pub fn file(content: &str) -> NamedTempFile {
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    std::fs::write(file.path(), content).unwrap();
    file
}

/// A file of this folder's.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// How tests take a file: without pictures.
pub fn plainly() -> Options {
    Options { with_pictures: false, ..Options::new(Currency::EUR) }
}

/// Takes a file in.
pub async fn take(shop: &Shop, path: &Path, options: &Options) -> (Totals, Heard) {
    let mut heard = Heard::default();
    let totals = import::run(&shop.app, path, options, &mut heard).await.unwrap();
    (totals, heard)
}

/// Everything that an import can change, as one text.
pub async fn content(shop: &Shop) -> String {
    shop.sql(async |tx| {
        sqlx::query_scalar(
            "SELECT concat(
                (SELECT json_agg(product ORDER BY product_id) FROM product),
                (SELECT json_agg(product_option ORDER BY product_option_id) FROM product_option),
                (SELECT json_agg(product_option_value ORDER BY product_option_value_id) FROM product_option_value),
                (SELECT json_agg(variant ORDER BY variant_id) FROM variant),
                (SELECT json_agg(price ORDER BY price_id) FROM price),
                (SELECT json_agg(stock_level ORDER BY variant_id) FROM stock_level),
                (SELECT json_agg(stock_movement ORDER BY movement_id) FROM stock_movement),
                (SELECT json_agg(product_media ORDER BY product_id, media_id) FROM product_media),
                (SELECT json_agg(category ORDER BY category_id) FROM category))",
        )
        .fetch_one(tx)
        .await
    })
    .await
}
