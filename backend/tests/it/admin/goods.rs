//! Products from the draft to the shelf, and back.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::desk::{first_location, open, pointers, product_of, text};

#[tokio::test]
async fn a_draft_becomes_something_that_shoppers_buy() {
    let (shop, clerk) = open().await;
    let made = clerk.draft(&shop, "Mug “Oat”, 0.3 l").await;
    let id = text(&made["id"]);
    assert_eq!((&made["handle"], &made["status"]), (&json!("mug-oat-0-3-l"), &json!("draft")));
    assert_eq!(made["variants"].as_array().map(Vec::len), Some(1));
    let variant = &made["variants"][0]["id"];

    let body = json!({
        "description_html": "<p onclick=steal()>Warm.<script>steal()</script></p>",
        "brand": "  Oat & Co ", "tags": ["warm", "warm", "clay"], "subtitle": "",
        "details": [{ "name": "Height", "value": "9 cm" }],
    });
    let (status, after) = clerk.edit(&shop, id, (Method::PATCH, ""), &body).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    assert_eq!(after["description_html"], "<p>Warm.</p>");
    assert_eq!((&after["brand"], &after["subtitle"]), (&json!("Oat & Co"), &Value::Null));
    assert_eq!(after["tags"], json!(["warm", "clay"]));
    let (status, answer) = clerk.edit(&shop, id, (Method::POST, "/publish"), &Value::Null).await;
    assert_eq!(
        (status, &answer["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("nothing_to_sell"))
    );
    assert_eq!(shop.get("/api/products/mug-oat-0-3-l").await.0, StatusCode::NOT_FOUND);

    clerk.price(&shop, variant, 1_999).await;
    let location = first_location(&shop).await;
    let came = json!({ "variant_id": variant, "location_id": location, "kind": "receive", "quantity": 4, "reason": "from the kiln" });
    assert_eq!(clerk.adjust(&shop, "the first four", &came).await.0, StatusCode::OK);
    let (status, after) = clerk.edit(&shop, id, (Method::POST, "/publish"), &Value::Null).await;
    assert_eq!((status, &after["status"]), (StatusCode::OK, &json!("active")), "{after}");

    let (status, page) = shop.get("/api/products/mug-oat-0-3-l").await;
    assert_eq!((status, &page["price"]["amount"]), (StatusCode::OK, &json!(1_999)));
    let ann = shop.ready_shopper(text(variant).parse().unwrap(), 3).await;
    let (status, bought) = ann.buy(&shop, "tok_ok", "three of them").await;
    assert_eq!(status, StatusCode::OK, "{bought}");
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn what_staff_did_is_written_down_with_who_did_it() {
    let (shop, clerk) = open().await;
    let made = clerk.draft(&shop, "Mug").await;
    let id = text(&made["id"]);
    clerk.edit(&shop, id, (Method::PATCH, ""), &json!({ "title": "Cup" })).await;

    let rows: Vec<(String, String, Value, Value)> = shop
        .sql(async |tx| {
            sqlx::query_as(
                "SELECT actor, action, before, after FROM audit_log WHERE subject = $1 ORDER BY seq",
            )
            .bind(id)
            .fetch_all(tx)
            .await
        })
        .await;

    let actions: Vec<_> = rows.iter().map(|(_, action, ..)| action.as_str()).collect();
    assert_eq!(actions, ["product.created", "product.updated"]);
    assert!(rows.iter().all(|(actor, ..)| *actor == clerk.id), "{rows:?}");
    assert_eq!((&rows[1].2["title"], &rows[1].3["title"]), (&json!("Mug"), &json!("Cup")));
    assert!(rows[1].2.get("variants").is_none_or(|it| it == &json!([])), "{}", rows[1].2);
    shop.assert_sound().await;
}

#[tokio::test]
async fn whoever_may_not_edit_changes_nothing() {
    let shop = crate::support::Shop::open().await;
    let admin = shop.admin().await;
    let support = shop.clerk(&admin, "support").await;
    let mug = product_of(&shop, shop.stock("mug", 1_000, 5).await).await;

    let seen = support.sheet(&shop, &mug).await;
    let (status, _) =
        support.edit(&shop, &mug, (Method::PATCH, ""), &json!({ "title": "X" })).await;
    let (made, _) = support.post(&shop, "/api/admin/products", &json!({ "title": "X" })).await;
    let (priced, _) = support.price(&shop, &seen["variants"][0]["id"], 1).await;

    assert_eq!([status, made, priced], [StatusCode::FORBIDDEN; 3]);
    assert_eq!(support.sheet(&shop, &mug).await, seen);
}

#[tokio::test]
async fn of_two_who_change_one_version_the_second_reads_again() {
    let (shop, clerk) = open().await;
    let made = clerk.draft(&shop, "Mug").await;
    let path = format!("/api/admin/products/{}", text(&made["id"]));
    let (one, two) = (json!({ "title": "One" }), json!({ "title": "Two" }));

    let (first, second) = tokio::join!(
        clerk.change(&shop, (Method::PATCH, &path), &made["version"], &one),
        clerk.change(&shop, (Method::PATCH, &path), &made["version"], &two),
    );
    let without = clerk.send(&shop, (Method::PATCH, &path), Some(&one), &[]).await;

    let mut statuses = [first.0, second.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::PRECONDITION_FAILED]);
    assert_eq!(without.status, StatusCode::PRECONDITION_REQUIRED);
    let kept = clerk.sheet(&shop, text(&made["id"])).await;
    let winner = if first.0 == StatusCode::OK { "One" } else { "Two" };
    assert_eq!((&kept["title"], &kept["version"]), (&json!(winner), &json!(2)));
}

#[tokio::test]
async fn what_breaks_a_rule_is_told_field_by_field_and_nothing_changes() {
    let (shop, clerk) = open().await;
    let before = clerk.draft(&shop, "Mug").await;
    let id = text(&before["id"]);
    let long = "x".repeat(10_000);
    let many: Vec<_> = (0..51).map(|number| number.to_string()).collect();

    for (body, pointer) in [
        (json!({ "title": long }), "/title"),
        (json!({ "title": " \t " }), "/title"),
        (json!({ "title": "a\u{7}b" }), "/title"),
        (json!({ "handle": "Not A Handle" }), "/handle"),
        (json!({ "handle": "x".repeat(101) }), "/handle"),
        (json!({ "seo_description": long }), "/seo_description"),
        (json!({ "description_html": "x".repeat(100_001) }), "/description_html"),
        (json!({ "tags": many }), "/tags"),
        (json!({ "tags": ["fine", ""] }), "/tags/1"),
        (json!({ "details": [{ "name": "", "value": "x" }] }), "/details/0/name"),
        (json!({ "published_at": "2999-01-01T00:00:00Z" }), "/published_at"),
        (json!({ "category_id": format!("cat_{:032x}", 7) }), "/category_id"),
        (json!({ "tax_class_id": format!("tax_{:032x}", 7) }), "/tax_class_id"),
    ] {
        let (status, answer) = clerk.edit(&shop, id, (Method::PATCH, ""), &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{pointer}: {answer}");
        assert_eq!(pointers(&answer), [pointer], "{answer}");
    }
    for body in [json!({ "version": 9 }), json!({ "status": "active" }), json!({ "title": 7 })] {
        let (status, answer) = clerk.edit(&shop, id, (Method::PATCH, ""), &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    }
    assert_eq!(clerk.sheet(&shop, id).await, before);
}

#[tokio::test]
async fn hostile_numbers_and_words_are_refused_everywhere() {
    let (shop, clerk) = open().await;
    let before = clerk.draft(&shop, "Mug").await;
    let id = text(&before["id"]);
    let variant = text(&before["variants"][0]["id"]);
    let below = format!("/variants/{variant}");

    for (field, number) in [
        ("cost", json!(-1)),
        ("cost", json!(i64::MAX)),
        ("cost", json!(9_007_199_254_740_993_i64)),
        ("weight_g", json!(-1)),
        ("weight_g", json!(i32::MAX)),
        ("weight_g", json!(9_007_199_254_740_993_i64)),
        ("purchase_limit", json!(0)),
        ("purchase_limit", json!(1_000)),
        ("sku", json!("x".repeat(101))),
        ("barcode", json!("\u{7}")),
    ] {
        let body = json!({ field: number });
        let (status, answer) = clerk.edit(&shop, id, (Method::PATCH, &below), &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {answer}");
    }
    for path in ["/api/admin/products?cursor=nonsense", "/api/admin/stock?cursor=WyJ4Il0"] {
        let (status, answer) = clerk.get(&shop, path).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {answer}");
        assert_eq!(answer["errors"][0]["pointer"], "/cursor", "{path}: {answer}");
    }
    for path in [
        "/api/admin/products?q=%00",
        "/api/admin/products?limit=-1",
        "/api/admin/products?status=gone",
        "/api/admin/stock/movements?kind=theft",
    ] {
        let (status, answer) = clerk.get(&shop, path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}: {answer}");
    }
    assert_eq!(clerk.sheet(&shop, id).await, before);
}

#[tokio::test]
async fn addresses_and_article_codes_are_taken_once() {
    let (shop, clerk) = open().await;
    shop.stock("mug", 1_000, 5).await;
    let made = clerk.draft(&shop, "Mug").await;
    let id = text(&made["id"]);
    assert_eq!(made["handle"], "mug-2");
    let below = format!("/variants/{}", text(&made["variants"][0]["id"]));

    let (_, handle) = clerk.edit(&shop, id, (Method::PATCH, ""), &json!({ "handle": "mug" })).await;
    let (_, sku) = clerk.edit(&shop, id, (Method::PATCH, &below), &json!({ "sku": "MUG" })).await;
    let (status, again) =
        clerk.post(&shop, "/api/admin/products", &json!({ "title": "x", "handle": "mug" })).await;

    assert_eq!(
        (pointers(&handle), &handle["errors"][0]["code"]),
        (vec!["/handle"], &json!("taken"))
    );
    assert_eq!((pointers(&sku), &sku["errors"][0]["code"]), (vec!["/sku"], &json!("taken")));
    assert_eq!((status, pointers(&again)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["/handle"]));
}

#[tokio::test]
async fn an_old_address_leads_on() {
    let (shop, clerk) = open().await;
    let mug = product_of(&shop, shop.stock("mug", 1_000, 5).await).await;

    clerk.edit(&shop, &mug, (Method::PATCH, ""), &json!({ "handle": "cup" })).await;

    assert_eq!(shop.get("/api/products/cup").await.0, StatusCode::OK);
    let (_, redirect) = shop.get("/api/redirects/resolve?path=/products/mug").await;
    assert_eq!(redirect["target"], "/products/cup");
}

#[tokio::test]
async fn a_product_is_put_away_and_comes_back_as_a_draft() {
    let (shop, clerk) = open().await;
    let mug = product_of(&shop, shop.stock("mug", 1_000, 5).await).await;
    let act = async |what: &str| {
        let below = format!("/{what}");
        let (status, answer) = clerk.edit(&shop, &mug, (Method::POST, &below), &Value::Null).await;
        (status.as_u16(), answer["status"].clone())
    };

    assert_eq!(act("restore").await.0, 409);
    assert_eq!(act("archive").await, (200, json!("archived")));
    assert_eq!(shop.get("/api/products/mug").await.0, StatusCode::NOT_FOUND);
    assert_eq!(act("publish").await.0, 409);
    assert_eq!(act("restore").await, (200, json!("draft")));
    assert_eq!(act("publish").await, (200, json!("active")));
    assert_eq!(shop.get("/api/products/mug").await.0, StatusCode::OK);
}

#[tokio::test]
async fn only_drafts_that_nobody_wants_are_deleted() {
    let (shop, clerk) = open().await;
    let fresh = clerk.draft(&shop, "Fresh").await;
    let fresh = text(&fresh["id"]);
    let (mug, cup) = (shop.stock("mug", 1_000, 5).await, shop.stock("cup", 1_000, 0).await);
    let mug_id = product_of(&shop, mug).await;
    let cup_id = product_of(&shop, cup).await;
    let ann = shop.ready_shopper(mug, 1).await;
    ann.buy(&shop, "tok_ok", "the last of it").await;
    let delete = async |id: &str| clerk.edit(&shop, id, (Method::DELETE, ""), &Value::Null).await;

    assert_eq!(delete(&cup_id).await.1["code"], "not_a_draft");
    for id in [&mug_id, &cup_id] {
        clerk.edit(&shop, id, (Method::POST, "/archive"), &Value::Null).await;
        clerk.edit(&shop, id, (Method::POST, "/restore"), &Value::Null).await;
    }
    assert_eq!(delete(&mug_id).await.1["code"], "in_use");
    assert_eq!(delete(&cup_id).await.0, StatusCode::NO_CONTENT);
    assert_eq!(delete(fresh).await.0, StatusCode::NO_CONTENT);

    let (gone, _) = clerk.get(&shop, &format!("/api/admin/products/{fresh}")).await;
    assert_eq!(gone, StatusCode::NOT_FOUND);
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_copy_is_a_draft_without_codes_and_stock() {
    let (shop, clerk) = open().await;
    let mug = product_of(&shop, shop.stock("mug", 1_000, 5).await).await;
    let options = json!({ "options": [{ "name": "Colour", "values": [{ "value": "Oat" }] }] });
    clerk.edit(&shop, &mug, (Method::PUT, "/options"), &options).await;

    let path = format!("/api/admin/products/{mug}/duplicate");
    let (status, copy) = clerk.post(&shop, &path, &Value::Null).await;
    let (_, second) = clerk.post(&shop, &path, &Value::Null).await;

    assert_eq!(status, StatusCode::CREATED, "{copy}");
    assert_eq!((&copy["handle"], &copy["status"]), (&json!("mug-copy"), &json!("draft")));
    assert_eq!(second["handle"], "mug-copy-2");
    let variant = &copy["variants"][0];
    assert_eq!((&variant["sku"], &variant["stock"]), (&Value::Null, &json!([])));
    assert_eq!(
        (&variant["options"], variant["prices"].as_array().map(Vec::len)),
        (&json!(["Oat"]), Some(2))
    );
    assert_eq!(copy["options"][0]["name"], "Colour");
}

#[tokio::test]
async fn the_list_is_filtered_and_turned_page_by_page() {
    let (shop, clerk) = open().await;
    for handle in ["mug", "bowl", "plate"] {
        shop.stock(handle, 1_000, 5).await;
        shop.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let draft = clerk.draft(&shop, "Mug for tea").await;
    let list = async |query: &str| {
        let (status, page) = clerk.get(&shop, &format!("/api/admin/products?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page
    };
    let handles = |page: &Value| {
        let rows = page["data"].as_array().unwrap().iter();
        rows.map(|row| text(&row["handle"]).to_owned()).collect::<Vec<_>>()
    };

    assert_eq!(handles(&list("").await), ["mug-for-tea", "plate", "bowl", "mug"]);
    assert_eq!(handles(&list("q=mug").await), ["mug-for-tea", "mug"]);
    assert_eq!(handles(&list("q=PLA").await), ["plate"]);
    assert_eq!(handles(&list("status=draft").await), [text(&draft["handle"])]);
    let first = list("limit=3").await;
    let cursor = text(&first["page"]["next_cursor"]);
    let last = list(&format!("limit=3&cursor={cursor}")).await;
    assert_eq!(
        (handles(&last), &last["page"]["next_cursor"]),
        (vec!["mug".to_owned()], &Value::Null)
    );
    assert_eq!(first["data"][1]["on_hand"], 5);
}

#[tokio::test]
async fn pictures_hang_in_order_and_only_those_that_there_are() {
    let (shop, clerk) = open().await;
    let mug = product_of(&shop, shop.stock("mug", 1_000, 5).await).await;
    shop.execute("INSERT INTO media (media_id, source, width, height, created_at)
        SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'test ' || n, 4, 3, now() FROM generate_series(1, 3) n")
        .await;
    let picture = |number: u32| format!("media_{number:032x}");
    let options = json!({ "options": [{ "name": "Colour", "values": [{ "value": "Oat", "swatch": "#7c8b6f" }] }] });
    clerk.edit(&shop, &mug, (Method::PUT, "/options"), &options).await;
    let set = async |pictures: Value| {
        let body = json!({ "pictures": pictures });
        clerk.edit(&shop, &mug, (Method::PUT, "/media"), &body).await
    };

    let oat = json!({ "name": "Colour", "value": "Oat" });
    let (status, after) =
        set(json!([{ "media_id": picture(2) }, { "media_id": picture(1), "option": oat }])).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    assert_eq!(after["pictures"][0]["picture"]["id"], picture(2));
    assert_eq!(after["pictures"][1]["option"], oat);
    let blue = json!({ "name": "Colour", "value": "Blue" });
    let (status, wrong) = set(json!([
        { "media_id": picture(9) }, { "media_id": picture(1) }, { "media_id": picture(1) },
        { "media_id": picture(3), "option": blue },
    ]))
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        pointers(&wrong),
        ["/pictures/0/media_id", "/pictures/2/media_id", "/pictures/3/option"]
    );

    let renamed = json!({ "options": [{ "name": "Glaze", "was": "Colour", "values": [{ "value": "Sand", "was": "Oat" }] }] });
    let (_, after) = clerk.edit(&shop, &mug, (Method::PUT, "/options"), &renamed).await;
    assert_eq!(after["pictures"][1]["option"], json!({ "name": "Glaze", "value": "Sand" }));
}
