//! Products as lists show them.

use api_types::{Currency, Money, Picture, ProductCard, ProductId, Swatch};
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};

use crate::catalog::availability::{Stock, availability, best};

/// A variant of a card: its price and its stock.
#[derive(Debug, Deserialize)]
struct Offer {
    amount: i64,
    compare_at: Option<i64>,
    stock: Stock,
}

struct Row {
    id: ProductId,
    handle: String,
    title: String,
    subtitle: Option<String>,
    brand: Option<String>,
    category: Option<String>,
    offers: Json<Vec<Offer>>,
    pictures: Json<Vec<Picture>>,
    swatches: Json<Vec<Swatch>>,
}

/// The published products among `products` that have a price in `currency`, in the order given.
#[expect(clippy::too_many_lines, reason = "one statement")]
pub async fn cards(
    conn: &mut PgConnection,
    products: &[ProductId],
    currency: Currency,
) -> sqlx::Result<Vec<ProductCard>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        SELECT
            product.product_id AS "id: ProductId", product.handle, product.title,
            product.subtitle, product.brand, category.handle AS "category?",
            offers AS "offers!: Json<Vec<Offer>>",
            pictures AS "pictures!: Json<Vec<Picture>>",
            swatches AS "swatches!: Json<Vec<Swatch>>"
        FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (product_id, place)
        JOIN product USING (product_id)
        LEFT JOIN category USING (category_id)
        CROSS JOIN LATERAL (
            SELECT json_agg(json_build_object(
                'amount', price.amount_minor, 'compare_at', price.compare_at_minor,
                'stock', json_build_object(
                    'tracked', variant.track_inventory, 'on_hand', on_hand, 'reserved', reserved,
                    'safety', safety, 'backorder', backorder, 'low_threshold', low_threshold
                )
            ) ORDER BY variant.position) AS offers
            FROM variant
            JOIN price ON price.variant_id = variant.variant_id
                AND price.currency = $2 AND price.min_quantity = 1
            CROSS JOIN LATERAL (
                SELECT
                    coalesce(sum(on_hand), 0) AS on_hand, coalesce(sum(reserved), 0) AS reserved,
                    coalesce(sum(safety), 0) AS safety,
                    coalesce(sum(backorder_limit), 0) AS backorder,
                    coalesce(max(low_threshold), 0) AS low_threshold
                FROM stock_level
                JOIN stock_location USING (location_id)
                WHERE stock_level.variant_id = variant.variant_id AND is_active
            ) AS level
            WHERE variant.product_id = product.product_id AND variant.archived_at IS NULL
        ) AS sale
        CROSS JOIN LATERAL (
            SELECT coalesce(json_agg(picture.body ORDER BY shown.position), '[]') AS pictures
            FROM (
                SELECT media_id, position
                FROM product_media
                WHERE product_media.product_id = product.product_id
                ORDER BY position
                LIMIT 2
            ) AS shown
            JOIN picture USING (media_id)
        ) AS show
        CROSS JOIN LATERAL (
            SELECT coalesce(json_agg(json_build_object(
                'value', colour.value, 'hex', colour.swatch, 'picture', picture.body
            ) ORDER BY colour.option_position, colour.position), '[]') AS swatches
            FROM (
                SELECT
                    product_option.name, product_option.position AS option_position,
                    choice.value, choice.swatch, choice.position
                FROM product_option
                JOIN product_option_value AS choice USING (product_option_id)
                WHERE product_option.product_id = product.product_id AND choice.swatch IS NOT NULL
                ORDER BY product_option.position, choice.position
                LIMIT 8
            ) AS colour
            LEFT JOIN LATERAL (
                SELECT media_id
                FROM product_media
                WHERE product_media.product_id = product.product_id
                    AND option_name = colour.name AND option_value = colour.value
                ORDER BY position
                LIMIT 1
            ) AS worn ON true
            LEFT JOIN picture USING (media_id)
        ) AS colours
        WHERE product.status = 'active' AND product.published_at IS NOT NULL AND offers IS NOT NULL
        ORDER BY place
        "#,
        products as &[ProductId],
        currency as Currency,
    )
    .fetch_all(conn)
    .await?;

    Ok(rows.into_iter().filter_map(|row| row.card(currency)).collect())
}

impl Row {
    fn card(self, currency: Currency) -> Option<ProductCard> {
        let cheapest = self.offers.iter().min_by_key(|offer| offer.amount)?;
        Some(ProductCard {
            price: Money::new(cheapest.amount, currency),
            price_varies: self.offers.iter().any(|offer| offer.amount != cheapest.amount),
            compare_at: cheapest.compare_at.map(|amount| Money::new(amount, currency)),
            availability: best(self.offers.iter().map(|offer| availability(&offer.stock).0)),
            id: self.id,
            handle: self.handle,
            title: self.title,
            subtitle: self.subtitle,
            brand: self.brand,
            category: self.category,
            pictures: self.pictures.0,
            swatches: self.swatches.0,
        })
    }
}
