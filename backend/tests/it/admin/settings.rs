//! What staff keep of the shop's own things.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Clerk, Shop};

async fn set(shop: &Shop, admin: &Clerk, key: &str, value: &Value) -> (StatusCode, Value) {
    let (_, all) = admin.get(shop, "/api/admin/settings").await;
    let all = all["data"].as_array().unwrap().iter();
    let version =
        all.clone().find(|it| it["key"] == key).map_or(json!(0), |it| it["version"].clone());
    let path = format!("/api/admin/settings/{key}");
    admin.change(shop, (Method::PUT, &path), &version, &json!({ "value": value })).await
}

#[tokio::test]
async fn a_setting_is_seen_at_once_here_and_after_its_time_elsewhere() {
    let shop = Shop::open_with(&["--cache-ttl", "5000"], |_| {}).await;
    let (admin, other) = (shop.admin().await, shop.replica());
    shop.stock("mug", 1_200, 4).await;
    for replica in [&shop, &other] {
        replica.get("/api/config").await;
    }
    shop.get("/api/products/mug").await;

    let sign = json!({ "name": "Clayworks", "tagline": "", "default_currency": "USD" });
    let (status, answer) = set(&shop, &admin, "shop", &sign).await;

    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(shop.get("/api/config").await.1["name"], "Clayworks");
    assert_eq!(shop.get("/api/config").await.1["default_currency"], "USD");
    assert_eq!(shop.get_with("/api/products/mug?currency=EUR", &[]).await.header("x-cache"), "hit");
    shop.clock.advance(chrono::TimeDelta::seconds(31));
    assert_eq!(other.get("/api/config").await.1["name"], "Clayworks");
}

#[tokio::test]
async fn a_setting_takes_only_what_it_may_be() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;

    for (key, value, pointer) in [
        ("shop", json!({ "name": "", "tagline": "" }), "/value/name"),
        ("shop", json!({ "name": "A", "colour": 1 }), "/value/colour"),
        ("shop", json!({ "name": "A", "default_currency": "JPY" }), "/value/default_currency"),
        ("home", json!([]), "/value"),
        ("home", json!({ "promises": [["Sound", "For years"]] }), "/value/promises/0"),
        ("refund_limit_minor", json!(-1), "/value"),
        ("refund_limit_minor", json!("much"), "/value"),
        (
            "bank_transfer",
            json!({ "holder": "A", "iban": "DE03 1203 0000 0000 2020 51" }),
            "/value/iban",
        ),
    ] {
        let (status, answer) = set(&shop, &admin, key, &value).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{key} {value}: {answer}");
        assert_eq!(answer["errors"][0]["pointer"], pointer, "{key} {value}: {answer}");
    }
    assert_eq!(set(&shop, &admin, "nothing", &json!(1)).await.0, StatusCode::NOT_FOUND);
    let (status, _) = set(&shop, &admin, "refund_limit_minor", &json!(5_000)).await;
    assert_eq!(status, StatusCode::OK);
    let path = "/api/admin/settings/refund_limit_minor";
    let body = json!({ "value": 1 });
    let (status, _) = admin.change(&shop, (Method::PUT, path), &json!(0), &body).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn transfers_go_to_the_account_that_was_set() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 1_200, 4).await;
    let account =
        json!({ "holder": "Clayworks", "iban": "GB82 WEST 1234 5698 7654 32", "bic": "" });

    let (status, answer) = set(&shop, &admin, "bank_transfer", &account).await;
    let order = shop.promised(mug, 1).await;

    assert_eq!(status, StatusCode::OK, "{answer}");
    let words = shop.order(&order).await["payment_instructions"].to_string();
    assert!(words.contains("to Clayworks, IBAN GB82 WEST 1234 5698 7654 32. Reference"), "{words}");
}

#[tokio::test]
async fn what_is_in_use_stays_and_what_overlaps_is_refused() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 1_200, 4).await;
    shop.sold(mug, 1).await;
    let first = async |path: &str| {
        let (_, all) = admin.get(&shop, &format!("/api/admin/{path}")).await;
        all["data"].as_array().unwrap().clone()
    };
    let regions = first("regions").await;
    let classes = first("tax/classes").await;
    let standard = classes.iter().find(|it| it["value"]["code"] == "standard").unwrap();
    let zones = first("shipping/zones").await;
    let rate = first("tax/rates").await[0]["value"].clone();
    let band = first("shipping/rates").await[0]["value"].clone();

    for (path, row) in
        [("regions", &regions[0]), ("tax/classes", standard), ("shipping/zones", &zones[0])]
    {
        let path = format!("/api/admin/{path}/{}", row["id"].as_str().unwrap());
        let (status, answer) =
            admin.change(&shop, (Method::DELETE, &path), &row["version"], &Value::Null).await;
        assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("in_use")), "{path}");
    }
    let countries = zones.iter().find(|it| it["value"]["countries"][0] != Value::Null).unwrap();
    let zone = json!({ "title": "Twice", "countries": countries["value"]["countries"] });
    let region = json!({ "title": "Twice", "currency": "GBP", "tax_included": true,
        "countries": [{ "code": "DE", "title": "Germany" }] });
    for (path, body) in [
        ("shipping/zones", zone),
        ("regions", region),
        ("tax/rates", rate),
        ("shipping/rates", band),
    ] {
        let (status, answer) = admin.post(&shop, &format!("/api/admin/{path}"), &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {answer}");
        assert_eq!(answer["errors"][0]["code"], "taken", "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_tax_that_changes_is_in_the_next_answer() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let (_, rates) = admin.get(&shop, "/api/admin/tax/rates").await;
    let rates = rates["data"].as_array().unwrap();
    let german = rates
        .iter()
        .find(|it| it["value"]["country"] == "DE" && it["value"]["rate_ppm"] == 190_000);
    let german = german.unwrap();
    let mut value = german["value"].clone();
    let asked = json!({ "country": "DE", "currency": "EUR",
        "lines": [{ "tax_class_id": value["tax_class_id"], "amount": 11_900, "quantity": 1 }] });

    let (_, before) = admin.post(&shop, "/api/admin/tax/preview", &asked).await;
    value["rate_ppm"] = json!(0);
    let path = format!("/api/admin/tax/rates/{}", german["id"].as_str().unwrap());
    let (status, answer) =
        admin.change(&shop, (Method::PUT, &path), &german["version"], &value).await;
    let (_, after) = admin.post(&shop, "/api/admin/tax/preview", &asked).await;

    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(before["tax"]["amount"], 1_900, "{before}");
    assert_eq!(after["tax"]["amount"], 0, "{after}");
    let basket = json!({ "country": "DE", "currency": "EUR", "weight_g": 400, "subtotal": 1_200 });
    let (status, ways) = admin.post(&shop, "/api/admin/shipping/preview", &basket).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!ways["data"].as_array().unwrap().is_empty(), "{ways}");
}

#[tokio::test]
async fn a_text_with_the_character_that_no_text_may_hold_is_refused() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;

    let (body, _) = admin
        .post(&shop, "/api/admin/tax/classes", &json!({ "code": "a", "title": "a\u{0}b" }))
        .await;
    let (query, _) = shop.get("/api/products?q=a%00b").await;
    let (path, _) = shop.get("/api/products/a%00b").await;

    assert_eq!(
        (body, query, path),
        (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND)
    );
}
