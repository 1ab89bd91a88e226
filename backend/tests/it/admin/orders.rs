//! Finding orders, noting, holding, calling off, and money that came by transfer.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Clerk, Shop, id};

async fn listed(shop: &Shop, clerk: &Clerk, query: &str) -> Vec<i64> {
    let (status, page) = clerk.get(shop, &format!("/api/admin/orders?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {page}");
    let rows = page["data"].as_array().unwrap();
    rows.iter().map(|row| row["number"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn an_order_is_found_by_its_number_words_sku_and_states() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let tea = shop.stock("tea", 7_00, 9).await;
    let first = shop.sold(mug, 1).await["order"]["number"].as_i64().unwrap();
    let second = shop.promised(tea, 1).await["order"]["number"].as_i64().unwrap();
    shop.execute(
        "UPDATE orders SET email = 'bob_50%@example.com' WHERE payment_method = 'bank_transfer'",
    )
    .await;
    let sku = shop
        .sql(async |tx| {
            sqlx::query_scalar::<_, Option<String>>("SELECT sku FROM variant WHERE variant_id = $1")
                .bind(mug)
                .fetch_one(tx)
                .await
        })
        .await
        .unwrap();

    for (query, found) in [
        ("", vec![second, first]),
        (&format!("q={first}"), vec![first]),
        (&format!("q=%23{second}"), vec![second]),
        ("q=ann%40exam", vec![first]),
        ("q=WEBER", vec![second, first]),
        ("q=_50%25", vec![second]),
        ("q=%25%25", vec![]),
        (&format!("q={sku}"), vec![first]),
        ("payment_status=unpaid", vec![second]),
        ("status=placed,on_hold", vec![second, first]),
        ("status=cancelled", vec![]),
        ("fulfilment_status=unfulfilled&country=DE", vec![second, first]),
        ("country=FR", vec![]),
        ("placed_from=2026-03-02T09:00:00Z", vec![second, first]),
        ("placed_to=2026-03-02T09:00:00Z", vec![]),
    ] {
        assert_eq!(listed(&shop, &admin, query).await, found, "{query}");
    }
    let (_, page) = admin.get(&shop, "/api/admin/orders?limit=1").await;
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    assert_eq!(listed(&shop, &admin, &format!("limit=1&cursor={cursor}")).await, [first]);
    for wrong in ["status=paid", "cursor=x", "limit=x", "colour=red", "placed_from=yesterday"] {
        let (status, _) = admin.get(&shop, &format!("/api/admin/orders?{wrong}")).await;
        assert!(status.is_client_error(), "{wrong}: {status}");
    }
}

#[tokio::test]
async fn a_hundred_thousand_orders_are_listed_and_searched_quickly() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    shop.sold(mug, 1).await;
    for batch in 1..=10 {
        shop.sql(async |tx| {
            sqlx::query("SET LOCAL session_replication_role = replica").execute(&mut *tx).await?;
            sqlx::query(
                "INSERT INTO orders SELECT made.*
                 FROM orders, generate_series(1, 10000) AS place, LATERAL jsonb_populate_record(orders,
                    jsonb_build_object('order_id', gen_random_uuid(), 'number', $1 * 10000 + place,
                        'cart_id', gen_random_uuid(), 'status', 'cancelled',
                        'email', 'shopper' || $1 * 10000 + place || '@example.com')) AS made
                 WHERE orders.number < 10000",
            )
            .bind(batch)
            .execute(tx)
            .await
        })
        .await;
    }
    // What vacuuming does by itself after a while.
    shop.number("SELECT gin_clean_pending_list('orders_by_words')").await;
    shop.execute("ANALYZE orders").await;

    for query in
        ["", "status=placed", "q=shopper77777%40", "q=nobody-has-this", "payment_status=unpaid"]
    {
        let began = std::time::Instant::now();
        admin.get(&shop, &format!("/api/admin/orders?{query}")).await;
        assert!(began.elapsed().as_millis() < 500, "{query} took {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_note_is_for_staff_only() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let bought = shop.sold(mug, 1).await;
    let path = format!("/api/admin/orders/{}/notes", id(&bought));

    let (status, noted) =
        admin.post(&shop, &path, &json!({ "text": " Fragile, says Ann. " })).await;
    let (empty, _) = admin.post(&shop, &path, &json!({ "text": " " })).await;
    let (long, _) = admin.post(&shop, &path, &json!({ "text": "x".repeat(2_001) })).await;

    assert_eq!(status, StatusCode::OK, "{noted}");
    let last = noted["history"].as_array().unwrap().last().unwrap();
    assert_eq!(last["message"], "Fragile, says Ann.");
    assert_eq!((&last["actor"], &last["is_staff_only"]), (&json!(admin.id), &json!(true)));
    assert_eq!((empty, long), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    let shoppers = shop.order(&bought).await.to_string();
    assert!(!shoppers.contains("Fragile"), "its shopper reads the note");
    let (_, log) = admin.get(&shop, "/api/admin/audit?action=order.noted").await;
    assert!(!log.to_string().contains("Fragile"), "the audit log keeps the words for ever");
    shop.assert_sound().await;
}

#[tokio::test]
async fn an_order_on_hold_is_not_sent_until_it_is_released() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let bought = shop.sold(mug, 1).await;

    let (held, order) = admin.act(&shop, &bought, "hold", &Value::Null).await;
    let (refused, why) = admin.pack(&shop, &bought, &json!([])).await;
    let (again, _) = admin.act(&shop, &bought, "hold", &Value::Null).await;
    let (released, _) = admin.act(&shop, &bought, "release", &Value::Null).await;
    let (packed, _) = admin.pack(&shop, &bought, &json!([])).await;

    assert_eq!((held, &order["order"]["status"]), (StatusCode::OK, &json!("on_hold")));
    assert_eq!((refused, &why["code"]), (StatusCode::CONFLICT, &json!("on_hold")));
    assert_eq!(again, StatusCode::CONFLICT);
    assert_eq!((released, packed), (StatusCode::OK, StatusCode::CREATED));
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_seen() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let bought = shop.sold(mug, 1).await;
    let version = admin.order(&shop, &bought).await["order"]["version"].clone();
    let path = format!("/api/admin/orders/{}/hold", id(&bought));

    let without = admin.post(&shop, &path, &Value::Null).await.0;
    let (first, _) = admin.change(&shop, (Method::POST, &path), &version, &Value::Null).await;
    let (stale, _) = admin.change(&shop, (Method::POST, &path), &version, &Value::Null).await;

    assert_eq!(without, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!((first, stale), (StatusCode::OK, StatusCode::PRECONDITION_FAILED));
}

#[tokio::test]
async fn staff_call_an_order_off_and_stock_and_money_go_back() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let bought = shop.sold(mug, 2).await;
    admin.pack(&shop, &bought, &json!([])).await;

    let (status, order) = admin.act(&shop, &bought, "cancel", &Value::Null).await;
    shop.settle().await;
    let (again, _) = admin.act(&shop, &bought, "cancel", &Value::Null).await;

    assert_eq!(status, StatusCode::OK, "{order}");
    let order = admin.order(&shop, &bought).await;
    assert_eq!(order["order"]["status"], "cancelled");
    assert_eq!(order["order"]["payment_status"], "refunded");
    assert_eq!(order["fulfilments"][0]["state"], "cancelled", "its parcel is packed still");
    assert_eq!(again, StatusCode::OK);
    assert_eq!(shop.level(mug).await, (9, 0));
    let (_, log) = admin.get(&shop, "/api/admin/audit?action=order.cancelled").await;
    assert_eq!(log["data"].as_array().map(Vec::len), Some(1), "calling off twice is one change");
    shop.assert_sound().await;
}

#[tokio::test]
async fn the_money_of_a_transfer_is_booked_once_and_only_in_full() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let promised = shop.promised(mug, 1).await;
    let total = promised["order"]["totals"]["total"].clone();
    let path = format!("/api/admin/orders/{}/mark-paid", id(&promised));
    let paid = |amount: &Value| json!({ "amount": amount, "reference": "DE-2026-03-02/17" });
    let less = json!({ "amount": total["amount"].as_i64().unwrap() - 1, "currency": "EUR" });

    let early = admin.pack(&shop, &promised, &json!([])).await;
    let part = admin.once(&shop, (&path, "the first try"), &paid(&less)).await;
    let without = admin.post(&shop, &path, &paid(&total)).await.0;
    let whole = paid(&total);
    let (one, two) = tokio::join!(
        admin.once(&shop, (&path, "booking it"), &whole),
        admin.once(&shop, (&path, "booking it"), &whole),
    );
    let other = admin.once(&shop, (&path, "another key"), &whole).await;

    assert_eq!((early.0, &early.1["code"]), (StatusCode::CONFLICT, &json!("not_paid")));
    assert_eq!(
        (part.0, &part.1["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("other_amount"))
    );
    assert_eq!(without, StatusCode::BAD_REQUEST);
    assert_eq!((one.0, two.0), (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT), "{one:?} {two:?}");
    assert_eq!((other.0, &other.1["code"]), (StatusCode::CONFLICT, &json!("not_owed")));
    let order = admin.order(&shop, &promised).await;
    assert_eq!(order["order"]["paid"], total);
    assert_eq!(order["payments"][0]["provider"], "manual");
    assert_eq!(admin.pack(&shop, &promised, &json!([])).await.0, StatusCode::CREATED);
    shop.assert_sound().await;
}

#[tokio::test]
async fn what_staff_wrote_of_somebody_is_gone_when_they_leave() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let promised = shop.promised(mug, 1).await;
    let ann = shop.register("ann@example.com").await;
    let path = |what: &str| format!("/api/admin/orders/{}/{what}", id(&promised));
    let paid =
        json!({ "amount": promised["order"]["totals"]["total"], "reference": "canary transfer" });
    admin.once(&shop, (&path("mark-paid"), "booking it"), &paid).await;
    admin.post(&shop, &path("notes"), &json!({ "text": "canary note" })).await;
    let (_, packed) = admin.pack(&shop, &promised, &json!([])).await;
    let parcel = packed["fulfilments"][0].clone();
    let at = format!("/api/admin/fulfilments/{}", parcel["id"].as_str().unwrap());
    let tracking =
        json!({ "tracking_number": "canary number", "tracking_url": "https://canary.example" });
    admin.send(&shop, (Method::PATCH, &at), Some(&tracking), &[]).await;
    admin.parcel(&shop, &parcel, "ship").await;
    admin.parcel(&shop, &parcel, "deliver").await;
    let reason = json!({ "reason": "canary reason" });
    let (_, refund) = admin.once(&shop, (&path("refunds"), "all of it"), &reason).await;
    let confirm = format!("/api/admin/refunds/{}/confirm", refund["id"].as_str().unwrap());
    admin.post(&shop, &confirm, &Value::Null).await;
    shop.settle().await;
    let words = "SELECT concat_ws('|', (SELECT string_agg(order_note::text, '') FROM order_note),
        (SELECT string_agg(fulfilment::text, '') FROM fulfilment), (SELECT string_agg(refund::text, '') FROM refund),
        (SELECT string_agg(payment_attempt::text, '') FROM payment_attempt),
        (SELECT string_agg(audit_log::text, '') FROM audit_log), (SELECT string_agg(outbox::text, '') FROM outbox),
        (SELECT string_agg(order_event::text, '') FROM order_event))";
    let words = async || {
        shop.sql(async |tx| sqlx::query_scalar::<_, String>(words).fetch_one(tx).await).await
    };
    assert_eq!(words().await.matches("canary").count(), 5);

    let body = json!({ "email": "ann@example.com" });
    let (status, answer) = ann.ask(&shop, Method::DELETE, "/api/customers/me", Some(&body)).await;

    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    assert_eq!(words().await.matches("canary").count(), 0);
    shop.assert_sound().await;
}
