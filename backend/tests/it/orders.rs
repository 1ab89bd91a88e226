//! What a shopper does with an order: order it again, file its invoice.

use std::{io::Write, process::Command};

use api_types::VariantId;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, Shop, request};

/// An order that was paid, and what `complete` answered.
async fn bought(shop: &Shop, things: &[(VariantId, i32)]) -> Value {
    let ann = shop.shopper().await;
    for (variant, quantity) in things {
        ann.add(shop, *variant, *quantity).await;
    }
    ann.settle_in(shop).await;
    let (status, bought) = ann.buy(shop, "tok_ok", "buying this").await;
    assert_eq!(status, StatusCode::OK, "{bought}");
    bought
}

fn path(bought: &Value, action: &str) -> String {
    let (id, token) =
        (bought["order"]["id"].as_str().unwrap(), bought["order_token"].as_str().unwrap());
    format!("/api/orders/{id}/{action}?token={token}")
}

async fn invoice(shop: &Shop, bought: &Value) -> Answer {
    shop.get_with(&path(bought, "invoice.pdf"), &[]).await
}

/// The words of a PDF, and how many pages it has; `None` when the machine has no reader of PDFs.
#[expect(clippy::print_stdout, reason = "a test that was skipped says so")]
fn read(pdf: &[u8]) -> Option<(String, usize)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let reader = Command::new("pdftotext")
        .args(["-layout", "-enc", "UTF-8"])
        .arg(file.path())
        .arg("-")
        .output();
    let Ok(read) = reader else {
        println!("skipped: pdftotext is not installed, so the words of the invoice are not read");
        return None;
    };
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let text = String::from_utf8(read.stdout).unwrap();
    let pages = text.matches('\u{c}').count();
    Some((text, pages))
}

/// A text without its gaps, which a reader of PDFs guesses.
fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

#[tokio::test]
async fn an_order_is_ordered_again_without_what_is_not_sold_any_more() {
    let shop = Shop::open().await;
    let (mug, tea, bowl) = (
        shop.stock("mug", 1_200, 9).await,
        shop.stock("tea", 700, 9).await,
        shop.stock("bowl", 900, 9).await,
    );
    let bought = bought(&shop, &[(mug, 2), (tea, 1), (bowl, 3)]).await;
    shop.execute("UPDATE product SET status = 'archived' WHERE handle = 'tea'").await;
    shop.reprice(mug, "EUR", 1_500).await;

    let (status, again) = shop.post(&path(&bought, "reorder"), &Value::Null).await;

    assert_eq!(status, StatusCode::OK, "{again}");
    assert_eq!(again["left_out"], json!(["Tea"]));
    let lines: Vec<_> = again["cart"]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["title"].as_str().unwrap(),
                line["quantity"].as_i64().unwrap(),
                line["unit_price"]["amount"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(lines, [("Mug", 2, 1_500), ("Bowl", 3, 900)]);
    assert_eq!(
        (&again["cart"]["country"], &again["cart"]["currency"]),
        (&json!("DE"), &json!("EUR"))
    );
    let cart = again["cart"]["id"].as_str().unwrap();
    let opened = shop
        .get_with(
            &format!("/api/carts/{cart}"),
            &[("x-cart-token", again["token"].as_str().unwrap())],
        )
        .await;
    assert_eq!(opened.status, StatusCode::OK, "the token opens the new cart");
    assert_ne!(bought["order"]["cart_id"], again["cart"]["id"]);
}

#[tokio::test]
async fn a_customer_orders_again_into_the_cart_they_have_and_a_second_press_adds_nothing() {
    let shop = Shop::open().await;
    let (mug, tea) = (shop.stock("mug", 1_200, 9).await, shop.stock("tea", 700, 9).await);
    let bought = bought(&shop, &[(mug, 2)]).await;
    let ann = shop.register("ann@example.com").await;
    let lines = json!({ "country": "DE", "lines": [{ "variant_id": tea, "quantity": 1 }] });
    let (_, own) = ann.post(&shop, "/api/carts", &lines).await;

    let (order, press) = (path(&bought, "reorder"), [("idempotency-key", "one press of it")]);
    let again = ann.send(&shop, Method::POST, &order, None, &press).await.json();
    let twice = ann.send(&shop, Method::POST, &order, None, &press).await.json();

    for answer in [&again, &twice] {
        assert_eq!(answer["cart"]["id"], own["cart"]["id"], "{answer}");
        assert_eq!(answer["token"], "", "no token opens a customer's cart");
        let lines = answer["cart"]["lines"].as_array().unwrap();
        let lines: Vec<_> = lines.iter().map(|line| (&line["title"], &line["quantity"])).collect();
        assert_eq!(lines, [(&json!("Tea"), &json!(1)), (&json!("Mug"), &json!(2))]);
    }
}

#[tokio::test]
async fn nothing_that_is_left_opens_no_cart() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let bought = bought(&shop, &[(mug, 1)]).await;
    shop.execute("UPDATE product SET status = 'draft'").await;
    let before = shop.number("SELECT count(*) FROM cart").await;

    let (status, problem) = shop.post(&path(&bought, "reorder"), &Value::Null).await;

    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("nothing_left")));
    assert_eq!(problem["facts"]["left_out"], json!(["Mug"]), "{problem}");
    assert_eq!(shop.number("SELECT count(*) FROM cart").await, before);
}

