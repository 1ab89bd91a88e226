//! What the shop charges for taxes and for delivery.

use api_types::{Currency, ShippingMethodId, TaxClassId};
use sqlx::{PgConnection, types::Json};

use crate::{
    cart::{
        shipping::{Band, MethodRow},
        tax::Choices,
    },
    pricing::TaxRate,
};

/// The shop's choices about tax.
pub async fn tax_choices(db: &mut PgConnection) -> sqlx::Result<Choices> {
    let found = sqlx::query_scalar!(
        r#"SELECT value AS "value: Json<Choices>" FROM setting WHERE key = 'tax'"#
    )
    .fetch_optional(db)
    .await?;
    Ok(found.map(|Json(choices)| choices).unwrap_or_default())
}

/// The rates of a state where it has any for a class, else its country's.
pub async fn tax_rates(
    db: &mut PgConnection,
    country: &str,
    state: Option<&str>,
) -> sqlx::Result<Vec<TaxRate>> {
    sqlx::query_as!(
        TaxRate,
        r#"
        SELECT tax_class_id AS "class: TaxClassId", name, rate_ppm, is_compound
        FROM tax_rate AS rate
        WHERE country = $1 AND (state = $2 OR (state IS NULL AND NOT EXISTS (
            SELECT
            FROM tax_rate AS closer
            WHERE closer.country = $1 AND closer.state = $2 AND closer.tax_class_id = rate.tax_class_id
        )))
        ORDER BY position, name
        "#,
        country,
        state,
    )
    .fetch_all(db)
    .await
}

/// Every way to deliver to a country, with its rates in a currency, in order.
pub async fn shipping_methods(
    db: &mut PgConnection,
    country: &str,
    currency: Currency,
) -> sqlx::Result<Vec<MethodRow>> {
    sqlx::query_as!(
        MethodRow,
        r#"
        SELECT shipping_method_id AS "id: ShippingMethodId", title, description, min_days, max_days,
            jsonb_agg(jsonb_build_array(min_weight_g, max_weight_g, min_subtotal, max_subtotal, amount_minor,
                free_over_minor) ORDER BY amount_minor) AS "rates!: Json<Vec<Band>>"
        FROM shipping_zone_country
        JOIN shipping_method USING (shipping_zone_id)
        JOIN shipping_rate USING (shipping_method_id)
        WHERE country = $1 AND currency = $2
        GROUP BY shipping_method_id
        ORDER BY position
        "#,
        country,
        currency as Currency,
    )
    .fetch_all(db)
    .await
}
