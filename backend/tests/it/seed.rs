//! Loading the demo shop, once and many times over.

use std::{fs, path::Path};

use axum::http::StatusCode;
use tempfile::TempDir;

use crate::support::{Shop, demo};

async fn demo_shop() -> (Shop, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    demo::write(folder.path());
    let shop = Shop::open_with(&["--demo-dir", folder.path().to_str().unwrap()], |_| {}).await;
    (shop, folder)
}

async fn content(shop: &Shop) -> String {
    shop.sql(async |tx| {
        sqlx::query_scalar(
            "SELECT concat(
                (SELECT json_agg(product ORDER BY product_id) FROM product),
                (SELECT json_agg(variant ORDER BY variant_id) FROM variant),
                (SELECT json_agg(price ORDER BY price_id) FROM price),
                (SELECT json_agg(price_history ORDER BY variant_id, from_at) FROM price_history),
                (SELECT json_agg(stock_movement ORDER BY movement_id) FROM stock_movement),
                (SELECT json_agg(search_change ORDER BY change_id) FROM search_change WHERE product_id IS NOT NULL),
                (SELECT json_agg(category ORDER BY category_id) FROM category),
                (SELECT json_agg(media_file ORDER BY key) FROM media_file),
                (SELECT json_agg(post ORDER BY post_id) FROM post),
                (SELECT json_agg(setting ORDER BY key) FROM setting))",
        )
        .fetch_one(tx)
        .await
    })
    .await
}

#[tokio::test]
async fn a_demo_shop_is_loaded_and_a_client_reads_it() {
    let (shop, _folder) = demo_shop().await;

    backend::seed::seed(&shop.app, None).await.unwrap();

    let (_, mug) = shop.get("/api/products/mug").await;
    assert_eq!(mug["price"]["amount"], 1_200);
    assert_eq!(mug["price_varies"], true);
    assert_eq!(mug["details"][0]["name"], "Height");
    assert_eq!(mug["options"][0]["values"][0]["swatch"], "#d9cdb8");
    assert_eq!(mug["variants"][0]["compare_at"]["amount"], 1_500);
    assert_eq!(mug["variants"][0]["lowest_30d"]["amount"], 1_500);
    assert_eq!(mug["variants"][0]["availability"], "in_stock");
    assert_eq!(mug["variants"][1]["availability"], "sold_out");
    assert_eq!(mug["breadcrumbs"][1]["handle"], "mugs");
    let picture = &mug["pictures"][0]["picture"];
    assert_eq!(picture["width"], 800);
    assert_eq!(picture["height"], 400);
    assert_eq!(picture["sources"][0]["mime"], "image/avif");
    assert_eq!(picture["sources"][1]["width"], 400);
    let (status, _) = shop.get(picture["sources"][1]["url"].as_str().unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    let (_, home) = shop.get("/api/home").await;
    assert_eq!(home["hero"]["link"]["title"], "Look");
    assert_eq!(home["hero"]["picture"]["alt"], "A street");
    assert_eq!(home["new_arrivals"][0]["handle"], "tea");
    assert_eq!(home["best_sellers"][0]["handle"], "mug");
    let (_, page) = shop.get("/api/pages/about").await;
    assert_eq!(page["body_html"], "<p>Us</p>");
    let (_, config) = shop.get("/api/config").await;
    assert_eq!(config["name"], "Corner shop");
    assert_eq!(config["categories"][0]["product_count"], 2);
}

#[tokio::test]
async fn loading_it_again_changes_nothing() {
    let (shop, _folder) = demo_shop().await;
    backend::seed::seed(&shop.app, Some(30)).await.unwrap();
    let before = content(&shop).await;

    backend::seed::seed(&shop.app, Some(30)).await.unwrap();

    assert_eq!(content(&shop).await, before);
}

#[tokio::test]
async fn more_products_are_the_same_ones_every_time_and_every_level_has_its_movement() {
    let (shop, _folder) = demo_shop().await;
    let (other, _other_folder) = demo_shop().await;

    backend::seed::seed(&shop.app, Some(31)).await.unwrap();
    backend::seed::seed(&other.app, Some(10)).await.unwrap();
    backend::seed::seed(&other.app, Some(31)).await.unwrap();

    let goods = "SELECT md5(string_agg(concat(variant_id, handle, title, sku, amount_minor, on_hand), ',' ORDER BY sku, amount_minor))
        FROM product JOIN variant USING (product_id) JOIN price USING (variant_id) JOIN stock_level USING (variant_id)";
    let sum = async |shop: &Shop| -> String {
        shop.sql(async |tx| sqlx::query_scalar(goods).fetch_one(tx).await).await
    };
    assert_eq!(shop.number("SELECT count(*) FROM product").await, 31);
    assert_eq!(sum(&shop).await, sum(&other).await);
    let without = "SELECT count(*) FROM stock_level AS level WHERE on_hand <> (
        SELECT coalesce(sum(delta_on_hand), 0) FROM stock_movement AS moved
        WHERE (moved.variant_id, moved.location_id) = (level.variant_id, level.location_id))";
    assert_eq!(shop.number(without).await, 0);
    assert_eq!(
        shop.number("SELECT count(*) FROM product WHERE handle = 'mug-2' AND title = 'Mug No. 2'")
            .await,
        1
    );
}

#[tokio::test]
async fn what_a_merchant_changed_stays_changed() {
    let (shop, _folder) = demo_shop().await;
    backend::seed::seed(&shop.app, None).await.unwrap();
    shop.execute("UPDATE product SET title = 'Our mug' WHERE handle = 'mug'").await;
    shop.execute("DELETE FROM variant WHERE sku = 'MUG-INK'").await;

    backend::seed::seed(&shop.app, None).await.unwrap();

    assert_eq!(shop.get("/api/products/mug").await.1["title"], "Our mug");
    assert_eq!(shop.number("SELECT count(*) FROM variant WHERE sku = 'MUG-INK'").await, 0);
}

#[tokio::test]
async fn a_mistake_is_told_by_its_file_and_its_field_and_nothing_is_written() {
    let (shop, folder) = demo_shop().await;
    let mistakes = [
        ("price = { EUR = \"12.00\"", "price = { EUR = \"12.005\"", "variants[0]: price: EUR"),
        ("category = \"mugs\"", "category = \"cups\"", "category: there is no `cups`"),
        ("options = [\"Ink\"]", "options = [\"Red\"]", "variants[1]: options: Colour has no `Red`"),
        ("value = \"Oat\" } }]", "value = \"Red\" } }]", "pictures[0].option"),
        ("stock = 40", "stock = \"many\"", "stock"),
        ("brand =", "brnad =", "brnad"),
    ];
    for (right, wrong, named) in mistakes {
        spoil(folder.path(), right, wrong);

        let error = backend::seed::seed(&shop.app, None).await.unwrap_err();

        let told = format!("{error:#}");
        assert!(told.contains("mug.toml") && told.contains(named), "{told}");
    }
    assert_eq!(shop.number("SELECT count(*) FROM product").await, 0);
}

fn spoil(folder: &Path, right: &str, wrong: &str) {
    demo::write(folder);
    let path = folder.join("products/mug.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(right), "{right}");
    fs::write(path, text.replacen(right, wrong, 1)).unwrap();
}
