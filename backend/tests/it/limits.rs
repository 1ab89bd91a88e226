//! How often what may be asked, and who is counted.

use std::net::IpAddr;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use backend::limits::Limit;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Answer, Shop, Shopper, redis::Server, request};

/// A shop with the limits that the document names.
async fn strict_shop(flags: &[&str]) -> Shop {
    Shop::open_with(&[&["--rate-limit-scale", "1"][..], flags].concat(), |_| {}).await
}

/// Asks until it is too often; how many were let through.
async fn taken(shop: &Shop, limit: Limit, key: &str) -> u32 {
    let mut taken = 0;
    while shop.app.limits.take(limit, key).await.is_ok() {
        taken += 1;
        assert!(taken <= limit.rule().times, "{limit:?} never ends");
    }
    taken
}

#[tokio::test]
async fn every_limit_ends_at_its_number_and_begins_again() {
    let shop = strict_shop(&[]).await;

    for limit in Limit::ALL {
        let rule = limit.rule();
        assert_eq!(taken(&shop, limit, "ann").await, rule.times, "{}", rule.name);
        assert_eq!(taken(&shop, limit, "bob").await, rule.times, "{}", rule.name);
        shop.clock.advance(TimeDelta::from_std(rule.per).unwrap() + TimeDelta::seconds(1));
        assert!(shop.app.limits.take(limit, "ann").await.is_ok(), "{}", rule.name);
    }
}

#[tokio::test]
async fn a_forgotten_count_begins_again() {
    let shop = strict_shop(&[]).await;
    taken(&shop, Limit::SignInAccount, "ann@example.com").await;

    shop.app.limits.forget(Limit::SignInAccount, "ann@example.com").await;

    assert_eq!(taken(&shop, Limit::SignInAccount, "Ann@example.com ").await, 5);
}

#[test]
fn the_document_is_what_the_table_says() {
    let kept = include_str!("../../../docs/limits.md");

    assert_eq!(kept, backend::limits::document(), "run `cargo xtask gen`");
}

/// A request from a shopper behind the storefront.
fn from(shopper: &str, mut asked: Request<Body>) -> Request<Body> {
    asked.headers_mut().insert("x-forwarded-for", shopper.parse().unwrap());
    asked
}

/// The requests that count for a limit.
async fn asked(
    limit: Limit,
    shop: &Shop,
) -> (Method, String, Option<Value>, Vec<(String, String)>) {
    let ann = shop.shopper().await;
    let cart = format!("/api/carts/{}", ann.cart);
    let token = vec![("x-cart-token".to_owned(), ann.token)];
    match limit {
        Limit::CartAdd => (Method::POST, "/api/carts".to_owned(), Some(json!({})), Vec::new()),
        Limit::CartChange => (Method::PATCH, cart, Some(json!({ "note": "Hello" })), token),
        Limit::Search => (Method::GET, "/api/search/suggest?q=mug".to_owned(), None, Vec::new()),
        Limit::Checkout => {
            (Method::POST, format!("{cart}/complete"), Some(json!({ "nothing": 1 })), token)
        }
        Limit::OrderGuess => {
            let order = "/api/orders/ord_00000000000000000000000000000001?token=guess";
            (Method::GET, order.to_owned(), None, Vec::new())
        }
        _ => (Method::GET, "/api/nothing".to_owned(), None, Vec::new()),
    }
}

