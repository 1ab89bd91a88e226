//! Carts and orders in each currency that the shop has prices in.

use axum::http::{Method, StatusCode};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use crate::support::{Shop, Shopper};

/// The first problem's pointer and code.
fn told(problem: &Value) -> (&str, &str) {
    let error = &problem["errors"][0];
    (error["pointer"].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default())
}

async fn choose(shop: &Shop, ann: &Shopper, change: Value) -> (StatusCode, Value) {
    ann.ask(shop, Method::PATCH, "", Some(&change)).await
}

#[tokio::test]
async fn a_cart_follows_the_currency_that_its_shopper_chooses() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_190, 9).await;
    shop.reprice(mug, "USD", 1_300).await;
    let ann = shop.ready_shopper(mug, 2).await;

    let (status, cart) = choose(&shop, &ann, json!({ "currency": "USD" })).await;

    assert_eq!(status, StatusCode::OK, "{cart}");
    assert_eq!((&cart["currency"], &cart["country"]), (&json!("USD"), &json!("DE")));
    let totals = &cart["totals"];
    assert_eq!(totals["subtotal"], json!({ "amount": 2_600, "currency": "USD" }));
    assert_eq!(totals["shipping"], json!({ "amount": 540, "currency": "USD" }));
    // Prices in dollars are without tax, wherever they are paid.
    assert_eq!(totals["tax_included"], false);
    assert_eq!(totals["tax"]["amount"], 597, "19 % of 26.00 and of 5.40");
    assert_eq!(totals["total"]["amount"], 3_737);
    assert_eq!(cart["lines"][0].get("notices"), None, "another currency is no change of price");

    let (_, cart) = choose(&shop, &ann, json!({ "currency": "EUR" })).await;
    assert_eq!(cart["totals"]["total"], json!({ "amount": 2_870, "currency": "EUR" }));
}

#[tokio::test]
async fn a_price_that_changed_is_still_told_when_the_same_currency_is_chosen_again() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.shopper().await;
    ann.add(&shop, mug, 1).await;
    shop.reprice(mug, "EUR", 1_500).await;

    let (_, cart) = choose(&shop, &ann, json!({ "currency": "EUR" })).await;

    assert_eq!(cart["lines"][0]["notices"][0]["code"], "price_changed");
}

#[tokio::test]
async fn the_chosen_currency_stays_when_the_cart_goes_elsewhere() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.shopper().await;
    ann.add(&shop, mug, 1).await;

    let (_, cart) = choose(&shop, &ann, json!({ "country": "US" })).await;
    assert_eq!(cart["currency"], "USD", "nothing was chosen: the region decides");
    let (_, cart) = choose(&shop, &ann, json!({ "currency": "EUR" })).await;
    assert_eq!((&cart["currency"], &cart["country"]), (&json!("EUR"), &json!("US")));
    let (_, cart) = choose(&shop, &ann, json!({ "country": "CA" })).await;
    assert_eq!(cart["currency"], "EUR");

    shop.execute(
        "DELETE FROM shipping_rate WHERE currency = 'EUR' AND shipping_method_id IN (
            SELECT shipping_method_id FROM shipping_method JOIN shipping_zone_country USING (shipping_zone_id)
            WHERE country = 'US')",
    )
    .await;
    let (_, cart) = choose(&shop, &ann, json!({ "country": "US" })).await;
    assert_eq!(cart["currency"], "USD", "nothing is delivered there for euro any more");
    let (_, cart) = choose(&shop, &ann, json!({ "country": "DE" })).await;
    assert_eq!(cart["currency"], "EUR", "the choice was not forgotten");
}

