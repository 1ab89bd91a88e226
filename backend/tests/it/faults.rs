//! The network and the shopper let go at the worst moments: nothing is lost, nothing is done twice.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use futures::future::join_all;
use serde_json::{Value, json};
use testkit::{Proxy, proxy::Mode};
use tokio::{runtime::Handle, task::block_in_place, time};

use crate::support::{Shop, Shopper};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_reply_to_commit_loses_no_order_and_makes_none_twice() {
    let mut proxy = None;
    let shop = Shop::open_with(&[], |config| {
        let url = secrecy::ExposeSecret::expose_secret(&config.database.database_url).to_owned();
        let between = block_in_place(|| Handle::current().block_on(Proxy::before(&url)));
        config.database.database_url = between.url_for(&url).into();
        proxy = Some(between);
    })
    .await;
    let (shop, proxy) = (Arc::new(shop), proxy.unwrap());
    let mug = shop.stock("mug", 19_99, 12).await;
    let shoppers = join_all((0..12).map(|_| shop.ready_shopper(mug, 1))).await;
    let total = shoppers[0].look(&shop).await["totals"]["total"].clone();

    proxy.set(Mode::CutCommit { percent: 30 }).await;
    let bought = join_all(shoppers.iter().map(|ann| stubbornly(&shop, ann, &total))).await;
    proxy.set(Mode::Pass).await;

    let again = join_all(shoppers.iter().map(|ann| stubbornly(&shop, ann, &total))).await;
    assert_eq!(bought, again, "the same key names the same order for ever");
    shop.wait(120).await;
    assert_eq!(shop.number("SELECT count(*) FROM orders").await, 12);
    assert_eq!(shop.number("SELECT count(*) FROM orders WHERE payment_status = 'paid'").await, 12);
    assert_eq!(shop.number("SELECT count(*) FROM test_provider_intent").await, 12);
    assert_eq!(shop.level(mug).await, (12, 12));
    shop.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shopper_who_hangs_up_while_paying_has_bought_once_or_not_at_all() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 19_99, 40).await;
    let total = shop.ready_shopper(mug, 1).await.look(&shop).await["totals"]["total"].clone();
    for millis in 0..20 {
        let ann = shop.ready_shopper(mug, 1).await;

        let _ = time::timeout(Duration::from_millis(millis), buy(&shop, &ann, &total)).await;
        let order = stubbornly(&shop, &ann, &total).await;

        assert!(order.is_string(), "{order}");
    }
    shop.wait(120).await;
    assert_eq!(shop.number("SELECT count(*) FROM orders WHERE payment_status = 'paid'").await, 20);
    assert_eq!(shop.number("SELECT count(*) FROM test_provider_intent").await, 20);
    // One that is left behind stays as it is, while those of background work come and go.
    time::sleep(Duration::from_secs(2)).await;
    let left_behind = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND state = 'idle in transaction' AND state_change < now() - interval '1 second'";
    assert_eq!(shop.number(left_behind).await, 0);
    shop.assert_sound().await;
}

async fn buy(shop: &Shop, ann: &Shopper, total: &Value) -> (StatusCode, Value) {
    ann.buy_for(shop, total, &json!({ "method": "test", "token": "tok_ok" }), "one-intent").await
}

/// Asks with one key until there is an answer; the order's id.
async fn stubbornly(shop: &Shop, ann: &Shopper, total: &Value) -> Value {
    for _ in 0..100 {
        let (status, answer) = buy(shop, ann, total).await;
        if status == StatusCode::OK {
            return answer["order"]["id"].clone();
        }
        assert!(
            status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::CONFLICT,
            "{answer}"
        );
        time::sleep(Duration::from_millis(50)).await;
    }
    panic!("there was never an answer");
}
