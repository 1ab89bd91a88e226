//! Baskets.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::support::{Shop, Shopper, berlin};

#[tokio::test]
async fn adding_a_variant_twice_raises_its_quantity() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.shopper().await;

    ann.add(&shop, mug, 1).await;
    let (status, cart) = ann.add(&shop, mug, 2).await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(cart["lines"].as_array().unwrap().len(), 1);
    assert_eq!(cart["lines"][0]["quantity"], 3);
    assert_eq!(cart["totals"]["total"], json!({ "amount": 3_600, "currency": "EUR" }));
    assert_eq!(cart["item_count"], 3);
}

#[tokio::test]
async fn the_same_key_adds_once() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.shopper().await;
    let lines = json!({ "lines": [{ "variant_id": mug, "quantity": 2 }] });
    let path = format!("/api/carts/{}/lines", ann.cart);
    let headers = [("x-cart-token", ann.token.as_str()), ("idempotency-key", "one click")];

    for _ in 0..3 {
        let answer =
            shop.send(crate::support::request(Method::POST, &path, Some(&lines), &headers)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.json()["lines"][0]["quantity"], 2);
    }
    let other = json!({ "lines": [{ "variant_id": mug, "quantity": 5 }] });
    let answer =
        shop.send(crate::support::request(Method::POST, &path, Some(&other), &headers)).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["code"], "idempotency_key_reused");
}

#[tokio::test]
async fn a_cart_opens_to_its_token_only() {
    let shop = Shop::open().await;
    let (ann, bob) = (shop.shopper().await, shop.shopper().await);
    let thief = Shopper { cart: ann.cart.clone(), token: bob.token.clone() };

    for (method, path) in [
        (Method::GET, ""),
        (Method::DELETE, ""),
        (Method::GET, "/shipping-options"),
        (Method::GET, "/payment-methods"),
    ] {
        let (status, problem) = thief.ask(&shop, method, path, None).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (StatusCode::NOT_FOUND, Some("not_found")),
            "{path}"
        );
    }
    let (without, _) = shop.get(&format!("/api/carts/{}", ann.cart)).await;
    assert_eq!(without, StatusCode::NOT_FOUND);
    let cookie = format!("__Host-cart={}.{}", ann.cart, ann.token);
    let current = shop.get_with("/api/carts/current", &[("cookie", &cookie)]).await;
    assert_eq!(current.json()["id"], ann.cart.as_str());
    assert_eq!(current.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn quantities_outside_the_range_are_refused_with_their_field() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.shopper().await;

    for quantity in [json!(0), json!(-1), json!(1000)] {
        let body = json!({ "lines": [{ "variant_id": mug, "quantity": quantity }] });
        let (status, problem) = ann.ask(&shop, Method::POST, "/lines", Some(&body)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["errors"][0]["pointer"], "/lines/0/quantity");
    }
    for odd in [json!(1.5), json!("1")] {
        let body = json!({ "lines": [{ "variant_id": mug, "quantity": odd }] });
        let (status, problem) = ann.ask(&shop, Method::POST, "/lines", Some(&body)).await;
        assert_eq!(
            (status, problem["code"].as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some("invalid"))
        );
    }
    ann.add(&shop, mug, 999).await;
    let (status, _) = ann.add(&shop, mug, 1).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ann.look(&shop).await["lines"][0]["quantity"], 999);
}

#[tokio::test]
async fn unknown_fields_are_refused() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.shopper().await;
    let body = json!({ "lines": [{ "variant_id": mug, "quantity": 1, "unit_price": 1 }] });

    let (status, _) = ann.ask(&shop, Method::POST, "/lines", Some(&body)).await;

    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_line_tells_of_its_stock_and_of_a_changed_price() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 2).await;
    let ann = shop.shopper().await;
    ann.add(&shop, mug, 3).await;
    shop.reprice(mug, "EUR", 1_500).await;

    let cart = ann.look(&shop).await;

    assert_eq!(
        cart["lines"][0]["notices"][0],
        json!({ "code": "insufficient_stock", "available": 2 })
    );
    assert_eq!(cart["lines"][0]["notices"][1]["code"], "price_changed");
    assert_eq!(cart["lines"][0]["notices"][1]["was"]["amount"], 1_200);
    assert_eq!(cart["lines"][0]["unit_price"]["amount"], 1_500);
    assert_eq!(cart["problems"][0]["code"], "insufficient_stock");
}

#[tokio::test]
async fn a_line_can_be_changed_and_removed() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.shopper().await;
    let (_, cart) = ann.add(&shop, mug, 3).await;
    let line = format!("/lines/{}", cart["lines"][0]["id"].as_str().unwrap());

    let (_, cart) = ann.ask(&shop, Method::PATCH, &line, Some(&json!({ "quantity": 1 }))).await;
    assert_eq!(cart["lines"][0]["quantity"], 1);
    let (_, cart) = ann.ask(&shop, Method::PATCH, &line, Some(&json!({ "quantity": 0 }))).await;
    assert_eq!(cart["lines"], json!([]));
    let (status, _) = ann.ask(&shop, Method::DELETE, &line, None).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = ann.ask(&shop, Method::PATCH, &line, Some(&json!({ "quantity": 1 }))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_country_decides_currency_tax_and_delivery() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 2_000, 9).await;
    let ann = shop.ready_shopper(mug, 1).await;

    let cart = ann.look(&shop).await;
    assert_eq!(cart["totals"]["tax_included"], true);
    assert_eq!(cart["totals"]["subtotal"], json!({ "amount": 2_000, "currency": "EUR" }));

    let new_york = json!({ "name": "Ann", "line1": "1 Main St", "city": "New York", "region": "NY", "postal_code": "10001", "country": "US" });
    let (status, cart) =
        ann.ask(&shop, Method::PATCH, "", Some(&json!({ "shipping_address": new_york }))).await;

    assert_eq!(status, StatusCode::OK, "{cart}");
    assert_eq!(cart["currency"], "USD");
    assert_eq!(cart["totals"]["tax_included"], false);
    assert_eq!(cart["totals"]["tax"]["amount"], 178, "8.875 % of $20.00, rounded half up: {cart}");
    assert!(cart["shipping_method"].is_null(), "the old way to deliver does not go there");
}

#[tokio::test]
async fn an_address_is_kept_though_it_has_mistakes_but_not_though_it_is_endless() {
    let shop = Shop::open().await;
    let ann = shop.shopper().await;
    let mut address = berlin();
    address["postal_code"] = json!("1");

    let (status, cart) =
        ann.ask(&shop, Method::PATCH, "", Some(&json!({ "shipping_address": address }))).await;
    assert_eq!(
        (status, cart["shipping_address"]["postal_code"].as_str()),
        (StatusCode::OK, Some("1"))
    );

    address["line1"] = json!("x".repeat(101));
    let (status, problem) =
        ann.ask(&shop, Method::PATCH, "", Some(&json!({ "shipping_address": address }))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["pointer"], "/shipping_address/line1");
}

#[tokio::test]
async fn what_is_no_country_is_refused_though_the_address_says_another() {
    let shop = Shop::open().await;
    let ann = shop.shopper().await;
    let update = json!({ "country": "", "shipping_address": berlin() });

    let (status, problem) = ann.ask(&shop, Method::PATCH, "", Some(&update)).await;

    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["errors"][0]["pointer"], "/country");
}

#[tokio::test]
async fn a_forgotten_cart_ends() {
    let shop = Shop::open().await;
    let ann = shop.shopper().await;

    shop.wait(31 * 24 * 3_600).await;

    let (status, _) = ann.ask(&shop, Method::GET, "", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
