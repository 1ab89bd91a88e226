//! Which taxes hold where a cart goes.

use api_types::TaxClassId;
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};

use crate::pricing::{Foreign, Rounding, ShippingTax, TaxRate, TaxRules};

/// The shop's choices, kept under the setting `tax`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Choices {
    rounding: Rounding,
    foreign: Foreign,
    /// ISO 3166 code of the country whose tax the prices contain.
    home_country: Option<String>,
}

/// The rules for a destination; prices hold the home country's tax where they include tax.
pub async fn rules(
    db: &mut PgConnection,
    country: &str,
    state: Option<&str>,
    prices_include_tax: bool,
) -> sqlx::Result<TaxRules> {
    let choices = choices(&mut *db).await?;
    let destination = rates(&mut *db, country, state).await?;
    let home = match &choices.home_country {
        Some(home) if prices_include_tax && home != country => rates(&mut *db, home, None).await?,
        _ => destination.clone(),
    };
    Ok(TaxRules {
        prices_include_tax,
        rounding: choices.rounding,
        foreign: choices.foreign,
        home,
        destination,
        shipping: ShippingTax::Proportional,
    })
}

async fn choices(db: &mut PgConnection) -> sqlx::Result<Choices> {
    let found = sqlx::query_scalar!(
        r#"SELECT value AS "value: Json<Choices>" FROM setting WHERE key = 'tax'"#
    )
    .fetch_optional(db)
    .await?;
    Ok(found.map(|Json(choices)| choices).unwrap_or_default())
}

/// The rates of a state where it has any for a class, else its country's.
async fn rates(
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
