//! Changing products.

use api_types::{
    CategoryId, ProductId, TaxClassId, VariantId,
    admin::{ProductSheet, ProductStatus},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// A product that is to be made.
pub struct Draft<'a> {
    /// Which one it will be.
    pub id: ProductId,
    /// Its name in addresses.
    pub handle: &'a str,
    /// Its name for people.
    pub title: &'a str,
    /// Clean HTML.
    pub description_html: &'a str,
    /// Its shelf.
    pub category: Option<CategoryId>,
    /// How it is taxed.
    pub tax_class: TaxClassId,
}

/// Locks a product against other changes of staff; its version.
pub async fn lock(tx: &mut PgConnection, product: ProductId) -> sqlx::Result<Option<i32>> {
    sqlx::query_scalar!(
        "SELECT version FROM product WHERE product_id = $1 FOR NO KEY UPDATE",
        product as ProductId,
    )
    .fetch_optional(tx)
    .await
}

/// Counts a change.
pub async fn count_change(
    tx: &mut PgConnection,
    product: ProductId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE product SET version = version + 1, updated_at = $2 WHERE product_id = $1",
        product as ProductId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes a draft with one variant that has no options.
pub async fn insert(
    tx: &mut PgConnection,
    draft: &Draft<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH made AS (
            INSERT INTO product (
                product_id, handle, status, title, description_html, category_id, tax_class_id, created_at, updated_at
            )
            VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $7)
            RETURNING product_id
        )
        INSERT INTO variant (variant_id, product_id, position)
        SELECT $8, product_id, 0 FROM made
        "#,
        draft.id as ProductId,
        draft.handle,
        draft.title,
        draft.description_html,
        draft.category as Option<CategoryId>,
        draft.tax_class as TaxClassId,
        now,
        VariantId::new() as VariantId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes a product's own fields what the sheet says.
pub async fn update(tx: &mut PgConnection, sheet: &ProductSheet) -> sqlx::Result<()> {
    let details: Vec<_> = sheet.details.iter().map(|it| (&it.name, &it.value)).collect();
    let details =
        serde_json::to_value(details).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query!(
        r#"
        UPDATE product
        SET handle = $2, title = $3, subtitle = $4, description_html = $5, brand = $6, product_type = $7,
            tags = $8, details = $9, category_id = $10, tax_class_id = $11, seo_title = $12, seo_description = $13,
            published_at = $14, status = $15
        WHERE product_id = $1
        "#,
        sheet.id as ProductId,
        sheet.handle,
        sheet.title,
        sheet.subtitle,
        sheet.description_html,
        sheet.brand,
        sheet.product_type,
        &sheet.tags,
        details,
        sheet.category_id as Option<CategoryId>,
        sheet.tax_class_id as TaxClassId,
        sheet.seo_title,
        sheet.seo_description,
        sheet.published_at,
        sheet.status as ProductStatus,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether anybody ever bought some of it, or has it in a cart.
pub async fn is_wanted(tx: &mut PgConnection, product: ProductId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM order_line WHERE product_id = $1)
            OR EXISTS (SELECT FROM cart_line JOIN variant USING (variant_id) WHERE product_id = $1) AS "is_wanted!"
        "#,
        product as ProductId,
    )
    .fetch_one(tx)
    .await
}

/// Takes a product away for good.
pub async fn delete(tx: &mut PgConnection, product: ProductId) -> sqlx::Result<()> {
    sqlx::query!("DELETE FROM product WHERE product_id = $1", product as ProductId)
        .execute(tx)
        .await?;
    Ok(())
}

/// The first of `stem`, `stem-2`, `stem-3` … that no product is called.
pub async fn free_handle(tx: &mut PgConnection, stem: &str) -> sqlx::Result<String> {
    sqlx::query_scalar!(
        r#"
        SELECT candidate AS "candidate!"
        FROM generate_series(1, (SELECT count(*) + 1 FROM product WHERE starts_with(handle, $1))) AS number
        CROSS JOIN LATERAL (SELECT CASE number WHEN 1 THEN $1 ELSE $1 || '-' || number END AS candidate) AS named
        WHERE candidate NOT IN (SELECT handle FROM product WHERE starts_with(handle, $1))
        ORDER BY number
        LIMIT 1
        "#,
        stem,
    )
    .fetch_one(tx)
    .await
}

/// Makes a draft that is like another, without article codes and stock.
pub async fn duplicate(
    tx: &mut PgConnection,
    product: ProductId,
    copy: ProductId,
    (handle, title): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO product (
            product_id, handle, status, title, subtitle, description_html, brand, product_type, tags, details,
            attributes, category_id, tax_class_id, seo_title, seo_description, created_at, updated_at
        )
        SELECT $2, $3, 'draft', $4, subtitle, description_html, brand, product_type, tags, details,
            attributes, category_id, tax_class_id, seo_title, seo_description, $5, $5
        FROM product
        WHERE product_id = $1
        "#,
        product as ProductId,
        copy as ProductId,
        handle,
        title,
        now,
    )
    .execute(&mut *tx)
    .await?;
    duplicate_options(&mut *tx, product, copy).await?;
    sqlx::query!(
        r#"
        WITH pair AS MATERIALIZED (
            SELECT variant_id AS old, gen_random_uuid() AS new
            FROM variant
            WHERE product_id = $1 AND archived_at IS NULL
        ), made AS (
            INSERT INTO variant (
                variant_id, product_id, option_values, weight_g, requires_shipping, track_inventory, purchase_limit,
                cost_minor, position
            )
            SELECT new, $2, option_values, weight_g, requires_shipping, track_inventory, purchase_limit,
                cost_minor, position
            FROM variant
            JOIN pair ON old = variant_id
        )
        INSERT INTO price (price_id, variant_id, currency, min_quantity, amount_minor, compare_at_minor)
        SELECT gen_random_uuid(), new, currency, min_quantity, amount_minor, compare_at_minor
        FROM price
        JOIN pair ON old = variant_id
        "#,
        product as ProductId,
        copy as ProductId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn duplicate_options(
    tx: &mut PgConnection,
    product: ProductId,
    copy: ProductId,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH pair AS MATERIALIZED (
            SELECT product_option_id AS old, gen_random_uuid() AS new
            FROM product_option
            WHERE product_id = $1
        ), made AS (
            INSERT INTO product_option (product_option_id, product_id, name, position)
            SELECT new, $2, name, position
            FROM product_option
            JOIN pair ON old = product_option_id
        ), hung AS (
            INSERT INTO product_media (product_id, media_id, position, option_name, option_value)
            SELECT $2, media_id, position, option_name, option_value
            FROM product_media
            WHERE product_id = $1
        )
        INSERT INTO product_option_value (product_option_value_id, product_option_id, value, swatch, position)
        SELECT gen_random_uuid(), new, value, swatch, position
        FROM product_option_value
        JOIN pair ON old = product_option_id
        "#,
        product as ProductId,
        copy as ProductId,
    )
    .execute(tx)
    .await?;
    Ok(())
}
