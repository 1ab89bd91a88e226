//! Where stock lies.

use api_types::{LocationId, admin::StockLocation};
use sqlx::PgConnection;

/// Every location, in the order in which they are asked.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<StockLocation>> {
    sqlx::query_as!(
        StockLocation,
        r#"SELECT location_id AS "id: LocationId", title, priority, is_active, version FROM stock_location ORDER BY priority"#
    )
    .fetch_all(conn)
    .await
}

/// Lets one change of the locations at a time through; readers do not wait.
pub async fn lock(tx: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("LOCK TABLE stock_location IN SHARE ROW EXCLUSIVE MODE").execute(tx).await?;
    Ok(())
}

/// Makes a location.
pub async fn insert(tx: &mut PgConnection, location: &StockLocation) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO stock_location (location_id, title, priority, is_active) VALUES ($1, $2, $3, $4)",
        location.id as LocationId,
        location.title,
        location.priority,
        location.is_active,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes a location's fields what is wanted.
pub async fn update(tx: &mut PgConnection, location: &StockLocation) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE stock_location
        SET title = $2, priority = $3, is_active = $4, version = version + 1
        WHERE location_id = $1
        "#,
        location.id as LocationId,
        location.title,
        location.priority,
        location.is_active,
    )
    .execute(tx)
    .await?;
    Ok(())
}
