//! Stock by hand: received, corrected, counted, carried.

use api_types::VariantId;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::desk::{first_location, open, pointers, text};
use crate::support::{Clerk, Shop};

fn change(variant: VariantId, location: &str, kind: &str, quantity: i64) -> Value {
    json!({ "variant_id": variant, "location_id": location, "kind": kind, "quantity": quantity, "reason": "stocktaking" })
}

async fn second_location(shop: &Shop, clerk: &Clerk) -> Value {
    let body = json!({ "title": "Cellar" });
    let (status, made) = clerk.post(shop, "/api/admin/stock/locations", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made
}

async fn carry(
    shop: &Shop,
    clerk: &Clerk,
    key: &str,
    (variant, from, to): (VariantId, &str, &str),
    quantity: i32,
) -> (StatusCode, Value) {
    let body = json!({ "variant_id": variant, "from_id": from, "to_id": to, "quantity": quantity, "reason": "closer" });
    let at = (Method::POST, "/api/admin/stock/transfer");
    let answer = clerk.send(shop, at, Some(&body), &[("idempotency-key", key)]).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn each_change_is_one_movement_with_its_reason_and_who_made_it() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 5).await;
    let place = first_location(&shop).await;

    for (key, kind, quantity, on_hand) in [
        ("key number 1", "receive", 10, 15),
        ("key number 2", "adjust", -2, 13),
        ("key number 3", "count", 20, 20),
        ("key number 4", "count", 20, 20),
    ] {
        let (status, made) = clerk.adjust(&shop, key, &change(mug, &place, kind, quantity)).await;
        assert_eq!(status, StatusCode::OK, "{made}");
        assert_eq!(
            (&made["reason"], text(&made["actor"])),
            (&json!("stocktaking"), clerk.id.as_str())
        );
        assert_eq!(shop.level(mug).await, (on_hand, 0));
    }

    let path = format!("/api/admin/stock/movements?variant={mug}&limit=3");
    let (_, page) = clerk.get(&shop, &path).await;
    let deltas = |page: &Value| -> Vec<Value> {
        page["data"].as_array().unwrap().iter().map(|it| it["on_hand"].clone()).collect()
    };
    assert_eq!(deltas(&page), [0, 7, -2]);
    let path = format!("{path}&cursor={}", text(&page["page"]["next_cursor"]));
    assert_eq!(deltas(&clerk.get(&shop, &path).await.1), [10, 5]);
    let told = "SELECT count(*) FROM audit_log WHERE action = 'stock.adjusted'";
    assert_eq!(shop.number(told).await, 4);
    shop.assert_sound().await;
}

#[tokio::test]
async fn the_same_key_changes_once_and_never_something_else() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 5).await;
    let place = first_location(&shop).await;
    let body = change(mug, &place, "receive", 10);

    let (first, second) = tokio::join!(
        clerk.adjust(&shop, "one intent", &body),
        clerk.adjust(&shop, "one intent", &body)
    );
    let (other, answer) =
        clerk.adjust(&shop, "one intent", &change(mug, &place, "receive", 11)).await;
    let at = (Method::POST, "/api/admin/stock/adjust");
    let without = clerk.send(&shop, at, Some(&body), &[]).await;

    assert_eq!((first.0, &first.1), (StatusCode::OK, &second.1));
    assert_eq!(
        (other, &answer["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("idempotency_key_reused"))
    );
    assert_eq!(without.status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.level(mug).await, (15, 0));
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_leaves_no_trace() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 5).await;
    let place = first_location(&shop).await;
    let mut keys = (0..).map(|number| format!("refused {number}"));

    for (kind, quantity) in [
        ("receive", 0),
        ("receive", -1),
        ("receive", 1_000_001),
        ("receive", i64::from(i32::MAX)),
        ("receive", 9_007_199_254_740_993),
        ("receive", i64::MAX),
        ("adjust", 0),
        ("adjust", i64::from(i32::MIN)),
        ("adjust", i64::MIN),
        ("count", -1),
        ("steal", 1),
    ] {
        let body = change(mug, &place, kind, quantity);
        let (status, answer) = clerk.adjust(&shop, &keys.next().unwrap(), &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {quantity}: {answer}");
    }
    for reason in [String::new(), "  ".to_owned(), "x".repeat(201), "a\u{7}".to_owned()] {
        let mut body = change(mug, &place, "receive", 1);
        body["reason"] = json!(reason);
        let (_, answer) = clerk.adjust(&shop, &keys.next().unwrap(), &body).await;
        assert_eq!(pointers(&answer), ["/reason"]);
    }
    let nowhere = format!("loc_{:032x}", 7);
    let (_, answer) =
        clerk.adjust(&shop, &keys.next().unwrap(), &change(mug, &nowhere, "receive", 1)).await;
    assert_eq!(pointers(&answer), ["/location_id"]);
    let nothing = VariantId(uuid::Uuid::from_u128(7));
    let (_, answer) =
        clerk.adjust(&shop, &keys.next().unwrap(), &change(nothing, &place, "receive", 1)).await;
    assert_eq!(pointers(&answer), ["/variant_id"]);
    let (status, answer) =
        clerk.adjust(&shop, &keys.next().unwrap(), &change(mug, &place, "adjust", -6)).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("below_zero")));
    assert_eq!(answer["facts"]["on_hand"], 5);

    assert_eq!(shop.level(mug).await, (5, 0));
    assert_eq!(shop.number("SELECT count(*) FROM stock_movement").await, 1);
    assert_eq!(shop.number("SELECT count(*) FROM audit_log WHERE action LIKE 'stock.%'").await, 0);
}

