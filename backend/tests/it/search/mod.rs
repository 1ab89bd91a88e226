//! Lists, search and suggestions, and how they follow the database.

mod shelf;

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::Value;
use sqlx::Connection;

use self::shelf::{Item, Shelf, encoded, handles, insert, item};
use crate::support::Shop;

#[tokio::test]
async fn the_index_is_built_from_what_is_on_sale() {
    let mut shelf = Shelf::open().await;
    insert(&mut shelf.rows, &item("mug", "Mug")).await;
    insert(&mut shelf.rows, &item("draft", "Draft")).await;
    shelf.run("UPDATE product SET status = 'draft' WHERE handle = 'draft'").await;

    shelf.shop.app.search.build(&shelf.shop.app.db).await.unwrap();
    shelf.shop.app.search.build(&shelf.shop.app.db).await.unwrap();

    assert_eq!(shelf.list("").await, ["mug"]);
    let (_, page) = shelf.get("/products").await;
    assert_eq!(page["data"][0]["price"], serde_json::json!({ "amount": 1_000, "currency": "EUR" }));
}

#[tokio::test]
async fn a_list_follows_every_change_of_a_product() {
    let mut shelf = Shelf::with(&[item("mug", "Mug"), item("cup", "Cup")]).await;
    assert_eq!(shelf.list("").await.len(), 2);

    shelf.run("UPDATE price SET amount_minor = 777").await;
    shelf.follow().await;
    assert_eq!(shelf.list("price_min=777&price_max=777").await.len(), 2);

    shelf.run("UPDATE stock_level SET on_hand = 0").await;
    shelf.follow().await;
    assert_eq!(shelf.list("available=true").await, [""; 0]);
    assert_eq!(shelf.list("available=false").await.len(), 2);

    shelf.run("UPDATE stock_level SET on_hand = 1").await;
    shelf.follow().await;
    assert_eq!(shelf.list("available=true").await.len(), 2);

    shelf.run("UPDATE product SET status = 'archived' WHERE handle = 'mug'").await;
    shelf.follow().await;
    assert_eq!(shelf.list("").await, ["cup"]);
}

