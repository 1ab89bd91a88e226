//! Money that goes back: in parts, once, never more than came, and by two when it is much.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Clerk, Shop, id};

fn euros(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

async fn refund(
    shop: &Shop,
    clerk: &Clerk,
    of: &Value,
    key: &str,
    body: &Value,
) -> (StatusCode, Value) {
    let path = format!("/api/admin/orders/{}/refunds", id(of));
    clerk.once(shop, (&path, key), body).await
}

async fn money(shop: &Shop, clerk: &Clerk, of: &Value) -> (i64, String) {
    let order = clerk.order(shop, of).await;
    let refunded = order["order"]["refunded"]["amount"].as_i64().unwrap();
    (refunded, order["order"]["payment_status"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn money_goes_back_in_parts_and_never_more_than_came() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 50_00, 9).await;
    let bought = shop.sold(mug, 1).await;
    let total = bought["order"]["totals"]["total"]["amount"].as_i64().unwrap();
    let part = json!({ "amount": euros(10_00), "reason": "A scratch" });

    let (first, made) = refund(&shop, &admin, &bought, "the first part", &part).await;
    let (again, same) = refund(&shop, &admin, &bought, "the first part", &part).await;
    shop.settle().await;
    let after_part = money(&shop, &admin, &bought).await;
    let over = json!({ "amount": euros(total - 10_00 + 1), "reason": "Too much" });
    let (too_much, why) = refund(&shop, &admin, &bought, "more than is left", &over).await;
    let (rest, _) =
        refund(&shop, &admin, &bought, "all of the rest", &json!({ "reason": "Never mind" })).await;
    shop.settle().await;

    assert_eq!((first, again), (StatusCode::CREATED, StatusCode::CREATED), "{made}");
    assert_eq!(made["id"], same["id"], "one key gave money back twice");
    assert_eq!(after_part, (10_00, "partially_refunded".to_owned()));
    assert_eq!(
        (too_much, &why["facts"]["left"]["amount"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!(total - 10_00))
    );
    assert_eq!(rest, StatusCode::CREATED);
    assert_eq!(money(&shop, &admin, &bought).await, (total, "refunded".to_owned()));
    for (amount, currency) in [(0, "EUR"), (-1, "EUR"), (i64::MIN, "EUR"), (1, "USD")] {
        let body = json!({ "amount": { "amount": amount, "currency": currency }, "reason": "x" });
        let (status, _) = refund(&shop, &admin, &bought, "a strange amount", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{amount} {currency}");
    }
    shop.assert_sound().await;
}

#[tokio::test]
async fn refunds_at_once_with_calling_off_give_each_cent_back_once() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 50_00, 9).await;
    let bought = shop.sold(mug, 1).await;
    let total = bought["order"]["totals"]["total"]["amount"].as_i64().unwrap();
    let part = json!({ "amount": euros(20_00), "reason": "A scratch" });
    let keys = ["first key", "second key", "third key", "fourth key"];

    let parts =
        futures::future::join_all(keys.map(|key| refund(&shop, &admin, &bought, key, &part)));
    let (parts, off) = tokio::join!(parts, shop.cancel(&bought));
    shop.settle().await;

    let given: i64 = parts.iter().filter(|it| it.0 == StatusCode::CREATED).map(|_| 20_00).sum();
    assert!(given <= total, "{parts:?}");
    assert_eq!(off.0, StatusCode::OK, "{}", off.1);
    assert_eq!(money(&shop, &admin, &bought).await, (total, "refunded".to_owned()));
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_large_refund_waits_for_somebody_else() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let second = shop.clerk(&admin, "finance").await;
    let mug = shop.stock("mug", 50_00, 9).await;
    let bought = shop.sold(mug, 2).await;
    shop.execute("INSERT INTO setting (key, value) VALUES ('refund_limit_minor', '3000')").await;
    let decide = async |clerk: &Clerk, refund: &Value, what: &str| {
        let path = format!("/api/admin/refunds/{}/{what}", refund["id"].as_str().unwrap());
        clerk.post(&shop, &path, &Value::Null).await
    };

    let small = json!({ "amount": euros(30_00), "reason": "A scratch" });
    let large = json!({ "amount": euros(30_01), "reason": "Two scratches" });
    let (_, at_once) = refund(&shop, &admin, &bought, "a small refund", &small).await;
    let (_, waits) = refund(&shop, &admin, &bought, "a large refund", &large).await;
    shop.settle().await;
    let before = money(&shop, &admin, &bought).await.0;
    let (alone, _) = decide(&admin, &waits, "approve").await;
    let (agreed, _) = decide(&second, &waits, "approve").await;
    shop.settle().await;
    let (twice, _) = decide(&second, &waits, "approve").await;
    let (_, other) = refund(&shop, &admin, &bought, "another large one", &large).await;
    let (declined, gone) = decide(&second, &other, "decline").await;
    shop.settle().await;

    assert_eq!((&at_once["state"], &waits["state"]), (&json!("pending"), &json!("awaiting")));
    assert_eq!(before, 30_00, "money went back before a second person looked");
    assert_eq!(
        (alone, agreed, twice),
        (StatusCode::FORBIDDEN, StatusCode::OK, StatusCode::CONFLICT)
    );
    assert_eq!((declined, &gone["state"]), (StatusCode::OK, &json!("declined")));
    assert_eq!(money(&shop, &admin, &bought).await.0, 60_01);
    shop.assert_sound().await;
}

#[tokio::test]
async fn goods_come_back_with_a_refund_as_far_as_they_were_sent() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 50_00, 9).await;
    let bought = shop.sold(mug, 2).await;
    let order = admin.order(&shop, &bought).await;
    let line = &order["order"]["lines"][0]["id"];
    let body = |quantity: i32| json!({ "amount": euros(50_00), "reason": "Sent back", "restock": [{ "line_id": line, "quantity": quantity }] });

    let (early, _) = refund(&shop, &admin, &bought, "before it was sent", &body(1)).await;
    let (_, packed) = admin.pack(&shop, &bought, &json!([])).await;
    admin.parcel(&shop, &packed["fulfilments"][0], "ship").await;
    let (back, answer) = refund(&shop, &admin, &bought, "one came back", &body(1)).await;
    let (more, _) = refund(&shop, &admin, &bought, "more than is out", &body(2)).await;
    shop.settle().await;

    assert_eq!(
        (early, back, more),
        (StatusCode::CONFLICT, StatusCode::CREATED, StatusCode::CONFLICT),
        "{answer}"
    );
    assert_eq!(shop.level(mug).await, (8, 0));
    let order = admin.order(&shop, &bought).await;
    assert_eq!(order["order"]["fulfilment_status"], "partially_returned");
    assert_eq!(order["order"]["refunded"]["amount"], 50_00, "a refund that was refused took money");
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_transfer_goes_back_by_hand_and_is_booked_when_that_is_confirmed() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let promised = shop.promised(mug, 1).await;
    let total = &promised["order"]["totals"]["total"];
    let path = format!("/api/admin/orders/{}/mark-paid", id(&promised));
    let paid = json!({ "amount": total, "reference": "17" });
    admin.once(&shop, (&path, "booking it"), &paid).await;

    let (_, made) =
        refund(&shop, &admin, &promised, "all of it back", &json!({ "reason": "Changed my mind" }))
            .await;
    shop.settle().await;
    let before = money(&shop, &admin, &promised).await.1;
    let confirm = format!("/api/admin/refunds/{}/confirm", made["id"].as_str().unwrap());
    let (confirmed, _) = admin.post(&shop, &confirm, &Value::Null).await;
    let (again, _) = admin.post(&shop, &confirm, &Value::Null).await;

    assert_eq!(before, "paid", "a transfer went back by itself");
    assert_eq!((confirmed, again), (StatusCode::OK, StatusCode::CONFLICT));
    assert_eq!(money(&shop, &admin, &promised).await.1, "refunded");
    let card = shop.sold(mug, 1).await;
    let (_, by_card) =
        refund(&shop, &admin, &card, "by the provider", &json!({ "reason": "x" })).await;
    let confirm = format!("/api/admin/refunds/{}/confirm", by_card["id"].as_str().unwrap());
    let (not_by_hand, _) = admin.post(&shop, &confirm, &Value::Null).await;
    assert_eq!(not_by_hand, StatusCode::CONFLICT, "staff booked what only the provider knows");
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn each_does_what_their_role_is_for() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let support = shop.clerk(&admin, "support").await;
    let finance = shop.clerk(&admin, "finance").await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let bought = shop.sold(mug, 1).await;
    let all = json!({ "reason": "Never mind" });
    let version = admin.order(&shop, &bought).await["order"]["version"].clone();
    let hold = format!("/api/admin/orders/{}/hold", id(&bought));

    let by_support = refund(&shop, &support, &bought, "by support", &all).await.0;
    let held = finance.change(&shop, (Method::POST, &hold), &version, &Value::Null).await.0;
    let by_finance = refund(&shop, &finance, &bought, "by finance", &all).await.0;

    assert_eq!(
        (by_support, held, by_finance),
        (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN, StatusCode::CREATED)
    );
}
