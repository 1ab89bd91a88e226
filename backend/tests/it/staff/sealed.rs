//! The secrets of authenticators are sealed: who has a copy of the database makes no codes, and a change of
//! `JWT_SECRET` locks nobody out.

use std::process::Command;

use axum::http::StatusCode;
use backend::{serve, worker};
use serde_json::{Value, json};
use totp_rs::Secret;

use crate::support::{Answer, Clerk, PASSWORD, Shop, code};

/// What a clerk is answered who shows the password and this code.
async fn comes_in(shop: &Shop, clerk: &Clerk, code: &str) -> Answer {
    let body = json!({ "email": clerk.email, "password": PASSWORD });
    let (status, half) = shop.post("/api/admin/auth/sign-in", &body).await;
    assert_eq!((status, &half["next"]), (StatusCode::OK, &json!("code")), "{half}");
    shop.enter_code(&half, code).await
}

/// The same with the next code of their authenticator.
async fn comes_in_by_code(shop: &Shop, clerk: &Clerk) -> (StatusCode, Value) {
    shop.clock.advance(chrono::TimeDelta::seconds(30));
    let answer = comes_in(shop, clerk, &clerk.code(shop)).await;
    (answer.status, answer.json()["code"].clone())
}

/// The secret as bytes.
fn plain(secret: &str) -> Vec<u8> {
    Secret::try_from_base32(secret).unwrap().to_vec()
}

async fn kept(shop: &Shop, clerk: &Clerk) -> Vec<u8> {
    shop.sql(async |tx| {
        sqlx::query_scalar("SELECT code_secret FROM staff WHERE email = $1")
            .bind(&clerk.email)
            .fetch_one(tx)
            .await
    })
    .await
}

/// Puts secrets into the clear, as they were before they were sealed.
async fn lay_open(shop: &Shop, clerk: &Clerk) {
    shop.sql(async |tx| {
        let rules = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE 'staff%is_sealed'";
        let rules: Vec<(String, String)> = sqlx::query_as(rules).fetch_all(&mut *tx).await?;
        assert_eq!(rules.len(), 2);
        for (name, _) in &rules {
            let drop = format!("ALTER TABLE staff DROP CONSTRAINT {name}");
            sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut *tx).await?;
        }
        sqlx::query("UPDATE staff SET code_secret = $2, pending_secret = $2 WHERE email = $1")
            .bind(&clerk.email)
            .bind(plain(&clerk.secret))
            .execute(&mut *tx)
            .await?;
        for (name, rule) in &rules {
            assert!(rule.ends_with("NOT VALID"), "{rule}");
            let add = format!("ALTER TABLE staff ADD CONSTRAINT {name} {rule}");
            sqlx::query(sqlx::AssertSqlSafe(add)).execute(&mut *tx).await?;
        }
        Ok(())
    })
    .await;
}

fn rotate(shop: &Shop, letter: &str) {
    shop.app.keys.rotate(&letter.repeat(40).into()).unwrap();
}

/// Lets the background work look, at this moment and after so many minutes.
async fn background_work(shop: &Shop, minutes: &[i64]) {
    worker::expire(&shop.app).await.unwrap();
    for minutes in minutes {
        shop.clock.advance(chrono::TimeDelta::minutes(*minutes));
        worker::expire(&shop.app).await.unwrap();
    }
}

#[tokio::test]
async fn a_copy_of_the_database_shows_no_secret_neither_one_that_waits() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let waiting = {
        let invite = json!({ "email": "bob@shop.example", "role": "support" });
        admin.post(&shop, "/api/admin/staff", &invite).await;
        let token = shop.invitation("bob@shop.example").await;
        let body = json!({ "token": token, "name": "Bob", "password": PASSWORD });
        let (_, half) = shop.post("/api/admin/auth/accept", &body).await;
        let enrol = (axum::http::Method::POST, "/api/admin/auth/enrol");
        let told = shop.bearing(half["token"].as_str().unwrap(), enrol, None, &[]).await.json();
        told["secret"].as_str().unwrap().to_owned()
    };

    let dump = Command::new("pg_dump").arg(shop.database.url()).output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let dump = String::from_utf8_lossy(&dump.stdout).to_lowercase();

    assert!(dump.contains(&hex::encode(kept(&shop, &admin).await)), "bytes stand there in hex");
    for secret in [&admin.secret, &waiting] {
        for form in [secret.to_lowercase(), hex::encode(plain(secret))] {
            assert!(!dump.contains(&form), "a secret lies open in the database");
        }
    }
}

