//! What staff change is seen by shoppers at once, and what they did not change is still served from
//! what was kept.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::desk::{first_location, product_of, staffed, text};
use crate::support::{Clerk, Shop};

const MUG: &str = "/api/products/mug";
const BOWL: &str = "/api/products/bowl";

struct Kept {
    shop: Shop,
    clerk: Clerk,
    mug: String,
    variant: Value,
    place: String,
}

/// A shop that keeps answers, with a mug to change and a bowl to leave alone.
async fn open() -> Kept {
    let (shop, clerk) = staffed(Shop::open_with(&["--cache-ttl", "5000"], |_| {}).await).await;
    let variant = shop.stock("mug", 1_200, 40).await;
    shop.stock("bowl", 900, 40).await;
    shop.follow().await;
    let mug = product_of(&shop, variant).await;
    let place = first_location(&shop).await;
    Kept { mug, variant: json!(variant), place, shop, clerk }
}

impl Kept {
    async fn how(&self, path: &str) -> String {
        self.shop.get_with(path, &[]).await.header("x-cache").to_owned()
    }

    /// Makes a change between two looks: the mug's page is made anew, the bowl's is the one that was kept.
    async fn see(&self, change: impl AsyncFnOnce(&Self)) -> Value {
        for path in [MUG, BOWL] {
            self.how(path).await;
            assert_eq!(self.how(path).await, "hit", "{path}");
        }
        change(self).await;
        self.shop.follow().await;
        let answer = self.shop.get_with(MUG, &[]).await;
        assert!(answer.status != StatusCode::OK || answer.header("x-cache") == "miss");
        assert_eq!(self.how(BOWL).await, "hit");
        answer.json()
    }

    async fn edit(&self, at: (Method, &str), body: &Value) {
        let (status, answer) = self.clerk.edit(&self.shop, &self.mug, at, body).await;
        assert!(status.is_success(), "{answer}");
    }

    async fn found(&self, words: &str) -> Vec<String> {
        let (_, list) = self.shop.get(&format!("/api/products?q={words}")).await;
        let rows = list["data"].as_array().unwrap().iter();
        rows.map(|row| text(&row["title"]).to_owned()).collect()
    }

    async fn adjust(&self, key: &str, kind: &str, quantity: i32) {
        let body = json!({ "variant_id": self.variant, "location_id": self.place, "kind": kind, "quantity": quantity, "reason": "counted" });
        let (status, answer) = self.clerk.adjust(&self.shop, key, &body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
}

#[tokio::test]
async fn each_kind_of_change_of_a_product_drops_its_answers_and_no_others() {
    let kept = open().await;
    assert_eq!(kept.found("mug").await, ["Mug"]);

    let page = kept
        .see(async |it| it.edit((Method::PATCH, ""), &json!({ "title": "Beaker" })).await)
        .await;
    assert_eq!(page["title"], "Beaker");
    assert_eq!(kept.found("beaker").await, ["Beaker"]);
    let page = kept
        .see(async |it| {
            let options = json!({ "options": [{ "name": "Glaze", "values": [{ "value": "Celadon" }, { "value": "Oat" }] }] });
            it.edit((Method::PUT, "/options"), &options).await;
        })
        .await;
    assert_eq!(page["variants"][0]["options"], json!(["Celadon"]));
    assert_eq!(kept.found("celadon").await, ["Beaker"]);
    let page = kept
        .see(async |it| it.edit((Method::POST, "/variants/generate"), &Value::Null).await)
        .await;
    assert_eq!(page["variants"].as_array().map(Vec::len), Some(2));
    let below = format!("/variants/{}", text(&kept.variant));
    let page = kept
        .see(async |it| it.edit((Method::PATCH, &below), &json!({ "sku": "BEAKER-1" })).await)
        .await;
    assert_eq!(page["variants"][0]["sku"], "BEAKER-1");
    assert_eq!(kept.found("beaker-1").await, ["Beaker"]);
    let page = kept
        .see(async |it| {
            it.shop
                .execute(
                    "WITH picture AS (
                    INSERT INTO media (media_id, source, width, height, created_at)
                    VALUES ('00000000-0000-0000-0000-000000000001', 'test', 4, 3, now())
                    RETURNING media_id
                )
                INSERT INTO media_file (key, media_id, mime, width, bytes)
                SELECT 'test-4.webp', media_id, 'image/webp', 4, 60 FROM picture",
                )
                .await;
            let body = json!({ "pictures": [{ "media_id": format!("media_{:032x}", 1) }] });
            it.edit((Method::PUT, "/media"), &body).await;
        })
        .await;
    assert_eq!(page["pictures"].as_array().map(Vec::len), Some(1));
    let gone = kept.see(async |it| it.edit((Method::POST, "/archive"), &Value::Null).await).await;
    assert_eq!(gone["status"], 404);
    assert_eq!(kept.found("beaker").await, [""; 0]);
}

#[tokio::test]
async fn prices_and_stock_drop_the_answers_that_tell_them() {
    let kept = open().await;

    let page = kept
        .see(async |it| {
            it.clerk.price(&it.shop, &it.variant, 1_100).await;
        })
        .await;
    assert_eq!(page["price"]["amount"], 1_100);
    let (_, list) = kept.shop.get("/api/products?q=mug").await;
    assert_eq!(list["data"][0]["price"]["amount"], 1_100);
    let page = kept.see(async |it| it.adjust("forty to thirty", "count", 30).await).await;
    assert_eq!(page["variants"][0]["max_quantity"], 30);
    let page = kept.see(async |it| it.adjust("thirty to four", "count", 4).await).await;
    assert_eq!(page["variants"][0]["left"], 4);
    let page = kept.see(async |it| it.adjust("four to three", "adjust", -1).await).await;
    assert_eq!(page["variants"][0]["left"], 3);
    let page = kept.see(async |it| it.adjust("three to none", "count", 0).await).await;
    assert_eq!(page["availability"], "sold_out");
    let (_, list) = kept.shop.get("/api/products?available=true").await;
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1), "{list}");
}

#[tokio::test]
async fn a_shelf_is_seen_everywhere_as_soon_as_it_changes() {
    let kept = open().await;
    let body = json!({ "title": "Mugs" });
    let (_, shelf) = kept.clerk.post(&kept.shop, "/api/admin/categories", &body).await;
    kept.shop.follow().await;
    let page = kept
        .see(async |it| it.edit((Method::PATCH, ""), &json!({ "category_id": shelf["id"] })).await)
        .await;
    assert_eq!(page["breadcrumbs"][0]["title"], "Mugs");
    let (_, list) = kept.shop.get("/api/products?category=mugs").await;
    assert_eq!(list["data"][0]["handle"], "mug");

    let path = format!("/api/admin/categories/{}", text(&shelf["id"]));
    let renamed = json!({ "title": "Cups", "handle": "cups" });
    kept.clerk.change(&kept.shop, (Method::PATCH, &path), &json!(1), &renamed).await;
    kept.shop.follow().await;

    let (_, page) = kept.shop.get(MUG).await;
    assert_eq!(page["breadcrumbs"][0]["title"], "Cups");
    let (_, tree) = kept.shop.get("/api/categories").await;
    assert_eq!(tree["data"][0]["title"], "Cups");
    let (_, list) = kept.shop.get("/api/products?category=cups").await;
    assert_eq!(list["data"][0]["handle"], "mug");
}
