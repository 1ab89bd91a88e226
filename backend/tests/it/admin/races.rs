//! Staff and shoppers at the same moment.

use axum::http::{Method, StatusCode};
use futures::future::join_all;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use super::desk::{first_location, open, product_of, text};
use crate::support::{Shop, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_who_change_one_level_lose_nothing() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 100).await;
    let place = first_location(&shop).await;
    let bodies: Vec<_> = (1..=10)
        .map(|number| {
            let quantity = if number % 2 == 0 { number } else { -number };
            json!({ "variant_id": mug, "location_id": place, "kind": "adjust", "quantity": quantity, "reason": "all at once" })
        })
        .collect();
    let keys: Vec<_> = (0..10).map(|number| format!("at once {number}")).collect();

    let answers =
        join_all(keys.iter().zip(&bodies).map(|(key, body)| clerk.adjust(&shop, key, body))).await;

    assert!(answers.iter().all(|(status, _)| *status == StatusCode::OK), "{answers:?}");
    assert_eq!(shop.level(mug).await, (105, 0));
    assert_eq!(shop.number("SELECT count(*) FROM stock_movement").await, 11);
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counting_down_while_shoppers_buy_sells_nothing_twice() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 6).await;
    let place = first_location(&shop).await;
    let shoppers = join_all((0..6).map(|_| shop.ready_shopper(mug, 1))).await;
    let lose = |number: usize| json!({ "variant_id": mug, "location_id": place, "kind": "adjust", "quantity": -1, "reason": format!("broken {number}") });
    let keys: Vec<_> = (0..4).map(|number| format!("broken {number}")).collect();

    let (bought, lost) = tokio::join!(
        join_all(shoppers.iter().map(|shopper| shopper.buy(&shop, "tok_ok", "one for me"))),
        join_all(keys.iter().enumerate().map(|(number, key)| {
            let body = lose(number);
            let (clerk, shop) = (&clerk, &shop);
            async move { clerk.adjust(shop, key, &body).await }
        })),
    );

    let sold = bought.iter().filter(|(status, _)| *status == StatusCode::OK).count();
    assert!(lost.iter().all(|(status, _)| *status == StatusCode::OK), "{lost:?}");
    let (on_hand, reserved) = shop.level(mug).await;
    assert_eq!((on_hand, usize::try_from(reserved).unwrap()), (2, sold));
    let missing = shop.number("SELECT sum(missing)::bigint FROM stock_movement").await;
    assert_eq!(i64::from((reserved - on_hand).max(0)), missing);
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_call_an_order_off_at_once_the_second_is_told_that_it_changed() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 1_000, 5).await;
    let bought = shop.sold(mug, 1).await;
    let version = admin.order(&shop, &bought).await["order"]["version"].clone();
    let path = format!("/api/admin/orders/{}/cancel", id(&bought));
    let cancel = || admin.change(&shop, (Method::POST, &path), &version, &Value::Null);
    let mut first = PgConnection::connect(&shop.database.url()).await.unwrap();
    let mut lock = first.begin().await.unwrap();
    sqlx::query("SELECT FROM orders FOR UPDATE").execute(&mut *lock).await.unwrap();

    // Both have seen the order and wait for its row before either changes it.
    let let_go = async {
        let waiting = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while shop.number(waiting).await < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        lock.rollback().await.unwrap();
    };
    let (one, two, ()) = tokio::join!(cancel(), cancel(), let_go);

    let mut statuses = [one.0, two.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::PRECONDITION_FAILED], "{one:?} {two:?}");
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn units_carried_both_ways_at_once_meet_no_deadlock() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 50).await;
    let place = first_location(&shop).await;
    let (_, cellar) =
        clerk.post(&shop, "/api/admin/stock/locations", &json!({ "title": "Cellar" })).await;
    let cellar = text(&cellar["id"]);
    let body = |from: &str, to: &str, quantity: i32| json!({ "variant_id": mug, "from_id": from, "to_id": to, "quantity": quantity, "reason": "tidying" });
    let at = || (Method::POST, "/api/admin/stock/transfer");
    let there = body(&place, cellar, 20);
    clerk.send(&shop, at(), Some(&there), &[("idempotency-key", "the first twenty")]).await;
    let bodies = [body(&place, cellar, 1), body(cellar, &place, 2)];
    let keys: Vec<_> = (0..8).map(|number| format!("carrying {number}")).collect();

    let answers = join_all(keys.iter().enumerate().map(|(number, key)| {
        let (clerk, shop, body) = (&clerk, &shop, &bodies[number % 2]);
        async move {
            let headers = [("idempotency-key", key.as_str())];
            clerk
                .send(shop, (Method::POST, "/api/admin/stock/transfer"), Some(body), &headers)
                .await
        }
    }))
    .await;

    let strange: Vec<_> = answers
        .iter()
        .filter(|it| it.status != StatusCode::OK)
        .map(crate::support::Answer::json)
        .collect();
    assert!(strange.is_empty(), "{strange:#?}");
    assert_eq!(shop.number("SELECT sum(on_hand)::bigint FROM stock_level").await, 50);
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_variant_that_is_deleted_while_it_is_bought_is_sold_or_gone_and_never_both() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 0).await;
    let id = product_of(&shop, mug).await;
    let place = first_location(&shop).await;
    let came = json!({ "variant_id": mug, "location_id": place, "kind": "receive", "quantity": 1, "reason": "one came" });
    clerk.adjust(&shop, "one came in", &came).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let below = format!("/variants/{mug}");

    let (bought, deleted) = tokio::join!(
        ann.buy(&shop, "tok_ok", "the only one"),
        clerk.edit(&shop, &id, (Method::DELETE, &below), &Value::Null),
    );

    assert_eq!(deleted.0, StatusCode::OK, "{deleted:?}");
    assert!([StatusCode::OK, StatusCode::CONFLICT].contains(&bought.0), "{bought:?}");
    assert_eq!(shop.number("SELECT count(*) FROM variant WHERE archived_at IS NOT NULL").await, 1);
    shop.settle().await;
    shop.assert_sound().await;
}
