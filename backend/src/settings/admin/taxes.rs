//! Classes of goods, and the taxes on them. What a cart costs is worked out afresh at every look, so
//! nothing finished tells about them.

use api_types::{
    TaxClassId, TaxRateId,
    admin::{Kept, SetTaxClass, SetTaxRate},
};
use sqlx::PgConnection;

use super::{
    keep::Keep,
    refusal::{code, country, refused, text},
    store::{tax_classes, tax_rates},
};
use crate::{App, http::Result};

impl Keep for SetTaxClass {
    type Id = TaxClassId;
    const THING: &'static str = "tax class";
    const ACTIONS: [&'static str; 3] =
        ["tax_class.added", "tax_class.updated", "tax_class.removed"];

    fn check(&self) -> Result<()> {
        code("/code", &self.code, 60)?;
        text("/title", &self.title, 100)
    }

    async fn rows(
        conn: &mut PgConnection,
        only: Option<&TaxClassId>,
    ) -> sqlx::Result<Vec<Kept<TaxClassId, Self>>> {
        tax_classes::list(conn, only.copied()).await
    }

    async fn insert(&self, tx: &mut PgConnection) -> Result<TaxClassId> {
        let id = TaxClassId::new();
        tax_classes::insert(tx, id, self).await.map_err(refused)?;
        Ok(id)
    }

    async fn update(&self, tx: &mut PgConnection, id: &TaxClassId, seen: i32) -> Result<bool> {
        tax_classes::update(tx, *id, seen, self).await.map_err(refused)
    }

    async fn delete(tx: &mut PgConnection, id: &TaxClassId, seen: i32) -> sqlx::Result<bool> {
        tax_classes::delete(tx, *id, seen).await
    }

    fn drop_stale(_: &App, _: Option<&Self>, _: Option<&Self>) {}
}

impl Keep for SetTaxRate {
    type Id = TaxRateId;
    const THING: &'static str = "tax";
    const ACTIONS: [&'static str; 3] = ["tax_rate.added", "tax_rate.updated", "tax_rate.removed"];

    fn check(&self) -> Result<()> {
        country("/country", &self.country)?;
        if let Some(state) = &self.state {
            text("/state", state, 10)?;
        }
        text("/name", &self.name, 100)
    }

    async fn rows(
        conn: &mut PgConnection,
        only: Option<&TaxRateId>,
    ) -> sqlx::Result<Vec<Kept<TaxRateId, Self>>> {
        tax_rates::list(conn, only.copied()).await
    }

    async fn insert(&self, tx: &mut PgConnection) -> Result<TaxRateId> {
        let id = TaxRateId::new();
        tax_rates::insert(tx, id, self).await.map_err(refused)?;
        Ok(id)
    }

    async fn update(&self, tx: &mut PgConnection, id: &TaxRateId, seen: i32) -> Result<bool> {
        tax_rates::update(tx, *id, seen, self).await.map_err(refused)
    }

    async fn delete(tx: &mut PgConnection, id: &TaxRateId, seen: i32) -> sqlx::Result<bool> {
        tax_rates::delete(tx, *id, seen).await
    }

    fn drop_stale(_: &App, _: Option<&Self>, _: Option<&Self>) {}
}
