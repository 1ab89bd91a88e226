//! Pictures of an import: fetched within bounds, asked for again later, and taken back with it.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use backend::{
    catalog::import::{Event, Options, history},
    http::Path,
};
use chrono::TimeDelta;
use image::ImageFormat;
use serde_json::{Value, json};

use super::{Heard, file, plainly, take};
use crate::{
    media::{files, picture},
    support::{Clerk, Shop},
};

/// Somebody else's server of pictures.
struct Server {
    address: String,
    /// What it answers to a name; 503 to all others.
    has: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    asked: Arc<AtomicUsize>,
    /// How many it was asked for at once, at most.
    most: Arc<AtomicUsize>,
}

impl Server {
    async fn open() -> Self {
        let has: Arc<Mutex<HashMap<String, Vec<u8>>>> = Arc::default();
        let (asked, most, now) = (<Arc<AtomicUsize>>::default(), Arc::default(), Arc::default());
        let answer = {
            let (has, asked, most) = (Arc::clone(&has), Arc::clone(&asked), Arc::clone(&most));
            async move |Path(name): Path<String>| -> Response {
                asked.fetch_add(1, Ordering::SeqCst);
                let open = AtomicUsize::fetch_add(&now, 1, Ordering::SeqCst) + 1;
                AtomicUsize::fetch_max(&most, open, Ordering::SeqCst);
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                if name == "gone" {
                    return StatusCode::NOT_FOUND.into_response();
                }
                let found = has.lock().unwrap().get(&name).cloned();
                found.map_or(
                    StatusCode::SERVICE_UNAVAILABLE.into_response(),
                    IntoResponse::into_response,
                )
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().route("/{name}", get(answer));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { address, has, asked, most }
    }

    fn has(&self, name: &str, side: u32) {
        let file = picture(side, side, ImageFormat::Png);
        self.has.lock().unwrap().insert(name.to_owned(), file);
    }

    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }

    /// A file of products: their handles, and the names of their pictures.
    fn file(&self, products: &[(&str, &[&str])]) -> tempfile::NamedTempFile {
        let mut csv = "Handle,Title,Variant Price,Image Src,Image Alt Text\n".to_owned();
        for (handle, pictures) in products {
            for (place, name) in pictures.iter().enumerate() {
                let (title, price) = if place == 0 { (*handle, "5") } else { ("", "") };
                writeln!(csv, "{handle},{title},{price},{}/{name},{name}", self.address).unwrap();
            }
        }
        file(&csv)
    }
}

fn with_pictures() -> Options {
    Options { with_pictures: true, ..plainly() }
}

fn missing(heard: &Heard) -> Vec<(u64, &str, &str, bool)> {
    let missing = heard.0.iter().filter_map(|event| match event {
        Event::NoPicture { line, url, reason, is_asked_again, .. } => {
            Some((*line, url.rsplit('/').next().unwrap(), reason.as_str(), *is_asked_again))
        }
        _ => None,
    });
    missing.collect()
}

/// The words of a product's pictures, in order, as shoppers see them.
async fn shown(shop: &Shop, handle: &str) -> Value {
    let (status, page) = shop.get(&format!("/api/products/{handle}")).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["pictures"].as_array().unwrap().iter().map(|it| it["picture"]["alt"].clone()).collect()
}

/// What came of the last import's pictures: their names and states, and how often they were asked for.
async fn report(shop: &Shop, clerk: &Clerk) -> Value {
    let (_, runs) = clerk.get(shop, "/api/admin/imports").await;
    let id = runs["data"][0]["id"].as_str().unwrap();
    let (status, told) = clerk.get(shop, &format!("/api/admin/imports/{id}/pictures")).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let rows = told["data"].as_array().unwrap().iter().map(|row| {
        let name = row["url"].as_str().unwrap().rsplit('/').next().unwrap();
        json!([row["handle"], name, row["state"], row["tries"]])
    });
    rows.collect()
}

/// Lets the time of a job's pause pass, and its job be done.
async fn wait(shop: &Shop, seconds: i64) {
    shop.clock.advance(TimeDelta::seconds(seconds));
    shop.settle().await;
}

async fn undo(shop: &Shop) -> history::Undone {
    history::undo(&shop.app, None, &backend::staff::Actor::system()).await.unwrap()
}

#[tokio::test]
async fn a_picture_that_cannot_be_had_is_told_and_comes_later_where_it_belongs() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let server = Server::open().await;
    server.has("first", 20);
    server.has("third", 30);
    let csv = server.file(&[("mug", &["first", "late", "third", "gone"]), ("cup", &["late"])]);