#[tokio::test]
async fn a_loss_of_what_was_promised_is_recorded_and_told() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 5).await;
    let place = first_location(&shop).await;
    let ann = shop.ready_shopper(mug, 4).await;
    ann.buy(&shop, "tok_ok", "four of five").await;

    let (status, made) =
        clerk.adjust(&shop, "a shelf fell", &change(mug, &place, "adjust", -3)).await;

    assert_eq!((status, &made["missing"]), (StatusCode::OK, &json!(2)), "{made}");
    assert_eq!(shop.level(mug).await, (2, 4));
    let (status, answer) = {
        let bob = shop.shopper().await;
        bob.add(&shop, mug, 1).await
    };
    assert!(status != StatusCode::OK || answer["problems"] != json!([]), "{answer}");
    shop.settle().await;
    shop.assert_sound().await;
}

/// The letters about missing goods: to whom, and their words.
async fn told(shop: &Shop) -> Vec<(String, String)> {
    shop.settle().await;
    let letters = shop.app.mailer.kept().into_iter();
    letters
        .filter(|letter| letter.subject.contains("missing"))
        .map(|letter| (letter.to, format!("{}: {}", letter.subject, letter.text)))
        .collect()
}

#[tokio::test]
async fn those_who_look_after_orders_hear_of_a_loss_and_find_the_orders_until_it_is_made_good() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let [support, catalog, finance] = [
        shop.clerk(&admin, "support").await,
        shop.clerk(&admin, "catalog").await,
        shop.clerk(&admin, "finance").await,
    ];
    let (mug, tea) = (shop.stock("mug", 1_000, 5).await, shop.stock("tea", 1_000, 5).await);
    let place = first_location(&shop).await;
    let waits = shop.sold(mug, 4).await["order"]["number"].clone();
    let other = shop.sold(tea, 4).await["order"]["number"].clone();
    let short = async || {
        let (_, page) = support.get(&shop, "/api/admin/orders?short=true").await;
        page["data"].as_array().unwrap().iter().map(|it| it["number"].clone()).collect::<Vec<_>>()
    };
    assert!(short().await.is_empty());

    catalog.adjust(&shop, "a shelf fell", &change(mug, &place, "adjust", -3)).await;
    catalog.adjust(&shop, "a shelf fell", &change(mug, &place, "adjust", -3)).await;
    catalog.adjust(&shop, "one was lost", &change(tea, &place, "adjust", -1)).await;

    let letters = told(&shop).await;
    let readers: Vec<_> = letters.iter().map(|(to, _)| to).collect();
    assert_eq!(readers, [&admin.email, &support.email], "{letters:?}");
    assert!(!readers.contains(&&finance.email));
    for part in ["2 things", "2 × ", &format!("#{waits}")] {
        assert!(letters[0].1.contains(part), "no {part:?} in {letters:?}");
    }
    assert!(!letters[0].1.contains(&format!("#{other}")), "{letters:?}");
    assert_eq!(short().await, [waits]);
    catalog.adjust(&shop, "more came", &change(mug, &place, "receive", 2)).await;
    assert!(short().await.is_empty());
    assert_eq!(told(&shop).await.len(), 2);
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_loss_that_was_made_good_lets_nothing_be_sold_twice_unseen() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 5).await;
    let place = first_location(&shop).await;
    shop.sold(mug, 4).await;
    clerk.adjust(&shop, "a shelf fell", &change(mug, &place, "adjust", -3)).await;
    shop.assert_sound().await;
    clerk.adjust(&shop, "some came", &change(mug, &place, "receive", 1)).await;
    shop.assert_sound().await;
    clerk.adjust(&shop, "more came", &change(mug, &place, "receive", 1)).await;
    let broken = async |tampering: &'static str| {
        let tampered = async |tx: &mut sqlx::PgConnection| {
            sqlx::query("SAVEPOINT whole").execute(&mut *tx).await?;
            sqlx::query(tampering).execute(&mut *tx).await?;
            let found = backend::verify::verify(&mut *tx).await?;
            sqlx::query("ROLLBACK TO whole").execute(&mut *tx).await?;
            Ok(found)
        };
        let found = shop.sql(tampered).await.into_iter();
        found.filter(|it| it.violations > 0).map(|it| it.id).collect::<Vec<_>>()
    };

    assert!(broken("SELECT").await.is_empty());
    let promised = broken("UPDATE stock_level SET reserved = reserved + 1").await;
    let sold = broken("UPDATE order_line SET quantity = quantity + 1").await;

    assert!(promised.contains(&"I1"), "{promised:?}");
    assert!(sold.contains(&"I3"), "{sold:?}");
}

