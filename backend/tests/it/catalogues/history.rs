//! Seeing before what an import will change, and taking it back after.

use api_types::VariantId;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use backend::catalog::import::{Event, Options, history};
use serde_json::{Value, json};

use super::{content, file, fixture, plainly, take};
use crate::support::{Clerk, Shop};

const TWO: &str = "Handle,Title,Tags,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n\
    mug,Mug,stone,M-1,12,shopify,5\nbowl,Bowl,,B-1,20,shopify,3\n";
const CHANGED: &str = "Handle,Title,Tags,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n\
    mug,Stone mug,\"stone, daily\",M-1,14,shopify,9\nbowl,Bowl,,B-1,20,shopify,3\ncup,Cup,,C-1,7,shopify,2\n";

async fn undo(shop: &Shop) -> Result<history::Undone, history::NotUndone> {
    history::undo(&shop.app, None, &backend::staff::Actor::system()).await
}

#[tokio::test]
async fn a_dry_run_tells_every_change_and_makes_none() {
    let shop = Shop::open().await;
    take(&shop, file(TWO).path(), &plainly()).await;
    let before = content(&shop).await;
    let dry = Options { is_dry_run: true, ..plainly() };

    let (totals, heard) = take(&shop, file(CHANGED).path(), &dry).await;

    assert_eq!((totals.created, totals.updated, totals.unchanged), (1, 1, 1));
    assert_eq!(content(&shop).await, before, "a dry run changed something");
    let told: Vec<_> = heard
        .0
        .iter()
        .filter_map(|event| match event {
            Event::Differs { handle, differences, .. } => Some((handle.as_str(), differences)),
            _ => None,
        })
        .collect();
    assert_eq!(told.iter().map(|it| it.0).collect::<Vec<_>>(), ["mug", "cup"]);
    let mug: Vec<_> =
        told[0].1.iter().map(|it| (it.field.as_str(), &it.before, &it.after)).collect();
    assert_eq!(
        mug,
        [
            ("tags", &json!(["stone"]), &json!(["stone", "daily"])),
            ("title", &json!("Mug"), &json!("Stone mug")),
            ("variant M-1: on_hand", &json!(5), &json!(9)),
            ("variant M-1: price", &json!(1_200), &json!(1_400)),
        ]
    );
    let (applied, _) = take(&shop, file(CHANGED).path(), &plainly()).await;
    assert_eq!(
        (applied.created, applied.updated, applied.unchanged),
        (1, 1, 1),
        "it told something else"
    );
}

#[tokio::test]
async fn products_that_are_there_can_be_left_alone() {
    let shop = Shop::open().await;
    take(&shop, file(TWO).path(), &plainly()).await;
    let keeping = Options { keeps_existing: true, ..plainly() };

    let (totals, _) = take(&shop, file(CHANGED).path(), &keeping).await;

    assert_eq!((totals.created, totals.updated, totals.kept), (1, 0, 2));
    assert_eq!(shop.number("SELECT count(*) FROM product WHERE title = 'Mug'").await, 1);
}

/// What a shopper would see of the catalogue, without when and how often it changed.
async fn shown(shop: &Shop) -> String {
    shop.sql(async |tx| {
        sqlx::query_scalar(
            "SELECT coalesce(string_agg(concat_ws('|', handle, title, tags, status, published_at IS NOT NULL, sku,
                option_values, amount_minor, on_hand, archived_at IS NOT NULL), ';' ORDER BY handle, sku), '')
             FROM product JOIN variant USING (product_id) LEFT JOIN price USING (variant_id)
             LEFT JOIN stock_level USING (variant_id)",
        )
        .fetch_one(tx)
        .await
    })
    .await
}

#[tokio::test]
async fn the_last_import_is_taken_back_whole() {
    let shop = Shop::open().await;
    take(&shop, file(TWO).path(), &plainly()).await;
    let before = shown(&shop).await;
    take(&shop, file(CHANGED).path(), &plainly()).await;
    assert_ne!(shown(&shop).await, before);

    let undone = undo(&shop).await.unwrap();

    assert_eq!((undone.put_back, undone.removed, undone.archived), (1, 1, 0));
    assert_eq!(shown(&shop).await, before);
    shop.assert_sound().await;
    let first = undo(&shop).await.unwrap();
    assert_eq!((first.put_back, first.removed), (0, 2));
    assert_eq!(shown(&shop).await, "");
    let nothing = undo(&shop).await.unwrap_err();
    assert_eq!(nothing.to_string(), "there is no import to take back");
    let (again, _) = take(&shop, file(TWO).path(), &plainly()).await;
    assert_eq!(again.created, 2, "what was taken back cannot come again");
}