    let (totals, heard) = take(&shop, csv.path(), &with_pictures()).await;
    shop.settle().await;

    assert_eq!((totals.created, totals.pictures, totals.no_pictures), (2, 2, 2), "{:?}", heard.0);
    assert_eq!(
        missing(&heard),
        [(3, "late", "answered 503", true), (5, "gone", "answered 404", false)]
    );
    assert_eq!(shown(&shop, "mug").await, json!(["first", "third"]));
    assert_eq!(shown(&shop, "cup").await, json!([]));
    assert_eq!(server.asked(), 4);

    // Still away: it is asked for with growing pauses, once for all who want it.
    wait(&shop, 40).await;
    assert_eq!(server.asked(), 1);
    wait(&shop, 1).await;
    assert_eq!(server.asked(), 0);
    assert_eq!(
        report(&shop, &admin).await,
        json!([
            ["mug", "first", "fetched", 1],
            ["mug", "late", "waiting", 2],
            ["mug", "third", "fetched", 1],
            ["mug", "gone", "missing", 1],
            ["cup", "late", "waiting", 2]
        ])
    );

    server.has("late", 40);
    wait(&shop, 60).await;
    assert_eq!(shown(&shop, "mug").await, json!(["first", "late", "third"]));
    assert_eq!(shown(&shop, "cup").await, json!(["late"]));
    assert_eq!(report(&shop, &admin).await[1], json!(["mug", "late", "fetched", 3]));
    wait(&shop, 4_000).await;
    assert_eq!(server.asked(), 1);
    shop.assert_sound().await;
}

#[tokio::test]
async fn a_picture_that_never_comes_is_given_up_and_staff_can_ask_again() {
    let shop = Shop::open().await;
    let mut admin = shop.admin().await;
    let server = Server::open().await;
    take(&shop, server.file(&[("mug", &["late"])]).path(), &with_pictures()).await;

    for _ in 0..15 {
        wait(&shop, 5_000).await;
    }
    admin.sign_in(&shop).await;
    assert_eq!(report(&shop, &admin).await[0][2], "missing");
    let (_, dead) = admin.get(&shop, "/api/admin/jobs?state=dead").await;
    assert_eq!(dead["data"][0]["kind"], "media.fetch", "{dead}");
    assert!(dead["data"][0]["last_error"].as_str().unwrap().contains("answered 503"));

    server.has("late", 20);
    let again = format!("/api/admin/jobs/{}/retry", dead["data"][0]["id"].as_str().unwrap());
    assert_eq!(admin.post(&shop, &again, &Value::Null).await.0, StatusCode::OK);
    shop.settle().await;
    assert_eq!(shown(&shop, "mug").await, json!(["late"]));
}

#[tokio::test]
async fn a_later_import_says_anew_what_is_waited_for() {
    let shop = Shop::open().await;
    let server = Server::open().await;
    server.has("other", 20);
    take(&shop, server.file(&[("mug", &["late"])]).path(), &with_pictures()).await;
    take(&shop, server.file(&[("mug", &["other"])]).path(), &with_pictures()).await;

    server.has("late", 30);
    wait(&shop, 60).await;

    assert_eq!(shown(&shop, "mug").await, json!(["other"]));
}

