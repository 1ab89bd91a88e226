//! Regions: where the shop sells, in which currency.

use api_types::{
    RegionId,
    admin::{Kept, RegionCountry, SetRegion},
};
use regex_lite::Regex;
use sqlx::PgConnection;

use super::{
    keep::Keep,
    refusal::{country, refused, text},
    store::regions as store,
};
use crate::{
    App,
    http::{ApiError, Result},
    settings::{CURRENCIES, TAG},
};

impl Keep for SetRegion {
    type Id = RegionId;
    const THING: &'static str = "region";
    const ACTIONS: [&'static str; 3] = ["region.added", "region.updated", "region.removed"];

    fn check(&self) -> Result<()> {
        text("/title", &self.title, 100)?;
        for (place, country) in self.countries.iter().enumerate() {
            country_fits(&format!("/countries/{place}"), country)?;
            if self.countries[..place].iter().any(|other| other.code == country.code) {
                let pointer = format!("/countries/{place}/code");
                return Err(ApiError::field(pointer, "taken", "This country is there twice."));
            }
        }
        Ok(())
    }

    async fn rows(
        conn: &mut PgConnection,
        only: Option<&RegionId>,
    ) -> sqlx::Result<Vec<Kept<RegionId, Self>>> {
        store::list(conn, only.copied()).await
    }

    async fn insert(&self, tx: &mut PgConnection) -> Result<RegionId> {
        let id = RegionId::new();
        store::insert(&mut *tx, id, self).await.map_err(refused)?;
        set_countries(tx, id, self).await?;
        Ok(id)
    }

    async fn update(&self, tx: &mut PgConnection, id: &RegionId, seen: i32) -> Result<bool> {
        let is_ours = store::update(&mut *tx, *id, seen, self).await.map_err(refused)?;
        set_countries(tx, *id, self).await?;
        Ok(is_ours)
    }

    async fn delete(tx: &mut PgConnection, id: &RegionId, seen: i32) -> sqlx::Result<bool> {
        store::delete(tx, *id, seen).await
    }

    async fn is_needed(tx: &mut PgConnection, id: &RegionId) -> sqlx::Result<Option<&'static str>> {
        let others = store::lock_others(tx, *id).await?;
        Ok((others == 0).then_some("the shop must sell somewhere: add another region first"))
    }

    fn drop_stale(app: &App, before: Option<&Self>, after: Option<&Self>) {
        let prices = |region: &Self| (region.currency, region.tax_included, region.position);
        app.settings.forget();
        app.cache.drop_tag(TAG);
        if before.map(prices) != after.map(prices) {
            app.cache.drop_tag(CURRENCIES);
        }
    }
}

async fn set_countries(tx: &mut PgConnection, id: RegionId, region: &SetRegion) -> Result<()> {
    let codes: Vec<_> = region.countries.iter().map(|country| country.code.clone()).collect();
    store::remove_countries(&mut *tx, id, &codes).await.map_err(refused)?;
    let taken = store::set_countries(tx, id, &region.countries).await.map_err(refused)?;
    if taken < region.countries.len() {
        let words = "One of these countries is in another region already.";
        return Err(ApiError::field("/countries", "taken", words));
    }
    Ok(())
}

fn country_fits(pointer: &str, given: &RegionCountry) -> Result<()> {
    country(&format!("{pointer}/code"), &given.code)?;
    text(&format!("{pointer}/title"), &given.title, 100)?;
    for (code, name) in &given.states {
        text(&format!("{pointer}/states"), code, 10)?;
        text(&format!("{pointer}/states"), name, 100)?;
    }
    let example = given.postal_example.as_deref().unwrap_or_default();
    let Some(pattern) = given.postal_pattern.as_deref().filter(|pattern| !pattern.is_empty())
    else {
        return Ok(());
    };
    let is_sound = pattern.len() <= 200
        && Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|pattern| pattern.is_match(example));
    if is_sound {
        return Ok(());
    }
    Err(ApiError::field(
        format!("{pointer}/postal_pattern"),
        "form",
        "Use a regular expression, and an example that fits it.",
    ))
}
