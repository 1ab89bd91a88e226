//! Shelves: made, moved, taken away.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::desk::{open, pointers, product_of, text};
use crate::support::{Clerk, Shop};

async fn make(shop: &Shop, clerk: &Clerk, title: &str, parent: Option<&Value>) -> Value {
    let body = json!({ "title": title, "parent_id": parent.map(|it| &it["id"]) });
    let (status, made) = clerk.post(shop, "/api/admin/categories", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

async fn act(
    shop: &Shop,
    clerk: &Clerk,
    shelf: &Value,
    (method, below): (Method, &str),
    body: &Value,
) -> (StatusCode, Value) {
    let path = format!("/api/admin/categories/{}", text(&shelf["id"]));
    let (_, seen) = clerk.get(shop, &path).await;
    clerk.change(shop, (method, &format!("{path}{below}")), &seen["version"], body).await
}

/// The tree in one line: `kitchen(mugs(tea) bowls)`.
fn drawn(shelves: &Value) -> String {
    let shelves = shelves.as_array().unwrap().iter().map(|shelf| {
        let inside = drawn(&shelf["children"]);
        let handle = text(&shelf["handle"]);
        if inside.is_empty() { handle.to_owned() } else { format!("{handle}({inside})") }
    });
    shelves.collect::<Vec<_>>().join(" ")
}

async fn tree(shop: &Shop, clerk: &Clerk) -> String {
    drawn(&clerk.get(shop, "/api/admin/categories").await.1["data"])
}

/// Shelves whose path does not follow from their parent's.
async fn broken_paths(shop: &Shop) -> i64 {
    shop.number(
        "SELECT count(*) FROM category LEFT JOIN category AS parent ON parent.category_id = category.parent_id
         WHERE category.path <> coalesce(parent.path, ''::ltree) || replace(category.category_id::text, '-', '')",
    )
    .await
}

#[tokio::test]
async fn shelves_are_made_changed_and_moved_with_all_inside_them() {
    let (shop, clerk) = open().await;
    let kitchen = make(&shop, &clerk, "Kitchen", None).await;
    let mugs = make(&shop, &clerk, "Mugs", Some(&kitchen)).await;
    make(&shop, &clerk, "Tea", Some(&mugs)).await;
    let bath = make(&shop, &clerk, "Bath", None).await;
    assert_eq!(tree(&shop, &clerk).await, "kitchen(mugs(tea)) bath");

    let (status, moved) =
        act(&shop, &clerk, &mugs, (Method::POST, "/move"), &json!({ "parent_id": bath["id"] }))
            .await;
    assert_eq!((status, &moved["version"]), (StatusCode::OK, &json!(2)), "{moved}");
    act(&shop, &clerk, &bath, (Method::POST, "/move"), &json!({ "position": 0 })).await;
    let renamed = json!({ "title": "Cups", "handle": "cups", "intro": "To drink from." });
    let (status, after) = act(&shop, &clerk, &mugs, (Method::PATCH, ""), &renamed).await;

    assert_eq!((status, &after["title"]), (StatusCode::OK, &json!("Cups")));
    assert_eq!(tree(&shop, &clerk).await, "bath(cups(tea)) kitchen");
    assert_eq!(broken_paths(&shop).await, 0);
    let (_, shelf) = shop.get("/api/categories/tea").await;
    let way: Vec<_> =
        shelf["breadcrumbs"].as_array().unwrap().iter().map(|it| text(&it["handle"])).collect();
    assert_eq!(way, ["bath", "cups", "tea"]);
    let (_, redirect) = shop.get("/api/redirects/resolve?path=/categories/mugs").await;
    assert_eq!(redirect["target"], "/categories/cups");
    let told = "SELECT count(*) FROM audit_log WHERE action LIKE 'category.%'";
    assert_eq!(shop.number(told).await, 7);
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_shelf_never_stands_in_itself_even_when_two_move_at_once() {
    let (shop, clerk) = open().await;
    let kitchen = make(&shop, &clerk, "Kitchen", None).await;
    let mugs = make(&shop, &clerk, "Mugs", Some(&kitchen)).await;
    let bath = make(&shop, &clerk, "Bath", None).await;
    let into = |shelf: &Value| json!({ "parent_id": shelf["id"] });

    for target in [&kitchen, &mugs] {
        let (status, answer) =
            act(&shop, &clerk, &kitchen, (Method::POST, "/move"), &into(target)).await;
        assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("cycle")));
    }
    let (to_bath, to_kitchen) = (into(&bath), into(&kitchen));
    let (one, two) = tokio::join!(
        act(&shop, &clerk, &kitchen, (Method::POST, "/move"), &to_bath),
        act(&shop, &clerk, &bath, (Method::POST, "/move"), &to_kitchen),
    );

    let mut statuses = [one.0, two.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT], "{one:?} {two:?}");
    assert_eq!(broken_paths(&shop).await, 0);
}

