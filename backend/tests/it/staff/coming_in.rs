//! Sign-in in two steps, and everything that must not get around it.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Clerk, PASSWORD, Shop, code};

async fn half(shop: &Shop, clerk: &Clerk) -> Value {
    let body = json!({ "email": clerk.email, "password": PASSWORD });
    let (status, half) = shop.post("/api/admin/auth/sign-in", &body).await;
    assert_eq!(status, StatusCode::OK, "{half}");
    half
}

async fn me(shop: &Shop, token: &str) -> StatusCode {
    shop.bearing(token, (Method::GET, "/api/admin/me"), None, &[]).await.status
}

fn token(session: &Value) -> &str {
    session["token"].as_str().unwrap()
}

#[tokio::test]
async fn the_first_administrator_comes_in_once_and_is_the_last_to_come_so() {
    let shop = Shop::open().await;
    let secret = backend::staff::first_admin(&shop.app, "ann@shop.example").await.unwrap();
    let again = backend::staff::first_admin(&shop.app, "ann@shop.example").await.unwrap();

    let body = |token: &str| json!({ "token": token, "name": "Ann", "password": PASSWORD });
    let (void, _) = shop.post("/api/admin/auth/accept", &body(&secret)).await;
    let ann = shop.come_in("ann@shop.example", &again).await;
    let (used, _) = shop.post("/api/admin/auth/accept", &body(&again)).await;
    let refused = backend::staff::first_admin(&shop.app, "eve@shop.example").await.unwrap_err();

    assert_eq!(void, StatusCode::UNPROCESSABLE_ENTITY, "an invitation before opens still");
    assert_eq!(used, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.to_string().starts_with("there is an administrator already"));
    assert_eq!(ann.get(&shop, "/api/admin/me").await.1["role"], "admin");
}

#[tokio::test]
async fn an_invitation_ends_after_a_day_and_no_other_opens_it() {
    let shop = Shop::open().await;
    let secret = backend::staff::first_admin(&shop.app, "ann@shop.example").await.unwrap();
    let mut forged = secret.clone();
    forged.replace_range(30..31, if &secret[30..31] == "A" { "B" } else { "A" });
    let take = async |token: &str| {
        let body = json!({ "token": token, "name": "Ann", "password": PASSWORD });
        shop.post("/api/admin/auth/accept", &body).await.1["code"].clone()
    };

    for wrong in [forged.as_str(), "", "x", &secret[..20]] {
        assert_eq!(take(wrong).await, "link_void", "{wrong}");
    }
    shop.clock.advance(TimeDelta::hours(24));
    assert_eq!(take(&secret).await, "link_void");
}

#[tokio::test]
async fn a_password_alone_opens_nothing() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let half = half(&shop, &admin).await;

    assert_eq!(half["next"], "code");
    for path in ["/api/admin/me", "/api/admin/staff", "/api/admin/audit"] {
        let answer = shop.bearing(token(&half), (Method::GET, path), None, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.json()["code"], "second_step_required", "{path}");
    }
    let enrol = (Method::POST, "/api/admin/auth/enrol");
    let answer = shop.bearing(token(&half), enrol, None, &[]).await;
    assert_eq!(answer.json()["code"], "enrolled", "a second authenticator by a password alone");
}

#[tokio::test]
async fn a_code_is_good_once_and_its_session_gets_another_token() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let [first, second] = [half(&shop, &admin).await, half(&shop, &admin).await];

    // The code that set the authenticator up is used already.
    assert_eq!(
        shop.enter_code(&first, &admin.code(&shop)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    shop.clock.advance(TimeDelta::seconds(30));
    let code = admin.code(&shop);
    let open = shop.enter_code(&first, &code).await;
    let replayed = shop.enter_code(&second, &code).await;

    assert_eq!(open.status, StatusCode::OK, "{}", open.json());
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY, "a code was good twice");
    assert_eq!(me(&shop, token(&open.json())).await, StatusCode::OK);
    assert_eq!(
        me(&shop, token(&first)).await,
        StatusCode::UNAUTHORIZED,
        "the token before lives on"
    );
}

