//! From cart to order, and what becomes of it.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Shop;

#[tokio::test]
async fn a_shopper_buys_and_everything_adds_up() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 2).await;

    let (status, done) = ann.buy(&shop, "tok_ok", "key-00001").await;

    assert_eq!((status, done["status"].as_str()), (StatusCode::OK, Some("placed")), "{done}");
    let order = shop.order(&done).await;
    assert_eq!(order["status"], "placed");
    assert_eq!(order["payment_status"], "paid");
    assert_eq!(order["totals"]["subtotal"]["amount"], 3_998);
    assert_eq!(order["totals"]["shipping"]["amount"], 490);
    assert_eq!(order["totals"]["total"]["amount"], 4_488);
    assert_eq!(order["totals"]["tax"]["amount"], 716, "19 % included, line by line: 638 + 78");
    assert_eq!(shop.level(mug).await, (5, 2));
    let kinds: Vec<_> = order["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["created", "payment_received", "placed"]);
    shop.settle().await;
    let letters = shop.app.mailer.kept();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, "ann@example.com");
    assert!(letters[0].text.contains("2 x Mug  €39.98"), "{}", letters[0].text);
    assert!(letters[0].text.contains("https://shop.example/orders/ord_"));
    shop.assert_sound().await;
}

#[tokio::test]
async fn the_same_key_buys_once_and_answers_alike() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let total = ann.look(&shop).await["totals"]["total"].clone();
    let card = json!({ "method": "test", "token": "tok_ok" });

    let (_, first) = ann.buy_for(&shop, &total, &card, "key-00001").await;
    let (status, second) = ann.buy_for(&shop, &total, &card, "key-00001").await;
    let (other, problem) =
        ann.buy_for(&shop, &json!({ "amount": 1, "currency": "EUR" }), &card, "key-00001").await;
    let (third, locked) = ann.buy_for(&shop, &total, &card, "key-00002").await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&first["order"]["id"], &first["order_token"]),
        (&second["order"]["id"], &second["order_token"])
    );
    assert_eq!(
        (other, problem["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("idempotency_key_reused"))
    );
    assert_eq!((third, locked["code"].as_str()), (StatusCode::CONFLICT, Some("cart_locked")));
    assert_eq!(shop.level(mug).await, (5, 1));
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_repeated_key_tells_a_stranger_nothing() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let (ann, bob) = (shop.ready_shopper(mug, 1).await, shop.shopper().await);
    let total = ann.look(&shop).await["totals"]["total"].clone();
    let card = json!({ "method": "test", "token": "tok_ok" });
    ann.buy_for(&shop, &total, &card, "key-00001").await;
    let thief = crate::support::Shopper { cart: ann.cart.clone(), token: bob.token };

    let (status, problem) = thief.buy_for(&shop, &total, &card, "key-00001").await;

    assert_eq!((status, problem["code"].as_str()), (StatusCode::NOT_FOUND, Some("not_found")));
}

#[tokio::test]
async fn a_repeated_key_of_an_order_that_nobody_paid_says_so() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let total = ann.look(&shop).await["totals"]["total"].clone();
    let card = json!({ "method": "test", "token": "tok_declined" });
    let (_, first) = ann.buy_for(&shop, &total, &card, "key-00001").await;
    shop.wait(601).await;

    let (status, again) = ann.buy_for(&shop, &total, &card, "key-00001").await;

    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{again}");
    assert_eq!((&again["code"], &again["facts"]), (&first["code"], &first["facts"]));
}

