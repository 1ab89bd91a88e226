//! Finished answers: named, kept, dropped, shared, and served while something is away.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use testkit::{Proxy, proxy::Mode};

use crate::support::{Answer, Shop, redis::Server};

const MUG: &str = "/api/products/mug";

async fn caching_shop(flags: &[&str]) -> Shop {
    let shop = Shop::open_with(&[&["--cache-ttl", "5000"], flags].concat(), |_| {}).await;
    shop.stock("mug", 1_200, 40).await;
    shop
}

async fn rename(shop: &Shop, title: &str) {
    shop.sql(async |tx| sqlx::query("UPDATE product SET title = $1").bind(title).execute(tx).await)
        .await;
}

fn told(answer: &Answer) -> (String, String) {
    (
        answer.json()["title"].as_str().unwrap_or_default().to_owned(),
        answer.header("x-cache").to_owned(),
    )
}

async fn ask(shop: &Shop) -> (String, String) {
    told(&shop.get_with(MUG, &[]).await)
}

fn is(title: &str, cache: &str) -> (String, String) {
    (title.to_owned(), cache.to_owned())
}

/// Asks until a fresh answer was made beside the requests.
async fn ask_until(shop: &Shop, title: &str) {
    for _ in 0..100 {
        if ask(shop).await.0 == title {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the answer never became {title}");
}

#[tokio::test]
async fn an_answer_is_kept_for_its_time_and_then_made_anew_behind_the_request() {
    let shop = caching_shop(&[]).await;

    assert_eq!(ask(&shop).await, is("Mug", "miss"));
    rename(&shop, "Cup").await;
    assert_eq!(ask(&shop).await, is("Mug", "hit"));
    shop.clock.advance(TimeDelta::milliseconds(5_500));
    assert_eq!(ask(&shop).await, is("Mug", "hit"));
    ask_until(&shop, "Cup").await;
    rename(&shop, "Bowl").await;
    shop.clock.advance(TimeDelta::seconds(7));
    assert_eq!(ask(&shop).await, is("Bowl", "miss"));
}

#[tokio::test]
async fn a_dropped_tag_is_seen_at_once_and_other_answers_stay() {
    let shop = caching_shop(&[]).await;
    let id = ask(&shop).await;
    let body = shop.get(MUG).await.1;
    shop.get("/api/categories").await;
    rename(&shop, "Cup").await;
    assert_eq!(id, is("Mug", "miss"));

    shop.app.cache.drop_tag(&format!("product:{}", body["id"].as_str().unwrap()));

    assert_eq!(ask(&shop).await, is("Cup", "miss"));
    assert_eq!(ask(&shop).await, is("Cup", "hit"));
    assert_eq!(shop.get_with("/api/categories", &[]).await.header("x-cache"), "hit");
    shop.app.cache.drop_all();
    assert_eq!(shop.get_with("/api/categories", &[]).await.header("x-cache"), "miss");
}

#[tokio::test]
async fn an_answer_has_a_name_and_is_not_sent_again_to_who_has_it() {
    let shop = caching_shop(&[]).await;
    for handle in ["cup", "bowl"] {
        shop.stock(handle, 900, 3).await;
    }
    shop.execute("UPDATE product SET description_html = repeat('<p>Clay is patient.</p>', 90)")
        .await;

    let plain = shop.get_with(MUG, &[]).await;
    let brotli = shop.get_with(MUG, &[("accept-encoding", "gzip, br")]).await;
    let gzip = shop.get_with(MUG, &[("accept-encoding", "gzip")]).await;

    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(brotli.header("content-encoding"), "br");
    assert_eq!(gzip.header("content-encoding"), "gzip");
    assert!(brotli.body.len() < plain.body.len() / 2);
    assert_eq!(gzip.body[..2], [0x1f, 0x8b]);
    assert_eq!(plain.header("vary"), "accept-encoding");
    assert!(plain.header("cache-control").starts_with("public, max-age=0, s-maxage=30"));
    let names = [plain.header("etag"), brotli.header("etag"), gzip.header("etag")];
    assert!(names[0] != names[1] && names[1] != names[2]);
    for name in
        [names[0], names[1], &format!("W/{}", names[2]), &format!("\"x\", {}", names[0]), "*"]
    {
        let again = shop.get_with(MUG, &[("if-none-match", name)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{name}");
        assert!(again.body.is_empty() && !again.header("etag").is_empty());
    }
    let other = shop.get_with(MUG, &[("if-none-match", "\"other\"")]).await;
    assert_eq!(other.status, StatusCode::OK);
}

#[tokio::test]
async fn currencies_are_kept_apart_and_what_is_not_there_is_not_kept() {
    let shop = caching_shop(&[]).await;

    let euro = shop.get(MUG).await.1;
    let dollar = shop.get("/api/products/mug?currency=USD").await.1;
    let missing = shop.get("/api/products/cup").await.0;
    shop.stock("cup", 900, 1).await;

    assert_eq!(euro["price"]["currency"], "EUR");
    assert_eq!(dollar["price"]["currency"], "USD");
    assert_eq!(missing, StatusCode::NOT_FOUND);
    assert_eq!(shop.get("/api/products/cup").await.0, StatusCode::OK);
}

#[tokio::test]
async fn many_who_want_the_same_at_once_wait_for_one() {
    let shop = caching_shop(&[]).await;
    shop.get("/api/products/mug?currency=GBP").await;

    let answers = futures::future::join_all((0..40).map(|_| shop.get_with(MUG, &[]))).await;

    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    // Put together here, so that the question does not find itself.
    let reads = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND query LIKE concat('%seo_title, ', 'seo_description, version%')";
    assert_eq!(shop.number(reads).await, 1);
}

#[tokio::test]
async fn while_the_database_is_away_the_last_good_answer_is_served_for_a_day() {
    let (proxy, shop) = shop_behind_a_proxy().await;
    assert_eq!(ask(&shop).await, is("Mug", "miss"));
    proxy.set(Mode::Refuse).await;
    proxy.reset_existing().await;
    shop.clock.advance(TimeDelta::hours(2));

    let first = shop.get_with(MUG, &[]).await;
    let started = Instant::now();
    for _ in 0..50 {
        assert_eq!(ask(&shop).await, is("Mug", "stale"));
    }
    let took = started.elapsed();
    let unknown = shop.get("/api/products/cup").await.0;

    assert_eq!((first.status, first.header("x-cache")), (StatusCode::OK, "stale"));
    assert_eq!(first.header("warning"), "110 - \"Response is Stale\"");
    assert!(took < Duration::from_secs(2), "the database was asked again and again: {took:?}");
    assert_eq!(unknown, StatusCode::SERVICE_UNAVAILABLE);
    shop.clock.advance(TimeDelta::hours(23));
    assert_eq!(shop.get(MUG).await.0, StatusCode::SERVICE_UNAVAILABLE);
    proxy.set(Mode::Pass).await;
    shop.clock.advance(TimeDelta::seconds(2));
    ask_until(&shop, "Mug").await;
}

#[tokio::test]
async fn a_dropped_answer_is_still_served_when_there_is_no_better() {
    let (proxy, shop) = shop_behind_a_proxy().await;
    assert_eq!(ask(&shop).await, is("Mug", "miss"));
    shop.app.cache.drop_all();
    proxy.set(Mode::Reset).await;

    assert_eq!(ask(&shop).await, is("Mug", "stale"));
}

async fn shop_behind_a_proxy() -> (Proxy, Shop) {
    let server = testkit::Database::fresh(&backend::MIGRATIONS).await;
    let proxy = Proxy::before(&server.url()).await;
    let shop = Shop::open_with(&["--cache-ttl", "5000"], |config| {
        let own = secrecy::ExposeSecret::expose_secret(&config.database.database_url).to_owned();
        config.database.database_url = proxy.url_for(&own).into();
    })
    .await;
    shop.stock("mug", 1_200, 40).await;
    (proxy, shop)
}

#[tokio::test]
async fn replicas_share_answers_and_a_drop_reaches_those_in_redis_too() {
    let Some(redis) = Server::start().await else { return };
    let shop = caching_shop(&["--redis-url", &redis.url()]).await;
    redis.wait_for(&shop).await;
    let id = shop.get(MUG).await.1["id"].as_str().unwrap().to_owned();
    redis.wait_for_key(&shop, "oxcart:answer:*product/mug*").await;
    rename(&shop, "Cup").await;
    let replica = shop.replica();
    redis.wait_for(&replica).await;

    assert_eq!(ask(&replica).await.0, "Mug");
    shop.clock.advance(TimeDelta::milliseconds(1));
    let third = shop.replica();
    redis.wait_for(&third).await;
    third.app.cache.drop_tag(&format!("product:{id}"));
    assert_eq!(ask(&third).await.0, "Cup");
}

#[tokio::test]
async fn a_redis_that_dies_or_stands_still_fails_nothing_and_slows_nothing() {
    let Some(mut redis) = Server::start().await else { return };
    let shop = caching_shop(&["--redis-url", &redis.url()]).await;
    redis.wait_for(&shop).await;
    assert_eq!(ask(&shop).await, is("Mug", "miss"));

    redis.signal("STOP");
    let slow = slowest(&shop, 20).await;
    assert!(slow < Duration::from_millis(400), "stopped: {slow:?}");
    assert!(shop.app.cache.redis().unwrap().is_left_alone());
    redis.signal("CONT");
    redis.wait_for(&shop).await;

    redis.kill();
    let slow = slowest(&shop, 20).await;
    assert!(slow < Duration::from_millis(400), "killed: {slow:?}");
    redis.restart().await;
    redis.wait_for(&shop).await;
    slowest(&shop, 3).await;
}

/// The slowest of so many answers, each made anew.
async fn slowest(shop: &Shop, times: usize) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..times {
        shop.app.cache.drop_all();
        let started = Instant::now();
        let (status, _) = shop.get(MUG).await;
        slowest = slowest.max(started.elapsed());
        assert_eq!(status, StatusCode::OK);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    slowest
}

#[tokio::test]
async fn other_methods_are_not_answered_from_what_is_kept() {
    let shop = caching_shop(&[]).await;
    shop.get(MUG).await;

    let answer = shop.send(crate::support::request(Method::POST, MUG, None, &[])).await;

    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("cache-control"), "no-store");
}
