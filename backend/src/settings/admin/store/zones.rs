//! Zones of delivery.

use api_types::{
    ShippingZoneId,
    admin::{Kept, SetShippingZone},
};
use sqlx::PgConnection;

/// Every one in order, or only that.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<ShippingZoneId>,
) -> sqlx::Result<Vec<Kept<ShippingZoneId, SetShippingZone>>> {
    let rows = sqlx::query!(
        r#"
        SELECT shipping_zone_id AS "id: ShippingZoneId", version, title,
            ARRAY(
                SELECT country FROM shipping_zone_country
                WHERE shipping_zone_country.shipping_zone_id = shipping_zone.shipping_zone_id
                ORDER BY country
            ) AS "countries!"
        FROM shipping_zone
        WHERE $1::uuid IS NULL OR shipping_zone_id = $1
        ORDER BY title, shipping_zone_id
        "#,
        only as Option<ShippingZoneId>,
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        version: row.version,
        value: SetShippingZone { title: row.title, countries: row.countries },
    });
    Ok(kept.collect())
}

/// A new one.
pub async fn insert(
    tx: &mut PgConnection,
    id: ShippingZoneId,
    given: &SetShippingZone,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO shipping_zone (shipping_zone_id, title) VALUES ($1, $2)",
        id as ShippingZoneId,
        given.title,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Written anew; false when it is at another version.
pub async fn update(
    tx: &mut PgConnection,
    id: ShippingZoneId,
    seen: i32,
    given: &SetShippingZone,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE shipping_zone SET version = version + 1, title = $3 WHERE shipping_zone_id = $1 AND version = $2",
        id as ShippingZoneId,
        seen,
        given.title,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Taken away; false when it is at another version.
pub async fn delete(tx: &mut PgConnection, id: ShippingZoneId, seen: i32) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM shipping_zone WHERE shipping_zone_id = $1 AND version = $2",
        id as ShippingZoneId,
        seen,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Its countries are these and no others.
pub async fn set_countries(
    tx: &mut PgConnection,
    id: ShippingZoneId,
    countries: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM shipping_zone_country WHERE shipping_zone_id = $1 AND country <> ALL($2)",
        id as ShippingZoneId,
        countries,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"
        INSERT INTO shipping_zone_country (country, shipping_zone_id)
        SELECT DISTINCT country, $1::uuid
        FROM unnest($2::text[]) AS country
        WHERE NOT EXISTS (
            SELECT FROM shipping_zone_country AS there
            WHERE there.country = country.country AND there.shipping_zone_id = $1
        )
        "#,
        id as ShippingZoneId,
        countries,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether there are ways to deliver to it.
pub async fn has_methods(tx: &mut PgConnection, id: ShippingZoneId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM shipping_method WHERE shipping_zone_id = $1) AS "has_methods!""#,
        id as ShippingZoneId,
    )
    .fetch_one(tx)
    .await
}
