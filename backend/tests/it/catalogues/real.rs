//! Catalogues of real shops, from beside the project; told when they are not there.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use api_types::Currency;
use backend::catalog::import::Options;
use serde_json::Value;

use super::{content, file, plainly, take};
use crate::support::Shop;

/// The folder of catalogues, if it is there.
#[expect(clippy::print_stdout, reason = "a test that was skipped says so")]
fn catalogues() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["../../shared/catalogs", "../../../shared/catalogs"].map(|it| here.join(it));
    if let Some(folder) = folders.into_iter().find(|folder| folder.is_dir()) {
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
    assert_eq!(shop.number("SELECT count(*) FROM variant WHERE archived_at IS NULL").await, 87);
    assert_eq!(
        shop.number("SELECT count(*) FROM category WHERE parent_id IS NOT NULL").await.min(3),
        3
    );
}

/// What a file of `WooCommerce`'s says of a product or a variation.
const COLUMNS: [&str; 15] = [
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
];

/// A row of the other shop's, by its columns' names; blank where it says nothing.
type Told = HashMap<String, String>;

/// The other shop's rows in `WooCommerce`'s columns.
fn as_woocommerce(path: &Path) -> String {
    let mut rows = csv::Reader::from_path(path).unwrap();
    let rows: Vec<Told> = rows.deserialize().map(Result::unwrap).collect();
    // The other shop lists each currency apart, and names a product in its first row only.
    let (products, variants): (Vec<_>, Vec<_>) =
        rows.iter().filter(|row| row["currency"] == "USD").partition(|row| !row["name"].is_empty());
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(COLUMNS).unwrap();
    for product in products {
        let its: Vec<_> =
            variants.iter().filter(|variant| variant["slug"] == product["slug"]).collect();
        csv.write_record(head(product, its.first().copied().copied())).unwrap();
        for variant in its {
            csv.write_record(variation(variant, &product["sku"])).unwrap();
        }
    }
    String::from_utf8(csv.into_inner().unwrap()).unwrap()
}

/// A product's own row; with variants it is not sold itself.
fn head(product: &Told, first: Option<&Told>) -> [String; 15] {
    let cell = |name: &str| product[name].clone();
    let sold = |name: &str| if first.is_none() { cell(name) } else { String::new() };
    let option = |name: &str| first.unwrap_or(product)[name].clone();
    [
        if first.is_some() { "variable" } else { "simple" }.to_owned(),
        cell("sku"),
        cell("name"),
        "1".to_owned(),
        cell("description"),
        sold("inventory_count"),
        cell("weight"),
        sold("price"),
        cell("category1").replace("->", ">"),
        cell("tags"),
        String::new(),
        option("option1_name"),
        "any".to_owned(),
        option("option2_name"),
        "any".to_owned(),
    ]
}

fn variation<'a>(variant: &'a Told, parent: &'a str) -> [&'a str; 15] {
    let cell = |name: &str| &*variant[name];
    [
        "variation",
        cell("sku"),
        "",
        "1",
        "",
        cell("inventory_count"),
        cell("weight"),
        cell("price"),
        "",
        "",
        parent,
        cell("option1_name"),
        cell("option1_value"),
        cell("option2_name"),
        cell("option2_value"),
    ]
}
