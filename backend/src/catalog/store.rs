//! Reading the catalogue.

mod cards;
mod detail;

use api_types::{CategoryId, Picture};
use sqlx::{PgExecutor, types::Json};

use super::shelves::Shelf;

pub use cards::cards;
pub use detail::product;

/// Every shelf with the number of products on sale that lie on it, in order.
pub async fn shelves(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Shelf>> {
    let rows = sqlx::query!(
        r#"
        SELECT
            category.category_id AS "id: CategoryId", parent.handle AS "parent?", category.handle,
            category.title, category.intro, picture.body AS "picture?: Json<Picture>",
            coalesce(on_sale.products, 0) AS "products!"
        FROM category
        LEFT JOIN category AS parent ON parent.category_id = category.parent_id
        LEFT JOIN picture ON picture.media_id = category.media_id
        LEFT JOIN (
            SELECT category_id, count(*) AS products
            FROM product
            WHERE status = 'active' AND published_at IS NOT NULL
            GROUP BY category_id
        ) AS on_sale ON on_sale.category_id = category.category_id
        ORDER BY category.position, category.title
        "#,
    )
    .fetch_all(db)
    .await?;
    let shelves = rows.into_iter().map(|row| Shelf {
        id: row.id,
        parent: row.parent,
        handle: row.handle,
        title: row.title,
        intro: row.intro,
        picture: row.picture.map(|picture| picture.0),
        products: row.products,
    });
    Ok(shelves.collect())
}

/// Where an old address leads.
pub async fn redirect(db: impl PgExecutor<'_>, path: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT target FROM slug_redirect WHERE path = $1", path)
        .fetch_optional(db)
        .await
}