#[tokio::test]
async fn units_are_carried_but_not_those_that_orders_hold() {
    let (shop, clerk) = open().await;
    let mug = shop.stock("mug", 1_000, 5).await;
    let place = first_location(&shop).await;
    let cellar = second_location(&shop, &clerk).await;
    let cellar = text(&cellar["id"]);
    let ann = shop.ready_shopper(mug, 2).await;
    ann.buy(&shop, "tok_ok", "two of five").await;

    let (status, answer) = carry(&shop, &clerk, "too many of them", (mug, &place, cellar), 4).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("reserved")));
    let (status, made) = carry(&shop, &clerk, "three of them", (mug, &place, cellar), 3).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    let (_, again) = carry(&shop, &clerk, "three of them", (mug, &place, cellar), 3).await;
    assert_eq!(again, made);
    assert_eq!(
        (&made["out"]["kind"], &made["into"]["kind"]),
        (&json!("transfer_out"), &json!("transfer_in"))
    );
    for quantity in [0, -1, i32::MAX] {
        let (status, _) =
            carry(&shop, &clerk, "wrong number", (mug, &place, cellar), quantity).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let (_, answer) = carry(&shop, &clerk, "to itself", (mug, cellar, cellar), 1).await;
    assert_eq!(pointers(&answer), ["/to_id"]);

    let (_, levels) = clerk.get(&shop, &format!("/api/admin/stock?variant={mug}")).await;
    let mut on_hand: Vec<_> = levels["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["level"]["on_hand"].as_i64().unwrap())
        .collect();
    on_hand.sort_unstable();
    assert_eq!(on_hand, [2, 3]);
    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn locations_serve_until_they_do_not_and_one_always_does() {
    let (shop, clerk) = open().await;
    shop.stock("mug", 1_000, 5).await;
    let (_, all) = clerk.get(&shop, "/api/admin/stock/locations").await;
    let first = &all["data"][0];
    let path = format!("/api/admin/stock/locations/{}", text(&first["id"]));
    let close = json!({ "is_active": false });
    let patch = || (Method::PATCH, path.as_str());

    let (status, answer) = clerk.change(&shop, patch(), &first["version"], &close).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("last_location")));
    let cellar = second_location(&shop, &clerk).await;
    let taken = json!({ "title": "Attic", "priority": cellar["priority"] });
    let (_, answer) = clerk.post(&shop, "/api/admin/stock/locations", &taken).await;
    assert_eq!(pointers(&answer), ["/priority"]);
    for body in [
        json!({ "title": "" }),
        json!({ "title": "x", "priority": -1 }),
        json!({ "title": "x", "priority": i32::MAX }),
    ] {
        let (status, _) = clerk.post(&shop, "/api/admin/stock/locations", &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let (status, _) = clerk.change(&shop, patch(), &first["version"], &close).await;
    assert_eq!(status, StatusCode::OK);
    let (stale, _) = clerk.change(&shop, patch(), &first["version"], &close).await;
    assert_eq!(stale, StatusCode::PRECONDITION_FAILED);

    assert_eq!(shop.get("/api/products/mug").await.1["availability"], "sold_out");
    let (status, _) = clerk.change(&shop, patch(), &json!(2), &json!({ "is_active": true })).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(shop.get("/api/products/mug").await.1["availability"], "low");
}

#[tokio::test]
async fn levels_that_are_low_and_holds_of_orders_are_listed() {
    let (shop, clerk) = open().await;
    let (mug, cup) = (shop.stock("mug", 1_000, 50).await, shop.stock("cup", 1_000, 3).await);
    let ann = shop.ready_shopper(mug, 4).await;
    let (_, bought) = ann.buy(&shop, "tok_ok", "four of fifty").await;

    let (_, low) = clerk.get(&shop, "/api/admin/stock?low=true").await;
    assert_eq!(low["data"].as_array().map(Vec::len), Some(1), "{low}");
    assert_eq!(
        (&low["data"][0]["variant_id"], &low["data"][0]["is_low"]),
        (&json!(cup), &json!(true))
    );
    let (_, first) = clerk.get(&shop, "/api/admin/stock?limit=1").await;
    let path = format!("/api/admin/stock?limit=1&cursor={}", text(&first["page"]["next_cursor"]));
    let (_, last) = clerk.get(&shop, &path).await;
    assert_eq!(
        (&last["data"][0]["variant_id"], &last["page"]["next_cursor"]),
        (&json!(cup), &Value::Null)
    );

    let (_, holds) = clerk.get(&shop, &format!("/api/admin/stock/holds?variant={mug}")).await;
    let hold = &holds["data"][0];
    assert_eq!(
        (&hold["order_id"], &hold["quantity"]),
        (&bought["order"]["id"], &json!(4)),
        "{holds}"
    );
    assert_eq!(hold["state"], "converted");
    let (_, none) = clerk.get(&shop, "/api/admin/stock/holds?state=active").await;
    assert_eq!(none["data"], json!([]));
    let path = format!("/api/admin/stock/holds/{}", text(&hold["order_id"]));
    let refused = clerk.send(&shop, (Method::DELETE, &path), None, &[]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}
