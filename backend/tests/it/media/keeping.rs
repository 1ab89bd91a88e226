//! Staff keep pictures: sent in once, named, hung, found and taken away.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use backend::{
    jobs::{self, Lane},
    worker,
};
use image::{ImageFormat, Rgba, RgbaImage};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{files, picture, written};
use crate::support::{Clerk, Shop};

async fn hang(
    shop: &Shop,
    clerk: &Clerk,
    product: &Value,
    pictures: &[&Value],
) -> (StatusCode, Value) {
    let path = format!("/api/admin/products/{}", product["id"].as_str().unwrap());
    let (_, seen) = clerk.get(shop, &path).await;
    let pictures: Vec<_> = pictures.iter().map(|it| json!({ "media_id": it["id"] })).collect();
    let body = json!({ "pictures": pictures });
    let to = (Method::PUT, format!("{path}/media"));
    clerk.change(shop, (to.0, &to.1), &seen["version"], &body).await
}

async fn product(shop: &Shop, clerk: &Clerk, handle: &str) -> Value {
    shop.stock(handle, 500, 5).await;
    let (_, found) = clerk.get(shop, "/api/admin/products?limit=100").await;
    let all = found["data"].as_array().unwrap();
    all.iter().find(|it| it["handle"] == handle).unwrap().clone()
}

#[tokio::test]
async fn a_picture_is_sent_in_once_and_becomes_files_that_are_kept() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let clerk = shop.clerk(&admin, "catalog").await;
    let file = picture(1000, 500, ImageFormat::Jpeg);

    let first = clerk.send_picture(&shop, (file.clone(), "image/jpeg"), "?alt=A%20mug").await;
    let before = first.json();
    let second = clerk.send_picture(&shop, (file.clone(), "image/jpeg"), "?alt=Other").await;
    shop.settle().await;
    let third = clerk.send_picture(&shop, (file, "image/jpeg"), "").await;
    let (_, page) =
        clerk.get(&shop, &format!("/api/admin/media/{}", before["id"].as_str().unwrap())).await;

    assert_eq!(
        [first.status, second.status, third.status],
        [StatusCode::CREATED, StatusCode::OK, StatusCode::OK]
    );
    assert_eq!((&before["is_ready"], &before["picture"]["sources"]), (&json!(false), &json!([])));
    assert_eq!((&second.json()["id"], &third.json()["id"]), (&before["id"], &before["id"]));
    assert_eq!(
        (&page["is_ready"], &page["picture"]["alt"], &page["uses"]),
        (&json!(true), &json!("A mug"), &json!(0))
    );
    let sources = page["picture"]["sources"].as_array().unwrap();
    let widths: Vec<_> = sources
        .iter()
        .map(|it| (it["mime"].as_str().unwrap(), it["width"].as_i64().unwrap()))
        .collect();
    let (avif, webp) = ("image/avif", "image/webp");
    assert_eq!(
        widths,
        [(avif, 400), (avif, 800), (avif, 1000), (webp, 400), (webp, 800), (webp, 1000)]
    );
    // The pixels that they were made from are gone.
    assert_eq!(files(&shop).len(), 6, "{:?}", files(&shop));
    let mut bytes = 0;
    for source in sources {
        let file = shop.get_with(source["url"].as_str().unwrap(), &[]).await;
        bytes += file.body.len();
        if source["mime"] == webp {
            let read = image::load_from_memory(&file.body).unwrap();
            assert_eq!(
                json!([read.width(), read.height() * 2]),
                json!([source["width"], source["width"]])
            );
        }
    }
    assert_eq!(page["bytes"], json!(bytes));
    let (_, log) = admin.get(&shop, "/api/admin/audit?limit=100").await;
    let made = log["data"].as_array().unwrap().iter().filter(|it| it["action"] == "media.created");
    assert_eq!(made.count(), 1);
    shop.assert_sound().await;
}

#[tokio::test]
async fn shoppers_see_a_picture_once_its_first_files_are_there() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = product(&shop, &admin, "mug").await;
    let see_through =
        RgbaImage::from_fn(300, 300, |x, _| Rgba([200, 30, 30, if x < 150 { 0 } else { 255 }]));
    let file = written(see_through, ImageFormat::Png);
    let sent = admin.send_picture(&shop, (file, "image/png"), "?alt=Half").await.json();

    let (status, sheet) = hang(&shop, &admin, &mug, &[&sent]).await;
    let (_, too_early) = shop.get("/api/products/mug").await;
    assert_eq!(
        (status, &sheet["pictures"][0]["picture"]["id"]),
        (StatusCode::OK, &sent["id"]),
        "{sheet}"
    );
    assert_eq!(too_early["pictures"], json!([]));

    shop.settle().await;
    let (_, page) = shop.get("/api/products/mug").await;
    let sources = page["pictures"][0]["picture"]["sources"].as_array().unwrap().clone();
    assert_eq!(sources.len(), 2, "{page}");
    let webp = shop.get_with(sources[1]["url"].as_str().unwrap(), &[]).await;
    let read = image::load_from_memory(&webp.body).unwrap().into_rgba8();
    assert_eq!((read.get_pixel(10, 10).0[3], read.get_pixel(290, 10).0[3]), (0, 255));
}

