//! Random journeys by many shoppers at once end with every invariant true.

use std::sync::Arc;

use api_types::VariantId;
use axum::http::{Method, StatusCode};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use crate::support::{Shop, Shopper};

/// Journeys in all, and how many shoppers are under way at once.
const JOURNEYS: u64 = 200;
const AT_ONCE: usize = 16;

const CARDS: [&str; 6] = ["tok_ok", "tok_ok", "tok_ok", "tok_declined", "tok_confirm", "tok_late"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_random_journeys_leave_the_shop_sound() {
    let shop = Arc::new(Shop::open().await);
    let mut goods = Vec::new();
    for (handle, cents, units) in [
        ("mug", 1_250, 40),
        ("bowl", 1_999, 12),
        ("vase", 8_900, 5),
        ("lamp", 24_900, 200),
        ("tea", 435, 60),
    ] {
        goods.push(shop.stock(handle, cents, units).await);
    }
    let goods = Arc::new(goods);
    let seed = 20_260_302;

    let mut under_way = tokio::task::JoinSet::new();
    let mut placed = 0;
    for number in 0..JOURNEYS {
        if under_way.len() == AT_ONCE {
            placed += under_way.join_next().await.unwrap().unwrap();
        }
        let (shop, goods) = (Arc::clone(&shop), Arc::clone(&goods));
        under_way.spawn(async move {
            journey(&shop, &goods, StdRng::seed_from_u64(seed + number)).await
        });
    }
    for count in under_way.join_all().await {
        placed += count;
    }
    shop.wait(30).await;
    shop.wait(601).await;

    assert!(placed > JOURNEYS / 4, "only {placed} orders were placed (seed {seed})");
    shop.assert_sound().await;
    for variant in goods.iter() {
        let (on_hand, reserved) = shop.level(*variant).await;
        assert!((0..=on_hand).contains(&reserved), "{reserved} of {on_hand} (seed {seed})");
    }
}

/// One shopper: fills a cart, changes it, buys it or not, regrets it or not. 1 when an order was placed.
pub async fn journey(shop: &Shop, goods: &[VariantId], mut chance: StdRng) -> u64 {
    let ann = shop.shopper().await;
    for _ in 0..chance.random_range(1..=4) {
        ann.add(shop, *goods.choose(&mut chance).unwrap(), chance.random_range(1..=3)).await;
    }
    let cart = ann.settle_in(shop).await;
    change_a_line(shop, &ann, &cart, &mut chance).await;
    if chance.random_bool(0.1) {
        return 0;
    }
    for attempt in 0..3 {
        let card = CARDS.choose(&mut chance).unwrap();
        let (status, answer) = patiently(shop, &ann, card, &format!("attempt-{attempt}")).await;
        match (status, answer["code"].as_str()) {
            (StatusCode::OK, _) => return bought(shop, &answer, &mut chance).await,
            (_, Some("insufficient_stock")) => remove_what_is_short(shop, &ann, &answer).await,
            (_, Some("payment_failed" | "cart_changed")) => {}
            (_, Some("invalid")) => return 0,
            other => panic!("{other:?} {answer}"),
        }
    }
    0
}

/// Buys as a careful client does: a shop that is busy is asked again with the same key.
async fn patiently(shop: &Shop, ann: &Shopper, card: &str, key: &str) -> (StatusCode, Value) {
    loop {
        let (status, answer) = ann.buy(shop, card, key).await;
        match (status, answer["code"].as_str()) {
            (StatusCode::SERVICE_UNAVAILABLE, _) | (_, Some("completion_in_progress")) => {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            (status, _) if status.is_server_error() => panic!("{answer}"),
            _ => return (status, answer),
        }
    }
}

async fn bought(shop: &Shop, answer: &Value, chance: &mut StdRng) -> u64 {
    if answer["status"] == "requires_action" && chance.random_bool(0.7) {
        let page =
            answer["redirect_url"].as_str().unwrap().strip_prefix("https://shop.example").unwrap();
        let press = if chance.random_bool(0.8) { "answer=confirm" } else { "answer=refuse" };
        let form = axum::http::Request::post(page)
            .header("content-type", "application/x-www-form-urlencoded");
        shop.send(form.body(press.into()).unwrap()).await;
    }
    if chance.random_bool(0.2) {
        let (status, problem) = shop.cancel(answer).await;
        assert!(status == StatusCode::OK || status == StatusCode::CONFLICT, "{problem}");
    }
    u64::from(answer["status"] == "placed")
}

async fn change_a_line(shop: &Shop, ann: &Shopper, cart: &Value, chance: &mut StdRng) {
    let Some(line) = cart["lines"].as_array().and_then(|lines| lines.choose(chance)) else {
        return;
    };
    let path = format!("/lines/{}", line["id"].as_str().unwrap());
    ann.ask(shop, Method::PATCH, &path, Some(&json!({ "quantity": chance.random_range(0..=3) })))
        .await;
}

async fn remove_what_is_short(shop: &Shop, ann: &Shopper, answer: &Value) {
    for line in answer["facts"]["lines"].as_array().unwrap() {
        let path = format!("/lines/{}", line["line_id"].as_str().unwrap());
        ann.ask(shop, Method::PATCH, &path, Some(&json!({ "quantity": line["available"] }))).await;
    }
}
