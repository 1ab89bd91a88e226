//! Keys of programs.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Shop;

#[tokio::test]
async fn a_key_may_what_it_was_made_for_until_it_is_revoked() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let body = json!({ "name": "books", "permissions": ["read_audit"] });
    let (status, made) = admin.post(&shop, "/api/admin/api-keys", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let secret = made["secret"].as_str().unwrap();
    let ask = async |path: &str| shop.bearing(secret, (Method::GET, path), None, &[]).await.status;

    let (audit, staff, me) =
        (ask("/api/admin/audit").await, ask("/api/admin/staff").await, ask("/api/admin/me").await);
    let (_, listed) = admin.get(&shop, "/api/admin/api-keys").await;
    let path = format!("/api/admin/api-keys/{}", made["key"]["id"].as_str().unwrap());
    for _ in 0..2 {
        let gone = admin.send(&shop, (Method::DELETE, &path), None, &[]).await.status;
        assert_eq!(gone, StatusCode::NO_CONTENT);
    }

    assert_eq!((audit, staff), (StatusCode::OK, StatusCode::FORBIDDEN));
    assert_eq!(me, StatusCode::UNAUTHORIZED, "a program is nobody");
    assert!(listed["data"][0]["last_used_at"].is_string());
    assert!(!listed.to_string().contains(secret), "the secret is shown again");
    assert_eq!(ask("/api/admin/audit").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_makes_a_key_that_may_more_than_they() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let body = json!({ "name": "hiring", "permissions": ["manage_staff"] });
    let (_, made) = admin.post(&shop, "/api/admin/api-keys", &body).await;
    let secret = made["secret"].as_str().unwrap();
    let more = json!({ "name": "more", "permissions": ["refund_orders"] });

    let path = (Method::POST, "/api/admin/api-keys");
    let by_key = shop.bearing(secret, path, Some(&more), &[]).await;
    let same = shop.bearing(secret, (Method::POST, "/api/admin/api-keys"), Some(&body), &[]).await;
    let (unknown, _) = admin
        .post(&shop, "/api/admin/api-keys", &json!({ "name": "x", "permissions": ["everything"] }))
        .await;

    assert_eq!(by_key.status, StatusCode::FORBIDDEN);
    assert_eq!(same.status, StatusCode::FORBIDDEN, "a program made a key");
    assert_eq!(unknown, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, listed) = admin.get(&shop, "/api/admin/api-keys").await;
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1), "{listed:#}");
    assert_eq!(listed["data"][0]["revoked_at"], Value::Null);
}
