//! Orders and customers as CSV.

use std::{collections::HashSet, net::Ipv4Addr};

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use http_body_util::BodyExt;
use serde_json::json;

use crate::support::{Clerk, Shop, berlin, request};

/// The rows of a file, its head first.
async fn rows(shop: &Shop, clerk: &Clerk, path: &str) -> Vec<Vec<String>> {
    let path = format!("/api/admin/exports/{path}");
    let answer = clerk.send(shop, (Method::GET, &path), None, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    assert!(answer.header("content-type").starts_with("text/csv"));
    assert!(answer.header("content-disposition").starts_with("attachment; filename="));
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(answer.body.as_slice());
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

/// More customers than are read at once.
async fn crowd(shop: &Shop) {
    shop.execute(
        "INSERT INTO customer (customer_id, email, created_at)
         SELECT gen_random_uuid(), 'crowd-' || n || '@example.com', '2026-01-01' FROM generate_series(1, 1201) AS n",
    )
    .await;
}

#[tokio::test]
async fn orders_are_written_out_with_their_amounts_and_no_cell_is_a_formula() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let finance = shop.clerk(&admin, "finance").await;
    let mug = shop.stock("mug", 12_50, 9).await;
    let guest = shop.ready_shopper(mug, 2).await;
    let mut formula = berlin();
    formula["name"] = json!("=HYPERLINK(\"https://evil.example\",\"Ann\")");
    let contact = json!({ "email": "ann@example.com", "shipping_address": formula });
    guest.ask(&shop, Method::PATCH, "", Some(&contact)).await;
    let (_, done) = guest.buy(&shop, "tok_ok", "the first intent").await;
    assert_eq!(done["status"], "placed", "{done}");
    shop.settle().await;
    let order = shop.order(&done).await;
    shop.clock.advance(TimeDelta::seconds(1));

    let file = rows(&shop, &finance, "orders.csv").await;

    assert_eq!(file.len(), 2, "{file:?}");
    let cell = |name: &str| {
        let place = file[0].iter().position(|head| head == name).unwrap();
        file[1][place].as_str()
    };
    assert_eq!(cell("name"), "'=HYPERLINK(\"https://evil.example\",\"Ann\")");
    assert_eq!(cell("number"), order["number"].to_string());
    assert_eq!((cell("status"), cell("payment_status")), ("placed", "paid"));
    assert_eq!((cell("items"), cell("currency"), cell("subtotal")), ("2", "EUR", "25.00"));
    let total = order["totals"]["total"]["amount"].as_i64().unwrap();
    assert_eq!(cell("total"), format!("{}.{:02}", total / 100, total % 100));
    assert_eq!((cell("paid"), cell("refunded")), (cell("total"), "0.00"));
    assert_eq!(cell("created_at")[..19], order["created_at"].as_str().unwrap()[..19]);
}

#[tokio::test]
async fn whoever_writes_out_is_noted_with_how_much() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let finance = shop.clerk(&admin, "finance").await;
    let support = shop.clerk(&admin, "support").await;
    crowd(&shop).await;

    let (forbidden, _) = support.get(&shop, "/api/admin/exports/customers.csv").await;
    rows(&shop, &finance, "customers.csv?until=2026-02-01T00:00:00Z").await;

    assert_eq!(forbidden, StatusCode::FORBIDDEN);
    let (_, log) = admin.get(&shop, "/api/admin/audit?action=export.customers").await;
    let notes = log["data"].as_array().unwrap();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0]["actor"], json!(finance.id));
    assert_eq!(notes[0]["after"]["rows"], 1201);
    assert_eq!(notes[0]["after"]["until"], "2026-02-01T00:00:00Z");
}

#[tokio::test]
async fn every_customer_of_the_time_is_in_the_file_once() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    crowd(&shop).await;
    let ann = shop.register("ann@example.com").await;
    shop.execute("UPDATE customer SET name = '+49 30' WHERE email = 'ann@example.com'").await;
    shop.clock.advance(TimeDelta::seconds(1));

    let all = rows(&shop, &admin, "customers.csv").await;
    let new = rows(&shop, &admin, "customers.csv?from=2026-02-01T00:00:00Z").await;
    let old = rows(&shop, &admin, "customers.csv?until=2026-02-01T00:00:00Z").await;

    let emails: HashSet<_> = all[1..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!((all.len(), emails.len(), old.len()), (1203, 1202, 1202));
    assert_eq!(new.len(), 2, "{new:?}");
    assert_eq!((new[1][1].as_str(), new[1][2].as_str()), (ann.email.as_str(), "'+49 30"));
    for wrong in ["from=yesterday", "colour=red"] {
        let path = format!("/api/admin/exports/customers.csv?{wrong}");
        assert!(admin.get(&shop, &path).await.0.is_client_error(), "{wrong}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_finished_breaks_off_instead_of_ending() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    crowd(&shop).await;
    let bearer = format!("Bearer {}", admin.token);
    let headers = [("authorization", bearer.as_str())];
    let asked = request(Method::GET, "/api/admin/exports/customers.csv", None, &headers);

    let mut body = shop.begin(Ipv4Addr::LOCALHOST.into(), asked).await.into_body();
    let head = body.frame().await.unwrap().unwrap().into_data().unwrap();
    shop.execute("ALTER TABLE customer RENAME TO customer_away").await;
    let rest = body.collect().await;

    assert!(head.starts_with(b"id,email,"), "{head:?}");
    assert!(rest.is_err(), "a part was sent as if it were the whole");
}
