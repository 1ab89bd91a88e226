//! Taking products in from files.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use api_types::Currency;
use axum::{Router, body::Bytes, http::StatusCode, routing::get};
use backend::catalog::import::{self, Event, Listener, Options, Outcome, Reach, Totals};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::support::Shop;

#[derive(Default)]
struct Heard(Vec<Event>);

impl Listener for Heard {
    fn hear(&mut self, event: &Event) {
        self.0.push(event.clone());
    }

    fn progress(&mut self, _totals: &Totals) {}
}

impl Heard {
    /// Line, column and reason of each refusal.
    fn refused(&self) -> Vec<(u64, &str, &str)> {
        let refused = self.0.iter().filter_map(|event| match event {
            Event::Refused { line, column, reason, .. } => Some((*line, &**column, &**reason)),
            _ => None,
        });
        refused.collect()
    }

    fn missing(&self) -> Vec<(&str, &str)> {
        let missing = self.0.iter().filter_map(|event| match event {
            Event::NoPicture { url, reason, .. } => Some((&**url, &**reason)),
            _ => None,
        });
        missing.collect()
    }

    fn outcomes(&self) -> Vec<Outcome> {
        let rows = self.0.iter().filter_map(|event| match event {
            Event::Row { outcome, .. } => Some(*outcome),
            _ => None,
        });
        rows.collect()
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn file(content: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    file
}

async fn take(shop: &Shop, path: &Path, with_pictures: bool) -> (Totals, Heard) {
    let options = Options { with_pictures, ..Options::new(Currency::EUR) };
    let mut heard = Heard::default();
    let totals = import::run(&shop.app, path, &options, &mut heard).await.unwrap();
    (totals, heard)
}

/// What is there of a product, as one value.
async fn row(shop: &Shop, handle: &'static str) -> Value {
    shop.sql(async |tx| {
        sqlx::query_scalar(
            "SELECT json_build_object(
                'title', title, 'html', description_html, 'brand', brand, 'tags', tags, 'status', status,
                'published', published_at IS NOT NULL, 'attributes', attributes, 'seo', seo_title,
                'variants', (SELECT json_agg(json_build_object(
                        'sku', sku, 'options', option_values, 'grams', weight_g, 'tracked', track_inventory,
                        'price', amount_minor, 'before', compare_at_minor, 'on_hand', on_hand,
                        'short', backorder_limit > 0, 'barcode', barcode, 'sent', requires_shipping,
                        'archived', archived_at IS NOT NULL
                    ) ORDER BY variant.position)
                    FROM variant LEFT JOIN price USING (variant_id) LEFT JOIN stock_level USING (variant_id)
                    WHERE variant.product_id = product.product_id))
            FROM product WHERE handle = $1",
        )
        .bind(handle)
        .fetch_one(tx)
        .await
    })
    .await
}

#[tokio::test]
async fn a_file_becomes_products_with_all_it_says() {
    let shop = Shop::open().await;

    let (totals, heard) = take(&shop, &fixture("shopify.csv"), false).await;

    assert_eq!((totals.rows, totals.created, totals.refused), (4, 2, 0), "{:?}", heard.0);
    let lines: Vec<u64> = heard
        .0
        .iter()
        .filter_map(|event| if let Event::Row { line, .. } = event { Some(*line) } else { None })
        .collect();
    assert_eq!(lines, [2, 4, 5, 6]);
    let mug = row(&shop, "stone-mug").await;
    assert_eq!(mug["title"], "Stone Mug");
    assert_eq!(mug["html"], "<p>First line,\nsecond \"line\".</p>");
    assert_eq!(mug["brand"], "Kiln");
    assert_eq!(mug["tags"], json!(["stone", "daily"]));
    assert_eq!(
        mug["attributes"],
        json!({ "Google Shopping / MPN": "77", "Warehouse Shelf": "B4" })
    );
    assert_eq!(
        mug["variants"],
        json!([
            { "sku": "SM-1", "options": ["Oat", "S"], "grams": 350, "tracked": true, "price": 1250, "before": 1500,
              "on_hand": 7, "short": false, "barcode": "4006381333931", "sent": true, "archived": false },
            { "sku": "SM-2", "options": ["Oat", "L"], "grams": 450, "tracked": true, "price": 1400, "before": null,
              "on_hand": 0, "short": true, "barcode": null, "sent": true, "archived": false },
        ])
    );
    let card = row(&shop, "gift-card").await;
    assert_eq!((&card["published"], &card["variants"][0]["options"]), (&json!(false), &json!([])));
    assert_eq!(card["variants"][0]["tracked"], false);
    let moved = "SELECT sum(delta_on_hand) FROM stock_movement WHERE kind = 'receive' AND reason = 'import'";
    assert_eq!(shop.number(moved).await, 7);
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let shop = Shop::open().await;
    take(&shop, &fixture("shopify.csv"), false).await;
    let noted = shop.number("SELECT count(*) FROM search_change").await;

    let (totals, heard) = take(&shop, &fixture("shopify.csv"), false).await;

    assert_eq!((totals.created, totals.updated, totals.unchanged), (0, 0, 2));
    assert!(heard.outcomes().iter().all(|outcome| *outcome == Outcome::Unchanged));
    assert_eq!(shop.number("SELECT count(*) FROM search_change").await, noted);
}

#[tokio::test]
async fn bad_rows_are_told_by_line_and_column_and_the_rest_is_taken() {
    let shop = Shop::open().await;

    let (totals, heard) = take(&shop, &fixture("shopify_bad_rows.csv"), false).await;

    let refused: Vec<_> =
        heard.refused().into_iter().map(|(line, column, _)| (line, column)).collect();
    assert_eq!(
        refused,
        [
            (3, "Variant Price"),
            (5, "Option1 Value"),
            (6, "Option1 Value"),
            (7, "Variant SKU"),
            (8, "Title"),
            (9, "Title"),
            (10, "Published"),
            (11, "Variant Grams"),
        ],
        "{:?}",
        heard.0
    );
    assert_eq!((totals.rows, totals.refused, totals.created), (11, 8, 3));
    assert_eq!(row(&shop, "bad-price").await["variants"].as_array().unwrap().len(), 1);
    assert_eq!(shop.number("SELECT count(*) FROM product WHERE handle = 'last'").await, 1);

    let (again, _) = take(&shop, &fixture("shopify_bad_rows.csv"), false).await;
    assert_eq!((again.refused, again.unchanged, again.created), (8, 3, 0));
}

#[tokio::test]
async fn a_blank_cell_blanks_and_an_absent_column_keeps() {
    let shop = Shop::open().await;
    take(&shop, &fixture("shopify.csv"), false).await;
    let changed = file(
        "Handle,Title,Vendor,Variant SKU,Variant Price\n\
         stone-mug,Stone Mug,,SM-1,13.00\nstone-mug,,,SM-2,14\n",
    );

    let (totals, heard) = take(&shop, changed.path(), false).await;

    assert_eq!((totals.updated, totals.refused), (1, 0), "{:?}", heard.0);
    let mug = row(&shop, "stone-mug").await;
    assert_eq!((&mug["brand"], &mug["tags"]), (&json!(null), &json!(["stone", "daily"])));
    assert_eq!(mug["variants"][0]["price"], 1300);
    assert_eq!(mug["variants"][0]["before"], 1500);
    assert_eq!(
        (&mug["variants"][0]["options"], &mug["variants"][0]["on_hand"]),
        (&json!(["Oat", "S"]), &json!(7))
    );
}

#[tokio::test]
async fn a_new_count_is_a_movement() {
    let shop = Shop::open().await;
    let with = |units: i32| {
        file(&format!(
            "Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\nmug,Mug,1,shopify,{units}\n"
        ))
    };
    take(&shop, with(10).path(), false).await;

    let (totals, _) = take(&shop, with(4).path(), false).await;

    assert_eq!(totals.updated, 1);
    assert_eq!(shop.number("SELECT on_hand::bigint FROM stock_level").await, 4);
    assert_eq!(shop.number("SELECT sum(delta_on_hand) FROM stock_movement").await, 4);
    assert_eq!(shop.number("SELECT count(*) FROM stock_movement WHERE kind = 'adjust'").await, 1);
}

#[tokio::test]
async fn a_choice_that_is_gone_is_kept_out_of_sight() {
    let shop = Shop::open().await;
    let first =
        "Handle,Title,Option1 Name,Option1 Value,Variant Price\nmug,Mug,Size,S,1\nmug,,,L,2\n";
    take(&shop, file(first).path(), false).await;
    let plain =
        "Handle,Title,Option1 Name,Option1 Value,Variant Price\nmug,Mug,Title,Default Title,3\n";

    let (totals, heard) = take(&shop, file(plain).path(), false).await;
    let (again, _) = take(&shop, file(plain).path(), false).await;

    assert_eq!((totals.updated, again.unchanged), (1, 1), "{:?}", heard.0);
    assert_eq!(shop.number("SELECT count(*) FROM variant WHERE archived_at IS NULL").await, 1);
    assert_eq!(shop.number("SELECT count(*) FROM product_option").await, 0);
}

#[tokio::test]
async fn what_is_taken_in_is_found_and_listed() {
    let shop = Shop::open().await;
    shop.follow().await;
    take(&shop, &fixture("shopify.csv"), false).await;

    shop.follow().await;
    let (_, found) = shop.get("/api/products?q=stone").await;
    let (status, page) = shop.get("/api/products/stone-mug").await;

    assert_eq!(found["data"][0]["handle"], "stone-mug");
    assert_eq!(status, StatusCode::OK);
    assert_eq!(page["options"][0]["name"], "Colour");
    assert_eq!(page["options"][1]["values"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_catalogue_can_be_searched_within_two_seconds_as_it_is_and_as_it_becomes() {
    let shop = Shop::open().await;
    shop.follow().await;
    for (word, price) in [("Beaker", 3), ("Goblet", 4)] {
        let head = "Handle,Title,Variant Price\n".to_owned();
        let rows = (0..500).map(|number| format!("p{number},{word} {number},{price}\n"));
        let csv: String = std::iter::once(head).chain(rows).collect();
        take(&shop, file(&csv).path(), false).await;

        let taken = Instant::now();
        let found = loop {
            // As a server does it.
            tokio::time::sleep(shop.app.config.catalog.search_poll).await;
            shop.app.follow_catalog().await.unwrap();
            let (_, list) = shop.get(&format!("/api/products?q={word}+499")).await;
            if list["data"][0]["title"] == format!("{word} 499") {
                break list;
            }
            assert!(taken.elapsed() < Duration::from_secs(2), "{list}");
        };

        assert_eq!(found["data"][0]["price"]["amount"], price * 100);
    }
}

/// A server of one picture, and how often it was asked.
async fn picture_server() -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let picture = Bytes::from(crate::media::picture(2, 3, image::ImageFormat::Gif));
    let routes = Router::new()
        .route(
            "/picture",
            get(async move || {
                counted.fetch_add(1, Ordering::Relaxed);
                picture
            }),
        )
        .route("/page", get(async || "<html>"))
        .route("/away", get(async || axum::response::Redirect::temporary("/picture")))
        .route("/large", get(async || vec![b'x'; 11 * 1024 * 1024]));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (address, asked)
}

#[tokio::test]
async fn pictures_are_fetched_once_and_those_that_are_none_are_told() {
    let shop = Shop::open().await;
    let (server, asked) = picture_server().await;
    let content = format!(
        "Handle,Title,Variant Price,Image Src,Image Alt Text\nmug,Mug,1,{server}/picture,A mug\n\
         mug,,,{server}/page,\nmug,,,{server}/away,\nmug,,,{server}/large,\nmug,,,{server}/nowhere,\n\
         mug,,,file:///etc/passwd,\ncup,Cup,1,{server}/picture,A mug\n"
    );
    let file = file(&content);

    let (first, heard) = take(&shop, file.path(), true).await;
    let (second, _) = take(&shop, file.path(), true).await;

    assert_eq!((first.created, first.pictures, first.no_pictures), (2, 1, 5), "{:?}", heard.0);
    assert_eq!(heard.missing().len(), 5);
    assert_eq!((second.unchanged, second.pictures), (2, 0));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    shop.settle().await;
    let (_, page) = shop.get("/api/products/mug").await;
    let picture = &page["pictures"][0]["picture"];
    assert_eq!(
        (&picture["alt"], &picture["width"], &picture["height"]),
        (&json!("A mug"), &json!(2), &json!(3))
    );
    let url = picture["sources"][0]["url"].as_str().unwrap();
    assert_eq!(shop.get_with(url, &[]).await.header("content-type"), "image/avif");
}

#[tokio::test]
async fn a_private_address_is_never_asked_for_a_picture() {
    let shop = Shop::open_with(&[], |config| config.catalog.picture_reach = Reach::Public).await;
    let (server, asked) = picture_server().await;
    let port = server.rsplit(':').next().unwrap();
    let content = format!(
        "Handle,Title,Variant Price,Image Src\nmug,Mug,1,{server}/picture\nmug,,,http://localhost:{port}/picture\n"
    );
    let options = Options::new(Currency::EUR);
    let mut heard = Heard::default();

    let totals = import::run(&shop.app, file(&content).path(), &options, &mut heard).await.unwrap();

    assert_eq!((totals.created, totals.no_pictures), (1, 2));
    assert!(
        heard.missing().iter().all(|(_, reason)| reason.contains("public internet")),
        "{:?}",
        heard.0
    );
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn what_is_no_file_of_products_is_refused_whole() {
    let shop = Shop::open().await;
    let options = Options { with_pictures: false, ..Options::new(Currency::EUR) };

    for content in ["", "a,b\n1,2\n", "Title,Price\nMug,1\n"] {
        let file = file(content);
        let taken = import::run(&shop.app, file.path(), &options, &mut Heard::default()).await;
        assert!(taken.is_err(), "{content}");
    }
    let nowhere = Path::new("no such file");
    assert!(import::run(&shop.app, nowhere, &options, &mut Heard::default()).await.is_err());
}

#[tokio::test]
async fn rows_that_are_no_text_are_told_and_the_rest_is_taken() {
    let shop = Shop::open().await;
    let bad = NamedTempFile::new().unwrap();
    std::fs::write(
        bad.path(),
        b"Handle,Title,Variant Price\na,A,1\n\nb,\xff\xfe,2\nc,C\nd,D,4,5,6",
    )
    .unwrap();

    let (totals, heard) = take(&shop, bad.path(), false).await;

    let lines: Vec<_> = heard.refused().into_iter().map(|(line, ..)| line).collect();
    assert_eq!((lines, totals.created), (vec![4, 5], 2), "{:?}", heard.0);
}

#[tokio::test]
async fn a_real_export_is_taken_whole_and_again_without_a_change() {
    let folders = ["../../shared", "../../../shared"];
    let export = folders
        .map(|folder| {
            Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join("catalogs/shopify-apparel.csv")
        })
        .into_iter()
        .find(|path| path.exists());
    let Some(export) = export else {
        println!("skipped: ../shared/catalogs/shopify-apparel.csv is not here");
        return;
    };
    let shop = Shop::open().await;

    let (first, heard) = take(&shop, &export, false).await;
    let (second, _) = take(&shop, &export, false).await;

    assert_eq!((first.rows, first.created, first.refused), (22, 20, 0), "{:?}", heard.refused());
    assert_eq!((second.unchanged, second.created, second.updated, second.refused), (20, 0, 0, 0));
    assert_eq!(shop.number("SELECT count(*) FROM variant").await, 22);
}
