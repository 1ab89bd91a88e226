//! Every operation of staff by every role, held against `docs/roles.md`.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    spec::{document, example, operations},
    support::{Clerk, Shop},
};

/// The committed table.
fn table() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/roles.md")).unwrap()
}

const ROLES: [&str; 4] = ["support", "catalog", "finance", "admin"];

/// Operations of staff with what each role may; nothing where nobody has come in yet.
fn rows() -> BTreeMap<String, Option<[bool; 4]>> {
    let table = table();
    let (_, rows) = table.split_once("## Every operation").unwrap();
    rows.lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let name = cells[0].trim_end_matches('`').to_owned();
            let may = [2, 3, 4, 5].map(|cell| cells[cell] == "yes");
            (name, (cells[1] != "whoever comes in").then_some(may))
        })
        .collect()
}

#[test]
fn the_table_in_the_project_is_what_the_backend_prints() {
    let printed = backend::staff::permission::document(&document());

    assert!(
        table() == printed,
        "docs/roles.md is old; write it with `cargo run -p backend -- roles > docs/roles.md`"
    );
}

#[test]
fn every_operation_of_staff_declares_what_it_needs() {
    let document = document();
    let rows = rows();

    for (path, method, operation) in operations(&document) {
        if !path.starts_with("/api/admin/") {
            continue;
        }
        let id = operation["operationId"].as_str().unwrap();
        let is_door = path.starts_with("/api/admin/auth/") && id != "sign_out_staff";
        assert_eq!(rows[id].is_none(), is_door, "{method} {path} needs nothing, or is a door");
        assert!(operation["tags"][0].as_str().unwrap().starts_with("admin: "), "{method} {path}");
    }
}

/// Sends an operation with ids of nothing and a body that fits.
async fn ask(
    shop: &Shop,
    token: &str,
    at: (&str, &str, &Value),
    document: &Value,
) -> (StatusCode, Value) {
    let (path, method, operation) = at;
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let mut path = path.to_owned();
    for parameter in parameters.filter(|parameter| parameter["in"] == "path") {
        let value = match example(document, &parameter["schema"], 0) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        path = path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), &value);
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let body = (!schema.is_null()).then(|| example(document, schema, 0));
    let method: Method = method.to_uppercase().parse().unwrap();
    let headers = [("if-match", "\"v1\""), ("idempotency-key", "a key for this test")];
    let answer = shop.bearing(token, (method, &path), body.as_ref(), &headers).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn every_role_may_what_the_table_says_and_nothing_else() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mut clerks = Vec::new();
    for role in ["support", "catalog", "finance"] {
        clerks.push(shop.clerk(&admin, role).await);
    }
    clerks.push(shop.clerk(&admin, "admin").await);
    let ann = shop.register("ann@example.com").await;
    let strangers = [("nobody", String::new()), ("a customer", ann.access.clone())];
    let document = document();
    let rows = rows();

    let mut asked = 0;
    for at in operations(&document) {
        let (path, method, operation) = at;
        let Some(may) = operation["operationId"].as_str().and_then(|id| rows.get(id)) else {
            continue;
        };
        for (who, token) in &strangers {
            let (status, answer) = ask(&shop, token, at, &document).await;
            let is_door = may.is_none();
            assert!(
                is_door || status == StatusCode::UNAUTHORIZED,
                "{method} {path} by {who}: {answer}"
            );
        }
        let Some(may) = may else { continue };
        for (place, role) in ROLES.iter().enumerate() {
            if operation["operationId"] == "sign_out_staff" {
                continue;
            }
            let (status, answer) = ask(&shop, &clerks[place].token, at, &document).await;
            let is_refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
            assert_eq!(is_refused, !may[place], "{method} {path} by {role}: {status} {answer}");
            assert!(!status.is_server_error(), "{method} {path} by {role}: {answer}");
            asked += 1;
        }
    }
    assert!(asked >= 4 * 12, "only {asked} were asked");
}

