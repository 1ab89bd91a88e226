//! Who may do what: every operation of the document, by everybody, held against `docs/access.md`.
//!
//! An operation without a row fails here. Whoever may not do something does it first: the answer
//! must be the one for what is not there, hold nothing of its owner, and have changed nothing.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use serde_json::{Value, json};

use crate::{
    spec::{document, example, operations},
    support::{Ann, Answer, Shop, Shopper, berlin, request},
};

const TABLE: &str = include_str!("../../../docs/access.md");

/// Texts that belong to one customer and occur in nobody else's answers.
const CANARY: &str = "canary";

/// The columns of the table.
const EVERYBODY: [&str; 4] = ["nobody", "guest", "customer", "other"];

/// One row: whose thing it is, and who may.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    operation: String,
    whose: String,
    may: [bool; 4],
}

fn rows() -> Vec<Row> {
    TABLE
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            let may = |cell: &str| match cell {
                "yes" => true,
                "no" => false,
                other => panic!("{other:?} is neither yes nor no: {line}"),
            };
            Row {
                operation: cells[0].trim_end_matches('`').to_owned(),
                whose: cells[1].to_owned(),
                may: [may(cells[2]), may(cells[3]), may(cells[4]), may(cells[5])],
            }
        })
        .collect()
}

/// A guest with a cart and an order, a customer who has one of everything, and another customer.
struct World {
    shop: Shop,
    guest: Shopper,
    guests_order: (String, String),
    guests_line: String,
    ann: Ann,
    /// What stands for a placeholder in the customer's paths.
    anns: BTreeMap<&'static str, String>,
    ben: Ann,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

impl World {
    async fn open() -> Self {
        let shop = Shop::open().await;
        let mug = shop.stock("mug", 12_50, 90).await;
        let buyer = shop.ready_shopper(mug, 1).await;
        let (_, done) = buyer.buy(&shop, "tok_ok", "one-intent").await;
        let guest = shop.ready_shopper(mug, 1).await;
        let guests_line = text(&guest.look(&shop).await["lines"][0]["id"]);
        let mut ann = shop.register("canary-ann@example.com").await;
        let ben = shop.register("ben@example.com").await;
        let mut anns = BTreeMap::new();
        anns.insert("ord", text(&ordered(&shop, &ann, mug).await["id"]));
        let lines = json!({ "country": "DE", "lines": [{ "variant_id": mug, "quantity": 1 }] });
        let (_, opened) = ann.post(&shop, "/api/carts", &lines).await;
        anns.insert("cart", text(&opened["cart"]["id"]));
        anns.insert("line", text(&opened["cart"]["lines"][0]["id"]));
        let mut home = berlin();
        home["name"] = json!("Canary Weber");
        let (_, address) =
            ann.post(&shop, "/api/customers/me/addresses", &json!({ "address": home })).await;
        anns.insert("addr", text(&address["id"]));
        shop.signed_in(&ann.email, "a canary's phone").await;
        let (_, sessions) = ann.get(&shop, "/api/auth/sessions").await;
        anns.insert("ses", text(&sessions["data"][1]["id"]));
        shop.execute(
            "INSERT INTO passkey (passkey_id, customer_id, credential_id, credential, name, created_at)
             SELECT '0192f0c1-d2e3-7a4b-b5c6-d7e8f9012345', customer_id, 'x', '{}', 'canary key', now() FROM customer
             WHERE email LIKE 'canary%'",
        )
        .await;
        anns.insert("pass", "pass_0192f0c1d2e37a4bb5c6d7e8f9012345".to_owned());
        for customer in [&ann, &ben] {
            customer.post(&shop, "/api/customers/me/export", &Value::Null).await;
        }
        shop.settle().await;
        ann.confirm(&shop).await;
        let guests_order = (text(&done["order"]["id"]), text(&done["order_token"]));
        Self { shop, guest, guests_order, guests_line, ann, anns, ben }
    }

    /// The path with ids of the guest's, the customer's, or nobody's things.
    fn path(&self, path: &str, whose: &str) -> String {
        let kinds = [
            ("/orders/", "ord"),
            ("/sessions/", "ses"),
            ("/passkeys/", "pass"),
            ("/addresses/", "addr"),
        ];
        let kind =
            kinds.iter().find(|(part, _)| path.contains(part)).map_or("cart", |(_, kind)| *kind);
        let (id, line) = match (whose, kind) {
            ("a guest's", "ord") => (self.guests_order.0.clone(), String::new()),
            ("a guest's", _) => (self.guest.cart.clone(), self.guests_line.clone()),
            ("absent", kind) => (format!("{kind}_{:032x}", 7), format!("line_{:032x}", 7)),
            _ => (self.anns[kind].clone(), self.anns["line"].clone()),
        };
        let path = path.replace("{id}", &id).replace("{line}", &line).replace("{handle}", "mug");
        let parts = path.split(['{', '}']).enumerate();
        parts.map(|(place, part)| if place % 2 == 1 { "nothing" } else { part }).collect()
    }