#[tokio::test]
async fn a_currency_without_prices_or_without_delivery_is_refused() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.shopper().await;
    ann.add(&shop, mug, 1).await;

    let (status, problem) = choose(&shop, &ann, json!({ "currency": "CHF" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(told(&problem), ("/currency", "unknown_currency"));
    let (status, _) = shop.post("/api/carts", &json!({ "currency": "CHF" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

    shop.execute("DELETE FROM shipping_rate WHERE currency = 'USD'").await;
    let (status, problem) = choose(&shop, &ann, json!({ "currency": "USD" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(told(&problem), ("/currency", "not_delivered"));
    assert_eq!(ann.look(&shop).await["currency"], "EUR", "a refusal changes nothing");
}

#[tokio::test]
async fn a_new_cart_opens_in_the_currency_asked_for() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let lines = json!([{ "variant_id": mug, "quantity": 1 }]);

    let open = json!({ "country": "DE", "currency": "USD", "lines": lines });
    let (status, opened) = shop.post("/api/carts", &open).await;

    assert_eq!(status, StatusCode::CREATED);
    let line = &opened["cart"]["lines"][0];
    assert_eq!(line["unit_price"], json!({ "amount": 1_200, "currency": "USD" }));
    assert_eq!(line.get("notices"), None);
}

#[tokio::test]
async fn orders_add_up_in_each_currency_whatever_is_in_them() {
    let shop = Shop::open().await;
    let mut luck = StdRng::seed_from_u64(11);
    let mut goods = Vec::new();
    for place in 0..6 {
        let variant =
            shop.stock(&format!("thing-{place}"), luck.random_range(1..20_000), 9_999).await;
        shop.reprice(variant, "USD", luck.random_range(1..20_000)).await;
        goods.push(variant);
    }
    let addresses = [
        crate::support::berlin(),
        json!({ "name": "Ann", "line1": "1 Main St", "city": "New York", "region": "NY", "postal_code": "10001", "country": "US" }),
        json!({ "name": "Zoë", "line1": "Rue 1", "city": "Paris", "postal_code": "75001", "country": "FR" }),
    ];

    for round in 0..18 {
        let currency = ["EUR", "USD"][round % 2];
        let ann = shop.shopper().await;
        for variant in &goods {
            if luck.random_bool(0.6) {
                ann.add(&shop, *variant, luck.random_range(1..9)).await;
            }
        }
        ann.add(&shop, goods[round % goods.len()], 1).await;
        let contact = json!({ "email": "ann@example.com", "currency": currency, "shipping_address": addresses[round % 3] });
        let (status, cart) = choose(&shop, &ann, contact).await;
        assert_eq!((status, &cart["currency"]), (StatusCode::OK, &json!(currency)), "{cart}");
        let (_, options) = ann.ask(&shop, Method::GET, "/shipping-options", None).await;
        let choice = json!({ "method_id": options["data"][0]["id"] });
        let (_, cart) = ann.ask(&shop, Method::PUT, "/shipping", Some(&choice)).await;

        let (status, bought) = ann.buy(&shop, "tok_ok", &format!("currency round {round}")).await;

        assert_eq!(status, StatusCode::OK, "{bought}");
        let order = &bought["order"];
        assert_eq!(order["currency"], currency);
        assert_eq!(order["totals"]["total"], cart["totals"]["total"]);
        assert_eq!(order["paid"], order["totals"]["total"]);
        let sum: i64 = order["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["total"]["amount"].as_i64().unwrap())
            .sum();
        let totals = |name: &str| order["totals"][name]["amount"].as_i64().unwrap();
        let on_top = if order["totals"]["tax_included"] == true { 0 } else { totals("tax") };
        assert_eq!(
            totals("total"),
            totals("subtotal") - totals("discount") + totals("shipping") + on_top
        );
        assert!(sum <= totals("total"));
    }
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn what_a_guest_chose_in_another_currency_is_no_change_of_price_in_the_customers_cart() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_190, 9).await;
    shop.reprice(mug, "USD", 1_300).await;
    let customer = shop.register("ann@example.com").await;
    let (_, own) = customer.post(&shop, "/api/carts", &json!({ "country": "DE" })).await;
    let guest = shop.ready_shopper(mug, 2).await;
    choose(&shop, &guest, json!({ "currency": "USD" })).await;

    let path = format!("/api/carts/{}/merge", guest.cart);
    let token = [("x-cart-token", guest.token.as_str())];
    let merged = customer.send(&shop, Method::POST, &path, None, &token).await.json();

    assert_eq!(merged["id"], own["cart"]["id"], "{merged}");
    assert_eq!(merged["totals"]["subtotal"], json!({ "amount": 2_380, "currency": "EUR" }));
    assert_eq!(merged["lines"][0].get("notices"), None, "another currency is no change of price");
}
