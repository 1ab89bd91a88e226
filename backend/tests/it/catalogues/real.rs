//! Catalogues of real shops, from beside the project; told when they are not there.

use std::path::{Path, PathBuf};

use api_types::Currency;
use backend::catalog::import::Options;
use serde_json::Value;

use super::{content, file, plainly, take};
use crate::support::Shop;

/// The folder of catalogues, if it is there.
#[expect(clippy::print_stdout, reason = "a test that was skipped says so")]
fn catalogues() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/catalogs");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there are no catalogues beside the project");
    None
}

/// Takes a file dry, wet and once more.
async fn taken(shop: &Shop, path: &Path, options: &Options) -> (u64, u64) {
    let before = content(shop).await;
    let dry = Options { is_dry_run: true, ..options.clone() };
    let (told, _) = take(shop, path, &dry).await;
    assert_eq!(content(shop).await, before, "a dry run changed something");
    let (done, heard) = take(shop, path, options).await;
    assert_eq!(
        (told.created, told.refused),
        (done.created, done.refused),
        "{:#?}",
        heard.refused()
    );
    let after = content(shop).await;
    let (again, _) = take(shop, path, options).await;
    assert_eq!((again.created, again.updated), (0, 0), "{again:?}");
    assert_eq!(content(shop).await, after);
    shop.assert_sound().await;
    (done.created, done.refused)
}

#[tokio::test]
async fn a_real_export_of_shopify_s_oldest_kind() {
    let Some(folder) = catalogues() else { return };
    let shop = Shop::open().await;

    let (created, refused) = taken(&shop, &folder.join("shopify-apparel.csv"), &plainly()).await;

    assert_eq!((created, refused), (20, 0));
    assert_eq!(shop.number("SELECT count(*) FROM variant WHERE archived_at IS NULL").await, 22);
}

#[tokio::test]
async fn a_catalogue_of_outdoor_goods() {
    let Some(folder) = catalogues() else { return };
    let shop = Shop::open().await;
    let text = std::fs::read_to_string(folder.join("eshop/catalog.json")).unwrap();
    let products: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record([
        "Handle",
        "Title",
        "Body (HTML)",
        "Vendor",
        "Type",
        "Variant SKU",
        "Variant Price",
    ])
    .unwrap();
    for product in &products {
        let text = |name: &str| product[name].as_str().unwrap_or_default();
        let (id, price) = (product["Id"].to_string(), product["Price"].to_string());
        let handle = format!("{} {id}", text("Name"));
        let row =
            [&handle, text("Name"), text("Description"), text("Brand"), text("Type"), &id, &price];
        csv.write_record(row).unwrap();
    }
    let csv = String::from_utf8(csv.into_inner().unwrap()).unwrap();

    let (created, refused) = taken(&shop, file(&csv).path(), &plainly()).await;

    assert_eq!((created, refused), (101, 0));
}

#[tokio::test]
async fn a_catalogue_with_options_as_woocommerce_would_write_it() {
    let Some(folder) = catalogues() else { return };
    let shop = Shop::open().await;
    let csv = as_woocommerce(&folder.join("spree/products.csv"));
    let dollars = Options { currency: Currency::USD, ..plainly() };

    let (created, refused) = taken(&shop, file(&csv).path(), &dollars).await;

    assert_eq!(refused, 0);
    assert_eq!(created, 37);
    assert_eq!(
        shop.number("SELECT count(*) FROM category WHERE parent_id IS NOT NULL").await.min(3),
        3
    );
}

/// The other shop's rows in `WooCommerce`'s columns.
fn as_woocommerce(path: &Path) -> String {
    let mut rows = csv::Reader::from_path(path).unwrap();
    let header = rows.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let cell = |row: &csv::StringRecord, name: &str| {
        header
            .iter()
            .position(|it| it == name)
            .map(|place| row[place].to_owned())
            .unwrap_or_default()
    };
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record([
        "Type",
        "SKU",
        "Name",
        "Published",
        "Description",
        "Stock",
        "Weight (lbs)",
        "Regular price",
        "Categories",
        "Tags",
        "Parent",
        "Attribute 1 name",
        "Attribute 1 value(s)",
        "Attribute 2 name",
        "Attribute 2 value(s)",
    ])
    .unwrap();
    // Products are told by their first row, in which they have a name; the other shop lists each currency apart.
    for row in
        rows.iter().filter(|row| !cell(row, "name").is_empty() && cell(row, "currency") == "USD")
    {
        let slug = cell(row, "slug");
        let variants: Vec<_> = rows
            .iter()
            .filter(|it| {
                cell(it, "slug") == slug
                    && cell(it, "name").is_empty()
                    && cell(it, "currency") == "USD"
            })
            .collect();
        let kind = if variants.is_empty() { "simple" } else { "variable" };
        let options = |row: &csv::StringRecord| {
            ["option1_name", "option1_value", "option2_name", "option2_value"]
                .map(|name| cell(row, name))
        };
        let named = variants.first().map_or_else(|| options(row), |it| options(it));
        let categories = cell(row, "category1").replace("->", ">");
        let head = [
            kind.to_owned(),
            cell(row, "sku"),
            cell(row, "name"),
            "1".to_owned(),
            cell(row, "description"),
            if variants.is_empty() { cell(row, "inventory_count") } else { String::new() },
            cell(row, "weight"),
            if variants.is_empty() { cell(row, "price") } else { String::new() },
            categories,
            cell(row, "tags"),
            String::new(),
            named[0].clone(),
            "any".to_owned(),
            named[2].clone(),
            "any".to_owned(),
        ];
        csv.write_record(head).unwrap();
        for variant in variants {
            let [name1, value1, name2, value2] = options(variant);
            csv.write_record([
                "variation".to_owned(),
                cell(variant, "sku"),
                String::new(),
                "1".to_owned(),
                String::new(),
                cell(variant, "inventory_count"),
                cell(variant, "weight"),
                cell(variant, "price"),
                String::new(),
                String::new(),
                cell(row, "sku"),
                name1,
                value1,
                name2,
                value2,
            ])
            .unwrap();
        }
    }
    String::from_utf8(csv.into_inner().unwrap()).unwrap()
}
