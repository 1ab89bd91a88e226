//! Ways to deliver.

use api_types::{
    ShippingMethodId, ShippingZoneId,
    admin::{Kept, SetShippingMethod},
};
use sqlx::PgConnection;

/// Every one in order, or only that.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<ShippingMethodId>,
) -> sqlx::Result<Vec<Kept<ShippingMethodId, SetShippingMethod>>> {
    let rows = sqlx::query!(
        r#"
        SELECT shipping_method_id AS "id: ShippingMethodId", version, shipping_zone_id AS "zone_id: ShippingZoneId", code, title, description, min_days, max_days, position
        FROM shipping_method
        WHERE $1::uuid IS NULL OR shipping_method_id = $1
        ORDER BY shipping_zone_id, position, code
        "#,
        only as Option<ShippingMethodId>,
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        version: row.version,
        value: SetShippingMethod {
            zone_id: row.zone_id,
            code: row.code,
            title: row.title,
            description: row.description,
            min_days: row.min_days,
            max_days: row.max_days,
            position: row.position,
        },
    });
    Ok(kept.collect())
}

/// A new one.
pub async fn insert(
    tx: &mut PgConnection,
    id: ShippingMethodId,
    given: &SetShippingMethod,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO shipping_method (shipping_method_id, shipping_zone_id, code, title, description, min_days, max_days, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id as ShippingMethodId,
        given.zone_id as ShippingZoneId,
        given.code,
        given.title,
        given.description,
        given.min_days,
        given.max_days,
        given.position,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Written anew; false when it is at another version.
pub async fn update(
    tx: &mut PgConnection,
    id: ShippingMethodId,
    seen: i32,
    given: &SetShippingMethod,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE shipping_method SET version = version + 1, shipping_zone_id = $3, code = $4, title = $5, description = $6, min_days = $7, max_days = $8, position = $9 WHERE shipping_method_id = $1 AND version = $2",
        id as ShippingMethodId,
        seen,
        given.zone_id as ShippingZoneId,
        given.code,
        given.title,
        given.description,
        given.min_days,
        given.max_days,
        given.position,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Taken away; false when it is at another version.
pub async fn delete(tx: &mut PgConnection, id: ShippingMethodId, seen: i32) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM shipping_method WHERE shipping_method_id = $1 AND version = $2",
        id as ShippingMethodId,
        seen,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
