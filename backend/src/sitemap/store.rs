//! Reading the map.

use api_types::{SitemapEntry, SitemapKind};
use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// One part of the map.
pub struct Part {
    /// What is in it.
    pub kind: SitemapKind,
    /// Counts from 0 within the kind.
    pub number: i64,
    /// Name of its first address.
    pub first: String,
    /// When the youngest of its addresses was written anew.
    pub updated_at: Option<DateTime<Utc>>,
}

/// The parts of the map, each of so many addresses.
pub async fn parts(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    rows: i64,
) -> sqlx::Result<Vec<Part>> {
    sqlx::query_as!(
        Part,
        r#"
        SELECT kind AS "kind!: SitemapKind", number AS "number!", min(name) AS "first!", max(updated_at) AS updated_at
        FROM (
            SELECT kind, name, updated_at, (row_number() OVER (PARTITION BY kind ORDER BY name) - 1) / $2 AS number
            FROM sitemap_entry
            WHERE since <= $1
        ) AS entry
        GROUP BY kind, number
        ORDER BY kind, number
        "#,
        now,
        rows,
    )
    .fetch_all(db)
    .await
}

/// The addresses of a kind from a name on, with their names; as many as can be read by `now`, at most so many.
pub async fn entries(
    db: impl PgExecutor<'_>,
    kind: SitemapKind,
    first: &str,
    (now, most): (DateTime<Utc>, i64),
) -> sqlx::Result<Vec<(String, SitemapEntry)>> {
    let rows = sqlx::query!(
        r#"
        SELECT name AS "name!", path AS "path!", updated_at
        FROM sitemap_entry
        WHERE kind = $1 AND name >= $2 AND since <= $3
        ORDER BY name
        LIMIT $4
        "#,
        kind.name(),
        first,
        now,
        most,
    )
    .fetch_all(db)
    .await?;
    let entry = |path, updated_at| SitemapEntry { path, updated_at };
    Ok(rows.into_iter().map(|row| (row.name, entry(row.path, row.updated_at))).collect())
}
