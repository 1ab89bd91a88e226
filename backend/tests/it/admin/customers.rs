//! Finding customers, putting them right, signing them out, letting them go.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    accounts::leaving::{EMAIL, assert_nowhere, canary, cancel_all},
    support::{Ann, Clerk, Shop, berlin},
};

/// The address of a customer's page.
async fn page_of(shop: &Shop, ann: &Ann) -> String {
    let (_, me) = ann.get(shop, "/api/customers/me").await;
    format!("/api/admin/customers/{}", me["id"].as_str().unwrap())
}

async fn listed(shop: &Shop, clerk: &Clerk, query: &str) -> Vec<String> {
    let (status, page) = clerk.get(shop, &format!("/api/admin/customers?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {page}");
    let rows = page["data"].as_array().unwrap();
    rows.iter().map(|row| row["email"].as_str().unwrap().to_owned()).collect()
}

/// What the audit log holds of a kind, newest first.
async fn noted(shop: &Shop, admin: &Clerk, action: &str) -> Vec<Value> {
    let (_, log) = admin.get(shop, &format!("/api/admin/audit?action={action}")).await;
    log["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_customer_is_found_by_a_part_of_the_address_or_name() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let support = shop.clerk(&admin, "support").await;
    let ann = shop.register("ann@example.com").await;
    let bob = shop.register("bob_50%@example.net").await;
    bob.ask(&shop, Method::PATCH, "/api/customers/me", Some(&json!({ "name": "Bob Ölund" }))).await;

    for (query, found) in [
        ("", vec![&bob, &ann]),
        ("q=", vec![&bob, &ann]),
        ("q=ANN%40EX", vec![&ann]),
        ("q=weber", vec![&ann]),
        ("q=%C3%B6lund", vec![&bob]),
        ("q=_50%25", vec![&bob]),
        ("q=%25%25", vec![]),
        ("q=carl", vec![]),
        ("limit=1", vec![&bob]),
    ] {
        let found: Vec<_> = found.iter().map(|it| it.email.clone()).collect();
        assert_eq!(listed(&shop, &support, query).await, found, "{query}");
    }
    let (_, page) = support.get(&shop, "/api/admin/customers?limit=1").await;
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    assert_eq!(listed(&shop, &support, &format!("limit=1&cursor={cursor}")).await, [ann.email]);
    for wrong in ["cursor=x", "limit=x", "colour=red"] {
        let (status, _) = support.get(&shop, &format!("/api/admin/customers?{wrong}")).await;
        assert!(status.is_client_error(), "{wrong}: {status}");
    }
}

#[tokio::test]
async fn a_customer_is_shown_with_addresses_orders_sums_and_devices() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_50, 9).await;
    let ann = shop.register("ann@example.com").await;
    ann.post(&shop, "/api/customers/me/addresses", &json!({ "address": berlin() })).await;
    for key in ["the first intent", "the second intent"] {
        let guest = shop.ready_shopper(mug, 2).await;
        let (_, done) = guest.buy(&shop, "tok_ok", key).await;
        assert_eq!(done["status"], "placed", "{done}");
    }
    shop.settle().await;
    let ann = shop.signed_in(&ann.email, "Mozilla/5.0 (X11; Linux) Firefox/140.0").await;
    let path = page_of(&shop, &ann).await;

    let (status, sheet) = admin.get(&shop, &path).await;
    let (_, list) = admin.get(&shop, "/api/admin/customers").await;

    assert_eq!(status, StatusCode::OK, "{sheet}");
    assert_eq!(sheet["customer"]["email"], "ann@example.com");
    assert_eq!(sheet["addresses"][0]["address"]["line1"], "Torstraße 1");
    let orders = sheet["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 2);
    let both = orders.iter().map(|order| order["total"]["amount"].as_i64().unwrap()).sum::<i64>();
    assert_eq!(sheet["sums"][0]["paid"], json!({ "amount": both, "currency": "EUR" }));
    assert_eq!(sheet["sums"][0]["refunded"]["amount"], 0);
    assert_eq!((&sheet["sums"][0]["order_count"], &sheet["device_count"]), (&json!(2), &json!(2)));
    assert_eq!(list["data"][0]["order_count"], 2);
    assert!(!sheet.to_string().contains("argon2id"));
    let (nobody, _) = admin.get(&shop, &format!("/api/admin/customers/cus_{:032x}", 7)).await;
    assert_eq!(nobody, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_change_says_which_fields_it_changed_and_never_what_was_in_them() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let support = shop.clerk(&admin, "support").await;
    let ann = shop.register("ann@example.com").await;
    let path = page_of(&shop, &ann).await;
    let (_, sheet) = support.get(&shop, &path).await;
    let body = json!({ "name": "  Ann Qvist ", "wants_news": false });

    let patch = || (Method::PATCH, path.as_str());
    let without = support.send(&shop, patch(), Some(&body), &[]).await.status;
    let version = &sheet["customer"]["version"];
    let (status, after) = support.change(&shop, patch(), version, &body).await;
    let (again, _) = support.change(&shop, patch(), version, &body).await;
    let long = json!({ "name": "x".repeat(101) });
    let (refused, problem) = support.change(&shop, patch(), &after["version"], &long).await;

    assert_eq!(without, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!((status, &after["name"]), (StatusCode::OK, &json!("Ann Qvist")), "{after}");
    assert_eq!(again, StatusCode::PRECONDITION_FAILED);
    assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["pointer"], "/name");
    let notes = noted(&shop, &admin, "customer.updated").await;
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0]["after"], json!({ "fields": ["name"] }));
    assert_eq!(notes[0]["actor"], json!(support.id));
    assert!(path.ends_with(notes[0]["subject"].as_str().unwrap()));
}

