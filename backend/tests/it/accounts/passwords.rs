use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::json;

use crate::support::{PASSWORD, Shop};

const OTHER: &str = "knäckebröd & smör";

#[tokio::test]
async fn a_forgotten_password_is_chosen_anew_once_within_a_quarter_of_an_hour() {
    let shop = Shop::open().await;
    let mut ann = shop.register("ann@example.com").await;
    let ask = json!({ "email": "ann@example.com" });
    shop.post("/api/auth/password/forgot", &ask).await;
    let late = shop.letter_secret("ann@example.com", "Choose").await;
    shop.clock.advance(TimeDelta::minutes(16));
    let reset = |token: &str| json!({ "token": token, "password": OTHER });

    assert_eq!(shop.post("/api/auth/password/reset", &reset(&late)).await.1["code"], "link_void");
    shop.post("/api/auth/password/forgot", &ask).await;
    let token = shop.letter_secret("ann@example.com", "Choose").await;
    let (first, answer) = shop.post("/api/auth/password/reset", &reset(&token)).await;
    let (second, again) = shop.post("/api/auth/password/reset", &reset(&token)).await;

    assert_eq!(
        (first, second),
        (StatusCode::NO_CONTENT, StatusCode::UNPROCESSABLE_ENTITY),
        "{answer}"
    );
    assert_eq!(again["code"], "link_void");
    assert_eq!(ann.go_on(&shop).await, StatusCode::UNAUTHORIZED, "every device is signed out");
    assert_eq!(shop.sign_in("ann@example.com", PASSWORD, "").await.status, 422);
    assert_eq!(shop.sign_in("ann@example.com", OTHER, "").await.status, StatusCode::OK);
    assert!(
        shop.subjects("ann@example.com").await.contains(&"Your password was changed".to_owned())
    );
}

#[tokio::test]
async fn a_link_to_a_new_password_is_void_once_the_password_was_changed() {
    let shop = Shop::open().await;
    let ann = shop.register("ann@example.com").await;
    shop.post("/api/auth/password/forgot", &json!({ "email": "ann@example.com" })).await;
    let token = shop.letter_secret("ann@example.com", "Choose").await;

    let set = json!({ "password": OTHER });
    assert_eq!(ann.ask(&shop, Method::PUT, "/api/auth/password", Some(&set)).await.0, 204);

    let reset = json!({ "token": token, "password": "a third password" });
    assert_eq!(shop.post("/api/auth/password/reset", &reset).await.1["code"], "link_void");
}

#[tokio::test]
async fn a_link_is_of_no_use_for_anything_else() {
    let shop = Shop::open().await;
    shop.register("ann@example.com").await;
    shop.post("/api/auth/password/forgot", &json!({ "email": "ann@example.com" })).await;
    let token = shop.letter_secret("ann@example.com", "Choose").await;

    let confirm = json!({ "token": token });
    let verify = json!({ "token": token, "password": PASSWORD });

    assert_eq!(shop.post("/api/auth/email/verify", &confirm).await.1["code"], "link_void");
    assert_eq!(shop.post("/api/auth/register/verify", &verify).await.1["code"], "link_void");
}

#[tokio::test]
async fn changing_the_password_signs_the_other_devices_out() {
    let shop = Shop::open().await;
    let mut first = shop.register("ann@example.com").await;
    let mut ann = shop.signed_in("ann@example.com", "").await;

    let set = json!({ "password": OTHER });
    let (status, answer) = ann.ask(&shop, Method::PUT, "/api/auth/password", Some(&set)).await;

    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    assert_eq!(first.go_on(&shop).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ann.go_on(&shop).await, StatusCode::OK);
    assert_eq!(shop.sign_in("ann@example.com", OTHER, "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_account_moves_to_another_address_by_its_letter() {
    let shop = Shop::open().await;
    let ann = shop.register("ann@example.com").await;
    shop.register("ben@example.com").await;

    for taken in ["ben@example.com", "new@example.com"] {
        let (status, _) =
            ann.post(&shop, "/api/customers/me/email", &json!({ "email": taken })).await;
        assert_eq!(status, StatusCode::ACCEPTED, "the answer is the same");
    }
    assert_eq!(
        shop.subjects("ben@example.com").await.last().unwrap(),
        "You have an account already"
    );
    let token = shop.letter_secret("new@example.com", "Confirm").await;
    let (status, _) = shop.post("/api/auth/email/verify", &json!({ "token": token })).await;

    assert_eq!(status, StatusCode::NO_CONTENT);
    shop.signed_in("new@example.com", "").await;
    assert_eq!(shop.sign_in("ann@example.com", PASSWORD, "").await.status, 422);
    assert!(
        shop.subjects("ann@example.com")
            .await
            .iter()
            .any(|it| it.starts_with("Your account has another"))
    );
}

#[tokio::test]
async fn what_was_kept_cheaply_is_kept_anew_at_the_next_sign_in() {
    let shop = Shop::open().await;
    shop.register("ann@example.com").await;
    let kept = async || {
        shop.sql(async |tx| {
            sqlx::query_scalar::<_, String>("SELECT password_hash FROM customer")
                .fetch_one(tx)
                .await
        })
        .await
    };
    let dear = kept().await;
    let cheap = argon2::Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        argon2::Params::new(8_192, 1, 1, None).unwrap(),
    );
    let cheap = argon2::password_hash::PasswordHasher::hash_password(&cheap, PASSWORD.as_bytes())
        .unwrap()
        .to_string();
    shop.sql(async |tx| {
        sqlx::query("UPDATE customer SET password_hash = $1").bind(&cheap).execute(tx).await
    })
    .await;

    shop.signed_in("ann@example.com", "").await;

    for hash in [dear, kept().await] {
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }
}