#[tokio::test]
async fn the_first_code_must_be_of_the_secret_that_was_told() {
    let shop = Shop::open().await;
    let secret = backend::staff::first_admin(&shop.app, "ann@shop.example").await.unwrap();
    let body = json!({ "token": secret, "name": "Ann", "password": PASSWORD });
    let (_, half) = shop.post("/api/admin/auth/accept", &body).await;

    let early = shop.enter_code(&half, "123456").await;
    let told =
        shop.bearing(token(&half), (Method::POST, "/api/admin/auth/enrol"), None, &[]).await.json();
    let wrong = shop.enter_code(&half, "000000").await;
    let right = shop.enter_code(&half, &code(told["secret"].as_str().unwrap(), &shop)).await;

    assert_eq!(early.json()["code"], "not_enrolling");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(right.status, StatusCode::OK);
    assert!(
        told["address"].as_str().unwrap().starts_with("otpauth://totp/Oxcart:ann%40shop.example")
    );
    assert_eq!(right.json()["recovery_codes"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn a_recovery_code_opens_once() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let spoken = admin.recovery_codes[3].to_uppercase().replace('-', " ");

    let [first, second] = [half(&shop, &admin).await, half(&shop, &admin).await];
    let open = shop.enter_code(&first, &spoken).await.status;
    let again = shop.enter_code(&second, &spoken).await.status;

    assert_eq!((open, again), (StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY));
}

/// What `reset-code` answered to somebody about somebody.
async fn reset(shop: &Shop, by: &Clerk, of: &Clerk) -> StatusCode {
    let path = format!("/api/admin/staff/{}/reset-code", of.id);
    by.post(shop, &path, &Value::Null).await.0
}

/// Sets another authenticator up, as whoever has none is asked to; its secret and the new recovery codes.
async fn set_up_anew(shop: &Shop, clerk: &Clerk) -> (String, Value) {
    let half = half(shop, clerk).await;
    assert_eq!(half["next"], "enrol");
    let told =
        shop.bearing(token(&half), (Method::POST, "/api/admin/auth/enrol"), None, &[]).await.json();
    let secret = told["secret"].as_str().unwrap().to_owned();
    let open = shop.enter_code(&half, &code(&secret, shop)).await;
    assert_eq!(open.status, StatusCode::OK, "{}", open.json());
    (secret, open.json()["recovery_codes"].clone())
}

#[tokio::test]
async fn an_administrator_takes_a_lost_authenticator_away_and_its_owner_sets_up_another() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let clerk = shop.clerk(&admin, "support").await;
    let before = half(&shop, &clerk).await;

    assert_eq!(reset(&shop, &clerk, &admin).await, StatusCode::FORBIDDEN);
    assert_eq!(reset(&shop, &admin, &clerk).await, StatusCode::NO_CONTENT);

    assert_eq!(me(&shop, &clerk.token).await, StatusCode::UNAUTHORIZED, "a session lives on");
    let codes = shop.number("SELECT count(*) FROM staff_recovery_code").await;
    assert_eq!(codes, 10, "the administrator's alone");
    let late = shop.enter_code(&before, &clerk.recovery_codes[0]).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED, "a sign-in that was half done goes on");
    let (secret, codes) = set_up_anew(&shop, &clerk).await;
    assert_ne!(secret, clerk.secret);
    assert_eq!(codes.as_array().map(Vec::len), Some(10));
    shop.clock.advance(TimeDelta::seconds(30));
    let next = half(&shop, &clerk).await;
    for old in [&clerk.code(&shop), &clerk.recovery_codes[0]] {
        let answer = shop.enter_code(&next, old).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{old} is good still");
    }
    assert_eq!(shop.enter_code(&next, &code(&secret, &shop)).await.status, StatusCode::OK);
    let (_, log) = admin.get(&shop, "/api/admin/audit?action=staff.code_reset").await;
    assert_eq!(log["data"][0]["actor"], admin.id);
    assert_eq!(log["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_administrator_who_came_in_by_a_recovery_code_sets_up_another_authenticator() {
    let shop = Shop::open().await;
    let mut admin = shop.admin().await;
    let half = half(&shop, &admin).await;
    let open = shop.enter_code(&half, &admin.recovery_codes[0]).await.json();
    token(&open).clone_into(&mut admin.token);

    assert_eq!(reset(&shop, &admin, &admin.clone()).await, StatusCode::NO_CONTENT);

    let (secret, codes) = set_up_anew(&shop, &admin).await;
    assert_ne!(secret, admin.secret);
    assert!(!codes.as_array().unwrap().contains(&json!(admin.recovery_codes[1])));
}

#[tokio::test]
async fn nobody_is_invited_by_a_secret_that_the_shop_will_not_know() {
    let shop = Shop::open_with(&[], |config| config.jwt_secret = None).await;

    let refused = backend::staff::first_admin(&shop.app, "ann@shop.example").await.unwrap_err();

    assert!(refused.to_string().starts_with("JWT_SECRET"), "{refused}");
    assert_eq!(shop.number("SELECT count(*) FROM staff").await, 0);
}

#[tokio::test]
async fn guessing_at_codes_and_passwords_is_held_up() {
    let shop = Shop::open_with(&["--rate-limit-scale", "1"], |_| {}).await;
    let admin = shop.admin().await;
    let half = half(&shop, &admin).await;

    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(shop.enter_code(&half, "000000").await.status.as_u16());
    }
    let mut passwords = Vec::new();
    for _ in 0..6 {
        let body = json!({ "email": admin.email, "password": "wrong" });
        passwords.push(shop.post("/api/admin/auth/sign-in", &body).await.0.as_u16());
    }

    assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
    assert_eq!(passwords, [422, 422, 422, 422, 422, 429]);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_after_a_day_s_work_in_any_case() {
    let shop = Shop::open().await;
    let mut admin = shop.admin().await;

    shop.clock.advance(TimeDelta::minutes(31));
    assert_eq!(me(&shop, &admin.token).await, StatusCode::UNAUTHORIZED);

    admin.sign_in(&shop).await;
    for _ in 0..(12 * 60 / 20 - 1) {
        shop.clock.advance(TimeDelta::minutes(20));
        assert_eq!(me(&shop, &admin.token).await, StatusCode::OK);
    }
    shop.clock.advance(TimeDelta::minutes(20));
    assert_eq!(me(&shop, &admin.token).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_password_or_signing_out_ends_what_was_open() {
    let shop = Shop::open().await;
    let mut admin = shop.admin().await;
    let before = admin.token.clone();
    admin.sign_in(&shop).await;

    let anew = json!({ "current": PASSWORD, "password": "grädde & kardemumma" });
    let wrong = json!({ "current": "wrong", "password": "grädde & kardemumma" });
    let (refused, _) = admin.post(&shop, "/api/admin/me/password", &wrong).await;
    let (set, _) = admin.post(&shop, "/api/admin/me/password", &anew).await;

    assert_eq!((refused, set), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::NO_CONTENT));
    assert_eq!(me(&shop, &before).await, StatusCode::UNAUTHORIZED);
    assert_eq!(me(&shop, &admin.token).await, StatusCode::OK);
    admin.post(&shop, "/api/admin/auth/sign-out", &Value::Null).await;
    assert_eq!(me(&shop, &admin.token).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_tokens_of_staff_and_customers_open_each_their_own_side_only() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let ann = shop.register("ann@example.com").await;

    let as_staff = me(&shop, &ann.access).await;
    let as_customer =
        shop.bearing(&admin.token, (Method::GET, "/api/customers/me"), None, &[]).await.status;

    assert_eq!((as_staff, as_customer), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
}
