//! What the shop sells now, apart from any cart.

use api_types::{Currency, OptionRef, Picture, VariantId};
use sqlx::{PgConnection, types::Json};

/// A variant that can be put into a cart.
pub struct Offer {
    /// Which variant.
    pub variant_id: VariantId,
    /// Product handle.
    pub handle: String,
    /// Product title.
    pub title: String,
    /// What was chosen.
    pub options: Json<Vec<OptionRef>>,
    /// A picture of it.
    pub picture: Option<Json<Picture>>,
    /// Units that can be promised now; absent when stock is not counted.
    pub available: Option<i64>,
    /// Every price in the currency: (from how many, amount).
    pub prices: Json<Vec<(i32, i64)>>,
}

/// Those of the variants that are sold now, for a price in that currency.
pub async fn on_sale(
    db: &mut PgConnection,
    variants: &[VariantId],
    currency: Currency,
) -> sqlx::Result<Vec<VariantId>> {
    sqlx::query_scalar!(
        r#"
        SELECT variant_id AS "id: VariantId"
        FROM variant
        JOIN product USING (product_id)
        WHERE variant_id = ANY($1) AND product.status = 'active' AND published_at IS NOT NULL AND archived_at IS NULL
            AND EXISTS (
                SELECT FROM price
                WHERE price.variant_id = variant.variant_id AND price.currency = $2 AND min_quantity = 1
            )
        "#,
        &variants.iter().map(|variant| variant.0).collect::<Vec<_>>(),
        currency as Currency,
    )
    .fetch_all(db)
    .await
}

/// Those of the variants that are sold now for a price in that currency, with all that a list shows of them.
pub async fn offers(
    db: &mut PgConnection,
    variants: &[VariantId],
    currency: Currency,
) -> sqlx::Result<Vec<Offer>> {
    sqlx::query_as!(
        Offer,
        r#"
        SELECT variant_id AS "variant_id: VariantId", handle, title,
            COALESCE((
                SELECT jsonb_agg(jsonb_build_object('name', name, 'value', option_values[position + 1]) ORDER BY position)
                FROM product_option
                WHERE product_option.product_id = product.product_id
            ), '[]') AS "options!: Json<Vec<OptionRef>>",
            (SELECT body FROM picture WHERE media_id = variant_media(variant_id)) AS "picture: Json<Picture>",
            CASE WHEN track_inventory THEN COALESCE((
                SELECT sum(on_hand - reserved - safety + backorder_limit)
                FROM stock_level
                JOIN stock_location USING (location_id)
                WHERE stock_level.variant_id = variant.variant_id AND is_active
            ), 0) END AS available,
            prices AS "prices!: Json<Vec<(i32, i64)>>"
        FROM variant
        JOIN product USING (product_id)
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_array(min_quantity, amount_minor) ORDER BY min_quantity) AS prices,
                min(min_quantity) AS least
            FROM price
            WHERE price.variant_id = variant.variant_id AND price.currency = $2
        ) AS price
        WHERE variant_id = ANY($1) AND product.status = 'active' AND published_at IS NOT NULL AND archived_at IS NULL
            AND least = 1
        "#,
        &variants.iter().map(|variant| variant.0).collect::<Vec<_>>(),
        currency as Currency,
    )
    .fetch_all(db)
    .await
}