#[tokio::test]
async fn a_product_whose_rows_stand_apart_hangs_what_its_last_rows_name() {
    let shop = Shop::open().await;
    let server = Server::open().await;
    server.has("first", 20);
    server.has("second", 30);
    server.has("third", 40);
    let csv = server.file(&[
        ("mug", &["first", "third"]),
        ("cup", &["first"]),
        ("mug", &["first", "second"]),
    ]);

    take(&shop, csv.path(), &with_pictures()).await;
    shop.settle().await;

    assert_eq!(shown(&shop, "mug").await, json!(["first", "second"]));
    assert_eq!(shown(&shop, "cup").await, json!(["first"]));
}

#[tokio::test]
async fn a_server_is_not_asked_for_everything_at_once() {
    let shop = Shop::open().await;
    let server = Server::open().await;
    let names: Vec<String> = (0..30).map(|number| format!("p{number}")).collect();
    for (name, side) in names.iter().zip(10..) {
        server.has(name, side);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();

    let (totals, _) = take(&shop, server.file(&[("mug", &names)]).path(), &with_pictures()).await;

    assert_eq!(totals.pictures, 30);
    let most = server.most.load(Ordering::SeqCst);
    assert!((2..=8).contains(&most), "{most} at once");
}

#[tokio::test]
async fn taking_an_import_back_takes_its_pictures_back_from_products_that_it_left_as_they_were() {
    let shop = Shop::open().await;
    let server = Server::open().await;
    for (name, side) in [("old", 20), ("new", 30), ("swapped", 40)] {
        server.has(name, side);
    }
    let first = server.file(&[("mug", &["old"]), ("cup", &["old"]), ("jug", &["old"])]);
    take(&shop, first.path(), &with_pictures()).await;
    shop.settle().await;
    let files_before = files(&shop);
    let second = server.file(&[
        ("mug", &["new", "old"]),
        ("cup", &["old"]),
        ("jug", &["swapped", "late"]),
        ("pot", &["new"]),
    ]);

    let (totals, _) = take(&shop, second.path(), &with_pictures()).await;
    shop.settle().await;
    assert_eq!((totals.unchanged, totals.created), (3, 1));
    assert_eq!(shown(&shop, "mug").await, json!(["new", "old"]));
    assert_eq!(shown(&shop, "jug").await, json!(["swapped"]));
    let undone = undo(&shop).await;
    server.has("late", 50);
    wait(&shop, 60).await;

    assert_eq!(
        (undone.removed, undone.pictures, undone.changed_since.len()),
        (1, 2, 0),
        "{undone:?}"
    );
    for handle in ["mug", "cup", "jug"] {
        assert_eq!(shown(&shop, handle).await, json!(["old"]), "{handle}");
    }
    assert_eq!(files(&shop), files_before);
    assert_eq!(undo(&shop).await.pictures, 1);
    shop.settle().await;
    assert_eq!(files(&shop), Vec::<String>::new());
    shop.assert_sound().await;
}

#[tokio::test]
async fn pictures_that_staff_hung_since_stay_when_the_import_is_taken_back() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let server = Server::open().await;
    server.has("old", 20);
    server.has("new", 30);
    take(&shop, server.file(&[("mug", &["old"]), ("cup", &["old"])]).path(), &with_pictures())
        .await;
    take(&shop, server.file(&[("mug", &["new"]), ("cup", &["new"])]).path(), &with_pictures())
        .await;
    let (_, all) = admin.get(&shop, "/api/admin/products").await;
    let mug = all["data"].as_array().unwrap().iter().find(|it| it["handle"] == "mug").unwrap();
    let path = format!("/api/admin/products/{}/media", mug["id"].as_str().unwrap());
    let none = json!({ "pictures": [] });
    let (status, _) = admin.change(&shop, (Method::PUT, &path), &json!(1), &none).await;
    assert_eq!(status, StatusCode::OK);

    let undone = undo(&shop).await;
    shop.settle().await;

    assert_eq!(undone.changed_since, ["mug"]);
    assert_eq!(shown(&shop, "mug").await, json!([]));
    assert_eq!(shown(&shop, "cup").await, json!(["old"]));
}
