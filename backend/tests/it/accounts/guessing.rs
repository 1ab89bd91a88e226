use std::{sync::Arc, time::Instant};

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Shop, request};

/// A try to sign in, from an address and on a device.
async fn guess(shop: &Shop, email: &str, password: &str, address: &str, device: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    let headers = [("x-forwarded-for", address), ("x-device-token", device)];
    shop.send(request(Method::POST, "/api/auth/login", Some(&body), &headers)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_guesses_reach_few_passwords_and_the_owner_still_signs_in() {
    let shop = Shop::open_with(&["--rate-limit-scale", "1"], |_| {}).await;
    let ann = shop.register("ann@example.com").await;
    let known = shop.sign_in(&ann.email, PASSWORD, "").await.json();
    let known = known["device_token"].as_str().unwrap().to_owned();

    // 100 accounts, 50 addresses, an hour: a round a minute, each address taking its share.
    let emails: Vec<_> = std::iter::once(ann.email.clone())
        .chain((1..100).map(|number| format!("nobody{number}@example.com")))
        .collect();
    let (mut reached, mut tries) = (0, 0);
    for round in 0..60 {
        for guesser in 0..200 {
            let email = &emails[(guesser + round) % 100];
            let address = format!("198.51.100.{}", guesser / 4);
            let answer = guess(&shop, email, "a wrong guess", &address, "").await;
            tries += 1;
            if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
                reached += 1;
                continue;
            }
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.json());
            assert!(!answer.header("retry-after").is_empty());
        }
        shop.clock.advance(TimeDelta::minutes(1));
    }

    assert!(tries >= 10_000, "{tries}");
    assert!(
        reached >= 500,
        "{reached}: the addresses are not told apart, so only one limit is tried"
    );
    assert!(reached <= 100 * 100, "{reached} guesses were compared, over 100 an account and hour");
    assert!(reached <= 100 * 25, "{reached}: the growing waits do not grow");
    let owner = guess(&shop, &ann.email, PASSWORD, "203.0.113.9", &known).await;
    assert_eq!(owner.status, StatusCode::OK, "{}", owner.json());
    let forged = guess(&shop, &ann.email, PASSWORD, "203.0.113.10", "forged").await;
    assert_eq!(forged.status, StatusCode::TOO_MANY_REQUESTS, "the account itself is held up");
}

/// The slowest of some checkouts but the one slowest of all, in milliseconds.
async fn checkouts(shop: &Shop, mug: api_types::VariantId, label: &str) -> u128 {
    let mut times = Vec::new();
    for number in 0..12 {
        let shopper = shop.ready_shopper(mug, 1).await;
        let total: Value = shopper.look(shop).await["totals"]["total"].clone();
        let started = Instant::now();
        let card = json!({ "method": "test", "token": "tok_ok" });
        let (status, answer) =
            shopper.buy_for(shop, &total, &card, &format!("{label} {number:06}")).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        times.push(started.elapsed().as_millis());
    }
    times.sort_unstable();
    times[times.len() - 2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sign_ins_is_sent_away_and_checkouts_go_on() {
    let shop = Arc::new(Shop::open().await);
    let mug = shop.stock("mug", 12_50, 90).await;
    let alone = checkouts(&shop, mug, "alone").await;

    let flood: Vec<_> = (0..500)
        .map(|number| {
            let shop = Arc::clone(&shop);
            tokio::spawn(async move {
                shop.sign_in(&format!("nobody{number}@example.com"), "a wrong guess", "")
                    .await
                    .status
            })
        })
        .collect();
    let flooded = checkouts(&shop, mug, "flooded").await;
    let mut sent_away = 0;
    for answer in flood {
        sent_away += usize::from(answer.await.unwrap() == StatusCode::SERVICE_UNAVAILABLE);
    }

    assert!(sent_away >= 400, "only {sent_away} of 500 were sent away");
    // Half of the cores are left to those who shop; hashing all 500 at once would take them all for seconds.
    assert!(
        flooded <= 5 * alone.max(40),
        "a checkout took {alone} ms alone and {flooded} ms in the flood"
    );
    shop.assert_sound().await;
}
