//! What the API's document promises, held against the API.

use std::collections::{BTreeSet, HashSet};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::{Value, json};

use crate::support::{Shop, request};

/// The API's document.
pub fn document() -> Value {
    serde_json::to_value(backend::openapi()).unwrap()
}

/// Path, method and body of each operation.
pub fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, body)| (path.as_str(), method.as_str(), body))
        })
        .collect()
}

#[test]
fn the_document_in_the_project_is_what_the_backend_prints() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap_or_default();

    let printed = backend::openapi().to_pretty_json().unwrap();

    assert!(
        kept.trim_end() == printed,
        "backend/openapi.json is old; write it with `cargo run -p backend -- openapi > backend/openapi.json`"
    );
}

#[test]
fn every_operation_says_what_it_is_and_what_it_answers() {
    let document = document();
    let mut ids = HashSet::new();

    let operations = operations(&document);
    assert!(operations.len() > 20, "there are {} operations", operations.len());
    for (path, method, operation) in operations {
        let at = format!("{method} {path}");
        assert!(path.starts_with("/api/"), "{at}");
        assert!(
            operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()),
            "{at} has no summary"
        );
        assert!(
            !operation["summary"].as_str().unwrap().ends_with('.'),
            "{at}: a summary is no sentence"
        );
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{at} has one tag");
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} names two operations");
        let answers = operation["responses"].as_object().unwrap();
        let good: Vec<_> = answers
            .iter()
            .filter(|(status, _)| status.starts_with('2') || *status == "303")
            .collect();
        assert!(!good.is_empty(), "{at} never succeeds");
        for (status, answer) in answers {
            assert!(answer["description"].is_string(), "{at}: {status} is not described");
        }
        for (status, answer) in good {
            let has_body = answer["content"].as_object().is_some_and(|content| !content.is_empty());
            let is_empty = ["202", "204", "303"].contains(&status.as_str());
            assert!(has_body || is_empty, "{at}: {status} has no schema");
        }
        if !path.starts_with("/api/health") {
            for failure in ["4XX", "5XX"] {
                let schema =
                    &answers[failure]["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(
                    schema, "#/components/schemas/Problem",
                    "{at} does not say how it fails: {failure}"
                );
            }
        }
    }
}

