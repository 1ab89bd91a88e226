use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Ann, Shop, berlin};

const MINE: &str = "/api/customers/me/orders";

/// Buys one of a variant as a customer.
async fn bought(shop: &Shop, ann: &Ann, variant: api_types::VariantId, key: &str) -> Value {
    let open = json!({ "country": "DE", "lines": [{ "variant_id": variant, "quantity": 1 }] });
    let (_, opened) = ann.post(shop, "/api/carts", &open).await;
    let cart = format!("/api/carts/{}", opened["cart"]["id"].as_str().unwrap());
    let contact = json!({ "email": ann.email, "shipping_address": berlin() });
    ann.ask(shop, Method::PATCH, &cart, Some(&contact)).await;
    let (_, options) = ann.get(shop, &format!("{cart}/shipping-options")).await;
    let choice = json!({ "method_id": options["data"][0]["id"] });
    let (_, ready) = ann.ask(shop, Method::PUT, &format!("{cart}/shipping"), Some(&choice)).await;
    let body = json!({ "expected_total": ready["totals"]["total"], "payment": { "method": "test", "token": "tok_ok" } });
    let headers = [("idempotency-key", key)];
    let answer =
        ann.send(shop, Method::POST, &format!("{cart}/complete"), Some(&body), &headers).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    answer.json()
}

#[tokio::test]
async fn a_customer_sees_their_orders_page_by_page_and_calls_one_off() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 12_50, 9).await;
    let ann = shop.register("ann@example.com").await;
    let mut numbers = Vec::new();
    for index in 0..3 {
        let done = bought(&shop, &ann, mug, &format!("intent-{index}")).await;
        numbers.insert(0, done["order"]["number"].clone());
    }

    let (_, first) = ann.get(&shop, &format!("{MINE}?limit=2")).await;
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let (_, second) = ann.get(&shop, &format!("{MINE}?limit=2&cursor={cursor}")).await;

    let seen: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| page["data"].as_array().unwrap())
        .map(|order| order["number"].clone())
        .collect();
    assert_eq!(seen, numbers);
    assert_eq!(second["page"]["next_cursor"], Value::Null);
    assert_eq!(
        (&first["data"][0]["item_count"], &first["data"][0]["titles"]),
        (&json!(1), &json!(["Mug"]))
    );
    let path = format!("/api/orders/{}", first["data"][0]["id"].as_str().unwrap());
    assert_eq!(ann.get(&shop, &path).await.1["email"], "ann@example.com");
    let (status, order) = ann.post(&shop, &format!("{path}/cancel"), &Value::Null).await;
    assert_eq!((status, &order["status"]), (StatusCode::OK, &json!("cancelled")));
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn somebody_elses_order_is_not_there() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 12_50, 9).await;
    let ann = shop.register("ann@example.com").await;
    let ben = shop.register("ben@example.com").await;
    let done = bought(&shop, &ann, mug, "one-intent").await;
    let path = format!("/api/orders/{}", done["order"]["id"].as_str().unwrap());

    for (method, path) in [(Method::GET, path.clone()), (Method::POST, format!("{path}/cancel"))] {
        let (status, answer) = ben.ask(&shop, method, &path, None).await;
        assert_eq!((status, &answer["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    }

    assert_eq!(ben.get(&shop, MINE).await.1["data"], json!([]));
    assert_eq!(shop.get(&path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(shop.order(&done).await["status"], "placed", "its link still opens it");
}

#[tokio::test]
async fn what_a_guest_ordered_is_theirs_once_the_address_is_shown_to_be() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 12_50, 9).await;
    let guest = shop.ready_shopper(mug, 1).await;
    let (_, done) = guest.buy(&shop, "tok_ok", "one-intent").await;
    let ben = shop.register("ben@example.com").await;

    let ann = shop.register("Ann@example.com").await;
    let (_, mine) = ann.get(&shop, MINE).await;

    assert_eq!(mine["data"][0]["number"], done["order"]["number"]);
    assert_eq!(ben.get(&shop, MINE).await.1["data"], json!([]));
    let later = shop.ready_shopper(mug, 1).await;
    later.buy(&shop, "tok_ok", "two-intents").await;
    assert_eq!(ann.get(&shop, MINE).await.1["data"].as_array().unwrap().len(), 1);
    let ann = shop.signed_in("ann@example.com", "").await;
    assert_eq!(ann.get(&shop, MINE).await.1["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_orders_link_is_sent_to_its_address_only() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 12_50, 9).await;
    let guest = shop.ready_shopper(mug, 1).await;
    let (_, done) = guest.buy(&shop, "tok_ok", "one-intent").await;
    let number = &done["order"]["number"];

    for (number, email) in
        [(number, "ann@example.com"), (number, "ben@example.com"), (&json!(1), "ann@example.com")]
    {
        let find = json!({ "number": number, "email": email });
        let (status, answer) = shop.post("/api/orders/lookup", &find).await;
        assert_eq!((status, answer.is_null()), (StatusCode::ACCEPTED, true));
    }

    let token = shop.letter_secret("ann@example.com", "The link to your order").await;
    let id = done["order"]["id"].as_str().unwrap();
    assert_eq!(shop.order_by(id, &token).await.0, StatusCode::OK);
    assert_eq!(shop.subjects("ben@example.com").await, [""; 0]);
    let links = shop.subjects("ann@example.com").await;
    assert_eq!(links.iter().filter(|subject| subject.starts_with("The link")).count(), 1);
}
