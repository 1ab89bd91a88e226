//! Written out and taken in again: nothing is different.

use std::path::Path;

use api_types::Currency;
use axum::http::{Method, StatusCode};
use backend::catalog::import::export;

use super::{content, file, plainly, take};
use crate::support::Shop;

async fn written(shop: &Shop) -> String {
    let mut out = Vec::new();
    let hand_on = async |part: Vec<u8>| {
        out.extend(part);
        Ok(())
    };
    export::write(&shop.app, Currency::EUR, hand_on).await.unwrap();
    String::from_utf8(out).unwrap()
}

#[tokio::test]
async fn the_whole_demo_shop_comes_back_unchanged() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    let shop = Shop::open_with(&["--demo-dir", demo.to_str().unwrap()], |_| {}).await;
    backend::seed::seed(&shop.app, None).await.unwrap();
    let before = content(&shop).await;

    let csv = written(&shop).await;
    let (totals, heard) = take(&shop, file(&csv).path(), &plainly()).await;

    let dry = backend::catalog::import::Options { is_dry_run: true, ..plainly() };
    let told = take(&shop, file(&csv).path(), &dry).await.1.0;
    assert_eq!(totals.refused, 0, "{:#?}", heard.refused());
    assert!(totals.unchanged > 50, "{totals:?}");
    assert_eq!((totals.created, totals.updated), (0, 0), "{told:#?}");
    let after = content(&shop).await;
    let differs = after.bytes().zip(before.bytes()).position(|(after, before)| after != before);
    let near = |text: &str| {
        differs
            .map(|place| text[place.saturating_sub(200)..(place + 100).min(text.len())].to_owned())
    };
    assert_eq!(near(&after), near(&before));
}

#[tokio::test]
async fn another_shop_becomes_the_same_by_the_file() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
    let shop = Shop::open_with(&["--demo-dir", demo.to_str().unwrap()], |_| {}).await;
    backend::seed::seed(&shop.app, None).await.unwrap();
    let csv = written(&shop).await;
    let other = Shop::open().await;

    let (totals, heard) = take(&other, file(&csv).path(), &plainly()).await;

    assert_eq!(totals.refused, 0, "{:#?}", heard.refused());
    // Its pictures are the first shop's.
    let without_pictures = |csv: &str| {
        let mut rows = csv::Reader::from_reader(csv.as_bytes());
        let header = rows.headers().unwrap().clone();
        let keeps = |place: usize| !header[place].contains("Image");
        let row = |row: csv::StringRecord| -> Vec<String> {
            (0..header.len())
                .filter(|place| keeps(*place))
                .map(|place| row[place].to_owned())
                .collect()
        };
        let all = rows.records().map(|it| row(it.unwrap()));
        all.filter(|row| row[1..].iter().any(|cell| !cell.is_empty())).collect::<Vec<_>>()
    };
    let (theirs, ours) = (without_pictures(&written(&other).await), without_pictures(&csv));
    for (theirs, ours) in theirs.iter().zip(&ours) {
        assert_eq!(theirs, ours);
    }
    assert_eq!(theirs.len(), ours.len());
}

#[tokio::test]
async fn a_cell_that_a_spreadsheet_would_calculate_is_marked_and_read_back() {
    let shop = Shop::open().await;
    let strange = "Handle,Title,Vendor,Tags,Variant SKU,Variant Price,Shelf mark\n\
        mug,=HYPERLINK(1),+Kiln,\"@a, -b\",-SKU,12,'=quoted\n";
    take(&shop, file(strange).path(), &plainly()).await;
    let before = content(&shop).await;

    let csv = written(&shop).await;
    let (totals, _) = take(&shop, file(&csv).path(), &plainly()).await;

    for row in csv::Reader::from_reader(csv.as_bytes()).records() {
        for cell in &row.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    assert_eq!((totals.unchanged, content(&shop).await == before), (1, true));
}

#[tokio::test]
async fn staff_fetch_the_file_and_are_written_down() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    shop.stock("mug", 12_00, 3).await;

    let answer =
        admin.send(&shop, (Method::GET, "/api/admin/exports/products.csv"), None, &[]).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"products.csv\"");
    let csv = String::from_utf8(answer.body).unwrap();
    assert_eq!(csv, written(&shop).await);
    let (_, log) = admin.get(&shop, "/api/admin/audit?action=export.products").await;
    assert_eq!(log["data"][0]["actor"], admin.id.as_str());
}
