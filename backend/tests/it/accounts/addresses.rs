use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Shop, berlin};

const ALL: &str = "/api/customers/me/addresses";

fn path(address: &Value) -> String {
    format!("{ALL}/{}", address["id"].as_str().unwrap())
}

#[tokio::test]
async fn addresses_are_kept_and_one_of_them_is_the_one_to_begin_with() {
    let shop = Shop::open().await;
    let ann = shop.register("ann@example.com").await;
    let mut work = berlin();
    work["company"] = json!("Weber & Co");

    let (status, home) = ann.post(&shop, ALL, &json!({ "address": berlin() })).await;
    let (_, office) = ann.post(&shop, ALL, &json!({ "address": work, "is_default": true })).await;

    assert_eq!(status, StatusCode::CREATED, "{home}");
    assert_eq!((&home["is_default"], &office["is_default"]), (&json!(true), &json!(true)));
    let (_, all) = ann.get(&shop, ALL).await;
    assert_eq!(all["data"][0]["id"], office["id"]);
    assert_eq!(all["data"][1]["is_default"], false);
    let (status, _) = ann.ask(&shop, Method::DELETE, &path(&office), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, all) = ann.get(&shop, ALL).await;
    assert_eq!(
        (all["data"].as_array().unwrap().len(), &all["data"][0]["is_default"]),
        (1, &json!(true))
    );
}

#[tokio::test]
async fn an_address_is_held_against_the_rules_of_its_country() {
    let shop = Shop::open().await;
    let ann = shop.register("ann@example.com").await;
    let (_, kept) = ann.post(&shop, ALL, &json!({ "address": berlin() })).await;

    for (field, value) in [("postal_code", "1"), ("name", " "), ("country", "ZZ"), ("city", "a\nb")]
    {
        let mut address = berlin();
        address[field] = json!(value);
        let body = json!({ "address": address });

        let (status, answer) = ann.post(&shop, ALL, &body).await;
        let (changed, _) = ann.ask(&shop, Method::PATCH, &path(&kept), Some(&body)).await;

        assert_eq!(
            (status, changed),
            (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY)
        );
        assert_eq!(answer["errors"][0]["pointer"], format!("/address/{field}"), "{answer}");
    }
    let (_, all) = ann.get(&shop, ALL).await;
    assert_eq!(all["data"][0]["address"], kept["address"]);
}

#[tokio::test]
async fn somebody_elses_address_is_not_there() {
    let shop = Shop::open().await;
    let ann = shop.register("ann@example.com").await;
    let ben = shop.register("ben@example.com").await;
    let (_, anns) = ann.post(&shop, ALL, &json!({ "address": berlin() })).await;
    let change = json!({ "is_default": true });

    for (method, body) in [(Method::PATCH, Some(&change)), (Method::DELETE, None)] {
        let (status, answer) = ben.ask(&shop, method, &path(&anns), body).await;
        assert_eq!((status, &answer["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    }

    assert_eq!(ann.get(&shop, ALL).await.1["data"].as_array().unwrap().len(), 1);
    assert_eq!(ben.get(&shop, ALL).await.1["data"], json!([]));
}
