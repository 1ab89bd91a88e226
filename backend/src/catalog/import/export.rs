//! The catalogue written out, in Shopify's layout: what [`super::run`] reads back and finds unchanged.

use anyhow::Context;
use api_types::{Currency, Money};
use serde::Deserialize;

use super::{apply::PATIENCE, format::with_mark, pictures::own_address, store::export as rows};
use crate::App;

/// Products read at once.
const BATCH: i64 = 200;

/// The columns of every file, before those of attributes.
const COLUMNS: [&str; 30] = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Option3 Name",
    "Option3 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Inventory Policy",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
    "Variant Barcode",
    "Image Src",
    "Image Position",
    "Image Alt Text",
    "SEO Title",
    "SEO Description",
    "Variant Image",
    "Cost per item",
    "Status",
];

/// A picture of a product.
#[derive(Clone, Debug, Deserialize)]
pub struct Hung {
    /// Its file's name, the largest of the best format; absent while it has none.
    pub key: Option<String>,
    /// Where it came from.
    pub source: String,
    /// Words for who does not see it.
    pub alt: String,
    /// The value of the first option that it shows.
    pub shows: Option<String>,
}

/// Writes every product with a price in `currency`, and hands the file on part by part; how many products there were.
pub async fn write(
    app: &App,
    currency: Currency,
    mut hand_on: impl AsyncFnMut(Vec<u8>) -> anyhow::Result<()>,
) -> anyhow::Result<u64> {
    let db = app.db.with_deadline(PATIENCE);
    let attributes = db.read(async |conn| rows::attributes(conn).await).await?;
    let base = own_address(app);
    let paper = Paper { base: &base, currency, attributes: &attributes };
    hand_on(csv_of([paper.header()])?).await?;
    let (mut last, mut count): (Option<String>, _) = (None, 0);
    loop {
        let products = db
            .read(async |conn| rows::products(conn, last.as_deref(), currency, BATCH).await)
            .await
            .context("the products cannot be read")?;
        let Some(newest) = products.last() else { return Ok(count) };
        count += products.len() as u64;
        hand_on(csv_of(products.iter().flat_map(|product| paper.rows(product)))?).await?;
        last = Some(newest.state.handle.clone());
    }
}

pub(super) fn csv_of(rows: impl IntoIterator<Item = Vec<String>>) -> anyhow::Result<Vec<u8>> {
    let mut file = csv::Writer::from_writer(Vec::new());
    for row in rows {
        file.write_record(row.into_iter().map(with_mark))?;
    }
    Ok(file.into_inner()?)
}

/// What every row of a file needs.
struct Paper<'a> {
    base: &'a str,
    currency: Currency,
    attributes: &'a [String],
}

impl Paper<'_> {
    fn header(&self) -> Vec<String> {
        let own = COLUMNS.iter().map(|name| (*name).to_owned());
        own.chain(self.attributes.iter().cloned()).collect()
    }

    /// The rows of a product: its variants, then pictures that are left over.
    fn rows(&self, product: &rows::Product) -> Vec<Vec<String>> {
        let state = &product.state;
        let variants: Vec<_> = state.variants.iter().filter(|it| !it.is_archived).collect();
        let count = variants.len().max(product.pictures.len());
        (0..count)
            .map(|place| {
                let mut row = vec![String::new(); COLUMNS.len() + self.attributes.len()];
                put(&mut row, "Handle", state.handle.clone());
                if place == 0 {
                    self.head(&mut row, product);
                }
                if let Some(variant) = variants.get(place) {
                    self.variant(&mut row, product, variant);
                }
                if let Some(picture) = product.pictures.get(place) {
                    put(&mut row, "Image Src", self.address(picture));
                    put(&mut row, "Image Position", (place + 1).to_string());
                    put(&mut row, "Image Alt Text", picture.alt.clone());
                }
                row
            })
            .collect()
    }

    fn head(&self, row: &mut [String], product: &rows::Product) {
        let state = &product.state;
        let blank = String::new;
        put(row, "Title", state.title.clone());
        put(row, "Body (HTML)", state.description_html.clone());
        put(row, "Vendor", state.brand.clone().unwrap_or_else(blank));
        put(row, "Type", state.product_type.clone().unwrap_or_else(blank));
        put(row, "Tags", state.tags.join(", "));
        put(row, "Published", truth(state.is_published));
        put(row, "SEO Title", state.seo_title.clone().unwrap_or_else(blank));
        put(row, "SEO Description", state.seo_description.clone().unwrap_or_else(blank));
        put(row, "Status", state.status.clone());
        let names = ["Option1 Name", "Option2 Name", "Option3 Name"];
        for (column, name) in names.into_iter().zip(&state.options) {
            put(row, column, name.clone());
        }
        if state.options.is_empty() {
            put(row, "Option1 Name", "Title".to_owned());
        }
        for (place, name) in self.attributes.iter().enumerate() {
            row[COLUMNS.len() + place] = state.attributes.get(name).cloned().unwrap_or_default();
        }
    }

    fn variant(&self, row: &mut [String], product: &rows::Product, variant: &rows::Variant) {
        let columns = ["Option1 Value", "Option2 Value", "Option3 Value"];
        for (column, value) in columns.into_iter().zip(&variant.values) {
            put(row, column, value.clone());
        }
        if product.state.options.is_empty() {
            put(row, "Option1 Value", "Default Title".to_owned());
        }
        let blank = String::new;
        put(row, "Variant SKU", variant.sku.clone().unwrap_or_else(blank));
        put(row, "Variant Grams", variant.weight_g.to_string());
        if variant.is_tracked {
            put(row, "Variant Inventory Tracker", "shopify".to_owned());
            put(row, "Variant Inventory Qty", variant.on_hand.to_string());
            let policy = if variant.may_run_short { "continue" } else { "deny" };
            put(row, "Variant Inventory Policy", policy.to_owned());
        }
        put(row, "Variant Price", self.money(variant.price));
        put(row, "Variant Compare At Price", self.money(variant.compare_at));
        put(row, "Variant Requires Shipping", truth(variant.requires_shipping));
        put(row, "Variant Barcode", variant.barcode.clone().unwrap_or_else(blank));
        put(row, "Cost per item", self.money(variant.cost));
        let shown = variant.values.first().and_then(|value| {
            product.pictures.iter().find(|picture| picture.shows.as_ref() == Some(value))
        });
        if let Some(picture) = shown {
            put(row, "Variant Image", self.address(picture));
        }
    }

    /// Where a picture is: here, or while no file of it is made yet, where it came from.
    fn address(&self, picture: &Hung) -> String {
        match &picture.key {
            Some(key) => format!("{}{key}", self.base),
            None => picture.source.clone(),
        }
    }

    fn money(&self, amount: Option<i64>) -> String {
        amount.map_or_else(String::new, |amount| Money::new(amount, self.currency).decimal())
    }
}

fn truth(is_so: bool) -> String {
    if is_so { "TRUE" } else { "FALSE" }.to_owned()
}

fn put(row: &mut [String], column: &str, text: String) {
    if let Some(place) = COLUMNS.iter().position(|name| *name == column) {
        row[place] = text;
    }
}
