//! Products and all that belongs to them, a batch at a time.

use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::seed::{
    main_location,
    rows::{Batch, OptionRow, PictureRow, PriceRow, ProductRow, ValueRow, VariantRow},
};

/// Writes the products that are not there yet with all that belongs to them; says how many.
pub async fn insert(conn: &mut PgConnection, batch: &Batch) -> sqlx::Result<usize> {
    let new = insert_products(conn, &batch.products).await?;
    if !new.is_empty() {
        insert_options(conn, &batch.options, &new).await?;
        insert_values(conn, &batch.values).await?;
        insert_variants(conn, &batch.variants, &new).await?;
        insert_prices(conn, &batch.prices).await?;
        receive(conn, &batch.variants).await?;
    }
    insert_pictures(conn, &batch.pictures).await?;
    Ok(new.len())
}

async fn insert_products(conn: &mut PgConnection, rows: &[ProductRow]) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"
        INSERT INTO product (
            product_id, handle, status, title, subtitle, description_html, brand, tags, details,
            category_id, tax_class_id, sold_30d, published_at, created_at, updated_at
        )
        SELECT
            product_id, handle, 'active', title, subtitle, description_html, brand, tags, details,
            category_id, tax_class_id, sold_30d, published_at, published_at, published_at
        FROM jsonb_to_recordset($1) AS row (
            product_id uuid, handle text, title text, subtitle text, description_html text, brand text,
            tags text[], details jsonb, category_id uuid, tax_class_id uuid, sold_30d bigint,
            published_at timestamptz
        )
        ON CONFLICT DO NOTHING
        RETURNING product_id
        "#,
        Json(rows) as _,
    )
    .fetch_all(conn)
    .await
}

async fn insert_options(
    conn: &mut PgConnection,
    rows: &[OptionRow],
    new: &[Uuid],
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO product_option (product_option_id, product_id, name, position)
        SELECT product_option_id, product_id, name, position
        FROM jsonb_to_recordset($1) AS row (
            product_option_id uuid, product_id uuid, name text, position integer
        )
        JOIN unnest($2::uuid[]) AS new (product_id) USING (product_id)
        "#,
        Json(rows) as _,
        new,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_values(conn: &mut PgConnection, rows: &[ValueRow]) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO product_option_value (product_option_value_id, product_option_id, value, swatch, position)
        SELECT product_option_value_id, product_option_id, row.value, row.swatch, row.position
        FROM jsonb_to_recordset($1) AS row (
            product_option_value_id uuid, product_option_id uuid, value text, swatch text, position integer
        )
        JOIN product_option USING (product_option_id)
        ON CONFLICT DO NOTHING
        "#,
        Json(rows) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_variants(
    conn: &mut PgConnection,
    rows: &[VariantRow],
    new: &[Uuid],
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO variant (variant_id, product_id, sku, option_values, weight_g, position)
        SELECT variant_id, product_id, sku, option_values, weight_g, position
        FROM jsonb_to_recordset($1) AS row (
            variant_id uuid, product_id uuid, sku text, option_values text[], weight_g integer, position integer
        )
        JOIN unnest($2::uuid[]) AS new (product_id) USING (product_id)
        "#,
        Json(rows) as _,
        new,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Prices, and for what is on sale the price that it had before.
async fn insert_prices(conn: &mut PgConnection, rows: &[PriceRow]) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH new AS (
            INSERT INTO price (price_id, variant_id, currency, amount_minor, compare_at_minor)
            SELECT price_id, variant_id, currency, amount_minor, compare_at_minor
            FROM jsonb_to_recordset($1) AS row (
                price_id uuid, variant_id uuid, currency text, amount_minor bigint, compare_at_minor bigint
            )
            JOIN variant USING (variant_id)
            ON CONFLICT DO NOTHING
            RETURNING price_id
        )
        INSERT INTO price_history (variant_id, currency, amount_minor, from_at, to_at)
        SELECT variant_id, currency, compare_at_minor, since, now()
        FROM jsonb_to_recordset($1) AS row (
            price_id uuid, variant_id uuid, currency text, compare_at_minor bigint, since timestamptz
        )
        JOIN new USING (price_id)
        WHERE compare_at_minor IS NOT NULL
        "#,
        Json(rows) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What lies in the warehouse, each level with the movement that brought it there.
async fn receive(conn: &mut PgConnection, rows: &[VariantRow]) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH level AS (
            INSERT INTO stock_level (variant_id, location_id, on_hand)
            SELECT variant_id, $2, stock
            FROM jsonb_to_recordset($1) AS row (variant_id uuid, stock integer)
            JOIN variant USING (variant_id)
            ON CONFLICT DO NOTHING
            RETURNING variant_id, location_id, on_hand
        )
        INSERT INTO stock_movement (variant_id, location_id, kind, delta_on_hand, delta_reserved, reason, actor)
        SELECT variant_id, location_id, 'receive', on_hand, 0, 'opening stock', 'seed'
        FROM level
        "#,
        Json(rows) as _,
        main_location().0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_pictures(conn: &mut PgConnection, rows: &[PictureRow]) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO product_media (product_id, media_id, position, option_name, option_value)
        SELECT product_id, media_id, row.position, option_name, option_value
        FROM jsonb_to_recordset($1) AS row (
            product_id uuid, media_id uuid, position integer, option_name text, option_value text
        )
        JOIN product USING (product_id)
        JOIN media USING (media_id)
        ON CONFLICT DO NOTHING
        "#,
        Json(rows) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