#[tokio::test]
async fn what_somebody_changed_or_bought_since_is_not_written_over() {
    let shop = Shop::open().await;
    take(&shop, file(TWO).path(), &plainly()).await;
    take(&shop, file(CHANGED).path(), &plainly()).await;
    shop.execute(
        "UPDATE product SET title = 'By hand', version = version + 1 WHERE handle = 'mug'",
    )
    .await;
    let cup = shop
        .sql(async |tx| {
            sqlx::query_scalar("SELECT variant_id FROM variant WHERE sku = 'C-1'")
                .fetch_one(tx)
                .await
        })
        .await;
    let bought = shop.sold(cup, 1).await;
    assert_eq!(bought["order"]["status"], "placed");

    let undone = undo(&shop).await.unwrap();

    assert_eq!(undone.changed_since, ["mug"]);
    assert_eq!((undone.removed, undone.archived), (0, 1));
    assert_eq!(shop.number("SELECT count(*) FROM product WHERE title = 'By hand'").await, 1);
    assert_eq!(
        shop.number("SELECT count(*) FROM product WHERE handle = 'cup' AND status = 'archived'")
            .await,
        1
    );
    shop.assert_sound().await;
}

/// The mug of the files.
async fn mug(shop: &Shop) -> VariantId {
    shop.sql(async |tx| {
        sqlx::query_scalar("SELECT variant_id FROM variant WHERE sku = 'M-1'").fetch_one(tx).await
    })
    .await
}

#[tokio::test]
async fn units_that_were_sold_since_stay_sold_when_a_count_is_taken_back() {
    let shop = Shop::open().await;
    take(&shop, file(TWO).path(), &plainly()).await;
    take(&shop, file(CHANGED).path(), &plainly()).await;
    let mug = mug(&shop).await;
    let admin = shop.admin().await;
    let bought = shop.sold(mug, 2).await;
    let (_, packed) = admin.pack(&shop, &bought, &json!([])).await;
    admin.parcel(&shop, &packed["fulfilments"][0], "ship").await;
    assert_eq!(shop.level(mug).await, (7, 0));

    undo(&shop).await.unwrap();

    assert_eq!(
        shop.level(mug).await,
        (3, 0),
        "5 were counted before, and 2 of them were sent since"
    );
    shop.assert_sound().await;
}

#[tokio::test]
async fn an_import_that_counts_fewer_than_orders_hold_is_a_loss_that_is_told() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    take(&shop, file(TWO).path(), &plainly()).await;
    let mug = mug(&shop).await;
    shop.sold(mug, 4).await;
    let counted = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n\
        mug,Mug,M-1,12,shopify,1\n";

    take(&shop, file(counted).path(), &plainly()).await;

    assert_eq!(shop.level(mug).await, (1, 4));
    shop.settle().await;
    shop.assert_sound().await;
    let letters = shop.app.mailer.kept().into_iter();
    let told: Vec<_> = letters.filter(|letter| letter.subject.contains("missing")).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].to, admin.email);
    assert!(told[0].subject.starts_with("3 things"), "{}", told[0].subject);
}

async fn upload(shop: &Shop, clerk: &Clerk, query: &str, csv: &'static str) -> (StatusCode, Value) {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/api/admin/imports{query}"))
        .header("authorization", format!("Bearer {}", clerk.token))
        .header("content-type", "text/csv")
        .body(Body::from(csv))
        .unwrap();
    let answer = shop.send(request).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn staff_hand_a_file_in_look_at_it_and_take_it_back() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;

    let (status, handed_in) = upload(&shop, &admin, "?file_name=goods.csv", CHANGED).await;
    let (empty, _) = upload(&shop, &admin, "", "").await;
    let is_done = backend::catalog::import::work(&shop.app).await.unwrap();
    let path = format!("/api/admin/imports/{}", handed_in["id"].as_str().unwrap());
    let (_, run) = admin.get(&shop, &path).await;
    let (_, first) = admin.get(&shop, &format!("{path}/rows?limit=2")).await;
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let (_, rest) = admin.get(&shop, &format!("{path}/rows?limit=2&cursor={cursor}")).await;
    let (_, listed) = admin.get(&shop, "/api/admin/imports").await;
    let (undone, what) = admin.post(&shop, &format!("{path}/undo"), &Value::Null).await;
    let (twice, _) = admin.post(&shop, &format!("{path}/undo"), &Value::Null).await;

    assert_eq!(
        (status, &handed_in["state"]),
        (StatusCode::CREATED, &json!("waiting")),
        "{handed_in}"
    );
    assert_eq!(empty, StatusCode::BAD_REQUEST);
    assert!(is_done);
    assert_eq!((&run["state"], &run["kind"]), (&json!("done"), &json!("shopify")), "{run}");
    assert_eq!(run["totals"]["created"], 3);
    assert_eq!(
        (first["data"].as_array().unwrap().len(), rest["data"].as_array().unwrap().len()),
        (2, 1)
    );
    assert_eq!(first["data"][0]["outcome"], "created");
    assert_eq!(listed["data"][0]["file_name"], "goods.csv");
    assert_eq!((undone, &what["removed"]), (StatusCode::OK, &json!(3)));
    assert_eq!(twice, StatusCode::CONFLICT);
    let (_, log) = admin.get(&shop, "/api/admin/audit?limit=2").await;
    assert_eq!(log["data"][0]["action"], "import.undone");
    assert_eq!(log["data"][1]["action"], "import.started");
    assert!(!backend::catalog::import::work(&shop.app).await.unwrap());
}