#[tokio::test]
async fn a_question_that_arrives_after_all_is_paid_back() {
    let shop = Shop::open_with(&["--provider-timeout", "50"], |_| {}).await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let (_, done) = ann.buy(&shop, "tok_timeout_before", "key-00001").await;
    shop.cancel(&done).await;
    // The provider gets our first question only now, and takes the money.
    let order = done["order"]["id"].as_str().unwrap();
    let total = &done["order"]["totals"]["total"];
    let late = backend::payments::NewIntent {
        key: format!("order:{order}:v1"),
        order_ref: order.to_owned(),
        amount: serde_json::from_value(total.clone()).unwrap(),
        token: "tok_ok".to_owned(),
        return_url: String::new(),
    };
    let intent = shop.app.provider.create(&late).await.unwrap();

    hook(&shop, &intent.reference, "evt_1").await;
    shop.settle().await;

    assert_eq!(shop.order(&done).await["status"], "cancelled");
    assert_eq!(shop.number("SELECT refunded_minor FROM test_provider_intent").await, 2_489);
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_hook_that_nobody_takes_is_not_counted_as_work() {
    let shop = Shop::open_with(&["--listen", "127.0.0.1:1"], |_| {}).await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;
    ann.buy(&shop, "tok_ok", "key-00001").await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();

    let sent = backend::payments::test_provider::send_hooks(&shop.app, &client).await.unwrap();

    assert_eq!(sent, 0, "a loop that found work would ask again without a pause");
    let waiting = "SELECT count(*) FROM test_provider_intent WHERE hook_sent_at IS NULL";
    assert_eq!(shop.number(waiting).await, 1);
}

#[tokio::test]
async fn a_total_that_the_shopper_did_not_see_is_refused() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let seen = ann.look(&shop).await["totals"]["total"].clone();
    shop.reprice(mug, "EUR", 2_100).await;

    let (status, problem) = ann
        .buy_for(&shop, &seen, &json!({ "method": "test", "token": "tok_ok" }), "key-00001")
        .await;

    assert_eq!((status, problem["code"].as_str()), (StatusCode::CONFLICT, Some("cart_changed")));
    assert_eq!(problem["facts"]["totals"]["total"]["amount"], 2_590);
    assert_eq!(shop.number("SELECT count(*) FROM orders").await, 0);
    assert_eq!(shop.level(mug).await, (5, 0));
}

#[tokio::test]
async fn what_is_missing_is_named_by_field() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.shopper().await;
    ann.add(&shop, mug, 1).await;

    let (status, problem) = ann.buy(&shop, "tok_ok", "key-00001").await;

    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/email", "/shipping_address"]);
    let mut wrong = crate::support::berlin();
    wrong["postal_code"] = json!("1011");
    ann.ask(
        &shop,
        Method::PATCH,
        "",
        Some(&json!({ "email": "ann@example.com", "shipping_address": wrong })),
    )
    .await;
    let (_, problem) = ann.buy(&shop, "tok_ok", "key-00002").await;
    assert_eq!(problem["errors"][0]["pointer"], "/shipping_address/postal_code");
    let body = json!({ "expected_total": { "amount": 1, "currency": "EUR" }, "payment": { "method": "test" } });
    let (status, _) = ann.ask(&shop, Method::POST, "/complete", Some(&body)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "no key");
}

