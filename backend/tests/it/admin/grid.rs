//! Ways to choose, and the variants that they make.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::desk::{first_location, open, pointers, product_of, text};
use crate::support::{Clerk, Shop};

fn option(name: &str, values: &[&str]) -> Value {
    let values: Vec<_> = values.iter().map(|value| json!({ "value": value })).collect();
    json!({ "name": name, "values": values })
}

async fn set(shop: &Shop, clerk: &Clerk, id: &str, options: &Value) -> (StatusCode, Value) {
    clerk.edit(shop, id, (Method::PUT, "/options"), &json!({ "options": options })).await
}

/// Each variant's values, with a `†` where it is archived.
fn variants(sheet: &Value) -> Vec<String> {
    let variants = sheet["variants"].as_array().unwrap().iter();
    let named = variants.map(|variant| {
        let values: Vec<_> = variant["options"].as_array().unwrap().iter().map(text).collect();
        let mark = if variant["is_archived"] == json!(true) { "†" } else { "" };
        format!("{}{mark}", values.join("/"))
    });
    named.collect()
}

#[tokio::test]
async fn a_grid_is_made_renamed_and_filled() {
    let (shop, clerk) = open().await;
    let made = clerk.draft(&shop, "Shirt").await;
    let id = text(&made["id"]);
    let below = format!("/variants/{}", text(&made["variants"][0]["id"]));
    let body = json!({ "weight_g": 180, "cost": 450, "sku": "SHIRT" });
    clerk.edit(&shop, id, (Method::PATCH, &below), &body).await;

    let two = json!([option("Colour", &["Red", "Blue"]), option("Size", &["S", "M"])]);
    let (status, after) = set(&shop, &clerk, id, &two).await;
    assert_eq!((status, variants(&after)), (StatusCode::OK, vec!["Red/S".to_owned()]), "{after}");
    let (_, after) =
        clerk.edit(&shop, id, (Method::POST, "/variants/generate"), &Value::Null).await;
    assert_eq!(variants(&after), ["Red/S", "Red/M", "Blue/S", "Blue/M"]);
    assert!(after["variants"].as_array().unwrap().iter().all(|it| it["weight_g"] == 180));

    let swapped = json!([
        option("Size", &["S", "M"]),
        { "name": "Glaze", "was": "Colour", "values": [
            { "value": "Blue", "was": "Red" }, { "value": "Red", "was": "Blue", "swatch": "#aa0000" },
        ] },
    ]);
    let ids = |sheet: &Value| -> Vec<Value> {
        sheet["variants"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect()
    };
    let (status, renamed) = set(&shop, &clerk, id, &swapped).await;
    assert_eq!(status, StatusCode::OK, "{renamed}");
    assert_eq!(variants(&renamed), ["S/Blue", "M/Blue", "S/Red", "M/Red"]);
    assert_eq!(ids(&renamed), ids(&after));
}

#[tokio::test]
async fn variants_of_a_value_that_goes_are_archived_when_somebody_has_or_had_them() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 5).await;
    let id = product_of(&shop, mug).await;
    let colours = json!([option("Colour", &["Red", "Blue", "Green", "Grey"])]);
    set(&shop, &clerk, &id, &colours).await;
    let (_, sheet) =
        clerk.edit(&shop, &id, (Method::POST, "/variants/generate"), &Value::Null).await;
    let location = first_location(&shop).await;
    let came = json!({ "variant_id": sheet["variants"][1]["id"], "location_id": location, "kind": "receive", "quantity": 2, "reason": "delivery" });
    clerk.adjust(&shop, "two blue ones", &came).await;
    let ann = shop.ready_shopper(mug, 1).await;
    ann.buy(&shop, "tok_ok", "the red one").await;

    let (status, after) = set(&shop, &clerk, &id, &json!([option("Colour", &["Grey"])])).await;

    assert_eq!(status, StatusCode::OK, "{after}");
    assert_eq!(variants(&after), ["Red†", "Blue†", "Grey"]);
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_variant_that_was_bought_is_archived_and_comes_back_and_another_is_deleted() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 5).await;
    let id = product_of(&shop, mug).await;
    set(&shop, &clerk, &id, &json!([option("Colour", &["Red", "Blue"])])).await;
    let body = json!({ "options": ["Blue"], "sku": "BLUE" });
    let (status, sheet) = clerk.edit(&shop, &id, (Method::POST, "/variants"), &body).await;
    assert_eq!(status, StatusCode::CREATED, "{sheet}");
    let below = |place: usize| format!("/variants/{}", text(&sheet["variants"][place]["id"]));
    let ann = shop.ready_shopper(mug, 1).await;
    ann.buy(&shop, "tok_ok", "the red one").await;
    let delete =
        async |below: &str| clerk.edit(&shop, &id, (Method::DELETE, below), &Value::Null).await;

    let (_, after) = delete(&below(0)).await;
    assert_eq!(variants(&after), ["Red†", "Blue"]);
    let (_, after) = delete(&below(1)).await;
    assert_eq!(variants(&after), ["Red†"]);
    assert_eq!(delete(&below(1)).await.0, StatusCode::NOT_FOUND);
    let back = json!({ "is_archived": false });
    let (_, after) = clerk.edit(&shop, &id, (Method::PATCH, &below(0)), &back).await;
    assert_eq!(variants(&after), ["Red"]);
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn what_was_sold_uncounted_is_not_counted_later() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 1).await;
    let id = product_of(&shop, mug).await;
    let below = format!("/variants/{mug}");
    let track = async |is_tracked: bool| {
        let body = json!({ "track_inventory": is_tracked });
        clerk.edit(&shop, &id, (Method::PATCH, &below), &body).await
    };

    assert_eq!(track(false).await.0, StatusCode::OK);
    assert_eq!(track(true).await.0, StatusCode::OK);
    assert_eq!(track(false).await.0, StatusCode::OK);
    let ann = shop.ready_shopper(mug, 3).await;
    ann.buy(&shop, "tok_ok", "three of one").await;
    let (status, answer) = track(true).await;

    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("sold_uncounted")));
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn options_that_cannot_be_are_told_and_change_nothing() {
    let (shop, clerk) = open().await;
    let made = clerk.draft(&shop, "Shirt").await;
    let id = text(&made["id"]);
    set(&shop, &clerk, id, &json!([option("Colour", &["Red", "Blue"])])).await;
    clerk.edit(&shop, id, (Method::POST, "/variants/generate"), &Value::Null).await;
    let before = clerk.sheet(&shop, id).await;
    let long = "x".repeat(61);
    let many: Vec<_> = (0..101).map(|number| number.to_string()).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();

    for (options, pointer) in [
        (
            json!([
                option("A", &["1"]),
                option("B", &["1"]),
                option("C", &["1"]),
                option("D", &["1"])
            ]),
            "/options",
        ),
        (json!([option("Colour", &["Red"]), option("Colour", &["Blue"])]), "/options/1/name"),
        (json!([option("Colour", &["Red", "Red"])]), "/options/0/values/1/value"),
        (json!([option("Colour", &[])]), "/options/0/values"),
        (json!([option("Colour", &many)]), "/options/0/values"),
        (json!([option(&long, &["Red"])]), "/options/0/name"),
        (
            json!([{ "name": "Glaze", "was": "Size", "values": [{ "value": "Red" }] }]),
            "/options/0/was",
        ),
        (
            json!([{ "name": "Colour", "values": [{ "value": "Oat", "was": "Green" }] }]),
            "/options/0/values/0/was",
        ),
        (
            json!([{ "name": "Colour", "values": [{ "value": "Red", "swatch": "red" }] }]),
            "/options/0/values/0/swatch",
        ),
    ] {
        let (status, answer) = set(&shop, &clerk, id, &options).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{options}: {answer}");
        assert_eq!(pointers(&answer), [pointer], "{answer}");
    }
    let (status, answer) = set(&shop, &clerk, id, &json!([])).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("variants_collide")));
    let twice = json!({ "options": ["Red"] });
    let (_, answer) = clerk.edit(&shop, id, (Method::POST, "/variants"), &twice).await;
    assert_eq!(pointers(&answer), ["/options"]);
    for values in [json!([]), json!(["Red", "S"]), json!(["Green"])] {
        let body = json!({ "options": values });
        let (status, answer) = clerk.edit(&shop, id, (Method::POST, "/variants"), &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    }
    assert_eq!(clerk.sheet(&shop, id).await, before);
}

