//! Zones, ways to deliver, and what they cost.

use api_types::{
    ShippingMethodId, ShippingRateId, ShippingZoneId,
    admin::{Kept, SetShippingMethod, SetShippingRate, SetShippingZone},
};
use sqlx::PgConnection;

use super::{
    keep::Keep,
    refusal::{code, country, refused, text},
    store::{methods, rates, zones},
};
use crate::{
    App,
    http::{ApiError, Result},
    settings::TAG,
};

impl Keep for SetShippingZone {
    type Id = ShippingZoneId;
    const THING: &'static str = "zone";
    const ACTIONS: [&'static str; 3] =
        ["shipping_zone.added", "shipping_zone.updated", "shipping_zone.removed"];

    fn check(&self) -> Result<()> {
        text("/title", &self.title, 100)?;
        for (place, code) in self.countries.iter().enumerate() {
            country(&format!("/countries/{place}"), code)?;
        }
        Ok(())
    }

    async fn rows(
        conn: &mut PgConnection,
        only: Option<&ShippingZoneId>,
    ) -> sqlx::Result<Vec<Kept<ShippingZoneId, Self>>> {
        zones::list(conn, only.copied()).await
    }

    async fn insert(&self, tx: &mut PgConnection) -> Result<ShippingZoneId> {
        let id = ShippingZoneId::new();
        zones::insert(&mut *tx, id, self).await.map_err(refused)?;
        zones::set_countries(tx, id, &self.countries).await.map_err(refused)?;
        Ok(id)
    }

    async fn update(&self, tx: &mut PgConnection, id: &ShippingZoneId, seen: i32) -> Result<bool> {
        let is_ours = zones::update(&mut *tx, *id, seen, self).await.map_err(refused)?;
        zones::set_countries(tx, *id, &self.countries).await.map_err(refused)?;
        Ok(is_ours)
    }

    async fn delete(tx: &mut PgConnection, id: &ShippingZoneId, seen: i32) -> sqlx::Result<bool> {
        zones::delete(tx, *id, seen).await
    }

    async fn is_needed(
        tx: &mut PgConnection,
        id: &ShippingZoneId,
    ) -> sqlx::Result<Option<&'static str>> {
        let is_used = zones::has_methods(tx, *id).await?;
        Ok(is_used.then_some("there are ways to deliver to this zone: take those away first"))
    }

    fn drop_stale(_: &App, _: Option<&Self>, _: Option<&Self>) {}
}

impl Keep for SetShippingMethod {
    type Id = ShippingMethodId;
    const THING: &'static str = "way to deliver";
    const ACTIONS: [&'static str; 3] =
        ["shipping_method.added", "shipping_method.updated", "shipping_method.removed"];

    fn check(&self) -> Result<()> {
        code("/code", &self.code, 60)?;
        text("/title", &self.title, 100)?;
        if self.description.chars().count() > 500 {
            return Err(ApiError::field("/description", "length", "Use at most 500 characters."));
        }
        Ok(())
    }

    async fn rows(
        conn: &mut PgConnection,
        only: Option<&ShippingMethodId>,
    ) -> sqlx::Result<Vec<Kept<ShippingMethodId, Self>>> {
        methods::list(conn, only.copied()).await
    }

    async fn insert(&self, tx: &mut PgConnection) -> Result<ShippingMethodId> {
        let id = ShippingMethodId::new();
        methods::insert(tx, id, self).await.map_err(refused)?;
        Ok(id)
    }

    async fn update(
        &self,
        tx: &mut PgConnection,
        id: &ShippingMethodId,
        seen: i32,
    ) -> Result<bool> {
        methods::update(tx, *id, seen, self).await.map_err(refused)
    }

    async fn delete(tx: &mut PgConnection, id: &ShippingMethodId, seen: i32) -> sqlx::Result<bool> {
        methods::delete(tx, *id, seen).await
    }

    fn drop_stale(_: &App, _: Option<&Self>, _: Option<&Self>) {}
}

impl Keep for SetShippingRate {
    type Id = ShippingRateId;
    const THING: &'static str = "price of delivery";
    const ACTIONS: [&'static str; 3] =
        ["shipping_rate.added", "shipping_rate.updated", "shipping_rate.removed"];

    fn check(&self) -> Result<()> {
        // The database names what is wrong with its bands.
        Ok(())
    }

    async fn rows(
        conn: &mut PgConnection,
        only: Option<&ShippingRateId>,
    ) -> sqlx::Result<Vec<Kept<ShippingRateId, Self>>> {
        rates::list(conn, only.copied()).await
    }

    async fn insert(&self, tx: &mut PgConnection) -> Result<ShippingRateId> {
        let id = ShippingRateId::new();
        rates::insert(tx, id, self).await.map_err(refused)?;
        Ok(id)
    }

    async fn update(&self, tx: &mut PgConnection, id: &ShippingRateId, seen: i32) -> Result<bool> {
        rates::update(tx, *id, seen, self).await.map_err(refused)
    }

    async fn delete(tx: &mut PgConnection, id: &ShippingRateId, seen: i32) -> sqlx::Result<bool> {
        rates::delete(tx, *id, seen).await
    }

    fn drop_stale(app: &App, _: Option<&Self>, _: Option<&Self>) {
        // From which total delivery is free stands at the top of every page.
        app.cache.drop_tag(TAG);
    }
}
