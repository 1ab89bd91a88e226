use std::{io::Read, process::Command};

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Shop};

/// Texts that occur nowhere else.
const NAME: &str = "Canarina Qvist";
const STREET: &str = "Kanariengasse 77b";
const NOTE: &str = "Leave it at the canary cage";
pub const EMAIL: &str = "canary-bird@example.com";
const PHONE: &str = "+49305550177";

fn home() -> Value {
    json!({ "name": NAME, "line1": STREET, "city": "Berlin", "postal_code": "10115", "country": "DE", "phone": PHONE })
}

/// A customer who bought something, called it off, keeps an address and has a cart.
pub async fn canary(shop: &Shop) -> crate::support::Ann {
    let mug = shop.stock("mug", 12_50, 9).await;
    let ann = shop.register(EMAIL).await;
    ann.ask(shop, Method::PATCH, "/api/customers/me", Some(&json!({ "name": NAME }))).await;
    ann.post(shop, "/api/customers/me/addresses", &json!({ "address": home() })).await;
    let guest = shop.shopper().await;
    guest.add(shop, mug, 1).await;
    guest.settle_in(shop).await;
    let contact = json!({ "email": EMAIL, "shipping_address": home(), "note": NOTE });
    guest.ask(shop, Method::PATCH, "", Some(&contact)).await;
    let (_, done) = guest.buy(shop, "tok_ok", "one-intent").await;
    assert_eq!(done["status"], "placed", "{done}");
    shop.settle().await;
    let ann = shop.signed_in(EMAIL, "Mozilla/5.0 (X11; Linux) Firefox/140.0").await;
    let open = json!({ "lines": [{ "variant_id": mug, "quantity": 1 }] });
    let (_, cart) = ann.post(shop, "/api/carts", &open).await;
    let path = format!("/api/carts/{}", cart["cart"]["id"].as_str().unwrap());
    ann.ask(shop, Method::PATCH, &path, Some(&contact)).await;
    ann
}

pub async fn cancel_all(shop: &Shop, ann: &crate::support::Ann) {
    let (_, orders) = ann.get(shop, "/api/customers/me/orders").await;
    for order in orders["data"].as_array().unwrap() {
        let path = format!("/api/orders/{}/cancel", order["id"].as_str().unwrap());
        let (status, answer) = ann.post(shop, &path, &Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
    shop.settle().await;
}

/// Looks for what the canary typed in a dump of the whole database.
pub fn assert_nowhere(shop: &Shop) {
    let dump = Command::new("pg_dump").arg(shop.database.url()).output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let dump = String::from_utf8_lossy(&dump.stdout);
    for text in [NAME, STREET, NOTE, EMAIL, PHONE, "canary", "Canar"] {
        assert!(
            !dump.contains(text),
            "{text} is still there: {:?}",
            dump.lines().find(|line| line.contains(text))
        );
    }
}

#[tokio::test]
async fn the_copy_holds_everything_and_no_secret() {
    let shop = Shop::open().await;
    let ann = canary(&shop).await;
    assert_eq!(ann.get(&shop, "/api/customers/me/export").await.0, StatusCode::NOT_FOUND);

    let (status, asked) = ann.post(&shop, "/api/customers/me/export", &Value::Null).await;
    shop.settle().await;
    let (_, ready) = ann.get(&shop, "/api/customers/me/export").await;
    let answer = ann.send(&shop, Method::GET, "/api/customers/me/export/archive", None, &[]).await;

    assert_eq!((status, &asked["state"]), (StatusCode::ACCEPTED, &json!("waiting")));
    assert_eq!(ready["state"], "ready");
    assert_eq!(answer.header("content-type"), "application/zip");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(answer.body)).unwrap();
    let mut everything = String::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        assert!(file.name().unwrap().ends_with(".json"));
        file.read_to_string(&mut everything).unwrap();
    }
    for text in [NAME, STREET, NOTE, EMAIL, PHONE, "Firefox on Linux", "Your order 1001"] {
        assert!(everything.contains(text), "{text} is missing");
    }
    for secret in ["argon2id", "token_hash", "link_nonce", "credential"] {
        assert!(!everything.contains(secret), "{secret} is in it");
    }
    shop.clock.advance(TimeDelta::days(8));
    let ann = shop.signed_in(EMAIL, "").await;
    assert_eq!(ann.get(&shop, "/api/customers/me/export").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_leaves_is_nowhere_in_the_database_and_the_books_still_add_up() {
    let shop = Shop::open().await;
    let ann = canary(&shop).await;
    ann.post(&shop, "/api/customers/me/export", &Value::Null).await;
    ann.post(&shop, "/api/customers/me/email", &json!({ "email": "canary-nest@example.com" }))
        .await;
    let forget = json!({ "email": EMAIL });

    let (early, answer) = ann.ask(&shop, Method::DELETE, "/api/customers/me", Some(&forget)).await;
    assert_eq!((early, &answer["code"]), (StatusCode::CONFLICT, &json!("orders_under_way")));
    cancel_all(&shop, &ann).await;
    let other = json!({ "email": "ann@example.com" });
    let (wrong, _) = ann.ask(&shop, Method::DELETE, "/api/customers/me", Some(&other)).await;
    assert_eq!(wrong, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, answer) = ann.ask(&shop, Method::DELETE, "/api/customers/me", Some(&forget)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");

    assert_eq!(ann.get(&shop, "/api/customers/me").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(shop.refresh(&ann.refresh, ann.device).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(shop.sign_in(EMAIL, PASSWORD, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    shop.settle().await;
    assert_nowhere(&shop);
    assert_eq!(shop.number("SELECT count(*) FROM orders").await, 1);
    shop.assert_sound().await;
    shop.register(EMAIL).await;
}

#[tokio::test]
async fn the_map_of_personal_data_names_every_table() {
    let map = include_str!("../../../../docs/personal-data.md");
    let shop = Shop::open().await;
    let query = "SELECT table_name::text FROM information_schema.tables
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> '_sqlx_migrations'";

    let tables: Vec<String> =
        shop.sql(async |tx| sqlx::query_scalar(query).fetch_all(tx).await).await;

    assert!(tables.len() > 40, "{tables:?}");
    for table in tables {
        assert!(map.contains(&format!("`{table}`")), "{table} is not in docs/personal-data.md");
    }
}
