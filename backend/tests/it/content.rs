//! Pages of words, and the journal.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Shop, demo, opening_time};

/// A shop with two posts that can be read and one that is published next year.
async fn shop_with_a_journal() -> (Shop, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    demo::write(folder.path());
    let shop = Shop::open_with(&["--demo-dir", folder.path().to_str().unwrap()], |_| {}).await;
    backend::seed::seed(&shop.app, None).await.unwrap();
    (shop, folder)
}

fn slugs(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|post| post["slug"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_journal_lists_what_can_be_read_newest_first() {
    let (shop, _folder) = shop_with_a_journal().await;

    let (status, page) = shop.get("/api/posts").await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(slugs(&page), ["fire", "clay"]);
    assert_eq!(page["data"][1]["picture"]["alt"], "A street");
    assert_eq!(page["data"][0].get("picture"), None, "a picture that was not drawn is none");
    assert_eq!(page["page"], json!({}));
    let (_, home) = shop.get("/api/home").await;
    assert_eq!(home["posts"][0]["slug"], "fire");
    let (_, config) = shop.get("/api/config").await;
    assert_eq!(config["has_journal"], true);
}

#[tokio::test]
async fn a_draft_and_tomorrows_post_are_not_there() {
    let (shop, _folder) = shop_with_a_journal().await;
    shop.execute("UPDATE post SET published_at = NULL WHERE slug = 'fire'").await;

    for slug in ["fire", "later", "nothing"] {
        let (status, problem) = shop.get(&format!("/api/posts/{slug}")).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::NOT_FOUND, &json!("not_found")),
            "{slug}"
        );
    }
    assert_eq!(slugs(&shop.get("/api/posts").await.1), ["clay"]);

    shop.clock.advance(TimeDelta::days(365));

    let (status, later) = shop.get("/api/posts/later").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(later["others"][0]["slug"], "clay");
    assert_eq!(later["others"].as_array().map(Vec::len), Some(1), "a post is not among the others");
}

#[tokio::test]
async fn a_post_is_clean_html() {
    let (shop, _folder) = shop_with_a_journal().await;

    let (_, post) = shop.get("/api/posts/clay").await;

    let html = post["body_html"].as_str().unwrap();
    assert!(html.contains(r#"<img src="/api/media/hero-1000.webp" alt="A street">"#), "{html}");
    assert!(!html.contains("onerror"), "{html}");
    assert_eq!(post["published_at"], "2026-01-15T00:00:00Z");
}

#[tokio::test]
async fn every_post_is_on_one_page_of_the_list() {
    let shop = Shop::open().await;
    let now = opening_time();
    shop.sql(async |tx| {
        // Several at one moment: the id decides between them.
        sqlx::query(
            "INSERT INTO post (post_id, slug, title, body_html, published_at, updated_at)
             SELECT gen_random_uuid(), 'post-' || n, 'Post', '', $1 - n / 3 * interval '1 hour', $1
             FROM generate_series(1, 11) AS n",
        )
        .bind(now)
        .execute(tx)
        .await
    })
    .await;

    let (mut seen, mut path) = (Vec::new(), "/api/posts?limit=4".to_owned());
    loop {
        let (_, page) = shop.get(&path).await;
        seen.extend(slugs(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page["page"]["next_cursor"].as_str() else { break };
        path = format!("/api/posts?limit=4&cursor={cursor}");
    }

    assert_eq!(seen.len(), 11);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 11);
    for bad in ["limit=0", "limit=101", "cursor=nonsense"] {
        let (status, _) = shop.get(&format!("/api/posts?{bad}")).await;
        assert!(status.is_client_error(), "{bad}");
    }
}

#[tokio::test]
async fn pages_are_listed_in_order_with_what_they_are_about() {
    let shop = Shop::open().await;
    shop.execute(
        "INSERT INTO content_page (slug, title, summary, body_html, position, updated_at)
         VALUES ('b', 'B', 'About b.', '<p>b</p>', 2, now()), ('a', 'A', '', '<p>a</p>', 3, now())",
    )
    .await;

    let (status, pages) = shop.get("/api/pages").await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(slugs(&pages), ["b", "a"]);
    assert_eq!(pages["data"][0]["summary"], "About b.");
}

#[tokio::test]
async fn old_addresses_of_posts_pages_and_shelves_lead_on() {
    let (shop, _folder) = shop_with_a_journal().await;

    shop.execute("UPDATE post SET slug = 'mud' WHERE slug = 'clay'").await;
    shop.execute("UPDATE post SET slug = 'earth' WHERE slug = 'mud'").await;
    shop.execute("UPDATE content_page SET slug = 'us' WHERE slug = 'about'").await;
    shop.execute("UPDATE category SET handle = 'cups' WHERE handle = 'mugs'").await;

    for (old, new) in [
        ("/journal/clay", "/journal/earth"),
        ("/journal/mud", "/journal/earth"),
        ("/pages/about", "/pages/us"),
        ("/categories/mugs", "/categories/cups"),
    ] {
        let (_, redirect) = shop.get(&format!("/api/redirects/resolve?path={old}")).await;
        assert_eq!(redirect["target"], new);
    }
    shop.execute("UPDATE post SET slug = 'clay' WHERE slug = 'earth'").await;
    let (status, _) = shop.get("/api/redirects/resolve?path=/journal/clay").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "an address that is taken again leads nowhere else");
}
