//! A product with all that its page needs, in one statement.

use api_types::{
    Crumb, Currency, Detail, Money, OptionRef, Picture, ProductDetail, ProductId, ProductOption,
    ProductPicture, Variant, VariantId,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::{PgExecutor, types::Json};
use uuid::Uuid;

use crate::catalog::availability::{Stock, availability, best};

/// A product page without the cards of its neighbours.
pub struct Found {
    /// The page.
    pub product: ProductDetail,
    /// Best sellers of the same shelf.
    pub related: Vec<ProductId>,
}

/// The published product of this handle, when it has a price in `currency`.
#[expect(clippy::too_many_lines, reason = "one statement")]
pub async fn product(
    db: impl PgExecutor<'_>,
    handle: &str,
    currency: Currency,
) -> sqlx::Result<Option<Found>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        SELECT
            product_id AS "id: ProductId", handle, title, subtitle, brand, description_html,
            seo_title, seo_description, version, published_at AS "published_at!",
            details AS "details: Json<Vec<(String, String)>>",
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
                    'id', variant.variant_id, 'sku', sku, 'options', option_values,
                    'amount', price.amount_minor, 'compare_at', price.compare_at_minor,
                    'lowest_30d', CASE WHEN price.compare_at_minor IS NOT NULL THEN (
                        -- Lowest of the 30 days before the present price began.
                        SELECT min(past.amount_minor)
                        FROM price_history AS present
                        JOIN price_history AS past USING (variant_id, currency)
                        WHERE present.variant_id = variant.variant_id AND present.currency = $2
                            AND present.to_at IS NULL AND past.to_at >= present.from_at - interval '30 days'
                    ) END,
                    'purchase_limit', purchase_limit, 'weight_g', weight_g,
                    'stock', json_build_object(
                        'tracked', track_inventory, 'on_hand', on_hand, 'reserved', reserved,
                        'safety', safety, 'backorder', backorder, 'low_threshold', low_threshold
                    )
                ) ORDER BY variant.position)
                FROM variant
                LEFT JOIN price ON price.variant_id = variant.variant_id
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
                WHERE variant.product_id = product.product_id AND archived_at IS NULL
            ), '[]') AS "variants!: Json<Vec<Offer>>",
            coalesce((
                SELECT json_agg(json_build_object(
                    'picture', picture.body, 'name', option_name, 'value', option_value
                ) ORDER BY position)
                FROM product_media
                JOIN picture USING (media_id)
                WHERE product_media.product_id = product.product_id
            ), '[]') AS "pictures!: Json<Vec<Shown>>",
            coalesce((
                SELECT json_agg(json_build_object('handle', above.handle, 'title', above.title) ORDER BY above.path)
                FROM category
                JOIN category AS above ON above.path @> category.path
                WHERE category.category_id = product.category_id
            ), '[]') AS "breadcrumbs!: Json<Vec<Crumb>>",
            ARRAY(
                SELECT product_id FROM product AS other
                WHERE other.category_id = product.category_id AND other.product_id <> product.product_id
                    AND other.status = 'active' AND other.published_at IS NOT NULL
                ORDER BY other.sold_30d DESC, other.product_id
                LIMIT 4
            ) AS "related!: Vec<ProductId>"
        FROM product
        WHERE handle = $1 AND status = 'active' AND published_at IS NOT NULL
        "#,
        handle,
        currency as Currency,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| row.found(currency)))
}

struct Row {
    id: ProductId,
    handle: String,
    title: String,
    subtitle: Option<String>,
    brand: Option<String>,
    description_html: String,
    seo_title: Option<String>,
    seo_description: Option<String>,
    version: i32,
    published_at: DateTime<Utc>,
    details: Json<Vec<(String, String)>>,
    options: Json<Vec<ProductOption>>,
    variants: Json<Vec<Offer>>,
    pictures: Json<Vec<Shown>>,
    breadcrumbs: Json<Vec<Crumb>>,
    related: Vec<ProductId>,
}

#[derive(Debug, Deserialize)]
struct Offer {
    id: Uuid,
    sku: Option<String>,
    options: Vec<String>,
    amount: Option<i64>,
    compare_at: Option<i64>,
    lowest_30d: Option<i64>,
    purchase_limit: i32,
    weight_g: i32,
    stock: Stock,
}

#[derive(Debug, Deserialize)]
struct Shown {
    picture: Picture,
    name: Option<String>,
    value: Option<String>,
}

impl Row {
    fn found(self, currency: Currency) -> Option<Found> {
        let offers = self.variants.0;
        let amounts = || offers.iter().filter_map(|offer| offer.amount);
        let lowest = amounts().min()?;
        let for_sale = offers.iter().filter(|offer| offer.amount.is_some());
        let product = ProductDetail {
            id: self.id,
            handle: self.handle,
            title: self.title,
            subtitle: self.subtitle,
            brand: self.brand,
            description_html: self.description_html,
            seo_title: self.seo_title,
            seo_description: self.seo_description,
            details: self
                .details
                .0
                .into_iter()
                .map(|(name, value)| Detail { name, value })
                .collect(),
            options: self.options.0,
            pictures: self.pictures.0.into_iter().map(Shown::picture).collect(),
            breadcrumbs: self.breadcrumbs.0,
            related: Vec::new(),
            price: Money::new(lowest, currency),
            price_varies: amounts().any(|amount| amount != lowest),
            availability: best(for_sale.map(|offer| availability(&offer.stock).0)),
            variants: offers.into_iter().map(|offer| offer.variant(currency)).collect(),
            tax_included: true,
            version: self.version,
            published_at: self.published_at,
        };
        Some(Found { product, related: self.related })
    }
}

impl Offer {
    fn variant(self, currency: Currency) -> Variant {
        let (availability, most) = availability(&self.stock);
        let money = |amount: Option<i64>| amount.map(|amount| Money::new(amount, currency));
        Variant {
            id: VariantId(self.id),
            sku: self.sku,
            options: self.options,
            price: money(self.amount),
            compare_at: money(self.compare_at),
            lowest_30d: money(self.lowest_30d),
            availability,
            left: self.stock.left(),
            max_quantity: most.min(self.purchase_limit),
            weight_g: self.weight_g,
        }
    }
}

impl Shown {
    fn picture(self) -> ProductPicture {
        let option = self.name.zip(self.value).map(|(name, value)| OptionRef { name, value });
        ProductPicture { picture: self.picture, option }
    }
}
