//! What staff write: pages, posts, menus, and where old addresses lead.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::support::Shop;

#[tokio::test]
async fn a_page_is_cleaned_seen_at_once_and_its_old_address_leads_on() {
    let shop = Shop::open_with(&["--cache-ttl", "5000"], |_| {}).await;
    let admin = shop.admin().await;
    shop.get("/api/pages").await;
    shop.get("/api/categories").await;
    let mut page =
        json!({ "slug": "care", "title": "Care", "body_html": "<p>Soft.</p><script>1</script>" });

    let (status, made) = admin.post(&shop, "/api/admin/content/pages", &page).await;
    let (_, read) = shop.get("/api/pages/care").await;
    page["slug"] = json!("caring");
    let patch = (Method::PUT, "/api/admin/content/pages/care");
    let (moved, answer) = admin.change(&shop, patch, &made["version"], &page).await;

    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(read["body_html"], "<p>Soft.</p>");
    assert_eq!(moved, StatusCode::OK, "{answer}");
    assert_eq!(shop.get("/api/pages/caring").await.0, StatusCode::OK);
    assert_eq!(shop.get("/api/pages/care").await.0, StatusCode::NOT_FOUND);
    let (_, led) = shop.get("/api/redirects/resolve?path=/pages/care").await;
    assert_eq!(led["target"], "/pages/caring");
    assert_eq!(shop.get_with("/api/categories", &[]).await.header("x-cache"), "hit");
}

#[tokio::test]
async fn a_post_is_read_from_its_day_on_and_a_menu_shows_what_was_chosen() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let day = shop.clock.now() + chrono::TimeDelta::days(1);
    let post = json!({ "slug": "spring", "title": "Spring", "body_html": "<p>It is.</p>", "published_at": day });

    let (status, made) = admin.post(&shop, "/api/admin/content/posts", &post).await;
    let before = shop.get("/api/posts/spring").await.0;
    shop.clock.advance(chrono::TimeDelta::minutes(20));
    let links = json!({ "links": [{ "title": "Journal", "path": "/journal" }] });
    let path = "/api/admin/content/menus/footer";
    let (chosen, _) = admin.change(&shop, (Method::PUT, path), &json!(0), &links).await;
    shop.clock.advance(chrono::TimeDelta::days(1));

    assert_eq!(
        (status, before, chosen),
        (StatusCode::CREATED, StatusCode::NOT_FOUND, StatusCode::OK),
        "{made}"
    );
    assert_eq!(shop.get("/api/posts/spring").await.0, StatusCode::OK);
    assert_eq!(shop.get("/api/config").await.1["footer"], links["links"]);
}

#[tokio::test]
async fn an_address_leads_on_once_to_the_shop_itself_and_in_no_circle() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let path = "/api/admin/content/redirects";
    let add = async |from: &str, to: &str| {
        admin.post(&shop, path, &json!({ "path": from, "target": to })).await.0
    };

    assert_eq!(add("/old", "/new").await, StatusCode::CREATED);
    for (from, to) in [
        ("/old", "/other"),
        ("/new", "/old"),
        ("/a", "/a"),
        ("/a", "//evil.example"),
        ("/a", "new"),
    ] {
        assert_eq!(add(from, to).await, StatusCode::UNPROCESSABLE_ENTITY, "{from} {to}");
    }
    let gone = admin.send(&shop, (Method::DELETE, &format!("{path}?path=/old")), None, &[]).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(shop.get("/api/redirects/resolve?path=/old").await.0, StatusCode::NOT_FOUND);
}