    async fn ask(&self, who: usize, method: &str, path: &str, body: &Value) -> Answer {
        let bearers = [&self.ann, &self.ben].map(|customer| format!("Bearer {}", customer.access));
        let shown: &[(&str, &str)] = match EVERYBODY[who] {
            "guest" => {
                &[("x-cart-token", &self.guest.token), ("x-order-token", &self.guests_order.1)]
            }
            "customer" => &[("authorization", &bearers[0])],
            "other" => &[("authorization", &bearers[1])],
            _ => &[],
        };
        let headers: Vec<_> =
            [("idempotency-key", "a key for this test")].iter().chain(shown).copied().collect();
        let method: Method = method.to_uppercase().parse().unwrap();
        if body.is_null() && path.contains("test-provider") && method == Method::POST {
            let form = axum::http::Request::post(path)
                .header("content-type", "application/x-www-form-urlencoded");
            return self.shop.send(form.body(Body::from("answer=confirm")).unwrap()).await;
        }
        let body = (!body.is_null()).then_some(body);
        self.shop.send(request(method, path, body, &headers)).await
    }

    /// Everything that strangers must not change, as one text.
    async fn belongings(&self) -> String {
        let query = "SELECT concat_ws('|',
            (SELECT string_agg(cart::text, ';' ORDER BY cart_id) FROM cart WHERE status = 'open'),
            (SELECT string_agg(cart_line::text, ';' ORDER BY line_id) FROM cart_line),
            (SELECT string_agg(orders::text, ';' ORDER BY order_id) FROM orders),
            (SELECT string_agg(customer::text, ';' ORDER BY customer_id) FROM customer),
            (SELECT string_agg(customer_address::text, ';' ORDER BY address_id) FROM customer_address),
            (SELECT string_agg(session::text, ';' ORDER BY session_id) FROM session),
            (SELECT string_agg(passkey::text, ';' ORDER BY passkey_id) FROM passkey),
            (SELECT string_agg(asked_at::text, ';') FROM customer_export))";
        self.shop.sql(async |tx| sqlx::query_scalar(query).fetch_one(tx).await).await
    }
}

async fn ordered(shop: &Shop, ann: &Ann, mug: api_types::VariantId) -> Value {
    let guest = shop.ready_shopper(mug, 1).await;
    let path = format!("/api/carts/{}/merge", guest.cart);
    let headers = [("x-cart-token", guest.token.as_str())];
    let cart = ann.send(shop, Method::POST, &path, Some(&json!({})), &headers).await.json();
    let body = json!({ "expected_total": cart["totals"]["total"], "payment": { "method": "test", "token": "tok_ok" } });
    let path = format!("/api/carts/{}/complete", text(&cart["id"]));
    let key = [("idempotency-key", "anns-intent")];
    ann.send(shop, Method::POST, &path, Some(&body), &key).await.json()["order"].clone()
}

/// What an operation is sent: a body that fits, where it takes one.
fn body(document: &Value, operation: &Value) -> Value {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if schema.is_null() { Value::Null } else { example(document, schema, 0) }
}

/// What comes first: looking, then changing, then removing, and last what ends everything.
fn rank(method: &str, id: &str) -> u8 {
    match (method, id) {
        (_, "forget_me" | "discard_cart") => 9,
        (
            _,
            "sign_out" | "end_session" | "end_other_sessions" | "set_password" | "complete_cart",
        ) => 8,
        (_, "reset_password" | "cancel_order" | "merge_cart") => 7,
        ("delete", _) => 6,
        ("get", _) => 0,
        _ => 3,
    }
}

fn without_id(answer: &Answer) -> Value {
    let mut body = answer.json();
    body.as_object_mut().map(|fields| fields.remove("request_id"));
    body
}