#[tokio::test]
async fn only_an_empty_shelf_goes() {
    let (shop, clerk) = open().await;
    let kitchen = make(&shop, &clerk, "Kitchen", None).await;
    let mugs = make(&shop, &clerk, "Mugs", Some(&kitchen)).await;
    let mug = product_of(&shop, shop.stock("mug", 1_000, 5).await).await;
    let put = async |shelf: Value| {
        clerk.edit(&shop, &mug, (Method::PATCH, ""), &json!({ "category_id": shelf })).await.0
    };
    let delete =
        async |shelf: &Value| act(&shop, &clerk, shelf, (Method::DELETE, ""), &Value::Null).await.0;

    assert_eq!(put(mugs["id"].clone()).await, StatusCode::OK);
    assert_eq!(delete(&kitchen).await, StatusCode::CONFLICT);
    assert_eq!(delete(&mugs).await, StatusCode::CONFLICT);
    assert_eq!(put(Value::Null).await, StatusCode::OK);
    assert_eq!(delete(&mugs).await, StatusCode::NO_CONTENT);
    assert_eq!(delete(&kitchen).await, StatusCode::NO_CONTENT);
    assert_eq!(tree(&shop, &clerk).await, "");
}

#[tokio::test]
async fn what_a_shelf_cannot_be_is_told() {
    let (shop, clerk) = open().await;
    let kitchen = make(&shop, &clerk, "Kitchen", None).await;
    for (body, pointer) in [
        (json!({ "title": "x".repeat(10_000), "handle": "x" }), "/title"),
        (json!({ "title": "Kitchen", "handle": "kitchen" }), "/handle"),
        (json!({ "title": "…" }), "/handle"),
        (json!({ "title": "Bath", "parent_id": format!("cat_{:032x}", 7) }), "/parent_id"),
    ] {
        let (status, answer) = clerk.post(&shop, "/api/admin/categories", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(pointers(&answer), [pointer], "{answer}");
    }
    // Folding makes one letter two: what the shop makes of a title fits all the same.
    let long = make(&shop, &clerk, &format!("{} Töpfe", "ß".repeat(52)), None).await;
    assert_eq!(text(&long["handle"]), "s".repeat(100), "{long}");
    let cut = make(&shop, &clerk, &format!("{}s Töpfe", "ß".repeat(49)), None).await;
    assert_eq!(text(&cut["handle"]), "s".repeat(99), "{cut}");
    let mut deepest = kitchen.clone();
    for level in 2..=10 {
        deepest = make(&shop, &clerk, &format!("Level {level}"), Some(&deepest)).await;
    }
    let body = json!({ "title": "Too deep", "parent_id": deepest["id"] });
    let (_, answer) = clerk.post(&shop, "/api/admin/categories", &body).await;
    assert_eq!(answer["errors"][0]["code"], "too_deep");

    let path = format!("/api/admin/categories/{}", text(&kitchen["id"]));
    let patch = json!({ "title": "Cooking" });
    let stale = clerk.change(&shop, (Method::PATCH, &path), &json!(7), &patch).await;
    let without = clerk.send(&shop, (Method::PATCH, &path), Some(&patch), &[]).await;
    assert_eq!(
        (stale.0, without.status),
        (StatusCode::PRECONDITION_FAILED, StatusCode::PRECONDITION_REQUIRED)
    );
}
