//! Regions and their countries.

use api_types::{
    Currency, RegionId,
    admin::{Kept, RegionCountry, SetRegion},
};
use sqlx::{PgConnection, types::Json};

/// Every one in order, or only that.
pub async fn list(
    conn: &mut PgConnection,
    only: Option<RegionId>,
) -> sqlx::Result<Vec<Kept<RegionId, SetRegion>>> {
    let rows = sqlx::query!(
        r#"
        SELECT region_id AS "id: RegionId", row_version AS version, title, currency AS "currency: Currency", tax_included, position,
            coalesce((
                SELECT jsonb_agg(jsonb_build_object(
                    'code', country, 'title', region_country.title, 'states', states,
                    'postal_pattern', postal_pattern, 'postal_example', postal_example
                ) ORDER BY region_country.position)
                FROM region_country
                WHERE region_country.region_id = region.region_id
            ), '[]') AS "countries!: Json<Vec<RegionCountry>>"
        FROM region
        WHERE $1::uuid IS NULL OR region_id = $1
        ORDER BY position, region_id
        "#,
        only as Option<RegionId>,
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        version: row.version,
        value: SetRegion {
            title: row.title,
            currency: row.currency,
            tax_included: row.tax_included,
            position: row.position,
            countries: row.countries.0,
        },
    });
    Ok(kept.collect())
}

/// A new one.
pub async fn insert(tx: &mut PgConnection, id: RegionId, given: &SetRegion) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO region (region_id, title, currency, tax_included, position) VALUES ($1, $2, $3, $4, $5)",
        id as RegionId,
        given.title,
        given.currency as Currency,
        given.tax_included,
        given.position,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Written anew; false when it is at another version.
pub async fn update(
    tx: &mut PgConnection,
    id: RegionId,
    seen: i32,
    given: &SetRegion,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "UPDATE region SET row_version = row_version + 1, title = $3, currency = $4, tax_included = $5, position = $6 WHERE region_id = $1 AND row_version = $2",
        id as RegionId,
        seen,
        given.title,
        given.currency as Currency,
        given.tax_included,
        given.position,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Taken away; false when it is at another version.
pub async fn delete(tx: &mut PgConnection, id: RegionId, seen: i32) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM region WHERE region_id = $1 AND row_version = $2",
        id as RegionId,
        seen,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Countries that are not among these do not belong to it any more.
pub async fn remove_countries(
    tx: &mut PgConnection,
    id: RegionId,
    but: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "DELETE FROM region_country WHERE region_id = $1 AND country <> ALL($2)",
        id as RegionId,
        but,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// These countries belong to it; how many of them, for those of another region do not.
pub async fn set_countries(
    tx: &mut PgConnection,
    id: RegionId,
    countries: &[RegionCountry],
) -> sqlx::Result<usize> {
    let done = sqlx::query!(
        r#"
        INSERT INTO region_country (country, region_id, title, states, postal_pattern, postal_example, position)
        SELECT code, $1::uuid, title, coalesce(states, '[]'), postal_pattern, postal_example, place::integer - 1
        FROM ROWS FROM (jsonb_to_recordset($2) AS (
            code text, title text, states jsonb, postal_pattern text, postal_example text
        )) WITH ORDINALITY AS given (code, title, states, postal_pattern, postal_example, place)
        ON CONFLICT (country) DO UPDATE
        SET title = excluded.title, states = excluded.states, postal_pattern = excluded.postal_pattern,
            postal_example = excluded.postal_example, position = excluded.position
        WHERE region_country.region_id = excluded.region_id
        "#,
        id as RegionId,
        Json(countries) as Json<&[RegionCountry]>,
    )
    .execute(tx)
    .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

/// How many regions there are beside it; they stay until the transaction ends.
pub async fn lock_others(tx: &mut PgConnection, id: RegionId) -> sqlx::Result<usize> {
    let others = sqlx::query_scalar!(
        "SELECT region_id FROM region WHERE region_id <> $1 ORDER BY region_id FOR UPDATE",
        id as RegionId,
    )
    .fetch_all(tx)
    .await?;
    Ok(others.len())
}