#[tokio::test]
async fn strangers_get_neither_cart_nor_invoice_of_an_order() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let (ours, other) = (bought(&shop, &[(mug, 1)]).await, bought(&shop, &[(mug, 1)]).await);
    let id = ours["order"]["id"].as_str().unwrap();

    for (method, action) in [(Method::POST, "reorder"), (Method::GET, "invoice.pdf")] {
        let path = format!("/api/orders/{id}/{action}");
        for headers in [&[][..], &[("x-order-token", other["order_token"].as_str().unwrap())][..]] {
            let answer = shop.send(request(method.clone(), &path, None, headers)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{action}");
        }
    }
}

#[tokio::test]
async fn an_invoice_says_what_the_order_says() {
    let shop = Shop::open().await;
    shop.execute(r#"INSERT INTO setting (key, value) VALUES ('seller', '{"name": "Oxcart Goods GmbH", "address": ["Lindenhofer Ufer 14", "10997 Berlin"], "vat_number": "DE123"}')"#).await;
    let (mug, book) = (shop.stock("mug", 1_999, 99).await, shop.stock("book", 1_070, 99).await);
    shop.execute("UPDATE product SET tax_class_id = (SELECT tax_class_id FROM tax_class WHERE code = 'reduced'), title = 'Łódź, μια πόλη' WHERE handle = 'book'").await;
    let bought = bought(&shop, &[(mug, 3), (book, 1)]).await;
    let order = shop.order(&bought).await;

    let answer = invoice(&shop, &bought).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert!(answer.body.starts_with(b"%PDF-"));
    let Some((text, pages)) = read(&answer.body) else { return };
    let text = bare(&text);
    assert_eq!(pages, 1);
    let number = order["number"].as_i64().unwrap();
    for words in [
        &format!("Invoice {number}"),
        "Oxcart Goods GmbH",
        "10997 Berlin",
        "VAT number DE123",
        "Ann Weber",
        "Torstraße 1",
        "10115 Berlin",
        "Germany",
        "2 March 2026",
        "Łódź, μια πόλη",
        "MUG",
        "Paid in full",
        "Mug 3 €19.99 19 % €59.97",
        "Łódź, μια πόλη 1 €10.70 7 % €10.70",
        "Subtotal €70.67",
        "Page 1 of 1",
    ] {
        assert!(text.contains(&bare(words)), "{words} is not in {text}");
    }
    let shown = |money: &Value| -> String {
        let amount = money["amount"].as_i64().unwrap();
        format!("€{}.{:02}", amount / 100, amount % 100)
    };
    assert!(text.contains(&format!("Total{}", shown(&order["totals"]["total"]))), "{text}");
    assert!(text.contains(&format!("Paid{}", shown(&order["paid"]))), "{text}");
    for tax in order["totals"]["tax_lines"].as_array().unwrap() {
        assert!(text.contains(&shown(&tax["amount"])), "{tax} is not in {text}");
    }
}

#[tokio::test]
async fn an_invoice_with_tax_on_top_adds_it() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 2_000, 9).await;
    let ann = shop.shopper().await;
    ann.add(&shop, mug, 1).await;
    let contact = json!({ "email": "ann@example.com", "shipping_address": { "name": "Ann", "line1": "1 Main St", "city": "New York", "region": "NY", "postal_code": "10001", "country": "US" } });
    ann.ask(&shop, Method::PATCH, "", Some(&contact)).await;
    let (_, options) = ann.ask(&shop, Method::GET, "/shipping-options", None).await;
    ann.ask(
        &shop,
        Method::PUT,
        "/shipping",
        Some(&json!({ "method_id": options["data"][0]["id"] })),
    )
    .await;
    let total = ann.look(&shop).await["totals"]["total"].clone();
    let transfer = json!({ "method": "bank_transfer" });
    let (status, bought) = ann.buy_for(&shop, &total, &transfer, "buying this").await;
    assert_eq!(status, StatusCode::OK, "{bought}");

    let answer = invoice(&shop, &bought).await;

    let Some((text, _)) = read(&answer.body) else { return };
    let text = bare(&text);
    let taxes = bought["order"]["totals"]["tax_lines"].as_array().unwrap();
    assert!(!taxes.is_empty());
    for words in ["United States", "Subtotal $20.00", "To pay", "Transfer the total", "New York"] {
        assert!(text.contains(&bare(words)), "{words} is not in {text}");
    }
    assert!(!text.contains("Paidinfull"), "{text}");
}