#[tokio::test]
async fn of_two_who_change_a_customer_at_once_one_is_told_to_look_again() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let support = shop.clerk(&admin, "support").await;
    let ann = shop.register("ann@example.com").await;
    let path = page_of(&shop, &ann).await;
    let (_, sheet) = support.get(&shop, &path).await;
    let version = &sheet["customer"]["version"];

    let (one, two) = (json!({ "name": "One" }), json!({ "name": "Two" }));
    let ((first, _), (second, _)) = tokio::join!(
        support.change(&shop, (Method::PATCH, &path), version, &one),
        admin.change(&shop, (Method::PATCH, &path), version, &two),
    );

    let mut answers = [first, second];
    answers.sort();
    assert_eq!(answers, [StatusCode::OK, StatusCode::PRECONDITION_FAILED]);
    assert_eq!(noted(&shop, &admin, "customer.updated").await.len(), 1);
}

#[tokio::test]
async fn a_customer_is_signed_out_everywhere_and_nobody_else_is() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let ann = shop.register("ann@example.com").await;
    let bob = shop.register("bob@example.com").await;
    let phone = shop.signed_in(&ann.email, "Mozilla/5.0 (X11; Linux) Firefox/140.0").await;
    let path = page_of(&shop, &ann).await;

    let (status, _) = admin.post(&shop, &format!("{path}/sign-out"), &Value::Null).await;

    assert_eq!(status, StatusCode::NO_CONTENT);
    for device in [&ann, &phone] {
        let answer = shop.refresh(&device.refresh, device.device).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(shop.refresh(&bob.refresh, bob.device).await.status, StatusCode::OK);
    // A token from before is good to its end, as the operation says, and not longer.
    assert_eq!(ann.get(&shop, "/api/customers/me").await.0, StatusCode::OK);
    shop.clock.advance(chrono::TimeDelta::seconds(300 + 5));
    assert_eq!(ann.get(&shop, "/api/customers/me").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(noted(&shop, &admin, "customer.signed_out").await.len(), 1);
    shop.signed_in(&ann.email, "").await;
}

#[tokio::test]
async fn a_letter_with_a_link_to_a_new_password_is_sent_once() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let ann = shop.register("ann@example.com").await;
    let path = page_of(&shop, &ann).await;
    let before = shop.subjects(&ann.email).await.len();

    let (status, _) = admin.post(&shop, &format!("{path}/reset-password"), &Value::Null).await;

    assert_eq!(status, StatusCode::ACCEPTED);
    let subjects = shop.subjects(&ann.email).await;
    assert_eq!(subjects.len(), before + 1, "{subjects:?}");
    let token = shop.letter_secret(&ann.email, subjects.last().unwrap()).await;
    let reset = json!({ "token": token, "password": "mjölk & kardemummabulle" });
    let (opened, answer) = shop.post("/api/auth/password/reset", &reset).await;
    assert_eq!(opened, StatusCode::NO_CONTENT, "{answer}");
    assert_eq!(noted(&shop, &admin, "customer.password_letter").await.len(), 1);
}

