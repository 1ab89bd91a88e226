//! Orders on the shop floor of a test.

use api_types::VariantId;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Clerk, Shop};

impl Shop {
    /// An order of a variant that was paid by card: what `complete` answered.
    pub async fn sold(&self, variant: VariantId, quantity: i32) -> Value {
        let shopper = self.ready_shopper(variant, quantity).await;
        let (status, bought) = shopper.buy(self, "tok_ok", "buying this").await;
        assert_eq!(status, StatusCode::OK, "{bought}");
        bought
    }

    /// An order of a variant that is to be paid by transfer.
    pub async fn promised(&self, variant: VariantId, quantity: i32) -> Value {
        let shopper = self.ready_shopper(variant, quantity).await;
        let total = shopper.look(self).await["totals"]["total"].clone();
        let by_transfer = json!({ "method": "bank_transfer" });
        let (status, bought) = shopper.buy_for(self, &total, &by_transfer, "promising").await;
        assert_eq!(status, StatusCode::OK, "{bought}");
        bought
    }
}

/// The id of what `complete` answered, or of an order.
pub fn id(of: &Value) -> &str {
    of["order"]["id"].as_str().or_else(|| of["id"].as_str()).unwrap()
}

impl Clerk {
    /// An order as staff see it.
    pub async fn order(&self, shop: &Shop, of: &Value) -> Value {
        let (status, order) = self.get(shop, &format!("/api/admin/orders/{}", id(of))).await;
        assert_eq!(status, StatusCode::OK, "{order}");
        order
    }

    /// Changes an order at the version that it has now.
    pub async fn act(
        &self,
        shop: &Shop,
        of: &Value,
        what: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let version = self.order(shop, of).await["order"]["version"].clone();
        let path = format!("/api/admin/orders/{}/{what}", id(of));
        self.change(shop, (Method::POST, &path), &version, body).await
    }

    /// Puts lines of an order into a parcel, or all that is left.
    pub async fn pack(&self, shop: &Shop, of: &Value, lines: &Value) -> (StatusCode, Value) {
        self.act(shop, of, "fulfilments", &json!({ "lines": lines })).await
    }

    /// Moves a parcel on.
    pub async fn parcel(&self, shop: &Shop, parcel: &Value, to: &str) -> (StatusCode, Value) {
        let path = format!("/api/admin/fulfilments/{}/{to}", parcel["id"].as_str().unwrap());
        self.post(shop, &path, &Value::Null).await
    }

    /// Sends something once, by a key.
    pub async fn once(
        &self,
        shop: &Shop,
        (path, key): (&str, &str),
        body: &Value,
    ) -> (StatusCode, Value) {
        let headers = [("idempotency-key", key)];
        let answer = self.send(shop, (Method::POST, path), Some(body), &headers).await;
        (answer.status, answer.json())
    }
}
