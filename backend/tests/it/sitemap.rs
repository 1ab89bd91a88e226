//! The map of the shop.

use axum::http::StatusCode;
use serde_json::Value;

use crate::support::Shop;

fn paths(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_map_names_what_can_be_seen_and_nothing_else() {
    let shop = Shop::open().await;
    shop.stock("mug", 1_200, 9).await;
    shop.stock("draft", 700, 9).await;
    shop.execute("UPDATE product SET status = 'draft' WHERE handle = 'draft'").await;
    shop.execute("INSERT INTO category (category_id, handle, path, title, position) VALUES (gen_random_uuid(), 'kitchen', 'a', 'Kitchen', 0)").await;
    shop.execute("INSERT INTO content_page (slug, title, body_html, updated_at) VALUES ('terms', 'Terms', '', '2026-01-02T03:04:05Z')").await;
    shop.execute(
        "INSERT INTO post (post_id, slug, title, body_html, published_at, updated_at) VALUES
         (gen_random_uuid(), 'now', 'Now', '', '2026-01-01', '2026-01-01'),
         (gen_random_uuid(), 'later', 'Later', '', '2027-01-01', '2026-01-01'),
         (gen_random_uuid(), 'never', 'Never', '', NULL, '2026-01-01')",
    )
    .await;

    let (status, map) = shop.get("/api/sitemap").await;

    assert_eq!(status, StatusCode::OK);
    let parts: Vec<_> = map["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["kind"].as_str().unwrap(), part["page"].as_i64().unwrap()))
        .collect();
    assert_eq!(parts, [("categories", 1), ("pages", 1), ("posts", 1), ("products", 1)]);
    for (kind, expected) in [
        ("products", "/products/mug"),
        ("categories", "/categories/kitchen"),
        ("pages", "/pages/terms"),
        ("posts", "/journal/now"),
    ] {
        let (_, page) = shop.get(&format!("/api/sitemap/{kind}")).await;
        assert_eq!(paths(&page), [expected]);
    }
    let (_, pages) = shop.get("/api/sitemap/pages").await;
    assert_eq!(pages["data"][0]["updated_at"], "2026-01-02T03:04:05Z");
    assert_eq!(shop.get("/api/sitemap/nothing").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_large_shop_has_parts_of_five_thousand_that_miss_nothing() {
    let shop = Shop::open().await;
    shop.execute(
        "INSERT INTO product (product_id, handle, status, title, tax_class_id, published_at, created_at, updated_at)
         SELECT gen_random_uuid(), 'thing-' || n, 'active', 'Thing', tax_class_id, now(), now(), now()
         FROM generate_series(1, 10001) AS n, tax_class WHERE code = 'standard'",
    )
    .await;

    let (_, map) = shop.get("/api/sitemap").await;
    let parts = map["parts"].as_array().unwrap();
    let mut seen = Vec::new();
    for (part, next) in parts.iter().zip(parts.iter().skip(1).map(Some).chain([None])) {
        let cursor = part["cursor"].as_str().unwrap();
        let (_, page) = shop.get(&format!("/api/sitemap/products?cursor={cursor}")).await;
        assert_eq!(
            page["page"]["next_cursor"].as_str(),
            next.map(|next| next["cursor"].as_str().unwrap())
        );
        seen.extend(paths(&page).into_iter().map(str::to_owned));
    }

    assert_eq!(parts.len(), 3);
    assert_eq!(seen.len(), 10_001);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 10_001);
}
