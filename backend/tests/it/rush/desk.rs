//! Somebody of the staff in a rush: takes whatever is at hand, and does something to it.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use rand::{RngExt, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use super::{Floor, tally::Tally};
use crate::{
    admin::desk::{product_of, text},
    support::Clerk,
};

/// A clerk at work.
pub struct Desk {
    floor: Floor,
    clerk: Clerk,
    chance: StdRng,
    pub tally: Tally,
}

impl Desk {
    pub fn new(floor: Floor, clerk: Clerk, chance: StdRng) -> Self {
        Self { floor, clerk, chance, tally: Tally::default() }
    }

    /// Does one thing.
    pub async fn act(&mut self) {
        match self.chance.random_range(0..100) {
            0..16 => self.adjust().await,
            16..20 => self.transfer().await,
            20..28 => self.price().await,
            28..33 => self.edit_product().await,
            33..38 => self.edit_variant().await,
            38..41 => self.show_or_hide().await,
            41..43 => self.many_at_once().await,
            43..47 => self.import().await,
            47..53 => self.take_import_back().await,
            53..55 => self.settings().await,
            55..58 => self.customer().await,
            58..75 => self.an_order().await,
            75..88 => self.a_parcel().await,
            _ => self.money().await,
        }
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        all.choose(&mut self.chance).cloned()
    }

    fn key(&mut self) -> String {
        format!("{} {:x}", self.clerk.email, self.chance.random::<u64>())
    }

    /// Notes what came of an action that the audit log tells of once.
    fn done(&mut self, action: &'static str, (status, answer): &(StatusCode, Value)) -> bool {
        assert!(!status.is_server_error(), "{action}: {status} {answer}");
        let went = self.tally.note(action, *status);
        self.tally.expect(&self.clerk.id, action, i64::from(went));
        went
    }

    async fn send(&self, at: (Method, &str), body: &Value, key: &str) -> (StatusCode, Value) {
        let headers = [("idempotency-key", key)];
        let body = (!body.is_null()).then_some(body);
        let answer = self.clerk.send(&self.floor.shop, at, body, &headers).await;
        (answer.status, answer.json())
    }

