//! Changing prices.

use std::collections::BTreeMap;

use api_types::{
    ProductId, VariantId,
    admin::{GivenPrice, PriceSheet},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// A variant's prices, as they are written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Of what.
    pub variant_id: VariantId,
    /// What it costs.
    pub prices: Vec<PriceSheet>,
}

/// Locks variants against other changes of their prices; which products they are of. What is not
/// there is left out.
pub async fn lock(
    tx: &mut PgConnection,
    variants: &[VariantId],
) -> sqlx::Result<BTreeMap<VariantId, ProductId>> {
    let variants: Vec<Uuid> = variants.iter().map(|variant| variant.0).collect();
    let rows = sqlx::query!(
        r#"
        SELECT variant_id AS "variant: VariantId", product_id AS "product: ProductId"
        FROM variant
        WHERE variant_id = ANY($1)
        ORDER BY variant_id
        FOR NO KEY UPDATE
        "#,
        &variants,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.variant, row.product)).collect())
}

/// What these variants cost.
pub async fn of(tx: &mut PgConnection, variants: &[VariantId]) -> sqlx::Result<Vec<Tag>> {
    let variants: Vec<Uuid> = variants.iter().map(|variant| variant.0).collect();
    let rows = sqlx::query!(
        r#"
        SELECT variant_id AS "variant: VariantId", coalesce(
            json_agg(json_build_object(
                'currency', currency, 'min_quantity', min_quantity, 'amount', amount_minor, 'compare_at', compare_at_minor
            ) ORDER BY currency, min_quantity) FILTER (WHERE currency IS NOT NULL), '[]'
        ) AS "prices!: Json<Vec<PriceSheet>>"
        FROM variant
        LEFT JOIN price USING (variant_id)
        WHERE variant_id = ANY($1)
        GROUP BY variant_id
        ORDER BY variant_id
        "#,
        &variants,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| Tag { variant_id: row.variant, prices: row.prices.0 }).collect())
}

/// Sets prices, and takes away those without an amount; how many are different afterwards.
pub async fn set(tx: &mut PgConnection, rows: &[GivenPrice]) -> sqlx::Result<i64> {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "variant": row.variant_id.0, "currency": row.currency, "least": row.min_quantity.unwrap_or(1),
                "amount": row.amount, "compare_at": row.compare_at,
            })
        })
        .collect();
    sqlx::query_scalar!(
        r#"
        WITH wanted AS MATERIALIZED (
            SELECT *
            FROM jsonb_to_recordset($1)
                AS wanted (variant uuid, currency text, least integer, amount bigint, compare_at bigint)
        ), gone AS (
            DELETE FROM price
            USING wanted
            WHERE variant_id = variant AND price.currency = wanted.currency AND min_quantity = least
                AND amount IS NULL
            RETURNING price_id
        ), written AS (
            INSERT INTO price (price_id, variant_id, currency, min_quantity, amount_minor, compare_at_minor)
            SELECT gen_random_uuid(), variant, currency, least, amount, compare_at
            FROM wanted
            WHERE amount IS NOT NULL
            ORDER BY variant, currency, least
            ON CONFLICT (variant_id, currency, min_quantity) DO UPDATE SET
                amount_minor = excluded.amount_minor, compare_at_minor = excluded.compare_at_minor
            WHERE (price.amount_minor, price.compare_at_minor)
                IS DISTINCT FROM (excluded.amount_minor, excluded.compare_at_minor)
            RETURNING price_id
        )
        SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written) AS "changed!"
        "#,
        Value::Array(rows),
    )
    .fetch_one(tx)
    .await
}
