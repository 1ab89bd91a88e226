//! Changing many products, one transaction each: a run that was cut off goes on where it was, and
//! what cannot be changed is told and stops nothing.

use std::collections::BTreeSet;

use anyhow::Context;
use api_types::{
    ProductId,
    admin::{BulkOperation, GivenPrice, PriceSheet, ProductSheet, ProductStatus},
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::{
    edit::Edit,
    handlers::{
        products::{action, with_status},
        variants::MOST_MONEY,
    },
    store::{
        bulk::{self, Next},
        prices, products,
    },
};
use crate::{
    App,
    http::{ApiError, Result},
    staff::Actor,
};

/// Job of a run.
pub const JOB: &str = "catalog.bulk";

/// Carries a run out to its end.
pub async fn run(app: &App, payload: &Value) -> anyhow::Result<()> {
    let key = payload["key"].as_str().context("the job does not say which run")?;
    while step(app, key).await? {}
    Ok(())
}

/// Why a product was not changed, on the way through the transaction that this rolls back; the product
/// is absent when the run itself could not be read.
struct Broken(Option<ProductId>, ApiError);

impl From<sqlx::Error> for Broken {
    fn from(error: sqlx::Error) -> Self {
        Self(None, error.into())
    }
}

/// Changes the next product; whether there was one.
async fn step(app: &App, key: &str) -> anyhow::Result<bool> {
    let now = app.clock.now();
    match app.db.write(async |tx| take_turn(tx, key, now).await).await {
        Ok(had_one) => Ok(had_one),
        Err(Broken(Some(product), error)) if is_told(&error) => {
            let reason = error.problem().detail;
            app.db
                .write(async |tx| {
                    bulk::take_next(&mut *tx, key, now).await?;
                    bulk::note_failure(tx, key, product, &reason).await
                })
                .await?;
            Ok(true)
        }
        Err(Broken(_, error)) => Err(error.into()),
    }
}

/// Whether a failure is the product's, and not the moment's.
fn is_told(error: &ApiError) -> bool {
    !matches!(error, ApiError::Unavailable(_) | ApiError::Internal(_))
}

async fn take_turn(tx: &mut PgConnection, key: &str, now: DateTime<Utc>) -> Result<bool, Broken> {
    let Some(next) = bulk::take_next(&mut *tx, key, now).await? else { return Ok(false) };
    let Some(product) = next.product else { return Ok(false) };
    change(tx, product, &next, now).await.map_err(|error| Broken(Some(product), error))?;
    Ok(true)
}

async fn change(
    tx: &mut PgConnection,
    product: ProductId,
    next: &Next,
    now: DateTime<Utc>,
) -> Result<()> {
    let actor = Actor::on_behalf(&next.actor, &next.from_ip).unwrap_or_else(Actor::system);
    let edit = Edit::begin(&mut *tx, product, None, now).await?;
    if let BulkOperation::PricePercent { hundredths } = next.operation {
        reprice(&mut *tx, &edit.before, hundredths).await?;
        edit.end(tx, &actor, "variant.price_changed").await?;
        return Ok(());
    }
    let (after, action) = wanted(&edit.before, &next.operation, now)?;
    if after != edit.before {
        products::update(&mut *tx, &after).await?;
        edit.end(tx, &actor, action).await?;
    }
    Ok(())
}

/// A product as an operation makes it, and what that is called.
fn wanted(
    before: &ProductSheet,
    operation: &BulkOperation,
    now: DateTime<Utc>,
) -> Result<(ProductSheet, &'static str)> {
    let mut after = before.clone();
    match operation {
        BulkOperation::Publish {} => {
            let status = ProductStatus::Active;
            return Ok((with_status(before, status, now)?, action(status)));
        }
        BulkOperation::Archive {} => {
            let status = ProductStatus::Archived;
            return Ok((with_status(before, status, now)?, action(status)));
        }
        BulkOperation::SetCategory { category_id } => after.category_id = *category_id,
        BulkOperation::AddTag { tag } if !after.tags.contains(tag) => after.tags.push(tag.clone()),
        BulkOperation::RemoveTag { tag } => after.tags.retain(|it| it != tag),
        BulkOperation::AddTag { .. } | BulkOperation::PricePercent { .. } => {}
    }
    if after.tags.len() > 50 && after.tags.len() > before.tags.len() {
        return Err(ApiError::rejected("too_many", "it has 50 tags already"));
    }
    Ok((after, "product.updated"))
}

/// Changes every price of a product by hundredths of a percent.
async fn reprice(tx: &mut PgConnection, product: &ProductSheet, hundredths: i32) -> Result<()> {
    let variants: BTreeSet<_> = product.variants.iter().map(|variant| variant.id).collect();
    let variants: Vec<_> = variants.into_iter().collect();
    prices::lock(&mut *tx, &variants).await?;
    let mut rows = Vec::new();
    // Read again: prices change beside the product.
    for tag in prices::of(&mut *tx, &variants).await? {
        for price in &tag.prices {
            let PriceSheet { currency, min_quantity, amount, compare_at } = price;
            let amount = by_percent(*amount, hundredths).ok_or_else(|| {
                ApiError::rejected("too_much", "a price would be higher than any may be")
            })?;
            rows.push(GivenPrice {
                variant_id: tag.variant_id,
                currency: currency.code().to_owned(),
                min_quantity: Some(*min_quantity),
                amount: Some(amount),
                compare_at: compare_at.filter(|before| *before > amount),
            });
        }
    }
    prices::set(tx, &rows).await?;
    Ok(())
}

/// An amount and so many hundredths of a percent of it, rounded half up; nothing when it is too much.
fn by_percent(amount: i64, hundredths: i32) -> Option<i64> {
    let share = 10_000 + i128::from(hundredths);
    let rounded = (i128::from(amount) * share.max(0) + 5_000).div_euclid(10_000);
    i64::try_from(rounded).ok().filter(|amount| (0..=MOST_MONEY).contains(amount))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn percents_round_half_up_and_end_at_nothing() {
        for (amount, hundredths, expected) in [
            (1_999, 1_000, Some(2_199)),
            (5, 1_000, Some(6)),
            (1, -5_000, Some(1)),
            (1_999, -10_000, Some(0)),
            (0, 100_000, Some(0)),
            (MOST_MONEY, 1, None),
            (i64::MAX, 100_000, None),
        ] {
            assert_eq!(by_percent(amount, hundredths), expected, "{amount} {hundredths}");
        }
    }

    proptest! {
        #[test]
        fn no_price_falls_below_nothing_or_wraps(amount: i64, hundredths: i32) {
            let found = by_percent(amount.saturating_abs(), hundredths);
            prop_assert!(found.is_none_or(|found| (0..=MOST_MONEY).contains(&found)));
        }
    }
}
