//! A shop with somebody at the desk who keeps what is sold.

use api_types::VariantId;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Clerk, Shop};

/// A shop with the standard settings, and somebody with the role `catalog`.
pub async fn open() -> (Shop, Clerk) {
    staffed(Shop::open().await).await
}

pub async fn staffed(shop: Shop) -> (Shop, Clerk) {
    let admin = shop.admin().await;
    let clerk = shop.clerk(&admin, "catalog").await;
    (shop, clerk)
}

/// A variant's product.
pub async fn product_of(shop: &Shop, variant: VariantId) -> String {
    shop.sql(async |tx| {
        sqlx::query_scalar(
            "SELECT 'prod_' || replace(product_id::text, '-', '') FROM variant WHERE variant_id = $1",
        )
        .bind(variant)
        .fetch_one(tx)
        .await
    })
    .await
}

/// The id of a row, as the API writes it.
pub async fn first_location(shop: &Shop) -> String {
    shop.sql(async |tx| {
        sqlx::query_scalar(
            "SELECT 'loc_' || replace(location_id::text, '-', '') FROM stock_location ORDER BY priority LIMIT 1",
        )
        .fetch_one(tx)
        .await
    })
    .await
}

impl Clerk {
    /// Everything of a product.
    pub async fn sheet(&self, shop: &Shop, product: &str) -> Value {
        let (status, sheet) = self.get(shop, &format!("/api/admin/products/{product}")).await;
        assert_eq!(status, StatusCode::OK, "{sheet}");
        sheet
    }

    /// Changes a product as it is now.
    pub async fn edit(
        &self,
        shop: &Shop,
        product: &str,
        (method, below): (Method, &str),
        body: &Value,
    ) -> (StatusCode, Value) {
        let version = self.sheet(shop, product).await["version"].clone();
        let path = format!("/api/admin/products/{product}{below}");
        self.change(shop, (method, &path), &version, body).await
    }

    /// Changes stock under a key.
    pub async fn adjust(&self, shop: &Shop, key: &str, body: &Value) -> (StatusCode, Value) {
        let headers = [("idempotency-key", key)];
        let at = (Method::POST, "/api/admin/stock/adjust");
        let answer = self.send(shop, at, Some(body), &headers).await;
        (answer.status, answer.json())
    }

    /// Makes a draft.
    pub async fn draft(&self, shop: &Shop, title: &str) -> Value {
        let (status, made) =
            self.post(shop, "/api/admin/products", &json!({ "title": title })).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made
    }

    /// Sets one price.
    pub async fn price(&self, shop: &Shop, variant: &Value, amount: i64) -> (StatusCode, Value) {
        let row = json!({ "variant_id": variant, "currency": "EUR", "amount": amount });
        let body = json!({ "rows": [row] });
        let answer = self.send(shop, (Method::PUT, "/api/admin/prices"), Some(&body), &[]).await;
        (answer.status, answer.json())
    }
}

/// Which fields an answer says are wrong.
pub fn pointers(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().into_iter().flatten();
    errors.map(|error| error["pointer"].as_str().unwrap()).collect()
}

/// The id behind a path.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}
