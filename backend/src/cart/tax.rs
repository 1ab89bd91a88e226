//! Which taxes hold where a cart goes.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::store;
use crate::pricing::{Foreign, Rounding, ShippingTax, TaxRules};

/// The shop's choices, kept under the setting `tax`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
    let choices = store::tax_choices(&mut *db).await?;
    let destination = store::tax_rates(&mut *db, country, state).await?;
    let home = match &choices.home_country {
        Some(home) if prices_include_tax && home != country => {
            store::tax_rates(&mut *db, home, None).await?
        }
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
