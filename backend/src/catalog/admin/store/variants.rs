//! Changing variants.

use std::collections::BTreeSet;

use api_types::{ProductId, VariantId, admin::VariantSheet};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Makes variants behind those that there are, like the first of them.
pub async fn insert(
    tx: &mut PgConnection,
    product: ProductId,
    combinations: &[Vec<String>],
    sku: Option<&str>,
) -> sqlx::Result<()> {
    let combinations =
        serde_json::to_value(combinations).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        r#"
        INSERT INTO variant (
            variant_id, product_id, sku, option_values, weight_g, requires_shipping, track_inventory, purchase_limit,
            position
        )
        SELECT
            gen_random_uuid(), $1, $3, ARRAY(SELECT jsonb_array_elements_text(combination)),
            coalesce(first.weight_g, 0), coalesce(first.requires_shipping, true),
            coalesce(first.track_inventory, true), coalesce(first.purchase_limit, 99),
            place + coalesce((SELECT max(position) FROM variant WHERE product_id = $1), -1)
        FROM jsonb_array_elements($2) WITH ORDINALITY AS wanted (combination, place)
        LEFT JOIN LATERAL (
            SELECT * FROM variant WHERE product_id = $1 ORDER BY archived_at IS NOT NULL, position LIMIT 1
        ) AS first ON true
        "#,
        product as ProductId,
        combinations,
        sku,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes a variant's own fields what the sheet says.
pub async fn update(
    tx: &mut PgConnection,
    sheet: &VariantSheet,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE variant
        SET sku = $2, barcode = $3, weight_g = $4, requires_shipping = $5, track_inventory = $6,
            purchase_limit = $7, cost_minor = $8,
            archived_at = CASE WHEN $9 THEN coalesce(archived_at, $10::timestamptz) END
        WHERE variant_id = $1
        "#,
        sheet.id as VariantId,
        sheet.sku,
        sheet.barcode,
        sheet.weight_g,
        sheet.requires_shipping,
        sheet.track_inventory,
        sheet.purchase_limit,
        sheet.cost,
        sheet.is_archived,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Which of these variants must stay, since they are in an order, a cart or a location. Their levels
/// are locked first, so that an order which is just being placed is waited for.
pub async fn kept(
    tx: &mut PgConnection,
    variants: &[VariantId],
) -> sqlx::Result<BTreeSet<VariantId>> {
    let variants: Vec<Uuid> = variants.iter().map(|variant| variant.0).collect();
    sqlx::query!(
        r#"
        SELECT variant_id
        FROM stock_level
        WHERE variant_id = ANY($1)
        ORDER BY variant_id, location_id
        FOR UPDATE
        "#,
        &variants,
    )
    .fetch_all(&mut *tx)
    .await?;
    let kept = sqlx::query_scalar!(
        r#"
        SELECT variant_id AS "variant_id: VariantId"
        FROM variant
        WHERE variant_id = ANY($1)
            AND (EXISTS (SELECT FROM order_line WHERE order_line.variant_id = variant.variant_id)
                OR EXISTS (SELECT FROM cart_line WHERE cart_line.variant_id = variant.variant_id)
                OR EXISTS (
                    SELECT FROM stock_level
                    WHERE stock_level.variant_id = variant.variant_id AND (on_hand > 0 OR reserved > 0)
                ))
        "#,
        &variants,
    )
    .fetch_all(tx)
    .await?;
    Ok(kept.into_iter().collect())
}

/// Puts variants away.
pub async fn archive(
    tx: &mut PgConnection,
    variants: &[VariantId],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let variants: Vec<Uuid> = variants.iter().map(|variant| variant.0).collect();
    sqlx::query!(
        "UPDATE variant SET archived_at = $2 WHERE variant_id = ANY($1) AND archived_at IS NULL",
        &variants,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes variants away for good.
pub async fn delete(tx: &mut PgConnection, variants: &[VariantId]) -> sqlx::Result<()> {
    let variants: Vec<Uuid> = variants.iter().map(|variant| variant.0).collect();
    sqlx::query!("DELETE FROM variant WHERE variant_id = ANY($1)", &variants).execute(tx).await?;
    Ok(())
}

/// Whether some of it was bought, by orders that were not called off.
pub async fn was_sold(tx: &mut PgConnection, variant: VariantId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM order_line JOIN orders USING (order_id)
            WHERE variant_id = $1 AND status NOT IN ('cancelled', 'expired')
        ) AS "was_sold!"
        "#,
        variant as VariantId,
    )
    .fetch_one(tx)
    .await
}