#[tokio::test]
async fn a_renamed_category_is_found_by_its_new_name_and_handle() {
    let mut shelf = Shelf::open().await;
    let kitchen = shelf.category("kitchen", "Kitchen", None).await;
    let cups = shelf.category("cups", "Cups", Some(kitchen)).await;
    insert(&mut shelf.rows, &Item { category: Some(cups), ..item("mug", "Mug") }).await;
    shelf.follow().await;
    assert_eq!(shelf.list("category=kitchen").await, ["mug"]);
    assert_eq!(shelf.list("category=cups").await, ["mug"]);
    assert_eq!(shelf.search("kitchen").await, ["mug"]);

    shelf
        .run("UPDATE category SET title = 'Pantry', handle = 'pantry' WHERE handle = 'kitchen'")
        .await;
    shelf.follow().await;

    assert_eq!(shelf.list("category=pantry").await, ["mug"]);
    assert_eq!(shelf.search("pantry").await, ["mug"]);
    assert_eq!(shelf.search("kitchen").await, [""; 0]);
    assert_eq!(shelf.get("/products?category=kitchen").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn transactions_that_commit_out_of_order_lose_nothing_and_wait_for_nobody() {
    let shelf = Shelf::open().await;
    let mut first = shelf.shop.database.connect().await;
    let mut second = shelf.shop.database.connect().await;
    let mut slow = first.begin().await.unwrap();
    insert(&mut slow, &item("slow", "Slow")).await;

    insert(&mut second, &item("quick", "Quick")).await;
    shelf.follow().await;
    assert_eq!(shelf.list("").await, ["quick"]);

    slow.commit().await.unwrap();
    shelf.follow().await;
    assert_eq!(shelf.list("sort=name").await, ["quick", "slow"]);

    sqlx::query("UPDATE product SET status = 'archived'").execute(&mut second).await.unwrap();
    shelf.follow().await;
    assert_eq!(shelf.list("").await, [""; 0]);
}

#[tokio::test]
async fn a_product_appears_when_its_time_has_come() {
    let shelf = Shelf::with(&[Item { age: -10, ..item("mug", "Mug") }]).await;
    assert_eq!(shelf.list("").await, [""; 0]);

    shelf.shop.clock.advance(TimeDelta::minutes(11));

    assert_eq!(shelf.list("").await, ["mug"]);
}

#[tokio::test]
async fn words_are_found_by_their_stem_without_accents_and_by_their_beginning() {
    let shelf = Shelf::with(&[
        item("pots", "Crème Brûlée Pots"),
        Item { description: "<p>Fired in <b>Bornholm</b></p>", ..item("bowl", "Bowl") },
        Item { tags: &["camping"], brand: Some("Ørsted"), ..item("flask", "Flask") },
    ])
    .await;

    for words in ["creme brulee", "CRÈME", "pot", "brulées", "crème br", "pots for the creme"] {
        assert_eq!(shelf.search(words).await, ["pots"], "{words}");
    }
    assert_eq!(shelf.search("bornholm").await, ["bowl"]);
    assert_eq!(shelf.search("camp").await, ["flask"]);
    assert_eq!(shelf.search("orsted").await, ["flask"]);
    assert_eq!(shelf.search("bowl flask").await, [""; 0]);
}

#[tokio::test]
async fn a_slip_is_forgiven_when_little_is_found() {
    let shelf = Shelf::with(&[
        item("blanket", "Woollen Blanket"),
        item("lamp", "Lamp"),
        item("stoneware", "Stoneware"),
    ])
    .await;

    for (typed, found) in [
        ("blnaket", "blanket"),
        ("blankte", "blanket"),
        ("woolen blnaket", "blanket"),
        ("stonwear", "stoneware"),
        ("lanp", "lamp"),
    ] {
        assert_eq!(shelf.search(typed).await, [found], "{typed}");
    }
    assert_eq!(shelf.search("lxxp").await, [""; 0]);
    assert_eq!(shelf.search("zzzzzz").await, [""; 0]);
}

#[tokio::test]
async fn an_article_code_comes_first_and_alone_when_nothing_else_has_it() {
    let shelf = Shelf::with(&[
        Item { description: "Goes with MUG-01 and mug-01", ..item("tray", "MUG-01 tray") },
        Item { sku: Some("MUG-01"), ..item("mug", "Cup") },
        Item { sku: Some("MUG-02"), ..item("other", "Cup two") },
    ])
    .await;

    assert_eq!(shelf.search("mug-01").await[0], "mug");
    assert_eq!(shelf.search(" MUG-02 ").await, ["other"]);
}

#[tokio::test]
async fn a_title_tells_more_than_a_brand_and_a_brand_more_than_a_description() {
    let shelf = Shelf::with(&[
        Item { description: "Made of linen", ..item("third", "Sheet") },
        Item { brand: Some("Linen"), ..item("second", "Towel") },
        item("first", "Linen"),
    ])
    .await;

    assert_eq!(shelf.search("linen").await, ["first", "second", "third"]);
}

#[tokio::test]
async fn rows_are_filtered_by_price_stock_currency_and_shelf() {
    let mut shelf = Shelf::open().await;
    let kitchen = shelf.category("kitchen", "Kitchen", None).await;
    let bath = shelf.category("bath", "Bath", None).await;
    for (handle, price, stock, category) in
        [("a", 500, 5, kitchen), ("b", 1_500, 0, kitchen), ("c", 2_500, 5, bath)]
    {
        insert(
            &mut shelf.rows,
            &Item { price, stock, category: Some(category), ..item(handle, handle) },
        )
        .await;
    }
    shelf
        .run("INSERT INTO price SELECT gen_random_uuid(), variant_id, 'USD', 1, 1700, NULL FROM variant LIMIT 1")
        .await;
    shelf.follow().await;

    assert_eq!(shelf.list("sort=name&price_min=500&price_max=1500").await, ["a", "b"]);
    assert_eq!(shelf.list("sort=name&price_min=501").await, ["b", "c"]);
    assert_eq!(shelf.list("sort=name&available=true").await, ["a", "c"]);
    assert_eq!(shelf.list("category=kitchen&available=true").await, ["a"]);
    assert_eq!(shelf.list("currency=USD&price_min=1700").await.len(), 1);
    let (_, page) = shelf.get("/products?category=kitchen&include=total&limit=1").await;
    assert_eq!(page["page"]["total"], 2);
}

#[tokio::test]
async fn every_order_is_what_its_name_says() {
    let shelf = Shelf::with(&[
        Item { price: 300, sold: 5, age: 10, ..item("a", "éclair") },
        Item { price: 100, sold: 9, age: 30, ..item("b", "Zebra") },
        Item { price: 200, sold: 7, age: 20, ..item("c", "apple") },
    ])
    .await;

    for (sort, order) in [
        ("price_asc", ["b", "c", "a"]),
        ("price_desc", ["a", "c", "b"]),
        ("newest", ["a", "c", "b"]),
        ("best_selling", ["b", "c", "a"]),
        ("relevance", ["b", "c", "a"]),
        ("name", ["c", "a", "b"]),
    ] {
        assert_eq!(shelf.list(&format!("sort={sort}")).await, order, "{sort}");
    }
}

#[tokio::test]
async fn a_walk_over_ties_meets_every_row_once_in_both_directions() {
    let mut shelf = Shelf::open().await;
    for (number, title) in (0_i64..23).zip(["Mug", "mug", "Mug two"].into_iter().cycle()) {
        let handle = format!("p-{number}");
        let (price, sold, age) = (100 * (number % 2), number % 2, number % 4);
        insert(&mut shelf.rows, &Item { price, sold, age, ..item(&handle, title) }).await;
        if number % 6 == 0 {
            shelf.follow().await;
        }
    }
    shelf.follow().await;

    for query in ["price_asc", "price_desc", "newest", "best_selling", "name", "relevance"]
        .map(|sort| format!("sort={sort}"))
        .into_iter()
        .chain(["q=mug".to_owned(), "q=mgu".to_owned(), "q=muug".to_owned()])
    {
        let whole = shelf.list(&format!("{query}&limit=100")).await;
        let pages = shelf.walk(&format!("{query}&limit=5"), "next_cursor", None).await;
        let met: Vec<String> = pages.iter().flat_map(handles).collect();
        assert_eq!(met, whole, "{query}");
        assert!(pages[0]["page"]["prev_cursor"].is_null(), "{query}");

        let Some(last) = pages.last().and_then(|page| page["page"]["prev_cursor"].as_str()) else {
            continue;
        };
        let start = Some(last.to_owned());
        let back = shelf.walk(&format!("{query}&limit=5"), "prev_cursor", start).await;
        let before: Vec<String> = back.iter().rev().flat_map(handles).collect();
        assert_eq!(before, whole[..before.len()], "{query}");
        assert_eq!(before.len(), whole.len() - handles(pages.last().unwrap()).len(), "{query}");
    }
}

#[tokio::test]
async fn a_walk_neither_skips_nor_repeats_while_rows_come_and_go() {
    for query in ["q=linen", "sort=name", "sort=price_asc", "sort=newest", "q=lnien"] {
        let mut shelf = Shelf::open().await;
        for number in 0..20_i64 {
            let (handle, title) = (format!("kept-{number:02}"), format!("Linen {number:02}"));
            let words = "linen ".repeat(usize::try_from(number % 5).unwrap());
            let price = 500 + number;
            insert(&mut shelf.rows, &Item { description: &words, price, ..item(&handle, &title) })
                .await;
        }
        shelf.follow().await;

        let (mut met, mut cursor) = (Vec::new(), String::new());
        for round in 0..40 {
            let (_, page) = shelf.get(&format!("/products?{query}&limit=3{cursor}")).await;
            met.extend(handles(&page).into_iter().filter(|handle| handle.starts_with("kept")));
            let next = page["page"]["next_cursor"].as_str();
            let Some(next) = next else { break };
            cursor = format!("&cursor={next}");
            shelf.come_and_go(round).await;
            shelf.follow().await;
        }

        met.sort_unstable();
        let all: Vec<String> = (0..20).map(|number| format!("kept-{number:02}")).collect();
        assert_eq!(met, all, "{query}");
    }
}

#[tokio::test]
async fn suggestions_complete_words_of_products_and_categories() {
    let mut shelf = Shelf::open().await;
    let kitchen = shelf.category("kitchen", "Kitchen & Table", None).await;
    shelf.category("empty", "Kitchen for dolls", None).await;
    for number in 0..12 {
        let (handle, title) = (format!("knife-{number:02}"), format!("Kitchen knife {number:02}"));
        let category = Some(kitchen);
        insert(&mut shelf.rows, &Item { category, sold: number, ..item(&handle, &title) }).await;
    }
    shelf.follow().await;

    let found = shelf.suggest("kit").await;
    assert_eq!((found.len(), &*found[0], &*found[1]), (8, "kitchen", "knife-11"));
    assert_eq!(shelf.suggest("kithcen kn").await[0], "knife-11");
    assert_eq!(shelf.suggest("kitchan").await[0], "kitchen");
    assert_eq!(shelf.suggest("knife 07").await[0], "knife-07");
    assert_eq!(shelf.suggest("").await, [""; 0]);
    let (_, found) = shelf.get("/search/suggest?q=knife").await;
    assert_eq!(found["data"][0]["kind"], "product");
    assert_eq!(found["data"][0]["price"]["amount"], 1_000);
}

#[tokio::test]
async fn whatever_is_typed_is_answered() {
    let shelf = Shelf::with(&[item("mug", "Mug")]).await;

    for typed in [
        "\"mug",
        "mug\" OR *:*",
        "title:mug",
        "(((((",
        "+-!{}[]^~?\\/",
        "mug*",
        "\u{1}mug\u{7}",
        "😀 🏺",
        "ＭＵＧ",
        "\u{202e}gum",
        "日本語",
        "'; DROP TABLE product; --",
        &"é".repeat(3_000),
        &"mug ".repeat(2_500),
        &"a".repeat(10_000),
    ] {
        let (status, found) = shelf.get(&format!("/products?q={}", encoded(typed))).await;
        assert_eq!(status, StatusCode::OK, "{typed}: {found}");
        let (status, _) = shelf.get(&format!("/search/suggest?q={}", encoded(typed))).await;
        assert_eq!(status, StatusCode::OK, "{typed}");
    }
    // No keyboard has it, and no database takes it.
    assert_eq!(shelf.get("/products?q=%00mug").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(shelf.search("?!").await, [""; 0]);
    assert_eq!(shelf.search("  ").await, ["mug"]);
}

#[tokio::test]
async fn what_no_list_has_is_refused_with_a_problem() {
    let shelf = Shelf::with(&[item("mug", "Mug"), item("cup", "Cup")]).await;
    let (_, page) = shelf.get("/products?limit=1").await;
    let cursor = page["page"]["next_cursor"].as_str().unwrap().to_owned();

    for (query, status, pointer) in [
        ("limit=0", 422, "/limit"),
        ("limit=101", 422, "/limit"),
        ("limit=-1", 400, ""),
        ("limit=many", 400, ""),
        ("price_min=-1", 422, "/price_min"),
        ("price_min=5&price_max=4", 422, "/price_max"),
        ("price_min=99999999999999999999", 400, ""),
        ("sort=cheapest", 400, ""),
        ("currency=euro", 400, ""),
        ("currency=GBP", 422, "/currency"),
        ("include=everything", 422, "/include"),
        ("colour=red", 400, ""),
        ("cursor=nonsense", 422, "/cursor"),
        (&format!("cursor={cursor}&sort=name"), 422, "/cursor"),
        ("category=nowhere", 404, ""),
    ] {
        let (found, problem) = shelf.get(&format!("/products?{query}")).await;
        assert_eq!(found, status, "{query}: {problem}");
        assert_eq!(problem["status"], status, "{query}");
        assert_eq!(
            problem["errors"][0]["pointer"].as_str().unwrap_or_default(),
            pointer,
            "{query}"
        );
    }
    assert_eq!(shelf.list(&format!("cursor={cursor}&limit=5")).await.len(), 1);
}

#[tokio::test]
async fn a_forged_cursor_does_no_harm() {
    let shelf = Shelf::with(&[item("mug", "Mug"), item("cup", "Mug")]).await;
    let (_, page) = shelf.get("/products?q=mug&limit=1").await;
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    let honest: Value = backend::http::decode_cursor(cursor).unwrap();

    for (part, value) in [
        ("documents", serde_json::json!(u64::MAX)),
        ("documents", serde_json::json!(0)),
        ("having", serde_json::json!([u64::MAX, 1, 2, 3])),
        ("having", serde_json::json!([])),
    ] {
        let mut forged = honest.clone();
        forged["figures"][part] = value;
        let forged = backend::http::encode_cursor(&forged);
        let (status, body) = shelf.get(&format!("/products?q=mug&cursor={forged}")).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    let mut forged = honest.clone();
    forged["place"]["key"] = "a name".into();
    let forged = backend::http::encode_cursor(&forged);
    assert_eq!(shelf.get(&format!("/products?q=mug&cursor={forged}")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_list_may_be_kept_by_caches_and_is_sent_once() {
    let shelf = Shelf::with(&[item("mug", "Mug")]).await;

    let first = shelf.shop.get_with("/api/products", &[]).await;
    let tag = first.header("etag");
    let second = shelf.shop.get_with("/api/products", &[("if-none-match", tag)]).await;

    let kept = first.header("cache-control");
    assert!(kept.starts_with("public") && kept.contains("s-maxage="), "{kept}");
    assert_eq!(second.status, StatusCode::NOT_MODIFIED);
    assert_eq!(second.header("etag"), tag);
    assert!(second.body.is_empty());
}

#[tokio::test]
async fn an_answer_that_is_kept_goes_when_a_product_changes() {
    let shop =
        Shop::open_with(&[], |config| config.catalog.cache_ttl = Duration::from_mins(1)).await;
    shop.app.search.build(&shop.app.db).await.unwrap();
    shop.stock("mug", 1_000, 5).await;
    assert_eq!(handles(&shop.get("/api/products").await.1), [""; 0]);

    shop.app.follow_catalog().await.unwrap();

    assert_eq!(handles(&shop.get("/api/products").await.1), ["mug"]);
}

#[tokio::test]
async fn ten_thousand_products_are_searched() {
    let mut shelf = Shelf::open().await;
    shelf
        .run(
            "INSERT INTO product (product_id, handle, status, title, brand, description_html, tax_class_id, sold_30d,
                published_at, created_at, updated_at)
            SELECT gen_random_uuid(), 'p-' || n, 'active',
                (ARRAY['Linen', 'Oak', 'Stone', 'Wool', 'Glass', 'Brass', 'Cork'])[1 + n % 7] || ' '
                || (ARRAY['mug', 'lamp', 'sheet', 'tray', 'bowl'])[1 + n % 5] || ' ' || n,
                'Brand ' || n % 40, '<p>' || repeat('a warm thing for the house ', 8) || '</p>', tax_class_id,
                n % 100, '2026-01-01', now(), now()
            FROM generate_series(1, 10000) AS n, tax_class WHERE code = 'standard';
            INSERT INTO variant (variant_id, product_id, sku, track_inventory, position)
            SELECT gen_random_uuid(), product_id, 'SKU-' || handle, false, 0 FROM product;
            INSERT INTO price (price_id, variant_id, currency, amount_minor)
            SELECT gen_random_uuid(), variant_id, 'EUR', 100 + (random() * 9900)::integer FROM variant",
        )
        .await;

    let started = Instant::now();
    shelf.shop.app.search.build(&shelf.shop.app.db).await.unwrap();
    println!("built 10000 products in {:?}", started.elapsed());

    let mut took = Vec::new();
    for round in 0..40 {
        for query in
            ["q=oak+lamp", "q=lnien+sheet", "q=house", "sort=price_asc", "sort=name&price_min=5000"]
        {
            let started = Instant::now();
            let (status, page) =
                shelf.get(&format!("/products?{query}&include=total&limit={}", 1 + round)).await;
            took.push(started.elapsed());
            assert_eq!(status, StatusCode::OK);
            assert!(page["page"]["total"].as_u64().unwrap() > 200, "{query}: {page}");
        }
    }
    took.sort_unstable();
    println!("p50 {:?}, p99 {:?}", took[took.len() / 2], took[took.len() * 99 / 100]);
    assert_eq!(shelf.search("sku-p-4711").await, ["p-4711"]);
}
