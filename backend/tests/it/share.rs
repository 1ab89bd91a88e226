//! The link of a cart.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::Shop;

#[tokio::test]
async fn a_link_shows_what_it_holds_and_opens_no_cart() {
    let shop = Shop::open().await;
    let (mug, tea, gone) = (
        shop.stock("mug", 1_200, 2).await,
        shop.stock("tea", 700, 9).await,
        shop.stock("gone", 500, 9).await,
    );
    shop.execute("UPDATE product SET status = 'archived' WHERE handle = 'gone'").await;

    let lines = format!("{tea}:2,{gone}:1,{mug}:3");
    let (status, shared) =
        shop.get(&format!("/api/carts/permalink?lines={lines}&currency=USD")).await;

    assert_eq!(status, StatusCode::OK, "{shared}");
    let titles: Vec<_> = shared["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Tea", "Mug"]);
    assert_eq!(shared["left_out"], 1);
    assert_eq!(shared["total"], json!({ "amount": 2 * 700 + 3 * 1_200, "currency": "USD" }));
    assert_eq!(
        (&shared["lines"][0]["is_available"], &shared["lines"][1]["is_available"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(shop.number("SELECT count(*) FROM cart").await, 0);
}

#[tokio::test]
async fn many_of_one_thing_cost_what_a_cart_would_ask() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 99).await;
    shop.sql(async |tx| {
        sqlx::query("INSERT INTO price (price_id, variant_id, currency, min_quantity, amount_minor) VALUES (gen_random_uuid(), $1, 'EUR', 6, 1000)")
            .bind(mug)
            .execute(tx)
            .await
    })
    .await;
    let ann = shop.shopper().await;
    let (_, cart) = ann.add(&shop, mug, 6).await;

    let (_, shared) = shop.get(&format!("/api/carts/permalink?lines={mug}:6")).await;

    assert_eq!(shared["total"], cart["totals"]["subtotal"]);
    assert_eq!(shared["lines"][0]["unit_price"]["amount"], 1_000);
}

#[tokio::test]
async fn what_is_no_link_is_told_by_its_field() {
    let shop = Shop::open().await;

    for lines in ["", "mug:1", "var_1:1", "%2C"] {
        let (status, problem) = shop.get(&format!("/api/carts/permalink?lines={lines}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{lines}");
        assert_eq!(problem["errors"][0]["pointer"], "/lines");
    }
}