#[tokio::test]
async fn thousands_of_pictures_hold_up_no_letter() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    admin.send_picture(&shop, (picture(50, 50, ImageFormat::Png), "image/png"), "").await;

    let shop_floor = jobs::run_due(&shop.app, Lane::Shop).await.unwrap();
    let errands = jobs::run_due(&shop.app, Lane::Errands).await.unwrap();
    let pictures = jobs::run_due(&shop.app, Lane::Pictures).await.unwrap();

    assert_eq!((shop_floor, errands, pictures), (0, 0, 1));
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_ends_with_the_picture_that_it_makes() {
    const SENT: i64 = 6;
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    for side in 0..u32::try_from(SENT).unwrap() {
        let file = picture(900 + side, 900, ImageFormat::Png);
        admin.send_picture(&shop, (file, "image/png"), "").await;
    }
    let made = "SELECT count(DISTINCT media_id) FROM media_file";
    let stop = CancellationToken::new();
    let worker = tokio::spawn(worker::run(shop.app.clone(), stop.clone()));
    while shop.number(made).await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    stop.cancel();
    worker.await.unwrap();

    assert!(shop.number(made).await < SENT, "it went on as if nobody had said anything");
}

#[tokio::test]
async fn words_are_changed_by_whoever_saw_the_newest_and_shoppers_read_them() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = product(&shop, &admin, "mug").await;
    let sent = admin.new_picture(&shop, picture(20, 20, ImageFormat::WebP)).await;
    hang(&shop, &admin, &mug, &[&sent]).await;
    let path = format!("/api/admin/media/{}", sent["id"].as_str().unwrap());
    let to = || (Method::PATCH, path.as_str());
    let words = json!({ "alt": " A blue mug " });

    let blind = admin.send(&shop, to(), Some(&words), &[]).await;
    let (first, after) = admin.change(&shop, to(), &sent["version"], &words).await;
    let (stale, _) = admin.change(&shop, to(), &sent["version"], &words).await;
    let (long, _) =
        admin.change(&shop, to(), &after["version"], &json!({ "alt": "x".repeat(301) })).await;

    assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!((first, stale), (StatusCode::OK, StatusCode::PRECONDITION_FAILED));
    assert_eq!(long, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, page) = shop.get("/api/products/mug").await;
    assert_eq!(page["pictures"][0]["picture"]["alt"], "A blue mug");
}

#[tokio::test]
async fn pictures_are_found_by_their_words_and_by_whether_they_hang() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = product(&shop, &admin, "mug").await;
    let mut sent = Vec::new();
    for side in 10..15 {
        sent.push(admin.new_picture(&shop, picture(side, side, ImageFormat::Png)).await);
    }
    hang(&shop, &admin, &mug, &[&sent[1], &sent[3]]).await;
    let ids = async |query: &str| {
        let (status, found) = admin.get(&shop, &format!("/api/admin/media{query}")).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        found["data"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect::<Vec<_>>()
    };
    let of = |places: &[usize]| {
        places.iter().map(|place| sent[*place]["id"].clone()).collect::<Vec<_>>()
    };

    assert_eq!(ids("?used=true").await, of(&[3, 1]));
    assert_eq!(ids("?used=false").await, of(&[4, 2, 0]));
    assert_eq!(ids("?q=PICTURE").await.len(), 5);
    assert_eq!(ids("?q=100%25").await.len(), 0);
    let (_, first) = admin.get(&shop, "/api/admin/media?limit=3").await;
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    assert_eq!(ids(&format!("?limit=3&cursor={cursor}")).await, of(&[1, 0]));
}

#[tokio::test]
async fn a_picture_that_hangs_stays_and_one_that_does_not_goes_with_its_files() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let mug = product(&shop, &admin, "mug").await;
    let sent = admin.new_picture(&shop, picture(20, 30, ImageFormat::Png)).await;
    let url = sent["picture"]["sources"][0]["url"].as_str().unwrap();
    let path = format!("/api/admin/media/{}", sent["id"].as_str().unwrap());
    let take =
        async || admin.change(&shop, (Method::DELETE, &path), &sent["version"], &Value::Null).await;

    hang(&shop, &admin, &mug, &[&sent]).await;
    let (on_a_product, told) = take().await;
    assert_eq!((on_a_product, &told["code"]), (StatusCode::CONFLICT, &json!("in_use")));
    assert_eq!(told["facts"]["uses"], json!([{ "kind": "product", "name": "mug" }]));
    hang(&shop, &admin, &mug, &[]).await;

    let home = json!({ "value": { "hero": { "title": "A", "text": "B", "link": { "title": "C", "path": "/search" }, "picture": sent["source"] } } });
    let (_, all) = admin.get(&shop, "/api/admin/settings").await;
    let seen = all["data"].as_array().unwrap().iter().find(|it| it["key"] == "home").unwrap();
    let (set, told) = admin
        .change(&shop, (Method::PUT, "/api/admin/settings/home"), &seen["version"], &home)
        .await;
    assert_eq!(set, StatusCode::OK, "{told}");
    let (_, shown) = shop.get("/api/home").await;
    assert_eq!(shown["hero"]["picture"]["id"], sent["id"], "{shown}");
    let (on_the_home_page, told) = take().await;
    assert_eq!(
        (on_the_home_page, &told["facts"]["uses"][0]["kind"]),
        (StatusCode::CONFLICT, &json!("home")),
        "{told}"
    );
    shop.execute("DELETE FROM setting WHERE key = 'home'").await;

    let (gone, _) = take().await;
    shop.settle().await;
    assert_eq!(gone, StatusCode::NO_CONTENT);
    assert_eq!(files(&shop), Vec::<String>::new());
    assert_eq!(shop.get(url).await.0, StatusCode::NOT_FOUND);
    assert_eq!(admin.get(&shop, &path).await.0, StatusCode::NOT_FOUND);

    // The same file again is a new picture, with files of its own.
    let again = admin.new_picture(&shop, picture(20, 30, ImageFormat::Png)).await;
    assert_ne!(again["id"], sent["id"]);
    assert_eq!(files(&shop).len(), 2);
}
