//! Changing many products in the background.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::desk::{open, product_of, text};
use crate::support::{Clerk, Shop};

async fn begin(shop: &Shop, clerk: &Clerk, body: &Value) -> Value {
    let (status, run) = clerk.post(shop, "/api/admin/products/bulk", body).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{run}");
    run
}

async fn finished(shop: &Shop, clerk: &Clerk, body: &Value) -> Value {
    let run = begin(shop, clerk, body).await;
    assert_eq!((&run["done"], &run["is_finished"]), (&json!(0), &json!(false)));
    shop.settle().await;
    let path = format!("/api/admin/products/bulk/{}", text(&run["job_id"]));
    let (_, run) = clerk.get(shop, &path).await;
    assert_eq!((&run["is_finished"], &run["done"]), (&json!(true), &run["total"]), "{run}");
    run
}

#[tokio::test]
async fn what_can_be_published_is_and_what_cannot_is_told() {
    let (shop, clerk) = open().await;
    let empty = clerk.draft(&shop, "Nothing to sell").await;
    let mut ids = vec![empty["id"].clone()];
    for title in ["Mug", "Cup"] {
        let made = clerk.draft(&shop, title).await;
        clerk.price(&shop, &made["variants"][0]["id"], 900).await;
        ids.push(made["id"].clone());
    }
    let nobody = format!("prod_{:032x}", 7);
    ids.push(json!(nobody));
    ids.push(ids[1].clone());

    let run =
        finished(&shop, &clerk, &json!({ "ids": ids, "operation": { "kind": "publish" } })).await;

    assert_eq!(run["total"], 4);
    let mut failed: Vec<_> =
        run["failures"].as_array().unwrap().iter().map(|it| text(&it["product_id"])).collect();
    failed.sort_unstable();
    let mut expected = [nobody.as_str(), text(&empty["id"])];
    expected.sort_unstable();
    assert_eq!(failed, expected, "{run}");
    assert_eq!(shop.get("/api/products/mug").await.0, StatusCode::OK);
    assert_eq!(shop.get("/api/products/cup").await.0, StatusCode::OK);
    let by = shop
        .sql(async |tx| {
            sqlx::query_scalar::<_, String>(
                "SELECT DISTINCT actor FROM audit_log WHERE action = 'product.published'",
            )
            .fetch_all(tx)
            .await
        })
        .await;
    assert_eq!(by, std::slice::from_ref(&clerk.id));
    shop.assert_sound().await;
}

#[tokio::test]
async fn prices_change_by_percent_and_keep_what_is_crossed_out_only_while_it_is_higher() {
    let (shop, clerk) = open().await;
    let (mug, cup) = (shop.stock("mug", 1_999, 5).await, shop.stock("cup", 5, 5).await);
    shop.execute(
        "UPDATE price SET compare_at_minor = 2100 WHERE amount_minor = 1999 AND currency = 'EUR'",
    )
    .await;
    let ids = json!([product_of(&shop, mug).await, product_of(&shop, cup).await]);
    let percent = |hundredths: i32| json!({ "ids": ids, "operation": { "kind": "price_percent", "hundredths": hundredths } });
    let prices = async || {
        let (_, mug) = shop.get("/api/products/mug").await;
        let (_, cup) = shop.get("/api/products/cup").await;
        let variant = &mug["variants"][0];
        (
            mug["price"]["amount"].clone(),
            variant["compare_at"]["amount"].clone(),
            cup["price"]["amount"].clone(),
        )
    };

    finished(&shop, &clerk, &percent(500)).await;
    assert_eq!(prices().await, (json!(2_099), json!(2_100), json!(5)));
    finished(&shop, &clerk, &percent(1_000)).await;
    assert_eq!(prices().await, (json!(2_309), Value::Null, json!(6)));
    finished(&shop, &clerk, &percent(-10_000)).await;
    assert_eq!(prices().await, (json!(0), Value::Null, json!(0)));
    shop.assert_sound().await;
}

