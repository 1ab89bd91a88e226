//! What every answer says to browsers and caches.

use axum::http::{Method, StatusCode};

use crate::support::{CART, Shop};

#[tokio::test]
async fn every_answer_is_hardened() {
    let shop = Shop::open().await;

    for path in ["/", "/cart", "/nothing/here", "/robots.txt", "/assets/none.js", "/api/none"] {
        let answer = shop.get(path, &[]).await;

        assert!(answer.header("strict-transport-security").contains("max-age=63072000"), "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name} of {path}");
        }
        if answer.header("content-type").starts_with("text/html") {
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{path}");
            assert!(!policy.contains("unsafe-inline"), "{path}");
        }
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn pages_have_nothing_that_the_policy_forbids() {
    let shop = Shop::open().await;

    for (path, cookies) in [("/", ""), ("/cart", &*format!("__Host-cart={CART}"))] {
        let page = shop.get(path, &[("cookie", cookies)]).await;

        assert_eq!(page.status, StatusCode::OK, "{path}");
        for inline in [" style=\"", "<style", " onclick=", "<script>", "javascript:"] {
            assert!(!page.text.contains(inline), "{inline} in {path}");
        }
        assert!(!page.text.contains("<b>Mug</b>"), "unescaped text in {path}");
    }
}

#[tokio::test]
async fn a_public_page_is_the_same_for_everyone_and_is_not_sent_twice() {
    let shop = Shop::open().await;

    let first = shop.get("/", &[]).await;
    assert!(first.header("cache-control").starts_with("public, max-age=0, s-maxage=30"));
    let tag = first.header("etag");
    assert!(tag.starts_with('"'), "{tag}");

    let again = shop.get("/", &[("if-none-match", tag)]).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));

    let packed = shop.get("/", &[("accept-encoding", "br")]).await;
    assert_eq!(packed.header("content-encoding"), "br");
    assert_ne!(packed.header("etag"), tag);
    let again = shop.get("/", &[("if-none-match", packed.header("etag"))]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);

    let visitor = shop.get("/", &[("cookie", &format!("__Host-cart={CART}"))]).await;
    assert_eq!(visitor.text, first.text);
}

#[tokio::test]
async fn private_pages_and_mistakes_are_not_kept() {
    let shop = Shop::open().await;
    let cookie = format!("__Host-cart={CART}");

    for path in ["/cart", "/checkout", "/nothing", "/orders/ord_1"] {
        let answer = shop.get(path, &[("cookie", &cookie)]).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let cart = shop.get("/cart", &[("cookie", &cookie)]).await;
    assert!(cart.text.contains("€18.00"));
    assert!(cart.header("set-cookie").starts_with("__Host-visitor="));
}

#[tokio::test]
async fn a_shop_without_its_backend_says_so_and_asks_to_come_back() {
    let page = Shop::alone().get("/", &[]).await;

    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.header("retry-after"), "10");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.text.contains("Try again"));
}

#[tokio::test]
async fn tracing_is_refused_and_not_handed_on() {
    let shop = Shop::open().await;

    for path in ["/", "/api/config"] {
        let answer = shop.send(&Method::TRACE, path, &[], "").await;

        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
    }
}

#[tokio::test]
async fn the_api_is_handed_on_without_what_clients_say_of_themselves() {
    let shop = Shop::open().await;

    let headers = [("x-forwarded-for", "1.2.3.4"), ("x-request-id", "request-0001")];
    let answer = shop.send(&Method::POST, "/api/echo", &headers, "hello").await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.text, r#"[None, Some("http"), Some("request-0001")] hello"#);
    assert_eq!(answer.header("x-hop"), "");
    assert_eq!((answer.header("set-cookie"), answer.header("cache-control")), ("a=b", "no-store"));

    let much = "x".repeat(1024 * 1024 + 1);
    let answer = shop.send(&Method::POST, "/api/echo", &[], &much).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);

    let answer = Shop::alone().get("/api/config", &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn the_backend_is_told_who_asks_and_nobody_can_pretend() {
    let who = async |peer: [u8; 4], headers: &[(&str, &str)]| {
        // A page that is kept was drawn for somebody else.
        let shop = Shop::open().await;
        let page = shop.get_from(peer, "/pages/who", headers).await.text;
        let (_, rest) = page.split_once("<h1>&lt;").unwrap();
        rest.split("&gt;").next().unwrap().to_owned()
    };
    let (shopper, balancer) = ([203, 0, 113, 9], [127, 0, 0, 1]);

    for claim in [
        ("x-forwarded-for", "198.51.100.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("forwarded", "for=198.51.100.1"),
        ("x-real-ip", "198.51.100.1"),
        ("cloudfront-viewer-address", "198.51.100.1:443"),
    ] {
        assert_eq!(who(shopper, &[claim]).await, "203.0.113.9", "{claim:?}");
    }
    let chain = [("x-forwarded-for", "198.51.100.1, 203.0.113.9")];
    assert_eq!(who(balancer, &chain).await, "203.0.113.9");
    assert_eq!(who(balancer, &[]).await, "127.0.0.1");
}
