//! Prices, many at a time.

use std::collections::{BTreeMap, BTreeSet};

use api_types::{
    Currency, ProductId, VariantId,
    admin::{GivenPrice, PricesSet, SetPrices},
};
use axum::extract::State;

use super::{
    super::store::prices::{self, Tag},
    variants::MOST_MONEY,
};
use crate::{
    App,
    audit::{self, Change},
    http::{ApiError, Checks, Failures, Json, Result},
    staff::{May, may},
};

/// Most prices at once.
const MOST_ROWS: usize = 500;

/// Set prices and take prices away, all or none
#[utoipa::path(
    put, path = "/admin/prices", tag = "admin: catalog",
    request_body = SetPrices,
    responses((status = 200, body = PricesSet), Failures),
    security(("staff" = ["set_prices"])),
)]
pub async fn set_prices(
    May { actor, .. }: May<may::SetPrices>,
    State(app): State<App>,
    Json(given): Json<SetPrices>,
) -> Result<Json<PricesSet>> {
    if !(1..=MOST_ROWS).contains(&given.rows.len()) {
        return Err(ApiError::field("/rows", "range", "Send 1 to 500 prices at once."));
    }
    let now = app.clock.now();
    let known = app.settings.known(&app).await?;
    let currencies: Vec<Currency> = known.currencies.iter().map(|(it, _)| *it).collect();
    let variants: BTreeSet<_> = given.rows.iter().map(|row| row.variant_id).collect();
    let variants: Vec<_> = variants.into_iter().collect();
    app.db
        .write(async |tx| {
            let products = prices::lock(&mut *tx, &variants).await?;
            check(&given.rows, &products, &currencies)?;
            let before = prices::of(&mut *tx, &variants).await?;
            let changed = prices::set(&mut *tx, &given.rows).await?;
            let after = prices::of(&mut *tx, &variants).await?;
            for change in changes(&products, before, &after) {
                audit::record(&mut *tx, &actor, &change, now).await?;
            }
            Ok(Json(PricesSet { changed }))
        })
        .await
}

/// What is wrong with rows, each by its place.
fn check(
    rows: &[GivenPrice],
    products: &BTreeMap<VariantId, ProductId>,
    currencies: &[Currency],
) -> Result<()> {
    let (mut checks, mut said) = (Checks::default(), BTreeSet::new());
    for (place, row) in rows.iter().enumerate() {
        let at = |field: &str| format!("/rows/{place}/{field}");
        let is_known = products.contains_key(&row.variant_id);
        checks.require(is_known, &at("variant_id"), "unknown", "There is no such variant.");
        let currency = row.currency.parse().ok().filter(|it| currencies.contains(it));
        let message = "The shop does not sell in this currency.";
        checks.require(currency.is_some(), &at("currency"), "unknown", message);
        let least = row.min_quantity.unwrap_or(1);
        checks.range(&at("min_quantity"), least.into(), (1, 999));
        let is_first = said.insert((row.variant_id, &row.currency, least));
        checks.require(is_first, &at("variant_id"), "twice", "Another row sets this price.");
        if let Some(amount) = row.amount {
            checks.range(&at("amount"), amount, (0, MOST_MONEY));
        }
        if let Some(compare_at) = row.compare_at {
            checks.range(&at("compare_at"), compare_at, (0, MOST_MONEY));
            let is_higher = row.amount.is_some_and(|amount| amount < compare_at);
            let message = "What it cost before is higher than what it costs.";
            checks.require(is_higher, &at("compare_at"), "not_higher", message);
        }
    }
    checks.done()
}

/// What to write down: for each product the prices that are different.
fn changes(
    products: &BTreeMap<VariantId, ProductId>,
    before: Vec<Tag>,
    after: &[Tag],
) -> Vec<Change> {
    let mut by_product: BTreeMap<ProductId, (Vec<Tag>, Vec<Tag>)> = BTreeMap::new();
    for (before, after) in before.into_iter().zip(after) {
        let Some(product) = products.get(&before.variant_id).filter(|_| before != *after) else {
            continue;
        };
        let (old, new) = by_product.entry(*product).or_default();
        old.push(before);
        new.push(after.clone());
    }
    let changes = by_product.into_iter().map(|(product, (before, after))| {
        Change::between("variant.price_changed", product, &before, &after)
    });
    changes.collect()
}
