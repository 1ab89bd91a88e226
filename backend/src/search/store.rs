//! What the index reads: products with all their words, and which of them changed.

use std::collections::HashMap;

use api_types::{CategoryId, Currency, ProductId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{
    schema::Entry,
    shelves::{Shelf, Shelves},
    words,
};

/// A change that was noted.
pub struct Change {
    pub id: i64,
    /// The product; absent when the shelves or the currencies changed.
    pub product: Option<ProductId>,
    /// The transaction that noted it.
    pub xid: i64,
}

/// The oldest transaction that still runs: all before it are over, and all they did can be seen.
pub async fn oldest_running(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS "xmin!""#
    )
    .fetch_one(db)
    .await
}

/// What was noted, at one moment.
pub struct Noted {
    /// Every change that can be seen.
    pub changes: Vec<Change>,
    /// The oldest transaction that still ran.
    pub oldest_running: i64,
    /// The database's clock.
    pub at: DateTime<Utc>,
}

/// Every change that can be seen of transactions from `since` on.
///
/// One snapshot for all: a change that is not among these belongs to a transaction that is not
/// older than the oldest that still runs.
pub async fn noted_since(db: impl PgExecutor<'_>, since: i64) -> sqlx::Result<Noted> {
    let rows = sqlx::query!(
        r#"
        SELECT
            change_id AS "id?", product_id AS "product?: ProductId",
            search_change.xid::text::bigint AS "xid?",
            present.xmin::text::bigint AS "xmin!", present.at AS "at!"
        FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xmin, clock_timestamp() AS at) AS present
        LEFT JOIN search_change ON search_change.xid >= $1::text::xid8
        "#,
        since.to_string(),
    )
    .fetch_all(db)
    .await?;
    let first = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    let (oldest_running, at) = (first.xmin, first.at);
    let changes = rows
        .into_iter()
        .filter_map(|row| Some(Change { id: row.id?, product: row.product, xid: row.xid? }))
        .collect();
    Ok(Noted { changes, oldest_running, at })
}

/// Forgets what transactions before `until` noted; many at a time, not all.
pub async fn forget_until(db: impl PgExecutor<'_>, until: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        r#"
        DELETE FROM search_change
        WHERE change_id IN (
            SELECT change_id
            FROM search_change
            WHERE xid < $1::text::xid8
            LIMIT 10000
            -- Another replica may be at it too.
            FOR UPDATE SKIP LOCKED
        )
        "#,
        until.to_string(),
    )
    .execute(db)
    .await?;
    Ok(gone.rows_affected())
}

/// All categories and currencies.
pub async fn shelves(conn: &mut PgConnection) -> sqlx::Result<Shelves> {
    let all = sqlx::query!(
        r#"
        SELECT category_id AS "id: CategoryId", handle, title
        FROM category
        ORDER BY nlevel(path), position, category_id
        "#,
    )
    .fetch_all(&mut *conn)
    .await?
    .into_iter()
    .map(|row| Shelf {
        id: row.id,
        handle: row.handle,
        words: words::words(&row.title),
        title: row.title,
    })
    .collect();
    let currencies = sqlx::query_scalar!(
        r#"
        SELECT currency AS "currency: Currency"
        FROM region
        GROUP BY currency
        ORDER BY
            currency = (SELECT value ->> 'default_currency' FROM setting WHERE key = 'shop') DESC NULLS LAST,
            min(position)
        "#,
    )
    .fetch_all(conn)
    .await?;
    Ok(Shelves::new(all, currencies))
}

/// The products that can be listed, `limit` of them behind `after`.
pub async fn listed_products(
    db: impl PgExecutor<'_>,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<ProductId>> {
    sqlx::query_scalar!(
        r#"
        SELECT product_id AS "id: ProductId"
        FROM product
        WHERE product_id > $1 AND status = 'active' AND published_at IS NOT NULL
        ORDER BY product_id
        LIMIT $2
        "#,
        after,
        limit,
    )
    .fetch_all(db)
    .await
}

/// All that the index is told about each of these products that can be listed.
pub async fn entries(
    conn: &mut PgConnection,
    ids: &[ProductId],
    currencies: &[Currency],
) -> sqlx::Result<Vec<Entry>> {
    let mut cards: HashMap<ProductId, Vec<(Currency, i64, String)>> = HashMap::new();
    let mut buyable: HashMap<ProductId, bool> = HashMap::new();
    for currency in currencies {
        for card in crate::catalog::cards(conn, ids, *currency).await? {
            let json =
                serde_json::to_string(&card).map_err(|error| sqlx::Error::Encode(error.into()))?;
            buyable.insert(card.id, card.availability != api_types::Availability::SoldOut);
            cards.entry(card.id).or_default().push((*currency, card.price.amount, json));
        }
    }
    let mut entries = texts(conn, ids).await?;
    for entry in &mut entries {
        entry.cards = cards.remove(&entry.id).unwrap_or_default();
        entry.is_available = buyable.get(&entry.id).copied().unwrap_or_default();
    }
    Ok(entries)
}

async fn texts(db: impl PgExecutor<'_>, ids: &[ProductId]) -> sqlx::Result<Vec<Entry>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"
        SELECT
            product_id AS "id: ProductId", product.title, subtitle, brand, product_type, tags,
            description_html, sold_30d, published_at AS "published_at!",
            choice.names AS "names?", choice.values AS "values?", sku.all AS "skus?",
            shelf.ids AS "shelf_ids?", shelf.titles AS "shelf_titles?"
        FROM product
        LEFT JOIN LATERAL (
            SELECT
                array_agg(name ORDER BY product_option.position, product_option_value.position) AS names,
                array_agg(value ORDER BY product_option.position, product_option_value.position) AS values
            FROM product_option JOIN product_option_value USING (product_option_id)
            WHERE product_option.product_id = product.product_id
        ) AS choice ON true
        LEFT JOIN LATERAL (
            SELECT array_agg(sku ORDER BY position) AS all FROM variant
            WHERE variant.product_id = product.product_id AND sku IS NOT NULL AND archived_at IS NULL
        ) AS sku ON true
        LEFT JOIN LATERAL (
            SELECT
                array_agg(replace(above.category_id::text, '-', '') ORDER BY above.path) AS ids,
                array_agg(above.title ORDER BY above.path) AS titles
            FROM category JOIN category AS above ON above.path @> category.path
            WHERE category.category_id = product.category_id
        ) AS shelf ON true
        WHERE product_id = ANY($1) AND status = 'active' AND published_at IS NOT NULL
        "#,
        &ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            id: row.id,
            title: row.title,
            subtitle: row.subtitle,
            brand: row.brand,
            product_type: row.product_type,
            tags: row.tags,
            description_html: row.description_html,
            choices: row
                .names
                .into_iter()
                .flatten()
                .zip(row.values.into_iter().flatten())
                .collect(),
            skus: row.skus.unwrap_or_default(),
            category_path: row.shelf_ids.unwrap_or_default(),
            category_titles: row.shelf_titles.unwrap_or_default(),
            sold_30d: row.sold_30d,
            published_at: row.published_at,
            is_available: false,
            cards: Vec::new(),
        })
        .collect())
}