#[test]
fn every_operation_has_its_rows_and_no_row_is_of_another() {
    let document = document();

    let mut declared: Vec<_> = rows().into_iter().map(|row| (row.operation, row.whose)).collect();
    let mut wanted: Vec<_> = operations(&document)
        .into_iter()
        // Those of staff are in `docs/roles.md`.
        .filter(|(path, ..)| !path.starts_with("/api/admin/"))
        .flat_map(|(path, _, operation)| {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let both = path.starts_with("/api/carts/{id}") || path.starts_with("/api/orders/{id}");
            let whose: &[&str] = if both { &["a guest's", "the customer's"] } else { &["–"] };
            whose.iter().map(move |whose| (id.clone(), (*whose).to_owned())).collect::<Vec<_>>()
        })
        .collect();

    declared.sort();
    wanted.sort();
    let missing: Vec<_> = wanted.iter().filter(|row| !declared.contains(row)).collect();
    let strange: Vec<_> = declared.iter().filter(|row| !wanted.contains(row)).collect();
    assert!(
        missing.is_empty() && strange.is_empty(),
        "without a row: {missing:#?}\nof nothing: {strange:#?}"
    );
    assert_eq!(declared.len(), wanted.len(), "a row stands twice");
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let world = World::open().await;
    let document = document();
    let all = operations(&document);
    let mut rows = rows();
    let found = |row: &Row| {
        all.iter()
            .find(|(.., operation)| operation["operationId"] == row.operation.as_str())
            .unwrap()
    };
    rows.sort_by_key(|row| (rank(found(row).1, &row.operation), row.clone()));
    let before = world.belongings().await;

    let mut refused = 0;
    for row in &rows {
        let (path, method, operation) = found(row);
        let body = body(&document, operation);
        for who in (0..EVERYBODY.len()).filter(|who| !row.may[*who]) {
            let at = format!("{} of {} by {}", row.operation, row.whose, EVERYBODY[who]);
            let answer = world.ask(who, method, &world.path(path, &row.whose), &body).await;
            let absent = world.ask(who, method, &world.path(path, "absent"), &body).await;

            let is_no = [StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND].contains(&answer.status);
            assert!(is_no, "{at}: {} {}", answer.status, answer.json());
            assert_eq!(without_id(&answer), without_id(&absent), "{at} tells that it is there");
            let text = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body));
            assert!(!text.to_lowercase().contains(CANARY), "{at}: {text}");
            refused += 1;
        }
    }
    assert!(refused > 80, "only {refused} were refused");
    assert_eq!(world.belongings().await, before, "a stranger changed something");

    for row in &rows {
        let (path, method, operation) = found(row);
        let body = body(&document, operation);
        let is_public = row.may == [true; 4];
        for who in (0..EVERYBODY.len()).rev().filter(|who| row.may[*who]) {
            let at = format!("{} of {} by {}", row.operation, row.whose, EVERYBODY[who]);
            let answer = world.ask(who, method, &world.path(path, &row.whose), &body).await;

            let no: &[u16] = if is_public { &[403] } else { &[401, 403, 404] };
            assert!(
                !no.contains(&answer.status.as_u16()),
                "{at}: {} {}",
                answer.status,
                answer.json()
            );
            assert!(
                !answer.status.is_server_error() || row.operation.starts_with("show_"),
                "{at}: {}",
                answer.json()
            );
            if !is_public {
                assert!(answer.header("cache-control").contains("no-store"), "{at} may be cached");
            }
        }
    }
}

#[tokio::test]
async fn fields_that_nobody_may_send_are_refused_and_change_nothing() {
    let world = World::open().await;
    let document = document();
    let before = world.belongings().await;

    let mut asked = 0;
    for (path, method, operation) in operations(&document) {
        let sent = body(&document, operation);
        // Providers say what they like, signed.
        if !sent.is_object() || path.contains("/hooks/") || path.starts_with("/api/admin/") {
            continue;
        }
        let who = usize::from(path.starts_with("/api/carts/{id}")) * 2;
        let who = if operation["security"].is_null() { who } else { 2 };
        for (field, value) in [
            ("role", json!("admin")),
            ("is_admin", json!(true)),
            ("price", json!(1)),
            ("owner_id", json!("cus_00000000000000000000000000000007")),
            ("customer_id", json!("cus_00000000000000000000000000000007")),
            ("paid", json!(true)),
            ("version", json!(99)),
            ("total", json!({ "amount": 1, "currency": "EUR" })),
        ] {
            let mut sent = sent.clone();
            sent[field] = value;
            let answer = world.ask(who, method, &world.path(path, "the customer's"), &sent).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{method} {path} {field}: {}",
                answer.json()
            );
            assert!(
                answer.json()["detail"].as_str().unwrap().contains(field),
                "{method} {path}: {}",
                answer.json()
            );
            asked += 1;
        }
    }
    assert!(asked > 100, "only {asked}");
    assert_eq!(world.belongings().await, before);
}