    async fn list(&self, path: &str) -> Vec<Value> {
        let (status, page) = self.floor.chief.get(&self.floor.shop, path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page["data"].as_array().unwrap().clone()
    }

    async fn adjust(&mut self) {
        let variant = self.pick(&self.floor.goods.clone()).unwrap();
        let place = self.pick(&self.floor.places.clone()).unwrap();
        let (kind, quantity) = match self.chance.random_range(0..10) {
            0..5 => ("receive", self.chance.random_range(1..=8)),
            5..8 => ("adjust", self.chance.random_range(-3..=3)),
            _ => ("count", self.chance.random_range(5..=40)),
        };
        let body = json!({ "variant_id": variant, "location_id": place, "kind": kind, "quantity": quantity, "reason": "a rush" });
        let key = self.key();
        let at = || (Method::POST, "/api/admin/stock/adjust");
        let answer = self.send(at(), &body, &key).await;
        if self.done("stock.adjusted", &answer) {
            self.tally.units += answer.1["on_hand"].as_i64().unwrap();
            // A client that did not hear the answer asks again: that changes nothing.
            let again = self.send(at(), &body, &key).await;
            assert_eq!(again, answer);
        }
    }

    async fn transfer(&mut self) {
        let variant = self.pick(&self.floor.goods.clone()).unwrap();
        let [first, second] = self.floor.places.clone();
        let (from, to) =
            if self.chance.random_bool(0.5) { (first, second) } else { (second, first) };
        let quantity = self.chance.random_range(1..=4);
        let body = json!({ "variant_id": variant, "from_id": from, "to_id": to, "quantity": quantity, "reason": "a rush" });
        let key = self.key();
        let answer = self.send((Method::POST, "/api/admin/stock/transfer"), &body, &key).await;
        self.done("stock.transferred", &answer);
    }

    async fn price(&mut self) {
        let variant = self.pick(&self.floor.goods.clone()).unwrap();
        let amount = self.chance.random_range(400..30_000);
        let row = json!({ "variant_id": variant, "currency": "EUR", "amount": amount });
        let at = (Method::PUT, "/api/admin/prices");
        let (status, answer) = self.send(at, &json!({ "rows": [row] }), "").await;
        self.tally.note("variant.price_changed", status);
        let changed = answer["changed"].as_i64().unwrap_or_default();
        self.tally.expect(&self.clerk.id, "variant.price_changed", changed);
    }

    /// A product as it is now, for whoever may see it.
    async fn a_product(&mut self) -> (String, Value) {
        let variant = self.pick(&self.floor.goods.clone()).unwrap();
        let id = product_of(&self.floor.shop, variant).await;
        let sheet = self.floor.chief.sheet(&self.floor.shop, &id).await;
        (id, sheet)
    }

    /// Changes what was read a moment ago; meanwhile somebody else may have.
    async fn change(
        &mut self,
        action: &'static str,
        at: (Method, &str),
        (version, body): (&Value, &Value),
    ) -> bool {
        let pause = self.chance.random_range(0..20);
        tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
        let answer = self.clerk.change(&self.floor.shop, at, version, body).await;
        self.done(action, &answer)
    }

    async fn edit_product(&mut self) {
        let (id, sheet) = self.a_product().await;
        let body = json!({ "subtitle": format!("Said by {}", self.key()) });
        let path = format!("/api/admin/products/{id}");
        self.change("product.updated", (Method::PATCH, &path), (&sheet["version"], &body)).await;
    }

    async fn edit_variant(&mut self) {
        let (id, sheet) = self.a_product().await;
        let variant = &sheet["variants"][0];
        let weight = variant["weight_g"].as_i64().unwrap() % 5_000 + 1;
        let path = format!("/api/admin/products/{id}/variants/{}", text(&variant["id"]));
        let body = json!({ "weight_g": weight });
        self.change("variant.updated", (Method::PATCH, &path), (&sheet["version"], &body)).await;
    }

    /// Puts something away, and what is away back up for sale: two steps.
    async fn show_or_hide(&mut self) {
        let (id, sheet) = self.a_product().await;
        let (action, what) = match sheet["status"].as_str() {
            Some("archived") => ("product.restored", "restore"),
            Some("draft") => ("product.published", "publish"),
            _ => ("product.archived", "archive"),
        };
        let path = format!("/api/admin/products/{id}/{what}");
        let seen = (&sheet["version"], &Value::Null);
        let went = self.change(action, (Method::POST, &path), seen).await;
        if went && action != "product.published" {
            // Or there would soon be nothing to buy.
            self.show(&id).await;
        }
    }

    async fn show(&mut self, id: &str) {
        for (action, what) in [("product.restored", "restore"), ("product.published", "publish")] {
            let sheet = self.floor.chief.sheet(&self.floor.shop, id).await;
            let path = format!("/api/admin/products/{id}/{what}");
            let seen = (&sheet["version"], &Value::Null);
            self.change(action, (Method::POST, &path), seen).await;
        }
    }

    /// A job does it in the chief's name, who is not among those whose entries are counted.
    async fn many_at_once(&mut self) {
        let hundredths = self.chance.random_range(-300..=300);
        let operation = json!({ "kind": "price_percent", "hundredths": hundredths });
        let (id, _) = self.a_product().await;
        let body = json!({ "ids": [id], "operation": operation });
        let (floor, at) = (&self.floor, "/api/admin/products/bulk");
        let (status, answer) = floor.chief.post(&floor.shop, at, &body).await;
        assert!(!status.is_server_error(), "{answer}");
        self.tally.note("product.bulk_begun", status);
    }

    async fn import(&mut self) {
        let number = self.chance.random_range(0..4);
        let cents = self.chance.random_range(100..999);
        let csv = format!(
            "Handle,Title,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n\
             in-{number},In {number},IN-{number},{cents}.00,shopify,{cents}\n"
        );
        let request = Request::post("/api/admin/imports?without_pictures=true")
            .header("authorization", format!("Bearer {}", self.clerk.token))
            .header("content-type", "text/csv")
            .body(Body::from(csv))
            .unwrap();
        let answer = self.floor.shop.send(request).await;
        self.done("import.started", &(answer.status, answer.json()));
    }

    async fn take_import_back(&mut self) {
        let Some(last) = self.list("/api/admin/imports?limit=1").await.pop() else { return };
        let path = format!("/api/admin/imports/{}/undo", text(&last["id"]));
        let answer = self.clerk.post(&self.floor.shop, &path, &Value::Null).await;
        self.done("import.undone", &answer);
    }

    async fn settings(&mut self) {
        let all = self.list("/api/admin/settings").await;
        let limit = all.iter().find(|it| it["key"] == "refund_limit_minor").unwrap();
        let body = json!({ "value": self.chance.random_range(1_000..9_000) });
        let at = (Method::PUT, "/api/admin/settings/refund_limit_minor");
        self.change("setting.updated", at, (&limit["version"], &body)).await;
    }

    async fn customer(&mut self) {
        let rows = self.list("/api/admin/customers").await;
        let Some(row) = self.pick(&rows) else { return };
        let path = format!("/api/admin/customers/{}", text(&row["id"]));
        let (_, sheet) = self.floor.chief.get(&self.floor.shop, &path).await;
        let version = sheet["customer"]["version"].clone();
        let body = json!({ "name": format!("Called {}", self.key()) });
        self.change("customer.updated", (Method::PATCH, &path), (&version, &body)).await;
    }

    async fn some_order(&mut self, query: &str) -> Option<Value> {
        let rows = self.list(&format!("/api/admin/orders?limit=30{query}")).await;
        let row = self.pick(&rows)?;
        Some(self.floor.chief.order(&self.floor.shop, &row).await)
    }

    async fn an_order(&mut self) {
        let Some(order) = self.some_order("").await else { return };
        if ["cancelled", "expired"].iter().any(|ended| order["order"]["status"] == *ended) {
            // Calling off what has ended is a yes that changes nothing.
            return;
        }
        let (id, version) = (text(&order["order"]["id"]), &order["order"]["version"]);
        let path = |what: &str| format!("/api/admin/orders/{id}/{what}");
        let nothing = Value::Null;
        match self.chance.random_range(0..10) {
            0..2 => {
                let body = json!({ "text": "They called." });
                let answer = self.clerk.post(&self.floor.shop, &path("notes"), &body).await;
                self.done("order.noted", &answer);
            }
            2..4 => {
                let at = path("hold");
                self.change("order.held", (Method::POST, &at), (version, &nothing)).await;
            }
            4..7 => {
                let Some(order) = self.some_order("&status=on_hold").await else { return };
                let at = format!("/api/admin/orders/{}/release", text(&order["order"]["id"]));
                let seen = (&order["order"]["version"], &nothing);
                self.change("order.released", (Method::POST, &at), seen).await;
            }
            7 => {
                let at = path("cancel");
                self.change("order.cancelled", (Method::POST, &at), (version, &nothing)).await;
            }
            _ => self.mark_paid().await,
        }
    }

    async fn mark_paid(&mut self) {
        let Some(order) = self.some_order("&payment_status=unpaid").await else { return };
        let path = format!("/api/admin/orders/{}/mark-paid", text(&order["order"]["id"]));
        let body = json!({ "amount": order["order"]["totals"]["total"], "reference": "a rush" });
        let key = self.key();
        let answer = self.send((Method::POST, &path), &body, &key).await;
        self.done("payment.marked_paid", &answer);
    }

    async fn a_parcel(&mut self) {
        let Some(order) = self.some_order("&payment_status=paid").await else { return };
        let parcels = order["fulfilments"].as_array().unwrap().clone();
        let Some(parcel) = self.pick(&parcels).filter(|_| self.chance.random_bool(0.8)) else {
            return self.pack(&order).await;
        };
        let id = text(&parcel["id"]);
        if self.chance.random_bool(0.35) {
            let path = format!("/api/admin/fulfilments/{id}");
            let body = json!({ "carrier": "DHL", "tracking_number": self.key() });
            let answer = self.send((Method::PATCH, &path), &body, "").await;
            self.done("fulfilment.tracked", &answer);
            return;
        }
        self.move_on(&parcel).await;
    }

    /// Puts an order into a parcel, and mostly sends that.
    async fn pack(&mut self, order: &Value) {
        let path = format!("/api/admin/orders/{}/fulfilments", text(&order["order"]["id"]));
        let line = &order["order"]["lines"][0]["id"];
        let some = json!({ "lines": [{ "line_id": line, "quantity": 1 }] });
        let body = if self.chance.random_bool(0.3) { some } else { json!({ "lines": [] }) };
        let seen = (&order["order"]["version"], &body);
        let went = self.change("fulfilment.made", (Method::POST, &path), seen).await;
        if went && self.chance.random_bool(0.7) {
            let order = self.floor.chief.order(&self.floor.shop, &order["order"]).await;
            if let Some(parcel) = order["fulfilments"].as_array().unwrap().last() {
                self.move_on(parcel).await;
            }
        }
    }

    async fn move_on(&mut self, parcel: &Value) {
        let to = match parcel["state"].as_str() {
            Some("pending" | "packed") => "ship",
            Some("failed_delivery") => "return",
            _ => *["deliver", "fail", "return", "cancel"].choose(&mut self.chance).unwrap(),
        };
        let answer = self.clerk.parcel(&self.floor.shop, parcel, to).await;
        self.done("fulfilment.moved", &answer);
    }

    /// Agrees to what a colleague gives back, or not.
    async fn decide(&mut self) -> bool {
        let waiting = self.floor.awaiting.lock().unwrap().pop();
        let Some(refund) = waiting else { return false };
        let what = if self.chance.random_bool(0.7) { "approve" } else { "decline" };
        let path = format!("/api/admin/refunds/{refund}/{what}");
        let answer = self.clerk.post(&self.floor.shop, &path, &Value::Null).await;
        if !self.done("refund.decided", &answer) && answer.0 == StatusCode::FORBIDDEN {
            // Whoever made it may not agree to it: somebody else will.
            self.floor.awaiting.lock().unwrap().push(refund);
        }
        true
    }

    async fn money(&mut self) {
        if self.chance.random_bool(0.5) && self.decide().await {
            return;
        }
        let Some(order) = self.some_order("&payment_status=paid,partially_refunded").await else {
            return;
        };
        let total = order["order"]["totals"]["total"]["amount"].as_i64().unwrap();
        let amount = self.chance.random_range(1..=total.max(1));
        let part =
            json!({ "amount": { "amount": amount, "currency": "EUR" }, "reason": "A scratch" });
        let body =
            if self.chance.random_bool(0.2) { json!({ "reason": "Never mind" }) } else { part };
        let id = text(&order["order"]["id"]);
        let (path, key) = (format!("/api/admin/orders/{id}/refunds"), self.key());
        let answer = self.send((Method::POST, &path), &body, &key).await;
        if self.done("refund.made", &answer) {
            let again = self.send((Method::POST, &path), &body, &key).await;
            assert_eq!(again.1["id"], answer.1["id"], "one key gave money back twice");
            let refund = text(&answer.1["id"]).to_owned();
            if answer.1["state"] == "awaiting" {
                self.floor.awaiting.lock().unwrap().push(refund.clone());
            }
            self.tally.refunds.insert(refund, format!("/api/admin/orders/{id}"));
        }
    }
}
