//! Which forms may change something.

use axum::http::{Method, StatusCode};

use crate::support::{Answer, CART, Shop};

const FORM: &str = "application/x-www-form-urlencoded";
const LINE: &str = "/cart/lines/line_00000000000000000000000000000001";

async fn sent(shop: &Shop, headers: &[(&str, &str)]) -> StatusCode {
    shop.send(&Method::POST, "/cart/lines", headers, "variant_id=x").await.status
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let shop = Shop::open().await;

    for headers in [
        &[("content-type", FORM)][..],
        &[("content-type", FORM), ("sec-fetch-site", "cross-site")],
        &[("content-type", FORM), ("sec-fetch-site", "same-site")],
        &[("content-type", FORM), ("origin", "null")],
        &[("content-type", FORM), ("origin", "https://evil.example")],
        &[("content-type", "text/plain"), ("sec-fetch-site", "same-origin")],
        &[("content-type", "application/json"), ("sec-fetch-site", "same-origin")],
    ] {
        assert_eq!(sent(&shop, headers).await, StatusCode::FORBIDDEN, "{headers:?}");
    }
    // Past the guard, this one is only not a variant.
    for own in [("sec-fetch-site", "same-origin"), ("origin", "http://localhost:3000")] {
        let status = sent(&shop, &[("content-type", FORM), own]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{own:?}");
    }
}

#[tokio::test]
async fn a_browser_that_says_it_is_elsewhere_cannot_reach_the_api_either() {
    let shop = Shop::open().await;

    let cross = [("sec-fetch-site", "cross-site")];
    let answer = shop.send(&Method::POST, "/api/echo", &cross, "").await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

/// The cart page of a visitor, and the cookies that belong to it.
async fn cart(shop: &Shop) -> (Answer, String) {
    let page = shop.get("/cart", &[("cookie", &format!("__Host-cart={CART}"))]).await;
    let visitor = page.header("set-cookie").split(';').next().unwrap().to_owned();
    (page, format!("__Host-cart={CART}; {visitor}"))
}

#[tokio::test]
async fn a_form_of_a_private_page_is_good_for_its_visitor_only() {
    let shop = Shop::open().await;
    let (ann, ann_cookies) = cart(&shop).await;
    let (ben, _) = cart(&shop).await;

    for (form, status) in [
        ("do=remove".to_owned(), StatusCode::FORBIDDEN),
        ("do=remove&csrf=x".to_owned(), StatusCode::FORBIDDEN),
        (format!("do=remove&csrf={}", ben.csrf()), StatusCode::FORBIDDEN),
        (format!("do=remove&csrf={}", ann.csrf()), StatusCode::SEE_OTHER),
    ] {
        assert_eq!(shop.post(LINE, &ann_cookies, &form).await.status, status, "{form}");
    }
    let form = format!("do=remove&csrf={}", ann.csrf());
    let without_cookie = shop.post(LINE, &format!("__Host-cart={CART}"), &form).await;
    assert_eq!(without_cookie.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn asking_for_a_form_changes_nothing() {
    let shop = Shop::open().await;

    for path in ["/cart/lines", LINE, "/cart/country", "/orders/ord_1/cancel"] {
        let status = shop.get(path, &[]).await.status;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn a_form_of_any_size_is_not_read() {
    let shop = Shop::open().await;
    let (page, cookies) = cart(&shop).await;

    let form = format!("csrf={}&note={}", page.csrf(), "x".repeat(70_000));
    let answer = shop.post("/checkout", &cookies, &form).await;

    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_was_typed_outlives_a_backend_that_is_away() {
    let (page, cookies) = cart(&Shop::open().await).await;
    let form = "do=pay&email=ann%40example.com&once=once-0001&total=1800&currency=EUR";
    let alone = Shop::alone();

    let form = format!("{form}&csrf={}", page.csrf());
    let answer = alone.post("/checkout", &cookies, &form).await;
    let draft = answer.header("set-cookie").split(';').next().unwrap();
    let page = alone.get("/checkout", &[("cookie", &format!("{cookies}; {draft}"))]).await;
    let without = alone.get("/checkout", &[("cookie", &cookies)]).await;

    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/checkout"));
    assert!(answer.header("set-cookie").starts_with("__Host-checkout="));
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    for value in ["ann@example.com", "once-0001", "1800"] {
        assert!(page.text.contains(&format!("value=\"{value}\"")), "{value}");
        assert!(!answer.header("location").contains(value));
    }
    assert!(!without.text.contains("once-0001"));
}
