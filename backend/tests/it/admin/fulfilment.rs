//! Sending orders in parts, and everything that goes wrong with parcels.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Clerk, Shop};

/// The parcel that was made last.
fn newest(order: &Value) -> Value {
    order["fulfilments"].as_array().unwrap().last().unwrap().clone()
}

fn line(order: &Value, quantity: i32) -> Value {
    let id = &order["order"]["lines"][0]["id"];
    json!([{ "line_id": id, "quantity": quantity }])
}

async fn sent(shop: &Shop, admin: &Clerk, bought: &Value, lines: &Value) -> Value {
    let (status, order) = admin.pack(shop, bought, lines).await;
    assert_eq!(status, StatusCode::CREATED, "{order}");
    let parcel = newest(&order);
    let (status, parcel) = admin.parcel(shop, &parcel, "ship").await;
    assert_eq!(status, StatusCode::OK, "{parcel}");
    parcel
}

#[tokio::test]
async fn an_order_goes_out_in_parts_and_is_done_when_all_arrived() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let bought = shop.sold(mug, 3).await;
    let order = admin.order(&shop, &bought).await;
    let mut statuses = Vec::new();
    let mut look = async |what: &str| {
        let order = admin.order(&shop, &bought).await;
        let words = ["fulfilment_status", "status"].map(|name| order["order"][name].clone());
        statuses.push((what.to_owned(), words[0].clone(), words[1].clone()));
    };

    let first = sent(&shop, &admin, &bought, &line(&order, 2)).await;
    look("two sent").await;
    assert_eq!(shop.level(mug).await, (7, 1));
    let second = sent(&shop, &admin, &bought, &json!([])).await;
    look("all sent").await;
    admin.parcel(&shop, &first, "deliver").await;
    look("two arrived").await;
    admin.parcel(&shop, &second, "deliver").await;
    look("all arrived").await;

    let words: Vec<_> =
        statuses.iter().map(|it| (it.1.as_str().unwrap(), it.2.as_str().unwrap())).collect();
    assert_eq!(
        words,
        [
            ("partial", "placed"),
            ("fulfilled", "placed"),
            ("fulfilled", "placed"),
            ("delivered", "completed")
        ]
    );
    assert_eq!(shop.level(mug).await, (6, 0));
    assert_eq!(second["lines"][0]["quantity"], 1);
    let (refused, _) = admin.act(&shop, &bought, "cancel", &Value::Null).await;
    assert_eq!(refused, StatusCode::CONFLICT, "what arrived was called off");
    shop.assert_sound().await;
}

