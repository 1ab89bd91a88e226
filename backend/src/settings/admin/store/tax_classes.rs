//! Classes of goods.

use api_types::{
    TaxClassId,
    admin::{Kept, SetTaxClass},
};
use sqlx::PgConnection;

/// Every one in order, or only that.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<TaxClassId>,
) -> sqlx::Result<Vec<Kept<TaxClassId, SetTaxClass>>> {
    let rows = sqlx::query!(
        r#"
        SELECT tax_class_id AS "id: TaxClassId", version, code, title
        FROM tax_class
        WHERE $1::uuid IS NULL OR tax_class_id = $1
        ORDER BY code
        "#,
        only as Option<TaxClassId>,
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        version: row.version,
        value: SetTaxClass { code: row.code, title: row.title },
    });
    Ok(kept.collect())
}

/// A new one.
pub async fn insert(
    tx: &mut PgConnection,
    id: TaxClassId,
    given: &SetTaxClass,
) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO tax_class (tax_class_id, code, title) VALUES ($1, $2, $3)",
        id as TaxClassId,
        given.code,
        given.title,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Written anew; false when it is at another version.
pub async fn update(
    tx: &mut PgConnection,
    id: TaxClassId,
    seen: i32,
    given: &SetTaxClass,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE tax_class SET version = version + 1, code = $3, title = $4 WHERE tax_class_id = $1 AND version = $2",
        id as TaxClassId,
        seen,
        given.code,
        given.title,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Taken away; false when it is at another version.
pub async fn delete(tx: &mut PgConnection, id: TaxClassId, seen: i32) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM tax_class WHERE tax_class_id = $1 AND version = $2",
        id as TaxClassId,
        seen,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