#[tokio::test]
async fn what_an_import_kept_ends_after_thirty_days_and_so_does_taking_it_back() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let (_, handed_in) = upload(&shop, &admin, "?file_name=goods.csv", CHANGED).await;
    assert!(backend::catalog::import::work(&shop.app).await.unwrap());
    let id = handed_in["id"].as_str().unwrap();
    let kept =
        "SELECT (SELECT count(*) FROM import_row) * 100 + (SELECT count(*) FROM import_change)";
    let files = shop.number("SELECT count(*) FROM import_run WHERE file IS NOT NULL").await;
    assert_eq!(
        (files, shop.number(kept).await),
        (0, 303),
        "the upload is gone, what it did is there"
    );

    shop.clock.advance(chrono::TimeDelta::days(30));
    backend::worker::expire(&shop.app).await.unwrap();
    assert_eq!(shop.number(kept).await, 303, "it can be taken back to the last moment");
    shop.clock.advance(chrono::TimeDelta::seconds(1));
    let too_old = undo(&shop).await.unwrap_err().to_string();
    let (fresh, _) = take(&shop, file(TWO).path(), &plainly()).await;
    let young = shop.number(kept).await;
    shop.clock.advance(chrono::TimeDelta::days(1));
    backend::worker::expire(&shop.app).await.unwrap();

    assert!(too_old.contains("30 days"), "{too_old}");
    assert_eq!(fresh.updated, 1, "it told of something else");
    assert!(young > 303);
    assert_eq!(
        shop.number(kept).await,
        young - 303,
        "what is young was forgotten, or what is old kept"
    );
    let mut admin = admin;
    admin.sign_in(&shop).await;
    let (_, run) = admin.get(&shop, &format!("/api/admin/imports/{id}")).await;
    assert_eq!((&run["state"], &run["totals"]["created"]), (&json!("done"), &json!(3)), "{run}");
    assert_eq!(undo(&shop).await.unwrap().put_back, 1, "the young one cannot be taken back");
}

#[tokio::test]
async fn a_file_that_is_none_is_told_to_whoever_handed_it_in() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;

    let (_, handed_in) = upload(&shop, &admin, "", "a,b\n1,2\n").await;
    backend::catalog::import::work(&shop.app).await.unwrap();
    let path = format!("/api/admin/imports/{}", handed_in["id"].as_str().unwrap());
    let (_, run) = admin.get(&shop, &path).await;

    assert_eq!(run["state"], "failed");
    assert!(run["failure"].as_str().unwrap().starts_with("this is no file of products"), "{run}");
}

#[tokio::test]
async fn an_import_whose_worker_was_lost_is_done_by_another_from_the_start() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    upload(&shop, &admin, "", CHANGED).await;
    shop.execute("UPDATE import_run SET state = 'running', claimed_until = '2026-03-02T09:05:00Z'")
        .await;

    let early = backend::catalog::import::work(&shop.app).await.unwrap();
    shop.clock.advance(chrono::TimeDelta::minutes(6));
    let late = backend::catalog::import::work(&shop.app).await.unwrap();

    assert_eq!((early, late), (false, true));
    assert_eq!(shop.number("SELECT count(*) FROM product").await, 3);
    assert_eq!(shop.number("SELECT count(*) FROM import_run WHERE state = 'done'").await, 1);
}