#[tokio::test]
async fn a_long_invoice_goes_on_on_the_next_page() {
    let shop = Shop::open().await;
    let mut things = Vec::new();
    for place in 0..100 {
        things.push((shop.stock(&format!("thing-{place:03}"), 100 + place, 9).await, 1));
    }
    let bought = bought(&shop, &things).await;

    let answer = invoice(&shop, &bought).await;

    assert_eq!(answer.status, StatusCode::OK);
    let Some((text, pages)) = read(&answer.body) else { return };
    assert!((3..=5).contains(&pages), "{pages} pages");
    for place in 0..100 {
        assert!(text.contains(&format!("Thing {place:03}")), "line {place} is not there");
    }
    for page in 1..=pages {
        assert!(text.contains(&format!("Page {page} of {pages}")), "{page}");
    }
    let heads = text.matches("Quantity").count();
    assert!(
        (pages - 1..=pages).contains(&heads),
        "every sheet with lines has a head: {heads} of {pages}"
    );
}

#[tokio::test]
async fn there_is_no_invoice_before_an_order_is_placed() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let (_, problem) = ann.buy(&shop, "tok_declined", "declined once").await;
    let (id, token) = (
        problem["facts"]["order_id"].as_str().unwrap(),
        problem["facts"]["order_token"].as_str().unwrap(),
    );

    let (status, problem) = shop.get(&format!("/api/orders/{id}/invoice.pdf?token={token}")).await;

    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_placed")));
}

#[tokio::test]
async fn an_invoice_of_a_cancelled_order_asks_for_nothing() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_200, 9).await;
    let bought = bought(&shop, &[(mug, 1)]).await;
    shop.cancel(&bought).await;
    shop.settle().await;

    let answer = invoice(&shop, &bought).await;

    let Some((text, _)) = read(&answer.body) else { return };
    assert!(text.contains("This order was cancelled. There is nothing to pay."), "{text}");
    assert!(!text.contains("To pay"), "{text}");
}
