//! Prices of delivery.

use api_types::{
    Currency, ShippingMethodId, ShippingRateId,
    admin::{Kept, SetShippingRate},
};
use sqlx::PgConnection;

/// Every one in order, or only that.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<ShippingRateId>,
) -> sqlx::Result<Vec<Kept<ShippingRateId, SetShippingRate>>> {
    let rows = sqlx::query!(
        r#"
        SELECT shipping_rate_id AS "id: ShippingRateId", version, shipping_method_id AS "method_id: ShippingMethodId", currency AS "currency: Currency", min_weight_g, max_weight_g, min_subtotal, max_subtotal, amount_minor, free_over_minor
        FROM shipping_rate
        WHERE $1::uuid IS NULL OR shipping_rate_id = $1
        ORDER BY shipping_method_id, currency, amount_minor, shipping_rate_id
        "#,
        only as Option<ShippingRateId>,
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        version: row.version,
        value: SetShippingRate {
            method_id: row.method_id,
            currency: row.currency,
            min_weight_g: row.min_weight_g,
            max_weight_g: row.max_weight_g,
            min_subtotal: row.min_subtotal,
            max_subtotal: row.max_subtotal,
            amount_minor: row.amount_minor,
            free_over_minor: row.free_over_minor,
        },
    });
    Ok(kept.collect())
}

/// A new one.
pub async fn insert(
    tx: &mut PgConnection,
    id: ShippingRateId,
    given: &SetShippingRate,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO shipping_rate (shipping_rate_id, shipping_method_id, currency, min_weight_g, max_weight_g, min_subtotal, max_subtotal, amount_minor, free_over_minor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id as ShippingRateId,
        given.method_id as ShippingMethodId,
        given.currency as Currency,
        given.min_weight_g,
        given.max_weight_g,
        given.min_subtotal,
        given.max_subtotal,
        given.amount_minor,
        given.free_over_minor,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Written anew; false when it is at another version.
pub async fn update(
    tx: &mut PgConnection,
    id: ShippingRateId,
    seen: i32,
    given: &SetShippingRate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE shipping_rate SET version = version + 1, shipping_method_id = $3, currency = $4, min_weight_g = $5, max_weight_g = $6, min_subtotal = $7, max_subtotal = $8, amount_minor = $9, free_over_minor = $10 WHERE shipping_rate_id = $1 AND version = $2",
        id as ShippingRateId,
        seen,
        given.method_id as ShippingMethodId,
        given.currency as Currency,
        given.min_weight_g,
        given.max_weight_g,
        given.min_subtotal,
        given.max_subtotal,
        given.amount_minor,
        given.free_over_minor,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Taken away; false when it is at another version.
pub async fn delete(tx: &mut PgConnection, id: ShippingRateId, seen: i32) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM shipping_rate WHERE shipping_rate_id = $1 AND version = $2",
        id as ShippingRateId,
        seen,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
