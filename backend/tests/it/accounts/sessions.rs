use std::sync::Arc;

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Shop, request};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const IPHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";

#[tokio::test]
async fn devices_are_listed_and_each_can_be_signed_out() {
    let shop = Shop::open().await;
    shop.register("ann@example.com").await;
    let laptop = shop.signed_in("ann@example.com", FIREFOX).await;
    let mut phone = shop.signed_in("ann@example.com", IPHONE).await;

    let (_, sessions) = laptop.get(&shop, "/api/auth/sessions").await;
    let sessions = sessions["data"].as_array().unwrap().clone();
    let lost = sessions.iter().find(|session| session["device"] == "Safari on iPhone").unwrap();
    let path = format!("/api/auth/sessions/{}", lost["id"].as_str().unwrap());
    let (status, _) = laptop.ask(&shop, Method::DELETE, &path, None).await;

    assert_eq!((sessions.len(), &sessions[0]["device"]), (3, &json!("Firefox on Linux")));
    assert_eq!(sessions[0]["is_current"], true);
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(phone.go_on(&shop).await, StatusCode::UNAUTHORIZED);
    let (_, left) = laptop.get(&shop, "/api/auth/sessions").await;
    assert_eq!(left["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn all_other_devices_are_signed_out_at_once() {
    let shop = Shop::open().await;
    let mut first = shop.register("ann@example.com").await;
    let mut laptop = shop.signed_in("ann@example.com", FIREFOX).await;

    laptop.ask(&shop, Method::DELETE, "/api/auth/sessions", None).await;

    assert_eq!(first.go_on(&shop).await, StatusCode::UNAUTHORIZED);
    assert_eq!(laptop.go_on(&shop).await, StatusCode::OK);
}

#[tokio::test]
async fn after_signing_out_nothing_refreshes_and_access_ends_within_five_minutes() {
    let shop = Shop::open().await;
    let mut ann = shop.register("ann@example.com").await;

    let (status, _) =
        ann.post(&shop, "/api/auth/logout", &json!({ "refresh_token": ann.refresh })).await;
    shop.clock.advance(TimeDelta::seconds(306));

    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(ann.go_on(&shop).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ann.get(&shop, "/api/customers/me").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn each_sign_in_is_a_session_of_its_own() {
    let shop = Shop::open().await;
    let first = shop.register("ann@example.com").await;

    // Tokens that are shown while signing in count for nothing.
    let body = json!({ "email": "ann@example.com", "password": crate::support::PASSWORD });
    let bearer = format!("Bearer {}", first.access);
    let headers = [("authorization", bearer.as_str()), ("cookie", "__Host-refresh=fixed")];
    let answer = shop.send(request(Method::POST, "/api/auth/login", Some(&body), &headers)).await;

    assert_ne!(answer.json()["refresh_token"], first.refresh);
    let sessions = shop.number("SELECT count(*) FROM session").await;
    assert_eq!(sessions, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_refreshes_at_once_keep_one_family_and_nobody_is_signed_out() {
    let shop = Arc::new(Shop::open().await);
    shop.register("ann@example.com").await;
    let ann = shop.signed_in("ann@example.com", FIREFOX).await;

    let storm: Vec<_> = (0..50)
        .map(|_| {
            let (shop, token) = (Arc::clone(&shop), ann.refresh.clone());
            tokio::spawn(async move { shop.refresh(&token, FIREFOX).await })
        })
        .collect();
    let mut next = std::collections::HashSet::new();
    for answer in storm {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
        next.insert(answer.json()["refresh_token"].as_str().unwrap().to_owned());
    }

    assert_eq!(next.len(), 1, "one token opens the next door");
    let usable = shop.number("SELECT count(*) FROM refresh_token JOIN session USING (session_id) WHERE used_at IS NULL AND device LIKE 'Firefox%'").await;
    assert_eq!(usable, 1);
    shop.clock.advance(TimeDelta::minutes(5));
    let token = next.into_iter().next().unwrap();
    assert_eq!(shop.refresh(&token, FIREFOX).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_used_token_that_comes_late_or_from_elsewhere_ends_the_family_and_is_told() {
    let shop = Shop::open().await;
    shop.register("ann@example.com").await;

    for (wait, device) in [(60, FIREFOX), (5, IPHONE)] {
        let mut ann = shop.signed_in("ann@example.com", FIREFOX).await;
        let stolen = ann.refresh.clone();
        assert_eq!(ann.go_on(&shop).await, StatusCode::OK);
        shop.clock.advance(TimeDelta::seconds(wait));

        assert_eq!(shop.refresh(&stolen, device).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(ann.go_on(&shop).await, StatusCode::UNAUTHORIZED, "the family is ended");
    }
    let told = shop.subjects("ann@example.com").await;
    assert_eq!(told.iter().filter(|subject| subject.starts_with("We signed one")).count(), 2);
}

#[tokio::test]
async fn a_session_ends_after_a_month_unheard_and_half_a_year_in_any_case() {
    let shop = Shop::open().await;
    let mut idle = shop.register("ann@example.com").await;
    let mut busy = shop.signed_in("ann@example.com", FIREFOX).await;

    for _ in 0..6 {
        shop.clock.advance(TimeDelta::days(29));
        assert_eq!(busy.go_on(&shop).await, StatusCode::OK);
    }

    assert_eq!(idle.go_on(&shop).await, StatusCode::UNAUTHORIZED);
    shop.clock.advance(TimeDelta::days(7));
    assert_eq!(busy.go_on(&shop).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_browsers_cookies_are_changed_and_no_token_is_in_the_body() {
    let shop = Shop::open().await;
    let ann = shop.register("ann@example.com").await;
    let cookie = format!("__Host-refresh={}", ann.refresh);

    let headers = [("cookie", cookie.as_str())];
    let answer =
        shop.send(request(Method::POST, "/api/auth/refresh", Some(&json!({})), &headers)).await;

    assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0));
    let cookies: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2);
    for cookie in &cookies {
        for part in ["__Host-", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
    }
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let access = cookies[0].split(';').next().unwrap();
    let me = shop.get_with("/api/customers/me", &[("cookie", access)]).await;
    assert_eq!(me.status, StatusCode::OK);
}

#[tokio::test]
async fn what_matters_needs_a_sign_in_of_the_last_ten_minutes() {
    let shop = Shop::open().await;
    let mut ann = shop.register("ann@example.com").await;
    shop.clock.advance(TimeDelta::minutes(11));
    ann.go_on(&shop).await;
    let email = json!({ "email": "new@example.com" });

    let (status, answer) = ann.post(&shop, "/api/customers/me/email", &email).await;
    assert_eq!(
        (status, &answer["code"]),
        (StatusCode::FORBIDDEN, &json!("reauthentication_required"))
    );
    let wrong = json!({ "password": "not mine at all" });
    let (status, _) = ann.post(&shop, "/api/auth/reauthenticate", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    ann.confirm(&shop).await;

    assert_eq!(ann.post(&shop, "/api/customers/me/email", &email).await.0, StatusCode::ACCEPTED);
    assert_eq!(ann.go_on(&shop).await, StatusCode::OK);
}
