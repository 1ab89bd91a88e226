//! What pages of other sites may do: nothing.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::json;

use crate::support::{Shop, request};

/// Ways to look like a page of `https://shop.example`.
const TRICKS: [&str; 20] = [
    "https://evil.example",
    "http://shop.example",
    "https://shop.example.evil.example",
    "https://evilshop.example",
    "https://shop.example:444",
    "https://sub.shop.example",
    "https://shop.example@evil.example",
    "https://evil.example/https://shop.example",
    "https://evil.example?https://shop.example",
    "https://evil.example#https://shop.example",
    "https://shop.example%00.evil.example",
    "https://shop.example%2eevil.example",
    "https://shop_example",
    "https://shop.example, https://evil.example",
    "null",
    "file://",
    "data:text/html,x",
    "http://localhost",
    "*",
    "",
];

#[tokio::test]
async fn no_trick_of_another_site_changes_or_reads_anything() {
    let shop = Shop::open().await;

    for origin in TRICKS {
        let headers = [("origin", origin), ("host", "shop.example")];
        let change =
            shop.send(request(Method::POST, "/api/carts", Some(&json!({})), &headers)).await;
        let look = shop.get_with("/api/categories", &headers).await;
        let preflight = [&headers[..], &[("access-control-request-method", "POST")]].concat();
        let asked = shop.send(request(Method::OPTIONS, "/api/carts", None, &preflight)).await;

        assert_eq!(change.status, StatusCode::FORBIDDEN, "{origin}");
        assert_eq!(change.json()["code"], "forbidden", "{origin}");
        assert_eq!(look.status, StatusCode::OK, "{origin}");
        for answer in [&change, &look, &asked] {
            for name in answer.headers.keys() {
                assert!(!name.as_str().starts_with("access-control-"), "{name} for {origin}");
            }
        }
    }
    assert_eq!(shop.number("SELECT count(*) FROM cart").await, 0);
}

#[tokio::test]
async fn what_a_browser_says_of_its_page_is_believed() {
    let shop = Shop::open().await;

    for (site, status) in [
        ("same-origin", StatusCode::CREATED),
        ("same-site", StatusCode::FORBIDDEN),
        ("cross-site", StatusCode::FORBIDDEN),
        ("none", StatusCode::FORBIDDEN),
    ] {
        let headers = [("sec-fetch-site", site), ("origin", "https://shop.example")];
        let answer =
            shop.send(request(Method::POST, "/api/carts", Some(&json!({})), &headers)).await;
        assert_eq!(answer.status, status, "{site}");
    }
    let own = [("origin", "https://shop.example")];
    let answer = shop.send(request(Method::POST, "/api/carts", Some(&json!({})), &own)).await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test]
async fn only_json_is_json() {
    let shop = Shop::open().await;
    let ann = shop.shopper().await;

    for (method, path) in [
        (Method::POST, "/api/carts".to_owned()),
        (Method::PATCH, format!("/api/carts/{}", ann.cart)),
        (Method::POST, format!("/api/carts/{}/lines", ann.cart)),
        (Method::PUT, format!("/api/carts/{}/shipping", ann.cart)),
        (Method::POST, format!("/api/carts/{}/complete", ann.cart)),
        (Method::POST, "/api/test-provider/nothing".to_owned()),
    ] {
        for mime in [Some("text/plain"), Some("application/x-www-form-urlencoded;a=b"), None] {
            let is_form =
                path.contains("test-provider") && mime.is_some_and(|m| m.contains("form"));
            let mut asked = Request::builder()
                .method(method.clone())
                .uri(&path)
                .header("x-cart-token", &ann.token)
                .header("idempotency-key", "a key of mine");
            if let Some(mime) = mime.filter(|_| !is_form) {
                asked = asked.header(header::CONTENT_TYPE, mime);
            }
            let answer = shop.send(asked.body(Body::from("{}")).unwrap()).await;

            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {mime:?}");
            assert_eq!(answer.json()["code"], "unsupported_media_type", "{path} {mime:?}");
        }
    }
}
