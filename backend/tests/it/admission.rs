//! Who is let in when there is much to do.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{Method, StatusCode, header};
use serde_json::json;

use crate::support::{Shop, request};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[tokio::test]
async fn a_full_kind_is_asked_to_come_again_while_others_are_answered() {
    let shop = Shop::open_with(&["--places-catalog", "1"], |_| {}).await;

    let unread = shop.begin(HERE, request(Method::GET, "/api/categories", None, &[])).await;
    let full = shop.get_with("/api/categories", &[]).await;
    let cart = shop.post("/api/carts", &json!({})).await.0;
    let health = shop.get("/api/health/live").await.0;
    drop(unread);

    assert_eq!(full.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(full.header("retry-after"), "1");
    assert_eq!(full.json()["code"], "unavailable");
    assert_eq!((cart, health), (StatusCode::CREATED, StatusCode::OK));
    assert_eq!(shop.get("/api/categories").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_full_house_can_do_without_suggestions_first_and_without_buying_last() {
    let shop = Shop::open_with(&["--max-concurrent-requests", "10"], |_| {}).await;
    let order = "/api/orders/ord_00000000000000000000000000000001?token=guess";
    let suggest = "/api/search/suggest?q=mug";
    let mut unread = Vec::new();

    for (taken, suggestions, shelves, carts, orders) in [
        (4, true, true, true, true),
        (5, false, true, true, true),
        (7, false, false, true, true),
        (9, false, false, false, true),
        (10, false, false, false, false),
    ] {
        while unread.len() < taken {
            unread.push(shop.begin(HERE, request(Method::GET, order, None, &[])).await);
        }
        let is_in = async |path: &str| shop.get(path).await.0 != StatusCode::SERVICE_UNAVAILABLE;
        let cart = "/api/carts/cart_00000000000000000000000000000001";
        let seen = (
            is_in(suggest).await,
            is_in("/api/categories").await,
            is_in(cart).await,
            is_in(order).await,
        );
        assert_eq!(seen, (suggestions, shelves, carts, orders), "{taken} of 10");
        assert_eq!(shop.get("/api/health").await.1["status"], "starting or stopping");
    }
}

#[tokio::test]
async fn answers_say_how_long_they_are() {
    let shop = Shop::open().await;
    let listener = tokio::net::TcpListener::bind((HERE, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let served =
        tokio::spawn(axum::serve(listener, backend::service(shop.app.clone())).into_future());

    for path in ["/api/categories", "/api/config", "/api/nothing", "/api/health/live"] {
        let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
        let length = answer.headers().get(header::CONTENT_LENGTH).cloned();
        let is_chunked = answer.headers().contains_key(header::TRANSFER_ENCODING);
        let body = answer.bytes().await.unwrap();

        assert_eq!(length.unwrap(), body.len().to_string().as_str(), "{path}");
        assert!(!is_chunked, "{path}");
    }
    served.abort();
}
