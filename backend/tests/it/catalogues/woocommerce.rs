//! `WooCommerce`'s file: variations wherever they stand, shelves by their path, units by the header.

use backend::catalog::import::{Kind, Outcome};
use serde_json::{Value, json};

use super::{content, file, fixture, plainly, take};
use crate::support::Shop;

async fn product(shop: &Shop, handle: &'static str) -> Value {
    shop.sql(async |tx| {
        sqlx::query_scalar(
            "SELECT json_build_object(
                'title', product.title, 'html', description_html, 'tags', tags, 'status', status,
                'published', published_at IS NOT NULL, 'attributes', attributes,
                'shelf', (SELECT string_agg(above.title, ' > ' ORDER BY nlevel(above.path)) FROM category AS above
                    WHERE above.path @> category.path),
                'options', (SELECT json_agg(name ORDER BY position) FROM product_option
                    WHERE product_option.product_id = product.product_id),
                'variants', (SELECT json_agg(json_build_array(sku, option_values, amount_minor, compare_at_minor,
                        weight_g, track_inventory, on_hand, backorder_limit > 0, requires_shipping) ORDER BY variant.position)
                    FROM variant LEFT JOIN price USING (variant_id) LEFT JOIN stock_level USING (variant_id)
                    WHERE variant.product_id = product.product_id AND archived_at IS NULL))
             FROM product LEFT JOIN category USING (category_id) WHERE product.handle = $1",
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

    let (totals, heard) = take(&shop, &fixture("woocommerce.csv"), &plainly()).await;

    assert_eq!((totals.created, totals.refused), (4, 4), "{:#?}", heard.0);
    let hoodie = product(&shop, "hoodie").await;
    assert_eq!(hoodie["html"], "Soft.\n<p>Warm</p>");
    assert_eq!(hoodie["shelf"], "Clothing > Hoodies");
    assert_eq!(hoodie["options"], json!(["Size"]));
    assert_eq!(
        hoodie["variants"],
        json!([
            ["HOOD-S", ["S"], 4_500, null, 600, true, 4, false, true],
            ["HOOD-M", ["M"], 3_950, 4_500, 700, true, 0, true, true],
        ])
    );
    let attributes = &hoodie["attributes"];
    assert_eq!(attributes["Care"], "30 °C");
    assert_eq!(attributes["Meta: _pin"], "12");
    assert_eq!(attributes["Length (cm)"], "30");
    assert_eq!(attributes["Categories"], "Clothing > Hoodies, Sale");
    let mug = product(&shop, "stone-mug").await;
    assert_eq!((&mug["status"], &mug["published"]), (&json!("active"), &json!(false)));
    assert_eq!(mug["variants"][0][2], 1_200, "a sale that is over");
    let card = product(&shop, "gift-card").await;
    assert_eq!((&card["status"], &card["variants"][0][8]), (&json!("draft"), &json!(false)));
}

#[tokio::test]
async fn rows_that_cannot_be_taken_are_told_by_line_and_column_and_stop_nothing() {
    let shop = Shop::open().await;

    let (_, heard) = take(&shop, &fixture("woocommerce.csv"), &plainly()).await;

    let refused = heard.refused();
    assert_eq!(
        refused.iter().map(|it| (it.0, it.1)).collect::<Vec<_>>(),
        [(7, "Type"), (8, "Parent"), (9, "Regular price"), (11, "Stock")]
    );
    assert!(refused[0].2.contains("grouped"));
    assert!(refused[3].2.contains("share their product's stock"));
    let cap = product(&shop, "cap").await;
    assert_eq!(cap["variants"].as_array().map(Vec::len), Some(1), "the other variation stays");
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_a_new_name_finds_its_product_by_code() {
    let shop = Shop::open().await;
    take(&shop, &fixture("woocommerce.csv"), &plainly()).await;
    let before = content(&shop).await;

    let (again, heard) = take(&shop, &fixture("woocommerce.csv"), &plainly()).await;
    assert_eq!((again.created, again.updated), (0, 0), "{:#?}", heard.0);
    assert_eq!(content(&shop).await, before);

    let renamed =
        file("ID,Type,SKU,Name,Published,Regular price\n10,simple,MUG,Granite Mug,1,13\n");
    let (totals, heard) = take(&shop, renamed.path(), &plainly()).await;
    assert_eq!(heard.outcomes(), [(2, Outcome::Updated)], "{totals:?}");
    assert_eq!(product(&shop, "stone-mug").await["title"], "Granite Mug");
}

#[tokio::test]
async fn the_kind_is_known_by_the_header_or_said() {
    let shop = Shop::open().await;
    let both = file("Handle,Title,Type,Name,Regular price,Variant Price\nmug,Mug,simple,Cup,3,5\n");
    let shopify = backend::catalog::import::Options { kind: Some(Kind::Shopify), ..plainly() };

    take(&shop, both.path(), &shopify).await;
    take(&shop, both.path(), &plainly()).await;

    assert_eq!(shop.number("SELECT count(*) FROM product WHERE handle = 'mug'").await, 1);
    assert_eq!(shop.number("SELECT count(*) FROM product WHERE handle = 'cup'").await, 1);
}

#[tokio::test]
async fn variations_far_from_their_product_find_it() {
    let shop = Shop::open().await;
    let mut text = String::from(
        "ID,Type,SKU,Name,Regular price,Stock,Parent,Attribute 1 name,Attribute 1 value(s)\n",
    );
    for number in 1..=600 {
        text.push_str(&format!("{number},variable,P{number},Product {number},,,,Size,\"S, M\"\n"));
    }
    for size in ["S", "M"] {
        for number in 1..=600 {
            text.push_str(&format!(",variation,P{number}-{size},,5,3,id:{number},Size,{size}\n"));
        }
    }

    let (totals, heard) = take(&shop, file(&text).path(), &plainly()).await;

    assert_eq!((totals.created, totals.refused), (600, 0), "{:#?}", heard.refused().first());
    assert_eq!(shop.number("SELECT count(*) FROM variant").await, 1_200);
}