#[tokio::test]
async fn each_operation_answers_429_at_the_number_of_its_limit() {
    let shop = strict_shop(&[]).await;
    for (limit, shopper) in [
        (Limit::CartAdd, "203.0.113.1"),
        (Limit::CartChange, "203.0.113.2"),
        (Limit::Search, "203.0.113.3"),
        (Limit::Checkout, "203.0.113.4"),
        (Limit::OrderGuess, "203.0.113.5"),
        (Limit::Everything, "203.0.113.6"),
    ] {
        let (method, path, body, headers) = asked(limit, &shop).await;
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let ask = async |who: &str| {
            shop.send(from(who, request(method.clone(), &path, body.as_ref(), &headers))).await
        };
        let rule = limit.rule();

        for at in 1..=rule.times {
            let status = ask(shopper).await.status;
            assert_ne!(status, StatusCode::TOO_MANY_REQUESTS, "{} at {at}", rule.name);
        }
        let refused = ask(shopper).await;
        let another = ask("203.0.113.99").await.status;

        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", rule.name);
        assert_eq!(refused.json()["code"], "too_many_requests");
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert_eq!(refused.header("ratelimit-limit"), rule.times.to_string());
        assert_eq!(refused.header("ratelimit-remaining"), "0");
        let wait = refused.header("retry-after").parse::<i64>().unwrap();
        assert!(wait >= 1 && wait <= refused.header("ratelimit-reset").parse().unwrap());
        assert_ne!(another, StatusCode::TOO_MANY_REQUESTS, "{}", rule.name);
        shop.clock.advance(TimeDelta::seconds(wait));
        assert_ne!(ask(shopper).await.status, StatusCode::TOO_MANY_REQUESTS, "{}", rule.name);
    }
}

#[tokio::test]
async fn an_answer_says_how_many_are_left_unless_caches_keep_it() {
    let shop = strict_shop(&[]).await;

    let first = shop.send(request(Method::POST, "/api/carts", Some(&json!({})), &[])).await;
    let second = shop.send(request(Method::POST, "/api/carts", Some(&json!({})), &[])).await;

    assert_eq!(
        (first.header("ratelimit-limit"), first.header("ratelimit-remaining")),
        ("60", "59")
    );
    assert_eq!(second.header("ratelimit-remaining"), "58");
    assert_eq!(shop.get_with("/api/products", &[]).await.header("ratelimit-limit"), "");
    for path in ["/api/health", "/api/health/ready"] {
        assert_eq!(shop.get_with(path, &[]).await.header("ratelimit-limit"), "");
    }
}

#[tokio::test]
async fn the_right_link_of_an_order_is_not_found_by_guessing_and_never_counts_as_a_guess() {
    let shop = strict_shop(&[]).await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let bought = ann.buy(&shop, "tok_ok", "the key of ann").await.1;

    for _ in 0..Limit::OrderGuess.rule().times + 5 {
        assert_eq!(shop.order(&bought).await["id"], bought["order"]["id"]);
    }
    let id = bought["order"]["id"].as_str().unwrap();
    let mut guesses = 0;
    while shop.order_by(id, "a-wrong-guess").await.0 == StatusCode::NOT_FOUND {
        guesses += 1;
    }
    let token = bought["order_token"].as_str().unwrap();

    assert_eq!(guesses, Limit::OrderGuess.rule().times);
    assert_eq!(shop.order_by(id, token).await.0, StatusCode::TOO_MANY_REQUESTS);
}

/// Opens carts until it is too often; how many were opened.
async fn opened(shop: &Shop, peer: &str, headers: &[(&str, &str)]) -> u32 {
    let peer: IpAddr = peer.parse().unwrap();
    for opened in 0..200 {
        let asked = request(Method::POST, "/api/carts", Some(&json!({})), headers);
        let Answer { status, .. } = shop.send_from(peer, asked).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            return opened;
        }
    }
    200
}