#[tokio::test]
async fn a_declined_card_charges_nothing_and_can_be_tried_again() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;

    let (status, problem) = ann.buy(&shop, "tok_declined", "key-00001").await;

    assert_eq!(
        (status, problem["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("payment_failed"))
    );
    assert_eq!(problem["detail"], "Your card was declined. Nothing was charged.");
    let (id, token) = (
        problem["facts"]["order_id"].as_str().unwrap(),
        problem["facts"]["order_token"].as_str().unwrap(),
    );
    assert_eq!(shop.order_by(id, token).await.1["status"], "pending_payment");
    let (_, again) = ann.buy(&shop, "tok_declined", "key-00001").await;
    assert_eq!(again["code"], "payment_failed", "the same key answers alike");
    let (status, done) = ann.buy(&shop, "tok_ok", "key-00002").await;
    assert_eq!((status, done["order"]["id"].as_str()), (StatusCode::OK, Some(id)), "{done}");
    shop.settle().await;
    assert_eq!(shop.app.mailer.kept().len(), 1);
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_lost_answer_charges_once_and_is_found_out() {
    let shop = Shop::open_with(&["--provider-timeout", "50"], |_| {}).await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;

    let (status, done) = ann.buy(&shop, "tok_timeout_after", "key-00001").await;
    assert_eq!((status, done["status"].as_str()), (StatusCode::OK, Some("pending")), "{done}");
    shop.wait(20).await;

    let order = shop.order(&done).await;
    assert_eq!(
        (order["status"].as_str(), order["payment_status"].as_str()),
        (Some("placed"), Some("paid"))
    );
    assert_eq!(shop.number("SELECT count(*) FROM test_provider_intent").await, 1);
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_question_that_never_arrived_ends_with_the_order_and_opens_the_cart() {
    let shop = Shop::open_with(&["--provider-timeout", "50"], |_| {}).await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 2).await;

    let (_, done) = ann.buy(&shop, "tok_timeout_before", "key-00001").await;
    assert_eq!(done["status"], "pending");
    assert_eq!(shop.level(mug).await, (5, 2));
    shop.wait(601).await;

    assert_eq!(shop.order(&done).await["status"], "expired");
    assert_eq!(shop.level(mug).await, (5, 0));
    let cart = ann.look(&shop).await;
    assert_eq!(
        (cart["status"].as_str(), cart["lines"][0]["quantity"].as_i64()),
        (Some("open"), Some(2))
    );
    let (status, _) = ann.buy(&shop, "tok_ok", "key-00002").await;
    assert_eq!(status, StatusCode::OK);
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_payment_that_must_be_confirmed_waits_for_its_shopper() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;

    let (_, done) = ann.buy(&shop, "tok_confirm", "key-00001").await;
    assert_eq!(done["status"], "requires_action");
    let page = done["redirect_url"]
        .as_str()
        .unwrap()
        .strip_prefix("https://shop.example")
        .unwrap()
        .to_owned();
    let shown = shop.get_with(&page, &[]).await;
    assert_eq!(shown.status, StatusCode::OK);
    let pressed = confirm(&shop, &page).await;
    assert!(pressed.starts_with("https://shop.example/orders/ord_"), "{pressed}");
    hook(&shop, page.rsplit('/').next().unwrap(), "evt_1").await;
    hook(&shop, page.rsplit('/').next().unwrap(), "evt_1").await;
    shop.settle().await;

    assert_eq!(shop.order(&done).await["payment_status"], "paid");
    assert_eq!(shop.number("SELECT count(*) FROM payment_event").await, 1);
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_hook_that_is_not_signed_is_not_heard() {
    let shop = Shop::open().await;
    let hook = json!({ "event_id": "evt_1", "intent": "ti_1" });

    let (status, _) = shop.post("/api/hooks/payments/test", &hook).await;

    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(shop.number("SELECT count(*) FROM payment_event").await, 0);
}

#[tokio::test]
async fn money_that_comes_too_late_goes_back() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let (_, done) = ann.buy(&shop, "tok_confirm", "key-00001").await;
    let page = done["redirect_url"]
        .as_str()
        .unwrap()
        .strip_prefix("https://shop.example")
        .unwrap()
        .to_owned();
    shop.cancel(&done).await;
    // The provider took the money although it had said that it would not.
    shop.execute("UPDATE test_provider_intent SET state = 'succeeded'").await;

    hook(&shop, page.rsplit('/').next().unwrap(), "evt_1").await;
    shop.settle().await;

    assert_eq!(shop.order(&done).await["status"], "cancelled");
    assert_eq!(shop.number("SELECT refunded_minor FROM test_provider_intent").await, 2_489);
    assert_eq!(shop.number("SELECT count(*) FROM payment_case WHERE state = 'refunded'").await, 1);
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_bank_transfer_is_placed_at_once_and_paid_later() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 1).await;
    let total = ann.look(&shop).await["totals"]["total"].clone();

    let (_, done) =
        ann.buy_for(&shop, &total, &json!({ "method": "bank_transfer" }), "key-00001").await;

    assert_eq!(done["status"], "placed", "{done}");
    let order = shop.order(&done).await;
    assert_eq!(order["payment_status"], "unpaid");
    assert!(order["payment_instructions"].as_str().unwrap().contains("IBAN"), "{order}");
    shop.wait(86_400).await;
    assert_eq!(shop.order(&done).await["status"], "placed");
    assert_eq!(shop.level(mug).await, (5, 1));
    shop.assert_sound().await;
}

#[tokio::test]
async fn calling_off_puts_stock_and_money_back_once() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 2).await;
    let (_, done) = ann.buy(&shop, "tok_ok", "key-00001").await;

    let (status, order) = shop.cancel(&done).await;
    assert_eq!((status, order["status"].as_str()), (StatusCode::OK, Some("cancelled")), "{order}");
    shop.cancel(&done).await;
    shop.settle().await;

    let order = shop.order(&done).await;
    assert_eq!(order["payment_status"], "refunded");
    assert_eq!(order["refunded"], order["totals"]["total"]);
    assert_eq!(shop.level(mug).await, (5, 0));
    assert_eq!(shop.number("SELECT count(*) FROM test_provider_refund").await, 1);
    let subjects: Vec<_> =
        shop.app.mailer.kept().into_iter().map(|letter| letter.subject).collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    shop.assert_sound().await;
}

