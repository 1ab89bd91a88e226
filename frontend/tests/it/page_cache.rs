//! Which pages are kept, for how long, and what is never in them.

use std::time::Duration;

use axum::http::StatusCode;
use clap::Parser;
use frontend::{app::App, config::Config, server};

use crate::{
    backend::Backend,
    support::{Answer, CART, Shop},
};

/// Pages that are the same for everyone.
const PUBLIC: [&str; 6] = [
    "/",
    "/categories/kitchen",
    "/products/mug",
    "/search",
    "/search?q=mug&sort=newest",
    "/pages/delivery",
];

/// A page is never fresh and always drawn before it is served.
const NEVER_FRESH: [&str; 4] = ["--page-fresh", "0", "--page-stale", "0"];

fn cache(answer: &Answer) -> &str {
    answer.header("x-cache")
}

#[tokio::test]
async fn two_visitors_with_different_cookies_get_the_same_bytes() {
    let backend = Backend::open();
    let shop = Shop::with(&backend.url, &[]);

    for path in PUBLIC {
        let cookies = format!("__Host-cart={CART}; __Host-visitor=ann-ann-ann-ann-ann");
        let ann = [("cookie", cookies.as_str()), ("x-forwarded-host", "evil.example")];
        let ann = shop.get(path, &ann).await;
        let ben = shop.get(path, &[("cookie", "__Host-visitor=ben-ben-ben-ben-ben")]).await;
        let nobody = shop.get(path, &[("accept-language", "de")]).await;

        assert_eq!([cache(&ann), cache(&ben), cache(&nobody)], ["miss", "hit", "hit"], "{path}");
        assert_eq!(ann.status, StatusCode::OK, "{path}");
        assert_eq!((&ann.text, &ann.text), (&ben.text, &nobody.text), "{path}");
        assert_eq!(ann.header("etag"), ben.header("etag"), "{path}");
        for answer in [&ann, &ben, &nobody] {
            assert!(!answer.headers.contains_key("set-cookie"), "{path}");
            assert!(!answer.text.contains("ann-ann") && !answer.text.contains("evil"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_page_with_a_notice_is_its_visitors_own() {
    let backend = Backend::open();
    let shop = Shop::with(&backend.url, &[]);
    // Without a cart there is nothing to pay, and the next page says so.
    let said = shop.get("/checkout", &[]).await;
    let flash = said.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(flash.starts_with("__Host-flash="), "{flash}");
    let kept = shop.get("/", &[]).await;

    let told = shop.get("/", &[("cookie", &flash)]).await;
    let after = shop.get("/", &[]).await;

    assert_ne!(told.text, kept.text);
    assert_eq!((told.header("cache-control"), cache(&told)), ("no-store", ""));
    assert!(told.header("set-cookie").starts_with("__Host-flash=;"));
    assert_eq!((after.text, cache(&kept)), (kept.text.clone(), "miss"));
}

#[tokio::test]
async fn private_pages_and_addresses_that_pretend_to_be_files_are_never_kept() {
    let backend = Backend::open();
    let shop = Shop::with(&backend.url, &[]);
    let cookie = format!("__Host-cart={CART}");

    for path in [
        "/account/x.css",
        "/orders/x.css",
        "/orders/ord_00000000000000000000000000000001/x.css",
        "/cart/x.js",
        "/cart/lines/x.css",
        "/cart%2fx.css",
        "/checkout/x.css",
        "/cart",
        "/checkout",
        "/products/none",
        "/nothing/here",
    ] {
        for _ in 0..2 {
            let answer = shop.get(path, &[("cookie", &cookie)]).await;
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert_ne!(cache(&answer), "hit", "{path}");
        }
    }
}

#[tokio::test]
async fn pages_survive_a_backend_that_dies() {
    let mut backend = Backend::open();
    let shop = Shop::with(&backend.url, &NEVER_FRESH);
    let mut before = Vec::new();
    for path in PUBLIC {
        before.push(shop.get(path, &[]).await);
    }

    backend.stop();

    for (path, before) in PUBLIC.into_iter().zip(before) {
        let answer = shop.get(path, &[("accept-encoding", "br")]).await;
        assert_eq!((answer.status, cache(&answer)), (StatusCode::OK, "stale"), "{path}");
        assert_eq!(answer.header("content-encoding"), "br", "{path}");
        assert_eq!(shop.get(path, &[]).await.text, before.text, "{path}");
    }
    let unknown = shop.get("/pages/returns", &[]).await;
    assert_eq!(unknown.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(unknown.header("cache-control"), "no-store");
    let cart = shop.get("/cart", &[("cookie", &format!("__Host-cart={CART}"))]).await;
    assert_eq!(cart.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_backend_that_hangs_or_fails_keeps_nobody_waiting_who_could_have_the_last_good_page() {
    let backend = Backend::open();
    let shop = Shop::with(&backend.url, &NEVER_FRESH);
    shop.get("/products/mug", &[]).await;

    backend.knobs.set_failing(true);
    let failing = shop.get("/products/mug", &[]).await;
    assert_eq!((failing.status, cache(&failing)), (StatusCode::OK, "stale"));
    let asked = backend.knobs.asked("/api/products/mug");
    shop.get("/products/mug", &[]).await;
    assert_eq!(backend.knobs.asked("/api/products/mug"), asked, "it is left alone for a moment");

    backend.knobs.set_failing(false);
    backend.knobs.set_delay(Duration::from_secs(2));
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let began = std::time::Instant::now();
    let slow = shop.get("/products/mug", &[]).await;

    assert_eq!((slow.status, cache(&slow)), (StatusCode::OK, "stale"));
    assert!(began.elapsed() < Duration::from_millis(1_600), "{:?}", began.elapsed());
}

#[tokio::test]
async fn one_request_draws_a_page_for_all_who_wait() {
    let backend = Backend::open();
    let shop = Shop::with(&backend.url, &[]);
    backend.knobs.set_delay(Duration::from_millis(200));

    let visits = (0..20).map(|_| shop.get("/products/mug", &[]));
    let answers = futures::future::join_all(visits).await;

    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    assert_eq!(backend.knobs.asked("/api/products/mug"), 1);
}

#[tokio::test]
async fn what_changed_is_seen_within_the_time_that_a_page_is_kept() {
    let backend = Backend::open();
    let shop = Shop::with(&backend.url, &["--page-fresh", "150", "--page-stale", "5000"]);
    let first = shop.get("/products/mug", &[]).await;
    backend.knobs.set_price(2_000);

    let fresh = shop.get("/products/mug", &[]).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let stale = shop.get("/products/mug", &[]).await;
    let mut last = shop.get("/products/mug", &[]).await;
    for _ in 0..50 {
        if last.text != first.text {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        last = shop.get("/products/mug", &[]).await;
    }

    assert_eq!((cache(&fresh), cache(&stale)), ("hit", "stale"));
    assert_eq!((&fresh.text, &stale.text), (&first.text, &first.text));
    assert!(first.text.contains("€18.00") && last.text.contains("€20.00"));

    // Past both times it is drawn before it is served.
    let strict = Shop::with(&backend.url, &NEVER_FRESH);
    strict.get("/products/mug", &[]).await;
    backend.knobs.set_price(2_200);
    let now = strict.get("/products/mug", &[]).await;
    assert_eq!((cache(&now), now.text.contains("€22.00")), ("miss", true));
    // Taken off sale, it is gone, and no failure brings it back.
    backend.knobs.set_price(0);
    assert_eq!(strict.get("/products/mug", &[]).await.status, StatusCode::NOT_FOUND);
    backend.knobs.set_failing(true);
    let gone = strict.get("/products/mug", &[]).await;
    assert_eq!(gone.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_kept_page_is_not_sent_to_who_has_it() {
    let backend = Backend::open();
    let shop = Shop::with(&backend.url, &[]);
    shop.get("/", &[]).await;

    for coding in ["br", "gzip", ""] {
        let page = shop.get("/", &[("accept-encoding", coding)]).await;
        let headers = [("accept-encoding", coding), ("if-none-match", page.header("etag"))];
        let again = shop.get("/", &headers).await;

        assert_eq!(page.header("content-encoding"), coding);
        assert!(page.all("vary").contains(&"accept-encoding"), "{:?}", page.all("vary"));
        assert_eq!(page.header("age"), "0");
        assert_eq!((again.status, again.text.len()), (StatusCode::NOT_MODIFIED, 0), "{coding}");
        assert_eq!(again.header("etag"), page.header("etag"));
    }
}

#[tokio::test]
async fn any_number_of_addresses_fits_into_the_memory_and_leaves_the_plain_pages_alone() {
    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }
    let backend = Backend::open();
    let bytes = 400_000;
    let flags = ["frontend", "--backend-url", &backend.url, "--page-cache-bytes", "400000"];
    let app = App::new(Cli::parse_from(flags).config).unwrap();
    let shop = Shop::of(server::router(app.clone()));
    shop.get("/products/mug", &[]).await;

    for word in 0..200 {
        shop.get(&format!("/search?q={word}"), &[]).await;
    }

    assert!(app.pages.weight() > bytes / 8, "{}", app.pages.weight());
    assert!(app.pages.weight() <= bytes, "{}", app.pages.weight());
    assert_eq!(cache(&shop.get("/products/mug", &[]).await), "hit");
    assert_eq!(cache(&shop.get("/search?q=0", &[]).await), "miss");
}

#[tokio::test]
async fn a_cache_of_no_bytes_keeps_nothing() {
    let backend = Backend::open();
    let shop = Shop::with(&backend.url, &["--page-cache-bytes", "0"]);

    for _ in 0..2 {
        let page = shop.get("/pages/delivery", &[]).await;
        assert_eq!((page.status, cache(&page)), (StatusCode::OK, ""));
    }
    assert_eq!(backend.knobs.asked("/api/pages/delivery"), 2);
}
