//! Where a new shop sells, what it taxes, how it delivers, and where its stock lies.

use sqlx::PgConnection;

use super::store::settings as store;

/// Writes the settings of a new shop; what is there stays as it is.
pub async fn settings(conn: &mut PgConnection) -> sqlx::Result<()> {
    store::insert_location(conn).await?;
    store::insert_regions(conn).await?;
    store::insert_countries(conn).await?;
    store::insert_tax_classes(conn).await?;
    store::insert_tax_rates(conn, &super::taxes::rates()).await?;
    store::insert_zones(conn).await?;
    store::insert_methods(conn).await?;
    store::insert_shipping_rates(conn).await
}
