//! Products as they are written out.

use api_types::Currency;
use sqlx::{PgConnection, types::Json};

use super::super::{export::Hung, plan::State};

pub use super::super::plan::StateVariant as Variant;

/// A product to be written out.
pub struct Product {
    /// As an import compares it.
    pub state: State,
    /// Its pictures, in order.
    pub pictures: Vec<Hung>,
}

/// Headers of the columns that imports kept, in alphabetical order.
pub async fn attributes(conn: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"SELECT DISTINCT jsonb_object_keys(attributes) AS "name!" FROM product ORDER BY 1"#
    )
    .fetch_all(conn)
    .await
}

/// Products after a handle, in the order of handles.
pub async fn products(
    conn: &mut PgConnection,
    after: Option<&str>,
    currency: Currency,
    limit: i64,
) -> sqlx::Result<Vec<Product>> {
    let rows = sqlx::query!(
        r#"
        SELECT handle,
            coalesce((
                SELECT json_agg(json_build_object(
                    'key', (
                        SELECT key FROM media_file WHERE media_file.media_id = media.media_id
                        ORDER BY array_position(ARRAY['image/jpeg', 'image/png', 'image/webp'], mime),
                            media_file.width DESC
                        LIMIT 1
                    ),
                    'source', source, 'alt', alt,
                    'shows', CASE WHEN product_option.position = 0 THEN option_value END
                ) ORDER BY product_media.position)
                FROM product_media
                JOIN media USING (media_id)
                LEFT JOIN product_option ON product_option.product_id = product_media.product_id
                    AND product_option.name = option_name
                WHERE product_media.product_id = product.product_id
                    AND (source ~ '^https?:'
                        OR EXISTS (SELECT FROM media_file WHERE media_file.media_id = media.media_id))
            ), '[]') AS "pictures!: Json<Vec<Hung>>"
        FROM product
        WHERE ($1::text IS NULL OR handle > $1)
        ORDER BY handle
        LIMIT $2
        "#,
        after,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let handles: Vec<_> = rows.iter().map(|row| row.handle.clone()).collect();
    let mut states = super::look(conn, &handles, currency).await?;
    let product = rows.into_iter().filter_map(|row| {
        Some(Product { state: states.remove(&row.handle)?, pictures: row.pictures.0 })
    });
    Ok(product.collect())
}
