//! Taxes.

use api_types::{
    TaxClassId, TaxRateId,
    admin::{Kept, SetTaxRate},
};
use sqlx::PgConnection;

/// Every one in order, or only that.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<TaxRateId>,
) -> sqlx::Result<Vec<Kept<TaxRateId, SetTaxRate>>> {
    let rows = sqlx::query!(
        r#"
        SELECT tax_rate_id AS "id: TaxRateId", version, country, state, tax_class_id AS "tax_class_id: TaxClassId", name, rate_ppm, is_compound, position
        FROM tax_rate
        WHERE $1::uuid IS NULL OR tax_rate_id = $1
        ORDER BY country, state, position, name
        "#,
        only as Option<TaxRateId>,
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        version: row.version,
        value: SetTaxRate {
            country: row.country,
            state: row.state,
            tax_class_id: row.tax_class_id,
            name: row.name,
            rate_ppm: row.rate_ppm,
            is_compound: row.is_compound,
            position: row.position,
        },
    });
    Ok(kept.collect())
}

/// A new one.
pub async fn insert(tx: &mut PgConnection, id: TaxRateId, given: &SetTaxRate) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO tax_rate (tax_rate_id, country, state, tax_class_id, name, rate_ppm, is_compound, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id as TaxRateId,
        given.country,
        given.state.as_deref(),
        given.tax_class_id as TaxClassId,
        given.name,
        given.rate_ppm,
        given.is_compound,
        given.position,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Written anew; false when it is at another version.
pub async fn update(
    tx: &mut PgConnection,
    id: TaxRateId,
    seen: i32,
    given: &SetTaxRate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE tax_rate SET version = version + 1, country = $3, state = $4, tax_class_id = $5, name = $6, rate_ppm = $7, is_compound = $8, position = $9 WHERE tax_rate_id = $1 AND version = $2",
        id as TaxRateId,
        seen,
        given.country,
        given.state.as_deref(),
        given.tax_class_id as TaxClassId,
        given.name,
        given.rate_ppm,
        given.is_compound,
        given.position,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Taken away; false when it is at another version.
pub async fn delete(tx: &mut PgConnection, id: TaxRateId, seen: i32) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM tax_rate WHERE tax_rate_id = $1 AND version = $2",
        id as TaxRateId,
        seen,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
