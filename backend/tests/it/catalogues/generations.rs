//! Odd files that are none the less right, in the newest of Shopify's layouts.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{file, fixture, plainly, take};
use crate::support::Shop;

/// What is there of a product, as one value.
async fn product(shop: &Shop, handle: &'static str) -> Value {
    shop.sql(async |tx| {
        sqlx::query_scalar(
            "SELECT json_build_object(
                'title', title, 'html', description_html, 'brand', brand, 'tags', tags, 'attributes', attributes,
                'options', (SELECT count(*) FROM product_option WHERE product_id = product.product_id),
                'variants', (SELECT json_agg(json_build_array(sku, option_values, amount_minor)
                        ORDER BY variant.position)
                    FROM variant LEFT JOIN price USING (variant_id)
                    WHERE variant.product_id = product.product_id AND archived_at IS NULL))
            FROM product WHERE handle = $1",
        )
        .bind(handle)
        .fetch_one(tx)
        .await
    })
    .await
}

#[tokio::test]
async fn the_newest_file_with_marks_breaks_and_rows_of_pictures_is_taken_whole() {
    let shop = Shop::open().await;
    let text = std::fs::read_to_string(fixture("shopify_newest.csv")).unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains("\r\n"), "the fixture lost its shape");

    let (totals, heard) = take(&shop, &fixture("shopify_newest.csv"), &plainly()).await;
    let (again, _) = take(&shop, &fixture("shopify_newest.csv"), &plainly()).await;

    assert_eq!((totals.rows, totals.created, totals.refused), (5, 2, 0), "{:?}", heard.0);
    assert_eq!((again.unchanged, again.updated), (2, 0));
    let lines: Vec<u64> = heard.outcomes().iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 5, 6, 7, 8]);
    let throw = product(&shop, "wool-throw").await;
    assert_eq!(throw["variants"], json!([["WT-O", ["Oat"], 8900], ["WT-M", ["Moss"], 9250]]));
    assert_eq!(throw["attributes"]["Loom"], "No. 4");
    let html = throw["html"].as_str().unwrap();
    assert!(html.contains("One line,") && html.contains("\"another\""), "{html}");
    let candle = product(&shop, "tall-candle").await;
    assert_eq!((&candle["options"], &candle["brand"]), (&json!(0), &Value::Null));
    assert_eq!(candle["variants"], json!([["TC-1", [], 1200]]));
}

#[tokio::test]
async fn three_options_of_a_hundred_variants_are_taken_whole() {
    let shop = Shop::open().await;
    let mut text = String::from(
        "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,\
         Variant SKU,Variant Price\n",
    );
    for number in 0..100 {
        let head = if number == 0 { ["Shirt", "Colour", "Size", "Cut"] } else { [""; 4] };
        let [title, colour, size, cut] = head;
        let (one, two, three) = (number / 20, number / 4 % 5, number % 4);
        writeln!(text, "shirt,{title},{colour},c{one},{size},s{two},{cut},t{three},S-{number},10")
            .unwrap();
    }

    let (totals, heard) = take(&shop, file(&text).path(), &plainly()).await;
    let (again, _) = take(&shop, file(&text).path(), &plainly()).await;

    assert_eq!((totals.created, totals.refused), (1, 0), "{:?}", heard.refused().first());
    assert_eq!(again.unchanged, 1);
    let shirt = product(&shop, "shirt").await;
    assert_eq!(shirt["options"], 3);
    assert_eq!(shirt["variants"].as_array().unwrap().len(), 100);
    assert_eq!(shirt["variants"][99], json!(["S-99", ["c4", "s4", "t3"], 1000]));
}