#[tokio::test]
async fn tags_and_shelves_are_given_to_what_a_filter_finds() {
    let (shop, clerk) = open().await;
    for handle in ["mug", "mug-two", "bowl"] {
        shop.stock(handle, 900, 5).await;
    }
    let (_, shelf) = clerk.post(&shop, "/api/admin/categories", &json!({ "title": "Mugs" })).await;
    let with = |operation: Value| json!({ "filter": { "q": "mug", "status": "active" }, "operation": operation });

    finished(&shop, &clerk, &with(json!({ "kind": "add_tag", "tag": " clay " }))).await;
    finished(&shop, &clerk, &with(json!({ "kind": "add_tag", "tag": "clay" }))).await;
    let put = json!({ "kind": "set_category", "category_id": shelf["id"] });
    let run = finished(&shop, &clerk, &with(put)).await;
    assert_eq!((&run["total"], &run["failures"]), (&json!(2), &json!([])));

    let right = "SELECT count(*) FROM product WHERE tags = '{clay}' AND category_id IS NOT NULL AND handle LIKE 'mug%'";
    assert_eq!(shop.number(right).await, 2);
    let changes = "SELECT count(*) FROM audit_log WHERE action = 'product.updated'";
    assert_eq!(shop.number(changes).await, 4);
    finished(&shop, &clerk, &with(json!({ "kind": "remove_tag", "tag": "clay" }))).await;
    finished(&shop, &clerk, &with(json!({ "kind": "archive" }))).await;
    let away = "SELECT count(*) FROM product WHERE tags = '{}' AND status = 'archived'";
    assert_eq!(shop.number(away).await, 2);
}

#[tokio::test]
async fn a_run_that_was_cut_off_goes_on_where_it_was() {
    let (shop, clerk) = open().await;
    let (mug, cup) = (shop.stock("mug", 1_000, 5).await, shop.stock("cup", 1_000, 5).await);
    let ids = json!([product_of(&shop, mug).await, product_of(&shop, cup).await]);
    let body = json!({ "ids": ids, "operation": { "kind": "price_percent", "hundredths": 1_000 } });
    begin(&shop, &clerk, &body).await;
    // As if the first had been changed, and the worker had died then.
    shop.execute("UPDATE bulk_run SET done = 1").await;

    shop.settle().await;

    let changed = "SELECT count(DISTINCT variant_id) FROM price WHERE amount_minor = 1100";
    assert_eq!(shop.number(changed).await, 1);
    assert_eq!(shop.number("SELECT count(*) FROM bulk_run WHERE finished_at IS NOT NULL").await, 1);
    shop.assert_sound().await;
}

#[tokio::test]
async fn what_makes_no_sense_is_not_begun() {
    let (shop, clerk) = open().await;
    let mug = product_of(&shop, shop.stock("mug", 1_000, 5).await).await;
    let publish = json!({ "kind": "publish" });
    let many: Vec<_> = (0..1_001).map(|number| format!("prod_{number:032x}")).collect();
    for body in [
        json!({ "operation": publish }),
        json!({ "ids": [mug], "filter": {}, "operation": publish }),
        json!({ "ids": [], "operation": publish }),
        json!({ "ids": many, "operation": publish }),
        json!({ "filter": { "q": "nothing like this" }, "operation": publish }),
        json!({ "ids": [mug], "operation": { "kind": "explode" } }),
        json!({ "ids": [mug], "operation": { "kind": "publish", "force": true } }),
        json!({ "ids": [mug], "operation": { "kind": "add_tag", "tag": "x".repeat(61) } }),
        json!({ "ids": [mug], "operation": { "kind": "add_tag", "tag": "" } }),
        json!({ "ids": [mug], "operation": { "kind": "price_percent", "hundredths": -10_001 } }),
        json!({ "ids": [mug], "operation": { "kind": "price_percent", "hundredths": 9_007_199_254_740_993_i64 } }),
        json!({ "ids": [mug], "operation": { "kind": "set_category", "category_id": format!("cat_{:032x}", 7) } }),
    ] {
        let (status, answer) = clerk.post(&shop, "/api/admin/products/bulk", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {answer}");
    }
    assert_eq!(shop.number("SELECT count(*) FROM bulk_run").await, 0);
    let (status, _) = clerk.get(&shop, &format!("/api/admin/products/bulk/job_{:032x}", 7)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
