use axum::http::StatusCode;
use serde_json::json;

use crate::support::{PASSWORD, Shop};

#[tokio::test]
async fn an_account_opens_with_the_letter_and_the_password_and_signs_in() {
    let shop = Shop::open().await;

    let ann = shop.register("Ann@Example.com").await;

    let (status, me) = ann.get(&shop, "/api/customers/me").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(me["email"], "Ann@Example.com");
    assert_eq!(me["name"], "Ann Weber");
    assert_eq!(me["has_password"], true);
    shop.signed_in("ann@example.COM", "").await;
}

#[tokio::test]
async fn there_is_no_account_before_the_letter_is_opened() {
    let shop = Shop::open().await;
    let register = json!({ "email": "ann@example.com", "password": PASSWORD });
    shop.post("/api/customers", &register).await;

    let early = shop.sign_in("ann@example.com", PASSWORD, "").await;

    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(early.json()["code"], "wrong_credentials");
    assert_eq!(shop.number("SELECT count(*) FROM customer").await, 0);
}

#[tokio::test]
async fn whoever_opens_somebody_elses_letter_needs_their_password() {
    let shop = Shop::open().await;
    let register = json!({ "email": "victim@example.com", "password": PASSWORD });
    shop.post("/api/customers", &register).await;
    let token = shop.letter_secret("victim@example.com", "Finish").await;

    for _ in 0..10 {
        let guess = json!({ "token": token, "password": "another password" });
        let (status, answer) = shop.post("/api/auth/register/verify", &guess).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer["errors"][0]["pointer"], "/password");
    }

    let right = json!({ "token": token, "password": PASSWORD });
    let (status, answer) = shop.post("/api/auth/register/verify", &right).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "ten wrong ones void the link");
    assert_eq!(answer["code"], "link_void");
}

#[tokio::test]
async fn a_link_is_good_once_and_for_a_day() {
    let shop = Shop::open().await;
    let register = json!({ "email": "ann@example.com", "password": PASSWORD });
    shop.post("/api/customers", &register).await;
    let late = shop.letter_secret("ann@example.com", "Finish").await;
    shop.clock.advance(chrono::TimeDelta::hours(25));
    let verify = |token: &str| json!({ "token": token, "password": PASSWORD });

    assert_eq!(shop.post("/api/auth/register/verify", &verify(&late)).await.1["code"], "link_void");
    shop.post("/api/customers", &register).await;
    let token = shop.letter_secret("ann@example.com", "Finish").await;
    let (first, _) = shop.post("/api/auth/register/verify", &verify(&token)).await;
    let (second, again) = shop.post("/api/auth/register/verify", &verify(&token)).await;

    assert_eq!((first, second), (StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(again["code"], "link_void");
    let kept = "SELECT count(*) FROM account_letter WHERE used_at IS NOT NULL AND registration ? 'password_hash'";
    assert_eq!(shop.number(kept).await, 0, "the password is kept once");
}

#[tokio::test]
async fn signing_up_twice_tells_only_the_letters_reader() {
    let shop = Shop::open().await;
    shop.register("ann@example.com").await;

    let register = json!({ "email": "ANN@example.com", "password": "another good one" });
    let (status, answer) = shop.post("/api/customers", &register).await;

    assert_eq!((status, answer.is_null()), (StatusCode::ACCEPTED, true));
    let subjects = shop.subjects("ANN@example.com").await;
    assert_eq!(subjects, ["You have an account already"]);
    assert_eq!(shop.sign_in("ann@example.com", "another good one", "").await.status, 422);
}

#[tokio::test]
async fn two_links_of_one_address_open_one_account() {
    let shop = Shop::open().await;
    let register = json!({ "email": "ann@example.com", "password": PASSWORD });
    shop.post("/api/customers", &register).await;
    let one = shop.letter_secret("ann@example.com", "Finish").await;
    shop.post("/api/customers", &register).await;
    let two = shop.letter_secret("ann@example.com", "Finish").await;
    let (one, two) = (
        json!({ "token": one, "password": PASSWORD }),
        json!({ "token": two, "password": PASSWORD }),
    );

    let (first, second) = tokio::join!(
        shop.post("/api/auth/register/verify", &one),
        shop.post("/api/auth/register/verify", &two),
    );

    let good = [first.0, second.0].into_iter().filter(|status| *status == StatusCode::OK).count();
    assert_eq!((good, shop.number("SELECT count(*) FROM customer").await), (1, 1));
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_by_its_field() {
    let shop = Shop::open().await;

    for (body, pointer) in [
        (json!({ "email": "ann", "password": PASSWORD }), "/email"),
        (json!({ "email": "a@b.com\nBcc: x@y.z", "password": PASSWORD }), "/email"),
        (json!({ "email": "ann@example.com", "password": "short" }), "/password"),
        (json!({ "email": "ann@example.com", "password": "password1" }), "/password"),
        (json!({ "email": "ann@example.com", "password": "ann@example.com" }), "/password"),
        (json!({ "email": "ann@example.com", "password": PASSWORD, "name": "a\r\nb" }), "/name"),
    ] {
        let (status, answer) = shop.post("/api/customers", &body).await;

        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(answer["errors"][0]["pointer"], pointer);
    }
    assert_eq!(shop.number("SELECT count(*) FROM account_letter").await, 0);
}