#[tokio::test]
async fn all_three_generations_of_shopify_s_file_say_the_same() {
    let shop = Shop::open().await;
    let legacy = "Handle,Title,Body (HTML),Vendor,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
        Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src\n\
        mug,Mug,<p>Hi</p>,Kiln,TRUE,Size,S,M-S,300,shopify,5,deny,12.00,\nmug,,,,,,L,M-L,400,shopify,0,continue,14.00,\n";
    let later = legacy
        .replace("Published", "Published,Status,Product Category")
        .replace("TRUE", "TRUE,active,")
        .replace("mug,,,,,,L", "mug,,,,,,,,L");
    let newest = "Title,URL handle,Description,Vendor,Published on online store,Status,SKU,Option1 name,Option1 value,Price,\
        Inventory tracker,Inventory quantity,Continue selling when out of stock,Weight value (grams),Product image URL\r\n\
        Mug,mug,<p>Hi</p>,Kiln,TRUE,Active,M-S,Size,S,12.00,shopify,5,DENY,300,\r\n,mug,,,,,M-L,,L,14.00,shopify,0,CONTINUE,400,\r\n";

    let (first, _) = take(&shop, file(legacy).path(), &plainly()).await;
    let (second, heard) = take(&shop, file(&later).path(), &plainly()).await;
    let (third, newest) = take(&shop, file(&format!("\u{feff}{newest}")).path(), &plainly()).await;

    assert_eq!(first.created, 1);
    assert_eq!((second.unchanged, second.refused), (1, 0), "{:#?}", heard.0);
    assert_eq!((third.unchanged, third.refused), (1, 0), "{:#?}", newest.0);
}

#[tokio::test]
async fn the_fixtures_of_bad_rows_stop_nothing() {
    let shop = Shop::open().await;

    let (totals, heard) = take(&shop, &fixture("shopify_bad_rows.csv"), &plainly()).await;

    assert!(totals.refused > 0 && totals.created > 0, "{totals:?}");
    assert_eq!(heard.refused().len() as u64, totals.refused);
}

#[tokio::test]
async fn an_import_is_taken_back_by_whoever_names_it_first_and_the_one_before_stays() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    take(&shop, file(TWO).path(), &plainly()).await;
    let before = shown(&shop).await;
    take(&shop, file(CHANGED).path(), &plainly()).await;
    let (_, listed) = admin.get(&shop, "/api/admin/imports").await;
    let path = format!("/api/admin/imports/{}/undo", listed["data"][0]["id"].as_str().unwrap());
    let older = format!("/api/admin/imports/{}/undo", listed["data"][1]["id"].as_str().unwrap());

    let (early, _) = admin.post(&shop, &older, &Value::Null).await;
    let asked = (0..4).map(|_| admin.post(&shop, &path, &Value::Null));
    let answers = futures::future::join_all(asked).await;

    assert_eq!(early, StatusCode::CONFLICT);
    let total = |name: &str| answers.iter().filter_map(|it| it.1[name].as_u64()).sum::<u64>();
    assert_eq!((total("put_back"), total("removed")), (1, 1), "{answers:?}");
    assert_eq!(shown(&shop).await, before);
    shop.assert_sound().await;
}

#[tokio::test]
async fn an_import_that_was_cut_off_can_be_taken_back_after_a_while() {
    let shop = Shop::open().await;
    take(&shop, file(TWO).path(), &plainly()).await;
    shop.execute("UPDATE import_run SET state = 'running', claimed_until = '2026-03-02T09:05:00Z'")
        .await;

    let early = undo(&shop).await.unwrap_err();
    shop.clock.advance(chrono::TimeDelta::minutes(6));
    let late = undo(&shop).await.unwrap();

    assert!(matches!(early, history::NotUndone::UnderWay), "{early}");
    assert_eq!(late.removed, 2);
}

#[tokio::test]
async fn a_file_larger_than_other_bodies_is_taken_and_one_without_end_is_not() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let rows = |count: usize| {
        format!("Handle,Title,Variant Price\nmug,Mug,1\n{}", "\n".repeat(count)).leak()
    };

    let (large, answer) = upload(&shop, &admin, "", rows(1_000_000)).await;
    let (endless, _) = upload(&shop, &admin, "", rows(64 * 1024 * 1024)).await;

    assert_eq!(large, StatusCode::CREATED, "{answer}");
    assert_eq!(endless, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn imports_of_the_command_line_are_written_down_too() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    take(&shop, file(TWO).path(), &plainly()).await;
    undo(&shop).await.unwrap();

    let (_, log) = admin.get(&shop, "/api/admin/audit?actor=system&limit=2").await;

    let actions: Vec<_> = log["data"].as_array().unwrap().iter().map(|it| &it["action"]).collect();
    assert_eq!(actions, ["import.undone", "import.started"]);
}
