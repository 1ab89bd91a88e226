//! A shop whose shelves are filled row by row.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::support::{Shop, opening_time};

/// A shop whose shelves a test fills row by row.
pub struct Shelf {
    pub shop: Shop,
    pub rows: PgConnection,
}

/// A product with one variant.
#[derive(Clone)]
pub struct Item<'a> {
    pub handle: &'a str,
    pub title: &'a str,
    pub brand: Option<&'a str>,
    pub sku: Option<&'a str>,
    pub description: &'a str,
    pub tags: &'a [&'a str],
    pub category: Option<Uuid>,
    pub price: i64,
    pub stock: i32,
    pub sold: i64,
    /// Minutes before the present.
    pub age: i64,
}

impl Default for Item<'_> {
    fn default() -> Self {
        Self {
            handle: "mug",
            title: "Mug",
            brand: None,
            sku: None,
            description: "",
            tags: &[],
            category: None,
            price: 1000,
            stock: 10,
            sold: 0,
            age: 60,
        }
    }
}

impl Shelf {
    pub async fn open() -> Self {
        let shop = Shop::open().await;
        let rows = shop.database.connect().await;
        shop.app.search.build(&shop.app.db).await.unwrap();
        Self { shop, rows }
    }

    pub async fn with(items: &[Item<'_>]) -> Self {
        let mut shelf = Self::open().await;
        for item in items {
            insert(&mut shelf.rows, item).await;
        }
        shelf.follow().await;
        shelf
    }

    pub async fn category(&mut self, handle: &str, title: &str, parent: Option<Uuid>) -> Uuid {
        let id = Uuid::now_v7();
        sqlx::query(
            "INSERT INTO category (category_id, parent_id, handle, path, title, position)
            VALUES ($1, $2, $3, coalesce((SELECT path FROM category WHERE category_id = $2), '')
                || replace($1::text, '-', '')::ltree, $4, 0)",
        )
        .bind(id)
        .bind(parent)
        .bind(handle)
        .bind(title)
        .execute(&mut self.rows)
        .await
        .unwrap();
        id
    }

    /// New products among those that are kept, which change without moving.
    pub async fn come_and_go(&mut self, round: usize) {
        for (title, price) in [("Linen", 1), ("A new linen sheet", 510), ("Other", 900)] {
            let handle = format!("new-{round}-{price}");
            let fresh = Item { price, description: "linen", ..item(&handle, title) };
            insert(&mut self.rows, &fresh).await;
        }
        self.run("UPDATE product SET version = version + 1 WHERE handle LIKE 'kept-%'").await;
    }

    pub async fn run(&mut self, statement: &'static str) {
        sqlx::raw_sql(statement).execute(&mut self.rows).await.unwrap();
    }

    pub async fn follow(&self) {
        self.shop.app.follow_catalog().await.unwrap();
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.shop.get(&format!("/api{path}")).await
    }

    /// Handles of a list, asked for by a query string.
    pub async fn list(&self, query: &str) -> Vec<String> {
        let (status, page) = self.get(&format!("/products?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{query}: {page}");
        handles(&page)
    }

    pub async fn search(&self, words: &str) -> Vec<String> {
        self.list(&format!("q={}", encoded(words))).await
    }

    pub async fn suggest(&self, words: &str) -> Vec<String> {
        let (status, found) = self.get(&format!("/search/suggest?q={}", encoded(words))).await;
        assert_eq!(status, StatusCode::OK, "{words}: {found}");
        handles(&found)
    }

    /// Walks a list from page to page, in the direction that `cursor` names.
    pub async fn walk(&self, query: &str, cursor: &str, start: Option<String>) -> Vec<Value> {
        let (mut pages, mut next) = (Vec::new(), start);
        loop {
            let from = next.map(|next| format!("&cursor={next}")).unwrap_or_default();
            let (status, page) = self.get(&format!("/products?{query}{from}")).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            next = page["page"][cursor].as_str().map(str::to_owned);
            pages.push(page);
            assert!(pages.len() < 200, "the walk has no end");
            if next.is_none() {
                return pages;
            }
        }
    }
}

pub fn handles(page: &Value) -> Vec<String> {
    let rows = page["data"].as_array().unwrap();
    rows.iter().map(|row| row["handle"].as_str().unwrap().to_owned()).collect()
}

pub fn encoded(words: &str) -> String {
    url::form_urlencoded::byte_serialize(words.as_bytes()).collect()
}

/// Numbers the products, so that ties are broken as they were inserted.
pub async fn insert(rows: &mut PgConnection, item: &Item<'_>) {
    let mut tx = rows.begin().await.unwrap();
    let (product, variant) = (Uuid::now_v7(), Uuid::now_v7());
    sqlx::query(
        "INSERT INTO product (product_id, handle, status, title, brand, description_html, tags, category_id,
            tax_class_id, sold_30d, published_at, created_at, updated_at)
        SELECT $1, $2, 'active', $3, $4, $5, $6, $7, tax_class_id, $8, $9, now(), now() FROM tax_class WHERE code = 'standard'",
    )
    .bind(product)
    .bind(item.handle)
    .bind(item.title)
    .bind(item.brand)
    .bind(item.description)
    .bind(item.tags)
    .bind(item.category)
    .bind(item.sold)
    .bind(opening_time() - TimeDelta::minutes(item.age))
    .execute(&mut *tx)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO variant (variant_id, product_id, sku, position) VALUES ($1, $2, $3, 0)",
    )
    .bind(variant)
    .bind(product)
    .bind(item.sku)
    .execute(&mut *tx)
    .await
    .unwrap();
    sqlx::query("INSERT INTO price (price_id, variant_id, currency, amount_minor) VALUES ($1, $2, 'EUR', $3)")
        .bind(Uuid::now_v7())
        .bind(variant)
        .bind(item.price)
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO stock_level (variant_id, location_id, on_hand) SELECT $1, location_id, $2 FROM stock_location",
    )
    .bind(variant)
    .bind(item.stock)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

pub fn item<'a>(handle: &'a str, title: &'a str) -> Item<'a> {
    Item { handle, title, ..Item::default() }
}
