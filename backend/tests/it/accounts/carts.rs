use std::sync::Arc;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Ann, Shop, Shopper};

/// Takes a guest's cart over.
async fn merge(shop: &Shop, ann: &Ann, guest: &Shopper) -> (StatusCode, Value) {
    let path = format!("/api/carts/{}/merge", guest.cart);
    let headers = [("x-cart-token", guest.token.as_str())];
    let answer = ann.send(shop, Method::POST, &path, Some(&json!({})), &headers).await;
    (answer.status, answer.json())
}

fn quantities(cart: &Value) -> Vec<(String, i64)> {
    let lines = cart["lines"].as_array().unwrap().iter();
    let mut lines: Vec<_> = lines
        .map(|line| {
            (line["handle"].as_str().unwrap().to_owned(), line["quantity"].as_i64().unwrap())
        })
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn a_guests_cart_becomes_the_customers_and_no_token_opens_it_any_more() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 12_50, 9).await;
    let guest = shop.shopper().await;
    guest.add(&shop, mug, 2).await;
    let ann = shop.register("ann@example.com").await;

    let (status, cart) = merge(&shop, &ann, &guest).await;

    assert_eq!((status, &cart["id"]), (StatusCode::OK, &json!(guest.cart)));
    assert_eq!(quantities(&cart), [("mug".to_owned(), 2)]);
    assert_eq!(guest.ask(&shop, Method::GET, "", None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(guest.add(&shop, mug, 1).await.0, StatusCode::NOT_FOUND);
    let phone = shop.signed_in("ann@example.com", "").await;
    let (_, found) = phone.get(&shop, "/api/carts/current").await;
    assert_eq!(found["id"], cart["id"], "yesterday's cart, on another device");
}

#[tokio::test]
async fn signing_in_pours_the_guests_cart_into_yesterdays_once() {
    let shop = Shop::open().await;
    let (mug, bowl) = (shop.stock("mug", 12_50, 9).await, shop.stock("bowl", 20_00, 9).await);
    let ann = shop.register("ann@example.com").await;
    let lines = json!({ "lines": [{ "variant_id": mug, "quantity": 1 }] });
    ann.post(&shop, "/api/carts", &lines).await;
    let guest = shop.shopper().await;
    guest.add(&shop, mug, 2).await;
    guest.add(&shop, bowl, 1).await;

    let (first, _) = merge(&shop, &ann, &guest).await;
    let (second, cart) = merge(&shop, &ann, &guest).await;

    assert_eq!((first, second), (StatusCode::OK, StatusCode::OK));
    assert_eq!(quantities(&cart), [("bowl".to_owned(), 1), ("mug".to_owned(), 3)]);
    shop.assert_sound().await;
}

#[tokio::test]
async fn nobody_takes_over_a_cart_that_is_not_theirs() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 12_50, 9).await;
    let ann = shop.register("ann@example.com").await;
    let ben = shop.register("ben@example.com").await;
    let (_, anns) = ann
        .post(&shop, "/api/carts", &json!({ "lines": [{ "variant_id": mug, "quantity": 1 }] }))
        .await;
    let guest = shop.shopper().await;
    guest.add(&shop, mug, 1).await;

    let stolen =
        Shopper { cart: anns["cart"]["id"].as_str().unwrap().to_owned(), token: String::new() };
    let guessed = Shopper { token: "guess".to_owned(), ..guest.clone() };
    for target in [stolen, guessed] {
        let (status, _) = merge(&shop, &ben, &target).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }

    let path = format!("/api/carts/{}", anns["cart"]["id"].as_str().unwrap());
    assert_eq!(ben.get(&shop, &path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(guest.look(&shop).await["lines"][0]["quantity"], 1);
}

#[tokio::test]
async fn a_customer_has_one_open_cart() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 12_50, 9).await;
    let ann = shop.register("ann@example.com").await;
    let open = json!({ "lines": [{ "variant_id": mug, "quantity": 1 }] });

    let (one, two) =
        tokio::join!(ann.post(&shop, "/api/carts", &open), ann.post(&shop, "/api/carts", &open));

    assert_eq!((one.0, two.0), (StatusCode::CREATED, StatusCode::CREATED));
    let (status, problem) = ann.post(&shop, "/api/carts", &json!({ "country": "" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(one.1["cart"]["id"], two.1["cart"]["id"]);
    assert_eq!(one.1["token"], "", "their session opens it, and nothing else");
    let (_, cart) = ann.get(&shop, "/api/carts/current").await;
    assert_eq!(quantities(&cart), [("mug".to_owned(), 2)]);
}

/// Puts one more into the customer's cart, by way of a guest's or at once.
async fn one_more(
    shop: &Shop,
    ann: &Ann,
    variant: api_types::VariantId,
    as_guest: bool,
) -> StatusCode {
    if as_guest {
        let guest = shop.shopper().await;
        guest.add(shop, variant, 1).await;
        return merge(shop, ann, &guest).await.0;
    }
    let lines = json!({ "lines": [{ "variant_id": variant, "quantity": 1 }] });
    ann.post(shop, "/api/carts", &lines).await.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_clients_of_one_shopper_lose_nothing_and_open_one_cart() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 12_50, 900).await;
    let ann = shop.register("ann@example.com").await;

    let clients: Vec<_> = (0..16)
        .map(|client| {
            let (shop, ann) = (Arc::clone(&shop), ann.clone());
            tokio::spawn(async move {
                let mut acknowledged = 0;
                for _ in 0..6 {
                    let status = one_more(&shop, &ann, mug, client % 4 == 0).await;
                    let is_away = status == StatusCode::SERVICE_UNAVAILABLE;
                    assert!(status.is_success() || is_away, "{status}");
                    acknowledged += i64::from(status.is_success());
                }
                acknowledged
            })
        })
        .collect();
    let mut acknowledged = 0;
    for client in clients {
        acknowledged += client.await.unwrap();
    }

    let (_, cart) = ann.get(&shop, "/api/carts/current").await;
    assert!(acknowledged >= 90, "{acknowledged} of 96");
    assert_eq!(quantities(&cart), [("mug".to_owned(), acknowledged)]);
    let open = shop
        .number("SELECT count(*) FROM cart WHERE customer_id IS NOT NULL AND status = 'open'")
        .await;
    assert_eq!(open, 1);
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_cart_whose_order_ran_out_is_poured_into_the_one_begun_meanwhile() {
    let shop = Shop::open().await;
    let (mug, bowl) = (shop.stock("mug", 12_50, 9).await, shop.stock("bowl", 20_00, 9).await);
    let guest = shop.ready_shopper(mug, 2).await;
    let ann = shop.register("ann@example.com").await;
    merge(&shop, &ann, &guest).await;
    let cart = ann.get(&shop, "/api/carts/current").await.1;
    let body = json!({ "expected_total": cart["totals"]["total"], "payment": { "method": "test", "token": "tok_confirm" } });
    let path = format!("/api/carts/{}/complete", cart["id"].as_str().unwrap());
    let bought = ann
        .send(&shop, Method::POST, &path, Some(&body), &[("idempotency-key", "one-intent")])
        .await;
    assert_eq!(bought.json()["status"], "requires_action", "{}", bought.json());
    ann.post(&shop, "/api/carts", &json!({ "lines": [{ "variant_id": bowl, "quantity": 1 }] }))
        .await;

    shop.wait(700).await;
    let ann = shop.signed_in("ann@example.com", "").await;

    let (_, cart) = ann.get(&shop, "/api/carts/current").await;
    assert_eq!(quantities(&cart), [("bowl".to_owned(), 1), ("mug".to_owned(), 2)]);
    shop.assert_sound().await;
}
