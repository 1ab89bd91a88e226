//! The few settings that nearly every answer needs, kept at hand.

use std::{fmt, sync::Arc};

use api_types::Currency;
use serde::Deserialize;

use super::store;
use crate::{
    App,
    cache::Memo,
    http::{ApiError, Result},
};

/// Currencies, and which is the shop's own.
#[derive(Clone, Debug)]
pub struct Known {
    /// Currency of prices when none is asked for.
    pub default_currency: Currency,
    /// Currencies with prices, and whether those include tax.
    pub currencies: Vec<(Currency, bool)>,
}

impl Known {
    /// Whether prices in `currency` include tax.
    pub fn tax_included(&self, currency: Currency) -> bool {
        self.currencies
            .iter()
            .find(|(known, _)| *known == currency)
            .is_none_or(|(_, included)| *included)
    }
}

/// A handle on what is kept at hand.
#[derive(Clone, Default)]
pub struct Settings {
    known: Arc<Memo<Known>>,
}

impl Settings {
    /// The currencies, read again after a while.
    pub async fn known(&self, app: &App) -> Result<Arc<Known>> {
        let ttl = app.cache.ttl() * 6;
        let read = async || Ok(app.db.read(async |conn| store::known(conn).await).await?);
        self.known.get(app.clock.now(), ttl, read).await
    }

    /// Has the currencies read again by whoever asks next.
    pub fn forget(&self) {
        self.known.forget();
    }

    /// The currency asked for, or the shop's own; one that the shop has no prices in is refused.
    pub async fn currency(&self, app: &App, asked: Option<&str>) -> Result<Currency> {
        let known = self.known(app).await?;
        let Some(asked) = asked else { return Ok(known.default_currency) };
        let found = known
            .currencies
            .iter()
            .map(|(currency, _)| *currency)
            .find(|known| known.code() == asked);
        found.ok_or_else(|| {
            let codes: Vec<&str> =
                known.currencies.iter().map(|(currency, _)| currency.code()).collect();
            ApiError::field(
                "/currency",
                "unknown_currency",
                format!("choose one of {}", codes.join(", ")),
            )
        })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

/// `?currency=`, taken as it is so that a wrong one can be told by its field.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AskedCurrency {
    /// Currency of prices; the shop's own when absent.
    #[param(value_type = Option<Currency>)]
    pub currency: Option<String>,
}
