//! Shoppers: what they do, in their words.

use api_types::VariantId;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use backend::jobs::Lane;

use super::{Shop, request};

/// A shopper with a cart.
#[derive(Clone)]
pub struct Shopper {
    pub cart: String,
    pub token: String,
}

impl Shopper {
    /// Sends a request with the cart's token.
    pub async fn ask(
        &self,
        shop: &Shop,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let path = format!("/api/carts/{}{path}", self.cart);
        let answer =
            shop.send(request(method, &path, body, &[("x-cart-token", &self.token)])).await;
        (answer.status, answer.json())
    }

    /// The cart as it is now.
    pub async fn look(&self, shop: &Shop) -> Value {
        self.ask(shop, Method::GET, "", None).await.1
    }

    /// Puts more into the cart.
    pub async fn add(&self, shop: &Shop, variant: VariantId, quantity: i32) -> (StatusCode, Value) {
        let lines = json!({ "lines": [{ "variant_id": variant, "quantity": quantity }] });
        self.ask(shop, Method::POST, "/lines", Some(&lines)).await
    }

    /// Says where to deliver and where to write, and chooses the first way to deliver.
    pub async fn settle_in(&self, shop: &Shop) -> Value {
        let contact = json!({ "email": "ann@example.com", "shipping_address": berlin() });
        self.ask(shop, Method::PATCH, "", Some(&contact)).await;
        let (_, options) = self.ask(shop, Method::GET, "/shipping-options", None).await;
        let choice = json!({ "method_id": options["data"][0]["id"] });
        self.ask(shop, Method::PUT, "/shipping", Some(&choice)).await.1
    }

    /// Buys the cart with a test card, for the total that it shows now.
    pub async fn buy(&self, shop: &Shop, card: &str, key: &str) -> (StatusCode, Value) {
        let total = self.look(shop).await["totals"]["total"].clone();
        self.buy_for(shop, &total, &json!({ "method": "test", "token": card }), key).await
    }

    /// Buys the cart for a total.
    pub async fn buy_for(
        &self,
        shop: &Shop,
        total: &Value,
        payment: &Value,
        key: &str,
    ) -> (StatusCode, Value) {
        let body = json!({ "expected_total": total, "payment": payment });
        let path = format!("/api/carts/{}/complete", self.cart);
        let headers = [("x-cart-token", self.token.as_str()), ("idempotency-key", key)];
        let answer = shop.send(request(Method::POST, &path, Some(&body), &headers)).await;
        (answer.status, answer.json())
    }
}

/// An address in the standard settings' first country.
pub fn berlin() -> Value {
    json!({ "name": "Ann Weber", "line1": "Torstraße 1", "city": "Berlin", "postal_code": "10115", "country": "DE" })
}

impl Shop {
    /// A shopper with an empty cart that goes to Germany.
    pub async fn shopper(&self) -> Shopper {
        let (status, opened) = self.post("/api/carts", &json!({ "country": "DE" })).await;
        assert_eq!(status, StatusCode::CREATED, "{opened}");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Shopper { cart: text(&opened["cart"]["id"]), token: text(&opened["token"]) }
    }

    /// A shopper who is ready to pay for some of a variant.
    pub async fn ready_shopper(&self, variant: VariantId, quantity: i32) -> Shopper {
        let shopper = self.shopper().await;
        let (status, cart) = shopper.add(self, variant, quantity).await;
        assert_eq!(status, StatusCode::OK, "{cart}");
        shopper.settle_in(self).await;
        shopper
    }

    /// An order, by what `complete` answered.
    pub async fn order(&self, completed: &Value) -> Value {
        let id = completed["order"]["id"].as_str().unwrap();
        self.order_by(id, completed["order_token"].as_str().unwrap()).await.1
    }

    /// An order, by its link.
    pub async fn order_by(&self, id: &str, token: &str) -> (StatusCode, Value) {
        self.get(&format!("/api/orders/{id}?token={token}")).await
    }

    /// Calls an order off.
    pub async fn cancel(&self, completed: &Value) -> (StatusCode, Value) {
        let (id, token) = (
            completed["order"]["id"].as_str().unwrap(),
            completed["order_token"].as_str().unwrap(),
        );
        self.post(&format!("/api/orders/{id}/cancel?token={token}"), &Value::Null).await
    }

    /// Lets the background work run until there is none.
    pub async fn settle(&self) {
        for _ in 0..200 {
            let relayed = backend::events::relay(&self.app).await.unwrap();
            let mut done = 0;
            for lane in Lane::ALL {
                done += backend::jobs::run_due(&self.app, lane).await.unwrap();
            }
            if relayed + done == 0 {
                return;
            }
        }
        panic!("the background work never ends");
    }

    /// Lets time pass, and ends what was waited for long enough.
    pub async fn wait(&self, seconds: i64) {
        self.clock.advance(chrono::TimeDelta::seconds(seconds));
        backend::payments::reconcile(&self.app).await.unwrap();
        backend::worker::expire(&self.app).await.unwrap();
        self.settle().await;
    }

    /// Holds every invariant of the shop against its database.
    pub async fn assert_sound(&self) {
        let findings =
            self.app.db.read(async |conn| backend::verify::verify(conn).await).await.unwrap();
        let broken: Vec<_> = findings.iter().filter(|finding| finding.violations > 0).collect();
        assert!(broken.is_empty(), "{broken:#?}");
    }

    /// Units of a variant on hand and reserved.
    pub async fn level(&self, variant: VariantId) -> (i32, i32) {
        self.sql(async |conn| {
            sqlx::query_as("SELECT on_hand, reserved FROM stock_level WHERE variant_id = $1")
                .bind(variant)
                .fetch_one(conn)
                .await
        })
        .await
    }
}
