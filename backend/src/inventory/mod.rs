//! How many there are and who holds them.
//!
//! The rule that nothing is oversold is one conditional `UPDATE` (reliability.md
//! D2): it takes all lines or none, and the row count tells which. Every change
//! of a level leaves a movement.

pub mod admin;
mod plan;
mod store;

use api_types::{OrderId, VariantId};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::events::{self, Topic};

pub use plan::{Short, Want};

/// Why stock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// Fewer are left than were asked for.
    #[error("not enough in stock")]
    Short(Vec<Short>),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Holds stock for an order until `expires_at`: all of it or none. Call it last in a
/// transaction, since the hottest rows of the shop stay locked from here to the commit.
pub async fn hold(
    tx: &mut PgConnection,
    order: OrderId,
    wants: &[Want],
    expires_at: DateTime<Utc>,
) -> Result<(), NotTaken> {
    let wants = plan::merged(wants);
    if wants.is_empty() {
        return Ok(());
    }
    let variants: Vec<VariantId> = wants.iter().map(|want| want.variant).collect();
    let levels = store::levels(&mut *tx, &variants).await?;
    let takes = plan::plan(&wants, &levels).map_err(NotTaken::Short)?;
    let taken = store::take(&mut *tx, order, &takes, expires_at).await?;
    if taken.len() == takes.len() {
        return Ok(());
    }
    // Somebody was faster between the look and the update: say what is left.
    let levels = plan::given_back(store::levels(&mut *tx, &variants).await?, &taken);
    Err(NotTaken::Short(plan::short(&wants, &levels)))
}

/// Makes an order's holds last until its goods are sent.
pub async fn commit(tx: &mut PgConnection, order: OrderId) -> sqlx::Result<()> {
    store::convert(tx, order).await
}

/// Puts an order's stock back, because its time ran out or because it was called off.
pub async fn release(tx: &mut PgConnection, order: OrderId, has_expired: bool) -> sqlx::Result<()> {
    store::release(tx, order, has_expired).await
}

/// Sends some of what is kept for an order, from the locations where it lies; variants that are not counted have
/// nothing kept. Fails with a row that is missing when less is kept than is to be sent.
pub async fn ship(
    tx: &mut PgConnection,
    order: OrderId,
    wants: &[Want],
    actor: &str,
) -> sqlx::Result<()> {
    let holds = store::lock_holds(&mut *tx, order).await?;
    let parts = plan::parts(wants, &holds).ok_or(sqlx::Error::RowNotFound)?;
    store::ship(tx, order, &parts, actor).await
}

/// Takes goods of an order back in, to be sold again.
pub async fn take_back(
    tx: &mut PgConnection,
    order: OrderId,
    wants: &[Want],
    actor: &str,
) -> sqlx::Result<()> {
    let variants: Vec<_> = wants.iter().map(|want| want.variant.0).collect();
    let quantities: Vec<_> = wants.iter().map(|want| want.quantity).collect();
    store::take_back(tx, order, (&variants, &quantities), actor).await
}

/// How many of a variant lie at the first location, as somebody counted.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    /// What was counted.
    pub variant: VariantId,
    /// How many there are.
    pub on_hand: i32,
    /// Whether more may be sold than there are.
    pub may_run_short: bool,
}

/// Sets what lies at the first location to what was counted; each difference is a movement, and what
/// orders were promised and is not there is told.
pub async fn count(
    tx: &mut PgConnection,
    counted: &[Count],
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let losses = store::count(&mut *tx, counted, reason).await?;
    tell_shortfall(tx, &losses, now).await
}

/// Tells the shop that goods are lost which orders were promised, as these movements say.
pub async fn tell_shortfall(
    tx: &mut PgConnection,
    movements: &[i64],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some(first) = movements.first() else { return Ok(()) };
    let subject = Uuid::from_u64_pair(first.unsigned_abs(), 0);
    let told = json!({ "movements": movements });
    events::record(tx, Topic::StockShortfall, subject, &told, now).await
}