#[tokio::test]
async fn its_shopper_is_told_once_where_a_parcel_is() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let bought = shop.sold(mug, 1).await;
    let (_, order) = admin.pack(&shop, &bought, &json!([])).await;
    let parcel = newest(&order);
    let path = format!("/api/admin/fulfilments/{}", parcel["id"].as_str().unwrap());
    let tracking = json!({ "carrier": " DHL ", "tracking_number": "JD0146", "tracking_url": "https://dhl.example/JD0146" });

    let told = admin.send(&shop, (Method::PATCH, &path), Some(&tracking), &[]).await;
    for wrong in ["http://dhl.example/1", "javascript:alert(1)", "//evil.example", "dhl"] {
        let body = json!({ "tracking_url": wrong });
        let answer = admin.send(&shop, (Method::PATCH, &path), Some(&body), &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    admin.parcel(&shop, &parcel, "ship").await;
    let (again, _) = admin.parcel(&shop, &parcel, "ship").await;
    shop.settle().await;

    assert_eq!(told.status, StatusCode::OK, "{}", told.json());
    assert_eq!(again, StatusCode::CONFLICT);
    let letters: Vec<_> =
        shop.app.mailer.kept().into_iter().filter(|it| it.subject.contains("on its way")).collect();
    assert_eq!(letters.len(), 1);
    for word in ["DHL", "JD0146", "https://dhl.example/JD0146"] {
        assert!(letters[0].text.contains(word), "{word}: {}", letters[0].text);
    }
    let shoppers = shop.order(&bought).await;
    let last = shoppers["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["kind"], &last["message"]),
        (&json!("shipped"), &json!("On its way to you with DHL."))
    );
    shop.assert_sound().await;
}

#[tokio::test]
async fn no_more_is_packed_than_was_bought_however_many_pack_at_once() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let bought = shop.sold(mug, 3).await;
    let order = admin.order(&shop, &bought).await;

    for (quantity, status) in [(4, 422), (0, 422), (-1, 422), (i32::MAX, 422)] {
        let answer = admin.pack(&shop, &bought, &line(&order, quantity)).await;
        assert_eq!(answer.0.as_u16(), status, "{quantity}: {}", answer.1);
    }
    let twice = json!([line(&order, 2)[0], line(&order, 2)[0]]);
    assert_eq!(admin.pack(&shop, &bought, &twice).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let version = order["order"]["version"].clone();
    let path = format!("/api/admin/orders/{}/fulfilments", order["order"]["id"].as_str().unwrap());
    let body = json!({ "lines": line(&order, 2) });
    let pack = || admin.change(&shop, (Method::POST, &path), &version, &body);
    let (one, two) = tokio::join!(pack(), pack());

    let mut statuses = [one.0.as_u16(), two.0.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412]);
    assert_eq!(
        admin.pack(&shop, &bought, &line(&order, 2)).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    shop.assert_sound().await;
}

#[tokio::test]
async fn sending_races_calling_off_and_one_of_them_wins() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 50).await;

    for round in 0..6 {
        let bought = shop.sold(mug, 1).await;
        let (_, order) = admin.pack(&shop, &bought, &json!([])).await;
        let parcel = newest(&order);
        let (sent, off) = tokio::join!(admin.parcel(&shop, &parcel, "ship"), shop.cancel(&bought));
        let won = (sent.0 == StatusCode::OK, off.0 == StatusCode::OK);
        assert!(won.0 != won.1, "round {round}: {sent:?} {off:?}");
    }

    shop.settle().await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn two_clerks_who_send_one_parcel_send_it_once() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 9).await;
    let bought = shop.sold(mug, 2).await;
    let (_, order) = admin.pack(&shop, &bought, &json!([])).await;
    let parcel = newest(&order);

    let answers =
        futures::future::join_all((0..8).map(|_| admin.parcel(&shop, &parcel, "ship"))).await;

    let went = answers.iter().filter(|answer| answer.0 == StatusCode::OK).count();
    assert_eq!(went, 1, "{answers:?}");
    assert_eq!(shop.level(mug).await, (7, 0));
    shop.assert_sound().await;
}

#[tokio::test]
async fn what_could_not_be_handed_over_comes_back_and_is_sold_again() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 2).await;
    let bought = shop.sold(mug, 2).await;
    let parcel = sent(&shop, &admin, &bought, &json!([])).await;

    let (early, _) = admin.parcel(&shop, &parcel, "return").await;
    let (failed, _) = admin.parcel(&shop, &parcel, "fail").await;
    let (back, _) = admin.parcel(&shop, &parcel, "return").await;

    assert_eq!((early, failed, back), (StatusCode::CONFLICT, StatusCode::OK, StatusCode::OK));
    assert_eq!(shop.level(mug).await, (2, 0));
    assert_eq!(admin.order(&shop, &bought).await["order"]["fulfilment_status"], "returned");
    shop.sold(mug, 2).await;
    shop.assert_sound().await;
}

#[tokio::test]
async fn goods_that_are_not_here_yet_are_not_sent() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = shop.stock("mug", 12_00, 1).await;
    shop.execute("UPDATE stock_level SET backorder_limit = 5").await;
    let bought = shop.sold(mug, 3).await;
    let (_, order) = admin.pack(&shop, &bought, &json!([])).await;

    let (status, why) = admin.parcel(&shop, &newest(&order), "ship").await;

    assert_eq!((status, &why["code"]), (StatusCode::CONFLICT, &json!("not_on_hand")), "{why}");
    assert_eq!(shop.level(mug).await, (1, 3));
    shop.assert_sound().await;
}