#[tokio::test]
async fn what_a_stranger_says_of_itself_changes_nothing() {
    let shop = strict_shop(&[]).await;
    let most = Limit::CartAdd.rule().times;

    assert_eq!(opened(&shop, "203.0.113.9", &[]).await, most);
    for claim in [
        ("x-forwarded-for", "198.51.100.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("forwarded", "for=198.51.100.1"),
        ("x-real-ip", "198.51.100.1"),
        ("true-client-ip", "198.51.100.1"),
        ("cloudfront-viewer-address", "198.51.100.1:443"),
    ] {
        assert_eq!(opened(&shop, "203.0.113.9", &[claim]).await, 0, "{claim:?}");
    }
    // From the storefront, only what it wrote itself counts: the entry at the right.
    let spoofed = [("x-forwarded-for", "198.51.100.1, 203.0.113.9"), ("x-real-ip", "198.51.100.1")];
    assert_eq!(opened(&shop, "127.0.0.1", &spoofed).await, 0);
    assert_eq!(opened(&shop, "127.0.0.1", &[("x-forwarded-for", "198.51.100.1")]).await, most);
    assert_eq!(opened(&shop, "127.0.0.1", &[("x-real-ip", "198.51.100.2")]).await, most);
}

#[tokio::test]
async fn an_ipv6_customer_is_counted_by_the_network() {
    let shop = strict_shop(&[]).await;
    let most = Limit::CartAdd.rule().times;

    assert_eq!(opened(&shop, "2001:db8:1:2::1", &[]).await, most);
    assert_eq!(opened(&shop, "2001:db8:1:2:ffff::2", &[]).await, 0);
    assert_eq!(opened(&shop, "2001:db8:1:3::1", &[]).await, most);
}

#[tokio::test]
async fn replicas_count_together_and_each_for_itself_when_redis_is_away() {
    let Some(mut redis) = Server::start().await else { return };
    let flags = ["--redis-url", &redis.url(), "--replicas", "2", "--redis-budget", "2000"];
    let shop = strict_shop(&flags).await;
    let other = shop.replica();
    redis.wait_for(&shop).await;
    redis.wait_for(&other).await;
    let most = Limit::CartAdd.rule().times;

    for _ in 0..most / 2 {
        assert!(shop.app.limits.take(Limit::CartAdd, "ann").await.is_ok());
    }
    assert_eq!(taken(&other, Limit::CartAdd, "ann").await, most / 2);
    assert!(shop.app.limits.take(Limit::CartAdd, "ann").await.is_err(), "counted together");
    assert_eq!(taken(&shop, Limit::SignInAccount, "ann").await, 5);
    assert!(other.app.limits.take(Limit::SignInAccount, "ann").await.is_err());
    other.app.limits.forget(Limit::SignInAccount, "ann").await;
    assert_eq!(taken(&other, Limit::SignInAccount, "ann").await, 5);

    for _ in 0..10 {
        assert!(shop.app.limits.take(Limit::CartAdd, "bob").await.is_ok());
    }
    redis.kill();
    assert_eq!(taken(&shop, Limit::CartAdd, "bob").await, most / 2 - 10, "counted here as well");
    assert!(shop.app.limits.take(Limit::CartAdd, "ann").await.is_err(), "and ann is not forgotten");
    redis.restart().await;
    redis.wait_for(&shop).await;
    assert_eq!(taken(&shop, Limit::CartAdd, "cid").await, most);
}

#[tokio::test]
async fn a_redis_that_is_stopped_full_or_of_no_use_opens_no_limit_and_fails_no_purchase() {
    let Some(redis) = Server::start().await else { return };
    let shop = strict_shop(&["--redis-url", &redis.url()]).await;
    redis.wait_for(&shop).await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann: Shopper = shop.ready_shopper(mug, 1).await;

    let full = ::redis::cmd("CONFIG").arg(&["SET", "maxmemory", "1mb"]).to_owned();
    shop.app.cache.redis().unwrap().query::<String>(&full).await.unwrap();
    assert_eq!(taken(&shop, Limit::CartChange, "full").await, Limit::CartChange.rule().times);
    redis.signal("STOP");
    let (status, bought) = ann.buy(&shop, "tok_ok", "the key of ann").await;
    assert_eq!(taken(&shop, Limit::CartAdd, "stopped").await, Limit::CartAdd.rule().times);
    redis.signal("CONT");

    assert_eq!(status, StatusCode::OK, "{bought}");
}
