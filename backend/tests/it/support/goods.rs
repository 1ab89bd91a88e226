//! Something to sell.

use api_types::VariantId;
use uuid::Uuid;

use super::Shop;

impl Shop {
    /// A published product of one variant, at the same number of cents in EUR and USD.
    pub async fn stock(&self, handle: &str, cents: i64, units: i32) -> VariantId {
        let (product, variant) = (Uuid::now_v7(), VariantId::new());
        let title = handle[..1].to_uppercase() + &handle[1..].replace('-', " ");
        let now = self.clock.now();
        self.sql(async |tx| {
            sqlx::query(
                "INSERT INTO product (product_id, handle, status, title, tax_class_id, published_at, created_at, updated_at)
                 SELECT $1, $2, 'active', $3, tax_class_id, $4, $4, $4 FROM tax_class WHERE code = 'standard'",
            )
            .bind(product)
            .bind(handle)
            .bind(title)
            .bind(now)
            .execute(&mut *tx)
            .await?;
            sqlx::query(
                "INSERT INTO variant (variant_id, product_id, sku, weight_g, position) VALUES ($1, $2, upper($3), 400, 0)",
            )
            .bind(variant)
            .bind(product)
            .bind(handle)
            .execute(&mut *tx)
            .await?;
            sqlx::query(
                "INSERT INTO price (price_id, variant_id, currency, amount_minor)
                 SELECT gen_random_uuid(), $1, currency, $2 FROM unnest(ARRAY['EUR', 'USD']) AS currency",
            )
            .bind(variant)
            .bind(cents)
            .execute(&mut *tx)
            .await?;
            sqlx::query("INSERT INTO stock_level (variant_id, location_id, on_hand) SELECT $1, location_id, $2 FROM stock_location")
                .bind(variant)
                .bind(units)
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "INSERT INTO stock_movement (variant_id, location_id, kind, delta_on_hand, delta_reserved, actor)
                 SELECT $1, location_id, 'receive', $2, 0, 'test' FROM stock_location",
            )
            .bind(variant)
            .bind(units)
            .execute(tx)
            .await?;
            Ok(variant)
        })
        .await
    }

    /// Another price for what `stock` made.
    pub async fn reprice(&self, variant: VariantId, currency: &str, cents: i64) {
        self.sql(async |tx| {
            sqlx::query(
                "UPDATE price SET amount_minor = $3 WHERE variant_id = $1 AND currency = $2",
            )
            .bind(variant)
            .bind(currency)
            .bind(cents)
            .execute(tx)
            .await
        })
        .await;
    }
}

impl Shop {
    /// Follows the catalogue until every change is seen: one that another test's transaction is older than shows later.
    pub async fn follow(&self) {
        for _ in 0..500 {
            let unseen = "SELECT count(*) FROM search_change WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())";
            let unseen =
                self.sql(async |tx| sqlx::query_scalar::<_, i64>(unseen).fetch_one(tx).await).await;
            self.app.follow_catalog().await.unwrap();
            if unseen == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("a transaction of this server never ends");
    }
}
