//! Products as staff see them: one with everything, or many in rows.

use std::collections::BTreeMap;

use api_types::{
    CategoryId, Detail, OptionRef, Picture, ProductId, ProductOption, ProductPicture, TaxClassId,
    admin::{ProductRow, ProductSheet, ProductStatus, VariantSheet},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct Shown {
    picture: Picture,
    name: Option<String>,
    value: Option<String>,
}

/// Everything of a product.
#[expect(clippy::too_many_lines, reason = "one statement")]
pub async fn product(
    conn: &mut PgConnection,
    product: ProductId,
) -> sqlx::Result<Option<ProductSheet>> {
    let row = sqlx::query!(
        r#"
        SELECT
            product_id AS "id: ProductId", handle, status AS "status: ProductStatus", title, subtitle,
            description_html, brand, product_type, tags, details AS "details: Json<Vec<(String, String)>>",
            attributes AS "attributes: Json<BTreeMap<String, String>>", category_id AS "category_id: CategoryId",
            tax_class_id AS "tax_class_id: TaxClassId", seo_title, seo_description, published_at, created_at,
            updated_at, version,
            coalesce((
                SELECT json_agg(json_build_object(
                    'name', name,
                    'values', coalesce((
                        SELECT json_agg(json_build_object('value', value, 'swatch', swatch) ORDER BY choice.position)
                        FROM product_option_value AS choice
                        WHERE choice.product_option_id = product_option.product_option_id
                    ), '[]')
                ) ORDER BY position)
                FROM product_option
                WHERE product_option.product_id = product.product_id
            ), '[]') AS "options!: Json<Vec<ProductOption>>",
            coalesce((
                SELECT json_agg(json_build_object(
                    'id', 'var_' || replace(variant.variant_id::text, '-', ''),
                    'sku', sku, 'barcode', barcode, 'options', option_values, 'weight_g', weight_g,
                    'requires_shipping', requires_shipping, 'track_inventory', track_inventory,
                    'purchase_limit', purchase_limit, 'cost', cost_minor, 'is_archived', archived_at IS NOT NULL,
                    'prices', coalesce((
                        SELECT json_agg(json_build_object(
                            'currency', currency, 'min_quantity', min_quantity, 'amount', amount_minor,
                            'compare_at', compare_at_minor
                        ) ORDER BY currency, min_quantity)
                        FROM price
                        WHERE price.variant_id = variant.variant_id
                    ), '[]'),
                    'stock', coalesce((
                        SELECT json_agg(json_build_object(
                            'location_id', 'loc_' || replace(location_id::text, '-', ''), 'on_hand', on_hand,
                            'reserved', reserved, 'safety', safety, 'backorder_limit', backorder_limit,
                            'low_threshold', low_threshold
                        ) ORDER BY priority)
                        FROM stock_level
                        JOIN stock_location USING (location_id)
                        WHERE stock_level.variant_id = variant.variant_id
                    ), '[]')
                ) ORDER BY variant.position, variant.variant_id)
                FROM variant
                WHERE variant.product_id = product.product_id
            ), '[]') AS "variants!: Json<Vec<VariantSheet>>",
            coalesce((
                SELECT json_agg(json_build_object(
                    'picture', any_picture.body, 'name', option_name, 'value', option_value
                ) ORDER BY position)
                FROM product_media
                JOIN any_picture USING (media_id)
                WHERE product_media.product_id = product.product_id
            ), '[]') AS "pictures!: Json<Vec<Shown>>"
        FROM product
        WHERE product_id = $1
        "#,
        product as ProductId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| ProductSheet {
        id: row.id,
        handle: row.handle,
        status: row.status,
        title: row.title,
        subtitle: row.subtitle,
        description_html: row.description_html,
        brand: row.brand,
        product_type: row.product_type,
        tags: row.tags,
        details: row.details.0.into_iter().map(|(name, value)| Detail { name, value }).collect(),
        attributes: row.attributes.0,
        category_id: row.category_id,
        tax_class_id: row.tax_class_id,
        seo_title: row.seo_title,
        seo_description: row.seo_description,
        published_at: row.published_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
        options: row.options.0,
        variants: row.variants.0,
        pictures: row.pictures.0.into_iter().map(Shown::picture).collect(),
    }))
}

impl Shown {
    fn picture(self) -> ProductPicture {
        let option = self.name.zip(self.value).map(|(name, value)| OptionRef { name, value });
        ProductPicture { picture: self.picture, option }
    }
}

/// Which products are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// With this status.
    pub status: Option<ProductStatus>,
    /// On this shelf, or one inside it.
    pub category: Option<CategoryId>,
    /// With these words in title or handle, or with an article code that begins so.
    pub words: Option<String>,
    /// Behind this one.
    pub after: Option<(DateTime<Utc>, Uuid)>,
}

/// Products, newest first.
pub async fn rows(
    conn: &mut PgConnection,
    wanted: &Wanted,
    limit: i64,
) -> sqlx::Result<Vec<ProductRow>> {
    let (after_at, after_id) = wanted.after.unzip();
    let rows = sqlx::query!(
        r#"
        SELECT
            product_id AS "id: ProductId", handle, title, status AS "status: ProductStatus",
            category_id AS "category_id: CategoryId", created_at, updated_at, version,
            (SELECT count(*) FROM variant WHERE variant.product_id = product.product_id AND archived_at IS NULL)
                AS "variants!",
            (SELECT coalesce(sum(on_hand), 0) FROM stock_level JOIN variant USING (variant_id)
                WHERE variant.product_id = product.product_id) AS "on_hand!",
            (SELECT body FROM product_media JOIN picture USING (media_id)
                WHERE product_media.product_id = product.product_id ORDER BY position LIMIT 1)
                AS "picture?: Json<Picture>"
        FROM product
        WHERE ($1::text IS NULL OR status = $1)
            AND ($2::uuid IS NULL OR category_id IN (
                SELECT inner_shelf.category_id
                FROM category
                JOIN category AS inner_shelf ON inner_shelf.path <@ category.path
                WHERE category.category_id = $2
            ))
            AND ($3::text IS NULL OR strpos(lower(title), lower($3)) > 0 OR strpos(handle, lower($3)) > 0
                OR EXISTS (
                    SELECT FROM variant
                    WHERE variant.product_id = product.product_id AND starts_with(lower(sku), lower($3))
                ))
            AND ($4::timestamptz IS NULL OR (created_at, product_id) < ($4, $5::uuid))
        ORDER BY created_at DESC, product_id DESC
        LIMIT $6
        "#,
        wanted.status as Option<ProductStatus>,
        wanted.category as Option<CategoryId>,
        wanted.words,
        after_at,
        after_id,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| ProductRow {
        id: row.id,
        handle: row.handle,
        title: row.title,
        status: row.status,
        category_id: row.category_id,
        variants: row.variants,
        on_hand: row.on_hand,
        picture: row.picture.map(|picture| picture.0),
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    });
    Ok(rows.collect())
}
