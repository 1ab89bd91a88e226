//! Several shoppers, or one shopper twice, at the same moment: one effect.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_unit_is_sold_once() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 1_999, 1).await;
    let shoppers = join_all((0..8).map(|_| shop.ready_shopper(mug, 1))).await;

    let answers =
        join_all(shoppers.iter().map(|shopper| shopper.buy(&shop, "tok_ok", "key-00001"))).await;

    let codes: Vec<_> =
        answers.iter().map(|(status, body)| (*status, body["code"].as_str())).collect();
    assert_eq!(
        codes.iter().filter(|(status, _)| *status == StatusCode::OK).count(),
        1,
        "{codes:?}"
    );
    let losers = codes
        .iter()
        .filter(|code| **code == (StatusCode::CONFLICT, Some("insufficient_stock")))
        .count();
    assert_eq!(losers, 7, "{codes:?}");
    assert_eq!(shop.level(mug).await, (1, 1));
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_sold_and_nothing_more() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 1_999, 10).await;
    let shoppers = join_all((0..16).map(|_| shop.ready_shopper(mug, 1))).await;

    let answers =
        join_all(shoppers.iter().map(|shopper| shopper.buy(&shop, "tok_ok", "key-00001"))).await;

    assert_eq!(answers.iter().filter(|(status, _)| *status == StatusCode::OK).count(), 10);
    assert_eq!(shop.level(mug).await, (10, 10));
    shop.settle().await;
    assert_eq!(shop.app.mailer.kept().len(), 10);
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_cart_twice_is_one_order() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 1_999, 9).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let total = ann.look(&shop).await["totals"]["total"].clone();
    let card = json!({ "method": "test", "token": "tok_ok" });
    let keys: Vec<_> = (0..6).map(|n| format!("key-0000{n}")).collect();

    let answers = join_all(keys.iter().map(|key| ann.buy_for(&shop, &total, &card, key))).await;

    let orders: Vec<_> = answers.iter().filter(|(status, _)| *status == StatusCode::OK).collect();
    assert_eq!(orders.len(), 1, "{answers:?}");
    assert_eq!(shop.number("SELECT count(*) FROM orders").await, 1);
    assert_eq!(shop.number("SELECT count(*) FROM test_provider_intent").await, 1);
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_twice_is_one_order_and_one_answer() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 1_999, 9).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let total = ann.look(&shop).await["totals"]["total"].clone();
    let card = json!({ "method": "test", "token": "tok_ok" });

    let answers = join_all((0..6).map(|_| ann.buy_for(&shop, &total, &card, "key-00001"))).await;

    let ids: Vec<_> = answers.iter().map(|(_, body)| body["order"]["id"].as_str()).collect();
    assert!(ids[0].is_some() && ids.iter().all(|id| *id == ids[0]), "{answers:?}");
    assert_eq!(shop.number("SELECT count(*) FROM test_provider_intent").await, 1);
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hook_return_and_reconciler_together_settle_once() {
    let shop = Arc::new(Shop::open_with(&["--provider-timeout", "50"], |_| {}).await);
    let mug = shop.stock("mug", 1_999, 9).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let (_, done) = ann.buy(&shop, "tok_timeout_after", "key-00001").await;
    assert_eq!(done["status"], "pending");
    shop.clock.advance(chrono::TimeDelta::seconds(20));

    let again = async { ann.buy(&shop, "tok_timeout_after", "key-00001").await.1 };
    let settled = join_all((0..4).map(|_| backend::payments::reconcile(&shop.app)));
    let (_, results) = tokio::join!(again, settled);

    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let order = shop.order(&done).await;
    assert_eq!(
        (order["status"].as_str(), order["payment_status"].as_str()),
        (Some("placed"), Some("paid"))
    );
    shop.settle().await;
    assert_eq!(shop.app.mailer.kept().len(), 1);
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paying_and_calling_off_together_end_in_one_of_both() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 1_999, 9).await;
    for round in 0..5 {
        let ann = shop.ready_shopper(mug, 1).await;
        let (_, done) = ann.buy(&shop, "tok_declined", "key-00001").await;
        let facts = &done["facts"];
        let order =
            json!({ "order": { "id": facts["order_id"] }, "order_token": facts["order_token"] });

        let (paid, cancelled) =
            tokio::join!(ann.buy(&shop, "tok_ok", "key-00002"), shop.cancel(&order));

        let now = shop.order(&order).await;
        assert!(
            matches!(now["status"].as_str(), Some("placed" | "cancelled")),
            "{round}: {paid:?} {cancelled:?} {now}"
        );
    }
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carts_with_the_same_things_in_another_order_do_not_block_each_other() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 1_000, 50).await;
    let bowl = shop.stock("bowl", 1_000, 50).await;
    let vase = shop.stock("vase", 1_000, 50).await;
    let orders = [[mug, bowl, vase], [vase, bowl, mug], [bowl, vase, mug], [vase, mug, bowl]];
    let mut shoppers = Vec::new();
    for order in orders.iter().cycle().take(12) {
        let ann = shop.shopper().await;
        for variant in order {
            ann.add(&shop, *variant, 1).await;
        }
        ann.settle_in(&shop).await;
        shoppers.push(ann);
    }

    let answers =
        join_all(shoppers.iter().map(|shopper| shopper.buy(&shop, "tok_ok", "key-00001"))).await;

    assert!(answers.iter().all(|(status, _)| *status == StatusCode::OK), "{answers:?}");
    for variant in [mug, bowl, vase] {
        assert_eq!(shop.level(variant).await, (50, 12));
    }
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_click_on_add_counts() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 1_000, 500).await;
    let ann = shop.shopper().await;

    let answers = join_all((0..24).map(|_| ann.add(&shop, mug, 1))).await;

    let taken = answers.iter().filter(|(status, _)| *status == StatusCode::OK).count();
    assert_eq!(ann.look(&shop).await["lines"][0]["quantity"], Value::from(taken));
    assert_eq!(taken, 24, "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cart_that_is_being_bought_takes_nothing_more() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 1_000, 500).await;
    let ann = shop.ready_shopper(mug, 1).await;

    let more = join_all((0..6).map(|_| ann.add(&shop, mug, 1)));
    let (bought, added) = tokio::join!(ann.buy(&shop, "tok_ok", "key-00001"), more);

    let taken = added.iter().filter(|(status, _)| *status == StatusCode::OK).count();
    match bought.0 {
        StatusCode::OK => {
            assert!(bought.1["order"]["lines"][0]["quantity"].as_u64() <= Some(1 + taken as u64));
        }
        status => assert_eq!(
            (status, bought.1["code"].as_str()),
            (StatusCode::CONFLICT, Some("cart_changed"))
        ),
    }
    let (status, _) = ann.ask(&shop, Method::GET, "", None).await;
    assert_eq!(status, StatusCode::OK);
    shop.settle().await;
    shop.assert_sound().await;
}
