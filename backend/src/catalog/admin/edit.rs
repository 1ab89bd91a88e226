//! Changing one product: locked at the version that was seen, and written down when it is done.

use api_types::{ProductId, admin::ProductSheet};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::store::{products, sheet};
use crate::{
    audit::{self, Change},
    http::{ApiError, IfMatch, Result, Versioned},
    staff::Actor,
};

/// A product that is being changed.
pub struct Edit {
    /// As it was.
    pub before: ProductSheet,
    now: DateTime<Utc>,
}

impl Edit {
    /// Locks a product; 412 when it is at another version than was seen.
    pub async fn begin(
        tx: &mut PgConnection,
        product: ProductId,
        seen: Option<IfMatch>,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let version = products::lock(&mut *tx, product).await?;
        let version = version.ok_or(ApiError::NotFound("product"))?;
        if let Some(seen) = seen {
            seen.holds(version)?;
        }
        let before = sheet::product(tx, product).await?.ok_or(ApiError::NotFound("product"))?;
        Ok(Self { before, now })
    }

    /// Counts the change and writes it down: of variants only those that differ.
    pub async fn end(
        self,
        tx: &mut PgConnection,
        actor: &Actor,
        action: &'static str,
    ) -> Result<Versioned<ProductSheet>> {
        let Self { mut before, now } = self;
        products::count_change(&mut *tx, before.id, now).await?;
        let after = sheet::product(&mut *tx, before.id).await?;
        let after = after.ok_or(ApiError::NotFound("product"))?;
        let mut written = after.clone();
        written.variants.retain(|variant| !before.variants.contains(variant));
        before.variants.retain(|variant| !after.variants.contains(variant));
        let change = Change::between(action, after.id, &before, &written);
        audit::record(tx, actor, &change, now).await?;
        Ok(Versioned(after.version, after))
    }
}
