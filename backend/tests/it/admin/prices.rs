//! Prices, many at a time.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::desk::{open, pointers, product_of};
use crate::support::{Clerk, Shop};

async fn set(shop: &Shop, clerk: &Clerk, rows: &[Value]) -> (StatusCode, Value) {
    let body = json!({ "rows": rows });
    let answer = clerk.send(shop, (Method::PUT, "/api/admin/prices"), Some(&body), &[]).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn prices_are_set_and_taken_away_and_remembered() {
    let (shop, clerk) = open().await;
    let (mug, cup) = (shop.stock("mug", 2_000, 5).await, shop.stock("cup", 900, 5).await);
    let row = |variant, currency: &str, least: i32, amount: Option<i64>, before: Option<i64>| json!({ "variant_id": variant, "currency": currency, "min_quantity": least, "amount": amount, "compare_at": before });

    let (status, answer) = set(
        &shop,
        &clerk,
        &[
            row(mug, "EUR", 1, Some(1_500), Some(2_000)),
            row(mug, "EUR", 5, Some(1_200), None),
            row(mug, "USD", 1, None, None),
            row(cup, "EUR", 1, Some(900), None),
        ],
    )
    .await;

    assert_eq!((status, &answer["changed"]), (StatusCode::OK, &json!(3)), "{answer}");
    let sheet = clerk.sheet(&shop, &product_of(&shop, mug).await).await;
    assert_eq!(
        sheet["variants"][0]["prices"],
        json!([
            { "currency": "EUR", "min_quantity": 1, "amount": 1_500, "compare_at": 2_000 },
            { "currency": "EUR", "min_quantity": 5, "amount": 1_200 },
        ])
    );
    let (_, page) = shop.get("/api/products/mug").await;
    assert_eq!(
        (&page["price"]["amount"], &page["variants"][0]["lowest_30d"]["amount"]),
        (&json!(1_500), &json!(2_000))
    );
    assert_eq!(shop.get("/api/products/mug?currency=USD").await.0, StatusCode::NOT_FOUND);
    let open_ends = "SELECT count(*) FROM price_history WHERE to_at IS NULL AND currency = 'USD'";
    assert_eq!(shop.number(open_ends).await, 1);
    let told = "SELECT count(*) FROM audit_log WHERE action = 'variant.price_changed'";
    assert_eq!(shop.number(told).await, 1);
    let (_, again) = set(&shop, &clerk, &[row(mug, "USD", 1, Some(1_600), None)]).await;
    assert_eq!(again["changed"], 1);
    assert_eq!(shop.get("/api/products/mug?currency=USD").await.1["price"]["amount"], 1_600);
    shop.assert_sound().await;
}

#[tokio::test]
async fn one_wrong_row_keeps_all_prices_as_they_were() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 2_000, 5).await;
    let right = json!({ "variant_id": mug, "currency": "EUR", "amount": 1 });
    let wrong = [
        (
            json!({ "variant_id": format!("var_{:032x}", 7), "currency": "EUR", "amount": 1 }),
            "variant_id",
        ),
        (json!({ "variant_id": mug, "currency": "JPY", "amount": 1 }), "currency"),
        (json!({ "variant_id": mug, "currency": "euro", "amount": 1 }), "currency"),
        (json!({ "variant_id": mug, "currency": "USD", "amount": -1 }), "amount"),
        (json!({ "variant_id": mug, "currency": "USD", "amount": i64::MAX }), "amount"),
        (
            json!({ "variant_id": mug, "currency": "USD", "amount": 9_007_199_254_740_993_i64 }),
            "amount",
        ),
        (
            json!({ "variant_id": mug, "currency": "USD", "amount": 5, "compare_at": 5 }),
            "compare_at",
        ),
        (json!({ "variant_id": mug, "currency": "USD", "compare_at": 5 }), "compare_at"),
        (
            json!({ "variant_id": mug, "currency": "USD", "min_quantity": 0, "amount": 1 }),
            "min_quantity",
        ),
        (
            json!({ "variant_id": mug, "currency": "USD", "min_quantity": 1_000, "amount": 1 }),
            "min_quantity",
        ),
        (json!({ "variant_id": mug, "currency": "EUR", "amount": 2 }), "variant_id"),
    ];

    for (row, field) in wrong {
        let (status, answer) = set(&shop, &clerk, &[right.clone(), row.clone()]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{row}: {answer}");
        assert_eq!(pointers(&answer), [format!("/rows/1/{field}")], "{row}");
    }
    for rows in [vec![], vec![right; 501]] {
        let (status, answer) = set(&shop, &clerk, &rows).await;
        assert_eq!((status, pointers(&answer)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["/rows"]));
    }
    let kept = "SELECT count(*) FROM price WHERE amount_minor = 2000";
    assert_eq!(shop.number(kept).await, 2);
}
