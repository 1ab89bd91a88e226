//! Who is signed in, and how the storefront keeps that from everybody else.

use axum::http::StatusCode;

use crate::support::{Answer, CART, Shop};

/// What the small backend takes for a customer.
const ACCESS: &str = "__Host-access=access.of.ann";
/// What it exchanges for that, once.
const REFRESH: &str = "__Host-refresh=refresh-of-ann";

#[tokio::test]
async fn a_page_of_the_account_leads_guests_to_the_door_and_back() {
    let shop = Shop::open().await;

    for path in [
        "/account",
        "/account/orders?cursor=x",
        "/account/data",
        "/orders/ord_00000000000000000000000000000001",
    ] {
        let answer = shop.get(path, &[]).await;

        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        let door = answer.header("location");
        assert!(door.starts_with("/account/sign-in?return_to=%2F"), "{door}");
        let wish = door.split_once("return_to=").unwrap().1;
        let wish = wish.replace("%2F", "/").replace("%3F", "?").replace("%3D", "=");
        assert_eq!(wish, path);
    }
}

#[tokio::test]
async fn a_customer_is_known_by_the_access_token() {
    let shop = Shop::open().await;

    let page = shop.get("/account", &[("cookie", ACCESS)]).await;

    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("ann@example.com"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.cookies("__Host-access").is_empty(), "nothing has changed");
}

#[tokio::test]
async fn an_old_session_is_renewed_once_however_many_calls_a_page_makes() {
    let shop = Shop::open().await;

    for cookies in [REFRESH.to_owned(), format!("__Host-access=expired.of.ann; {REFRESH}")] {
        let before = shop.renewals();
        let page = shop.get("/account", &[("cookie", &cookies)]).await;

        assert_eq!(page.status, StatusCode::OK, "{cookies}");
        assert_eq!(shop.renewals() - before, 1, "{cookies}");
        let [access] = &page.cookies("__Host-access")[..] else { panic!("one new token") };
        assert!(access.contains("access.of.ann") && access.contains("HttpOnly"), "{access}");
        let [refresh] = &page.cookies("__Host-refresh")[..] else { panic!("one new token") };
        assert!(refresh.contains("next-of-ann") && refresh.contains("Secure"), "{refresh}");
    }
}