#[tokio::test]
async fn a_product_has_at_most_a_hundred_variants() {
    let (shop, clerk) = open().await;
    let made = clerk.draft(&shop, "Shirt").await;
    let id = text(&made["id"]);
    let numbers: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
    let generate =
        async || clerk.edit(&shop, id, (Method::POST, "/variants/generate"), &Value::Null).await;

    set(&shop, &clerk, id, &json!([option("A", &numbers[..11]), option("B", &numbers[..10])]))
        .await;
    let (status, answer) = generate().await;
    assert_eq!(
        (status, &answer["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("too_many_variants"))
    );
    set(&shop, &clerk, id, &json!([option("A", &numbers[..10]), option("B", &numbers)])).await;
    assert_eq!(generate().await.0, StatusCode::UNPROCESSABLE_ENTITY);
    set(&shop, &clerk, id, &json!([option("A", &numbers[..10]), option("B", &numbers[..10])]))
        .await;
    let (status, after) = generate().await;
    assert_eq!((status, after["variants"].as_array().map(Vec::len)), (StatusCode::OK, Some(100)));
    set(&shop, &clerk, id, &json!([option("A", &numbers[..11]), option("B", &numbers[..10])]))
        .await;
    let (status, _) = clerk
        .edit(&shop, id, (Method::POST, "/variants"), &json!({ "options": ["10", "0"] }))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