#[tokio::test]
async fn whoever_is_let_go_by_staff_is_nowhere_in_the_database() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let support = shop.clerk(&admin, "support").await;
    let ann = canary(&shop).await;
    let path = page_of(&shop, &ann).await;
    let erase = format!("{path}/erase");
    let forget = json!({ "email": EMAIL });
    let (_, sheet) = support.get(&shop, &path).await;
    let rename = json!({ "name": "Canarina Nest", "wants_news": true });
    support.change(&shop, (Method::PATCH, &path), &sheet["customer"]["version"], &rename).await;
    support.post(&shop, &format!("{path}/reset-password"), &Value::Null).await;
    support.post(&shop, &format!("{path}/export"), &Value::Null).await;
    shop.settle().await;

    let (early, answer) = support.post(&shop, &erase, &forget).await;
    assert_eq!((early, &answer["code"]), (StatusCode::CONFLICT, &json!("orders_under_way")));
    assert_eq!(answer["facts"]["numbers"], json!([1001]));
    cancel_all(&shop, &ann).await;
    let other = json!({ "email": "ann@example.com" });
    let (wrong, _) = support.post(&shop, &erase, &other).await;
    assert_eq!(wrong, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, answer) = support.post(&shop, &erase, &forget).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");

    assert_eq!(support.get(&shop, &path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(support.post(&shop, &erase, &forget).await.0, StatusCode::NOT_FOUND);
    assert!(listed(&shop, &support, "").await.is_empty());
    shop.settle().await;
    assert_nowhere(&shop);
    assert_eq!(noted(&shop, &admin, "customer.erased").await.len(), 1);
    shop.assert_sound().await;
}

#[tokio::test]
async fn the_copy_of_a_customers_data_is_asked_for_and_fetched_and_both_are_noted() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let support = shop.clerk(&admin, "support").await;
    let finance = shop.clerk(&admin, "finance").await;
    let ann = shop.register("ann@example.com").await;
    let path = page_of(&shop, &ann).await;
    let archive = format!("{path}/export/archive");

    let (none, _) = finance.get(&shop, &archive).await;
    let (status, asked) = support.post(&shop, &format!("{path}/export"), &Value::Null).await;
    shop.settle().await;
    let (_, sheet) = support.get(&shop, &path).await;
    let (forbidden, _) = support.get(&shop, &archive).await;
    let answer = finance.send(&shop, (Method::GET, &archive), None, &[]).await;

    assert_eq!(none, StatusCode::NOT_FOUND);
    assert_eq!((status, &asked["state"]), (StatusCode::ACCEPTED, &json!("waiting")), "{asked}");
    assert_eq!(sheet["export"]["state"], "ready");
    assert_eq!(forbidden, StatusCode::FORBIDDEN);
    assert_eq!(answer.header("content-type"), "application/zip");
    zip::ZipArchive::new(std::io::Cursor::new(answer.body)).unwrap();
    for (action, actor) in
        [("customer.export_asked", &support), ("customer.export_fetched", &finance)]
    {
        let notes = noted(&shop, &admin, action).await;
        assert_eq!((notes.len(), &notes[0]["actor"]), (1, &json!(actor.id)), "{action}");
    }
}