#[tokio::test]
async fn a_session_that_has_ended_is_forgotten() {
    let shop = Shop::open().await;

    let answer = shop.get("/account", &[("cookie", "__Host-refresh=stolen-token")]).await;

    assert!(answer.header("location").starts_with("/account/sign-in"));
    for name in ["__Host-access", "__Host-refresh"] {
        let gone = answer.cookies(name);
        assert!(
            gone.iter().all(|cookie| cookie.contains("Max-Age=0")) && !gone.is_empty(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_backend_that_is_away_signs_nobody_out() {
    let answer = Shop::alone().get("/account", &[("cookie", REFRESH)]).await;

    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.cookies("__Host-refresh").is_empty());
}

#[tokio::test]
async fn a_public_page_is_the_same_for_customers_and_asks_nothing_in_their_name() {
    let shop = Shop::open().await;

    let theirs = shop.get("/", &[("cookie", &format!("{ACCESS}; {REFRESH}"))]).await;
    let before = shop.renewals();
    let old = shop.get("/", &[("cookie", REFRESH)]).await;
    let guests = shop.get("/", &[]).await;

    assert_eq!(theirs.text, guests.text);
    assert_eq!(old.text, guests.text);
    assert!(guests.header("cache-control").starts_with("public"));
    assert_eq!((old.header("set-cookie"), shop.renewals()), ("", before));
}

/// A page with a form, and the cookies that belong to it.
async fn form(shop: &Shop, path: &str, cookies: &str) -> (Answer, String) {
    let page = shop.get(path, &[("cookie", cookies)]).await;
    let visitor = page.cookies("__Host-visitor").remove(0);
    let visitor = visitor.split(';').next().unwrap().to_owned();
    (page, format!("{visitor}; {cookies}"))
}

#[tokio::test]
async fn signing_in_brings_the_cart_along_and_leads_back() {
    let shop = Shop::open().await;
    let guest = format!("__Host-cart={CART}");
    let (page, cookies) = form(&shop, "/account/sign-in?return_to=/checkout", &guest).await;
    assert!(page.text.contains("name=\"return_to\" value=\"/checkout\""));

    let proof = "email=ann%40example.com&password=right+password&return_to=%2Fcheckout";
    let answer =
        shop.post("/account/sign-in", &cookies, &format!("csrf={}&{proof}", page.csrf())).await;

    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/checkout"));
    assert!(answer.cookies("__Host-access")[0].contains("access.of.ann"));
    assert!(answer.cookies("__Host-cart")[0].contains("Max-Age=0"), "merged, so needless");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_wrong_password_keeps_the_email_and_nothing_else() {
    let shop = Shop::open().await;
    let (page, cookies) = form(&shop, "/account/sign-in", "").await;

    let proof = "email=ann%40example.com&password=hunter2hunter2";
    let answer =
        shop.post("/account/sign-in", &cookies, &format!("csrf={}&{proof}", page.csrf())).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("value=\"ann@example.com\""));
    assert!(answer.text.contains("Wrong address or password"));
    assert!(!answer.text.contains("hunter2"));
    assert!(answer.cookies("__Host-access").is_empty());
}

#[tokio::test]
async fn too_many_tries_are_said_in_words() {
    let shop = Shop::open().await;
    let (page, cookies) = form(&shop, "/account/sign-in", "").await;

    let proof = "email=many%40example.com&password=hunter2hunter2";
    let answer =
        shop.post("/account/sign-in", &cookies, &format!("csrf={}&{proof}", page.csrf())).await;

    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.text.contains("too many tries") && answer.text.contains("many@example.com"));
}

#[tokio::test]
async fn a_door_leads_to_no_other_site() {
    let shop = Shop::open().await;

    for wish in ["https://evil.example", "//evil.example", "/%5Cevil.example", "/%09/evil.example"]
    {
        let path = format!("/account/sign-in?return_to={wish}");
        let answer = shop.get(&path, &[("cookie", ACCESS)]).await;

        assert_eq!(answer.header("location"), "/account", "{wish}");
    }
}

#[tokio::test]
async fn what_matters_asks_who_is_there_first() {
    let shop = Shop::open().await;
    let (page, cookies) = form(&shop, "/account/password", ACCESS).await;

    let chosen = format!("csrf={}&password=another+password", page.csrf());
    let answer = shop.post("/account/password", &cookies, &chosen).await;

    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("location").starts_with("/account/confirm?return_to="));
    assert!(answer.cookies("__Host-refresh").is_empty(), "still signed in");
}

#[tokio::test]
async fn signing_out_leaves_nothing_behind_and_takes_a_form() {
    let shop = Shop::open().await;
    let (page, cookies) = form(&shop, "/account", &format!("{ACCESS}; {REFRESH}")).await;

    let by_link = shop.get("/account/sign-out", &[("cookie", &cookies)]).await;
    assert_eq!(by_link.status, StatusCode::METHOD_NOT_ALLOWED);
    let foreign = shop.post("/account/sign-out", &cookies, "csrf=x").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert!(foreign.cookies("__Host-refresh").is_empty());

    let answer = shop.post("/account/sign-out", &cookies, &format!("csrf={}", page.csrf())).await;

    for name in ["__Host-access", "__Host-refresh", "__Host-cart", "__Host-order"] {
        assert!(answer.cookies(name)[0].contains("Max-Age=0"), "{name}");
    }
}

#[tokio::test]
async fn following_a_letter_changes_nothing_until_the_button_is_pressed() {
    let shop = Shop::open().await;

    for path in
        ["/account/verify?token=abc", "/account/reset?token=abc", "/account/email?token=abc"]
    {
        let before = shop.changes();
        let page = shop.get(path, &[]).await;

        assert_eq!((page.status, shop.changes()), (StatusCode::OK, before), "{path}");
        assert!(page.text.contains("name=\"referrer\" content=\"same-origin\""), "{path}");
        assert!(page.text.contains("name=\"token\" value=\"abc\""), "{path}");
    }
}