#[test]
fn every_parameter_of_a_path_is_described_and_no_other() {
    let document = document();

    for (path, method, operation) in operations(&document) {
        let named: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let described: BTreeSet<&str> = parameters
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(named, described, "{method} {path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| walk(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, found)),
            _ => {}
        }
    }
    let document = document();

    let mut found = Vec::new();
    walk(&document, &mut found);

    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn a_kind_of_change_that_refuses_more_fields_says_so() {
    let document = document();

    let kinds = document["components"]["schemas"]["BulkOperation"]["oneOf"].as_array().unwrap();

    assert!(kinds.len() > 4, "{kinds:?}");
    for kind in kinds {
        assert_eq!(kind["additionalProperties"], json!(false), "{kind}");
    }
    let more = json!({ "kind": "set_category", "category_id": null, "more": 1 });
    assert!(serde_json::from_value::<api_types::admin::BulkOperation>(more).is_err());
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_and_never_our_fault() {
    let shop = Shop::open().await;
    let ann = shop.register("ann@example.com").await;
    let bearer = format!("Bearer {}", ann.access);
    let document = document();

    let mut asked = 0;
    for (path, method, operation) in operations(&document) {
        // Staff get their own answers: `staff/roles.rs`.
        if !path.contains('{') || path.starts_with("/api/admin/") {
            continue;
        }
        let nothing =
            path.replace("{id}", &unknown(path)).replace("{line}", &format!("line_{:032x}", 7));
        let nothing = nothing.split(['{', '}']).enumerate();
        let nothing: String = nothing
            .map(|(place, part)| if place % 2 == 1 { "nothing-here" } else { part })
            .collect();
        let method: Method = method.to_uppercase().parse().unwrap();
        let body = example(
            &document,
            &operation["requestBody"]["content"]["application/json"]["schema"],
            0,
        );
        let headers = [
            ("idempotency-key", "a key that nobody used"),
            ("x-cart-token", "wrong"),
            ("x-order-token", "wrong"),
            ("authorization", bearer.as_str()),
        ];
        let content = operation["requestBody"]["content"].as_object();
        let request = match content.and_then(|content| content.keys().next()).map(String::as_str) {
            None => request(method.clone(), &nothing, None, &headers),
            Some("application/json") => request(method.clone(), &nothing, Some(&body), &headers),
            // A browser's form, which the test provider's page sends.
            Some(kind) => Request::builder()
                .method(method.clone())
                .uri(&nothing)
                .header("content-type", kind)
                .body(Body::from("answer=pay"))
                .unwrap(),
        };
        let answer = shop.send(request).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {nothing}: {text}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {nothing}");
        asked += 1;
    }
    assert!(asked > 10, "only {asked} operations have something to miss");
}

/// An id that is well formed and names nothing.
fn unknown(path: &str) -> String {
    let prefixes = [
        ("/orders/", "ord"),
        ("/sessions/", "ses"),
        ("/passkeys/", "pass"),
        ("/addresses/", "addr"),
    ];
    let found = prefixes.iter().find(|(part, _)| path.contains(part));
    let prefix = found.map_or("cart", |(_, prefix)| *prefix);
    format!("{prefix}_{:032x}", 7)
}

/// A value that fits a schema.
pub fn example(document: &Value, schema: &Value, depth: u8) -> Value {
    if depth > 8 {
        return Value::Null;
    }
    let one = |schema: &Value| example(document, schema, depth + 1);
    if let Some(reference) = schema["$ref"].as_str() {
        return one(document.pointer(&reference[1..]).unwrap());
    }
    if let Some(value) = schema["enum"].get(0) {
        return value.clone();
    }
    if let Some(all) = schema["oneOf"].as_array() {
        return all.iter().find(|one| one["type"] != "null").map_or(Value::Null, one);
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or_default();
    match kind {
        "object" => {
            let required = schema["required"].as_array().into_iter().flatten();
            let fields = required.map(|name| {
                let name = name.as_str().unwrap();
                let value = match name {
                    "method" => json!("bank_transfer"),
                    _ => one(&schema["properties"][name]),
                };
                (name.to_owned(), value)
            });
            Value::Object(fields.collect())
        }
        "array" => json!([one(&schema["items"])]),
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        _ => match schema["pattern"].as_str() {
            Some("^[A-Z]{3}$") => json!("EUR"),
            Some(pattern) if pattern.ends_with("_[0-9a-f]{32}$") => {
                json!(format!("{}_{:032x}", pattern[1..].split('_').next().unwrap(), 7))
            }
            _ => json!("text"),
        },
    }
}

#[tokio::test]
async fn the_reading_page_needs_nothing_from_elsewhere() {
    let shop = Shop::open().await;

    let page = shop.get_with("/api/docs", &[]).await;
    let style = shop.get_with("/api/docs/style.css", &[]).await;
    let (status, served) = shop.get("/api/openapi.json").await;

    let html = String::from_utf8(page.body.clone()).unwrap();
    assert_eq!(
        (page.status, style.status, status),
        (StatusCode::OK, StatusCode::OK, StatusCode::OK)
    );
    assert!(
        page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'")
    );
    assert!(style.header("content-type").starts_with("text/css"));
    assert!(!html.contains("<script") && !html.contains("src=") && !html.contains(" style="));
    assert_eq!(served, document());
    for (_, _, operation) in operations(&served) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(html.contains(&format!("<article id=\"{id}\">")), "{id}");
    }
    let links = html.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    for target in links {
        assert!(html.contains(&format!("id=\"{target}\"")), "#{target} leads nowhere");
    }
}