async fn change(shop: &Shop, admin: &Clerk, of: &Clerk, body: &Value) -> (StatusCode, Value) {
    let path = format!("/api/admin/staff/{}", of.id);
    let (_, seen) = admin.get(shop, &path).await;
    admin.change(shop, (Method::PATCH, &path), &seen["version"], body).await
}

#[tokio::test]
async fn a_role_that_is_taken_away_is_gone_at_the_next_request() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let clerk = shop.clerk(&admin, "finance").await;

    let (before, _) = clerk.get(&shop, "/api/admin/audit").await;
    change(&shop, &admin, &clerk, &json!({ "role": "support" })).await;
    let (demoted, _) = clerk.get(&shop, "/api/admin/audit").await;
    change(&shop, &admin, &clerk, &json!({ "is_active": false })).await;
    let (disabled, _) = clerk.get(&shop, "/api/admin/me").await;

    assert_eq!(
        (before, demoted, disabled),
        (StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED)
    );
}

#[tokio::test]
async fn the_last_administrator_stays_even_when_two_send_each_other_away() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let (alone, answer) = change(&shop, &admin, &admin, &json!({ "role": "support" })).await;
    assert_eq!(alone, StatusCode::CONFLICT, "{answer}");

    let second = shop.clerk(&admin, "admin").await;
    let demote = json!({ "role": "support" });
    let (one, two) = tokio::join!(
        change(&shop, &admin, &second, &demote),
        change(&shop, &second, &admin, &demote),
    );

    assert!(one.0 == StatusCode::OK || two.0 == StatusCode::OK, "{one:?} {two:?}");
    let left =
        shop.number("SELECT count(*) FROM staff WHERE role = 'admin' AND state = 'active'").await;
    assert_eq!(left, 1);
}

#[tokio::test]
async fn a_change_of_what_has_changed_meanwhile_is_refused() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let clerk = shop.clerk(&admin, "support").await;
    let path = format!("/api/admin/staff/{}", clerk.id);
    let (_, seen) = admin.get(&shop, &path).await;
    let body = json!({ "role": "catalog" });
    let patch = || (Method::PATCH, path.as_str());

    let without = admin.send(&shop, patch(), Some(&body), &[]).await;
    let (first, _) = admin.change(&shop, patch(), &seen["version"], &body).await;
    let (second, stale) = admin.change(&shop, patch(), &seen["version"], &body).await;

    assert_eq!(without.status, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!((first, second), (StatusCode::OK, StatusCode::PRECONDITION_FAILED));
    assert_eq!(stale["code"], "stale");
    assert_eq!(stale["facts"]["version"], json!(seen["version"].as_i64().unwrap() + 1));
}

#[tokio::test]
async fn fields_that_an_operation_does_not_have_are_refused() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let document = document();

    let mut asked = 0;
    for (path, method, operation) in operations(&document) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        // A code is entered by whoever is halfway in, not by an administrator.
        let is_code = path == "/api/admin/auth/code";
        if !path.starts_with("/api/admin/") || schema.is_null() || is_code {
            continue;
        }
        let mut fitting = operation.clone();
        for (field, value) in
            [("is_admin", json!(true)), ("version", json!(99)), ("staff_id", json!("x"))]
        {
            let name = format!("{field}_of_nobody");
            fitting["requestBody"]["content"]["application/json"]["schema"] = json!({
                "type": "object",
                "required": [name],
                "properties": { &name: { "enum": [value] } },
            });
            let (status, answer) =
                ask(&shop, &admin.token, (path, method, &fitting), &document).await;
            // Whatever is wrong with the rest: what nobody knows is never taken in silence.
            assert!(
                status == StatusCode::UNPROCESSABLE_ENTITY
                    && answer["detail"].as_str().is_some_and(|it| it.contains(&name)),
                "{method} {path}: {status} {answer}"
            );
            asked += 1;
        }
    }
    assert!(asked >= 15, "only {asked}");
}