#[tokio::test]
async fn calling_off_before_paying_opens_the_cart_again() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let ann = shop.ready_shopper(mug, 2).await;
    let (_, done) = ann.buy(&shop, "tok_confirm", "key-00001").await;
    let (status, locked) = ann.add(&shop, mug, 1).await;
    assert_eq!((status, locked["code"].as_str()), (StatusCode::CONFLICT, Some("cart_locked")));

    let (_, order) = shop.cancel(&done).await;

    assert_eq!(order["status"], "cancelled");
    let (status, cart) = ann.add(&shop, mug, 1).await;
    assert_eq!((status, cart["lines"][0]["quantity"].as_i64()), (StatusCode::OK, Some(3)));
    shop.assert_sound().await;
}

#[tokio::test]
async fn an_order_opens_to_its_link_only() {
    let shop = Shop::open().await;
    let mug = shop.stock("mug", 1_999, 5).await;
    let (ann, bob) = (shop.ready_shopper(mug, 1).await, shop.ready_shopper(mug, 1).await);
    let (_, hers) = ann.buy(&shop, "tok_ok", "key-00001").await;
    let (_, his) = bob.buy(&shop, "tok_ok", "key-00001").await;
    let id = hers["order"]["id"].as_str().unwrap();

    for token in [his["order_token"].as_str().unwrap(), "", "wrong"] {
        assert_eq!(shop.order_by(id, token).await.0, StatusCode::NOT_FOUND);
        let (status, _) =
            shop.post(&format!("/api/orders/{id}/cancel?token={token}"), &Value::Null).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    assert_eq!(shop.get(&format!("/api/orders/{id}")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(shop.order(&hers).await["status"], "placed");
}

#[tokio::test]
async fn what_is_free_is_placed_without_a_provider() {
    let shop = Shop::open().await;
    let sample = shop.stock("sample", 0, 5).await;
    shop.execute("UPDATE variant SET requires_shipping = false").await;
    let ann = shop.shopper().await;
    ann.add(&shop, sample, 1).await;
    ann.ask(&shop, Method::PATCH, "", Some(&json!({ "email": "ann@example.com" }))).await;

    let (status, done) = ann.buy(&shop, "tok_ok", "key-00001").await;

    assert_eq!(
        (status, done["order"]["payment_status"].as_str()),
        (StatusCode::OK, Some("paid")),
        "{done}"
    );
    assert_eq!(shop.number("SELECT count(*) FROM test_provider_intent").await, 0);
    shop.settle().await;
    shop.assert_sound().await;
}

async fn confirm(shop: &Shop, page: &str) -> String {
    let request = axum::http::Request::post(page)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("answer=confirm".into())
        .unwrap();
    shop.send(request).await.header("location").to_owned()
}

async fn hook(shop: &Shop, intent: &str, event: &str) {
    let body = json!({ "event_id": event, "intent": intent });
    let backend::payments::Provider::Test(provider) = &shop.app.provider;
    let signature = provider.signature(body.to_string().as_bytes());
    let headers = [("x-test-signature", signature.as_str())];
    let answer = shop
        .send(crate::support::request(
            Method::POST,
            "/api/hooks/payments/test",
            Some(&body),
            &headers,
        ))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}