#[tokio::test]
async fn a_secret_that_is_put_on_somebody_else_opens_nothing() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let eve = shop.clerk(&admin, "support").await;
    let steal = "UPDATE staff SET code_secret = (SELECT code_secret FROM staff WHERE role = 'support') WHERE role = 'admin'";
    assert_eq!(shop.execute(steal).await, 1);

    shop.clock.advance(chrono::TimeDelta::seconds(30));
    let stolen = comes_in(&shop, &admin, &code(&eve.secret, &shop)).await;
    let own = comes_in(&shop, &admin, &admin.code(&shop)).await;
    let recovered = comes_in(&shop, &admin, &admin.recovery_codes[0]).await;

    for refused in [stolen, own] {
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(refused.json()["code"], "authenticator_unreadable");
    }
    assert_eq!(recovered.status, StatusCode::OK);
    assert_eq!(comes_in(&shop, &eve, &eve.code(&shop)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn everybody_comes_in_after_any_number_of_changes_of_the_shop_s_secret() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let clerk = shop.clerk(&admin, "support").await;

    for letter in ["b", "c", "d"] {
        let before = kept(&shop, &admin).await;
        rotate(&shop, letter);
        assert_eq!(comes_in_by_code(&shop, &admin).await.0, StatusCode::OK, "{letter}");
        background_work(&shop, &[14]).await;
        assert_eq!(kept(&shop, &admin).await, before, "moved before every replica can read it");

        background_work(&shop, &[1]).await;
        assert_ne!(kept(&shop, &admin).await[1..5], before[1..5], "still under the old secret");
        let moved = kept(&shop, &admin).await;
        worker::expire(&shop.app).await.unwrap();
        assert_eq!(kept(&shop, &admin).await, moved, "moved again and again");
    }
    for one in [&admin, &clerk] {
        assert_eq!(comes_in_by_code(&shop, one).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_secret_that_was_dropped_too_early_is_said_and_comes_back() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let before = kept(&shop, &admin).await;

    let other = ["--jwt-secret", "another secret of the shop, long enough"];
    let lost = shop.restarted(&other);
    let (status, said) = comes_in_by_code(&lost, &admin).await;
    assert_eq!((status, said), (StatusCode::CONFLICT, json!("authenticator_unreadable")));
    background_work(&lost, &[15]).await;
    assert_eq!(kept(&shop, &admin).await, before, "what cannot be read was changed");
    assert_eq!(comes_in(&lost, &admin, &admin.recovery_codes[0]).await.status, StatusCode::OK);

    let kept_too = ["--jwt-secret-previous", "a secret that only tests know, long enough"];
    let back = shop.restarted(&[other, kept_too].concat());
    assert_eq!(comes_in_by_code(&back, &admin).await.0, StatusCode::OK);
}

#[tokio::test]
async fn secrets_from_before_are_sealed_by_the_migration() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    lay_open(&shop, &admin).await;
    let findings =
        shop.app.db.read(async |conn| backend::verify::verify(conn).await).await.unwrap();
    let found = findings.iter().find(|finding| finding.id == "A6").unwrap();
    assert_eq!(found.violations, 1);

    let mut without = (*shop.app.config).clone();
    without.jwt_secret = None;
    let refused = serve::migrate(without).await.unwrap_err().to_string();
    assert!(refused.contains("JWT_SECRET"), "{refused}");
    assert_eq!(
        kept(&shop, &admin).await,
        plain(&admin.secret),
        "sealed by a key that nobody keeps"
    );

    serve::migrate((*shop.app.config).clone()).await.unwrap();
    shop.assert_sound().await;
    let sealed = kept(&shop, &admin).await;
    assert_eq!((sealed.len(), sealed[0]), (53, 1));
    assert_eq!(comes_in_by_code(&shop, &admin).await.0, StatusCode::OK);
    serve::migrate((*shop.app.config).clone()).await.unwrap();
    assert_eq!(kept(&shop, &admin).await, sealed, "sealed twice");
}

#[tokio::test]
async fn the_database_takes_no_secret_in_the_clear() {
    let shop = Shop::open().await;
    shop.admin().await;

    for column in ["code_secret", "pending_secret"] {
        let open = format!("UPDATE staff SET {column} = decode(repeat('61', 20), 'hex')");
        let refused = shop
            .app
            .db
            .write(async |tx| sqlx::query(sqlx::AssertSqlSafe(open)).execute(tx).await)
            .await;
        let error = refused.unwrap_err().to_string();
        assert!(error.contains(&format!("staff_{column}_is_sealed")), "{error}");
    }
}
