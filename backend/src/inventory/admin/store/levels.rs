//! Changing levels; each change is a movement.

use api_types::{
    LocationId, OrderId, VariantId,
    admin::{MovementKind, StockMovement},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::super::change::Step;

/// A level that is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Units that lie there.
    pub on_hand: i32,
    /// Units that orders hold.
    pub reserved: i32,
    /// Units that may be promised beyond what lies there.
    pub backorder_limit: i32,
}

/// Which of a variant and a location are there.
pub async fn are_known(
    tx: &mut PgConnection,
    variant: VariantId,
    location: LocationId,
) -> sqlx::Result<(bool, bool)> {
    let row = sqlx::query!(
        r#"
        SELECT EXISTS (SELECT FROM variant WHERE variant_id = $1) AS "variant!",
            EXISTS (SELECT FROM stock_location WHERE location_id = $2) AS "location!"
        "#,
        variant as VariantId,
        location as LocationId,
    )
    .fetch_one(tx)
    .await?;
    Ok((row.variant, row.location))
}

/// Locks a level, which begins at nothing. Of several, the lower location is locked first, as orders do.
pub async fn lock(
    tx: &mut PgConnection,
    variant: VariantId,
    location: LocationId,
) -> sqlx::Result<Held> {
    sqlx::query!(
        "INSERT INTO stock_level (variant_id, location_id, on_hand) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
        variant as VariantId,
        location as LocationId,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query_as!(
        Held,
        r#"
        SELECT on_hand, reserved, backorder_limit
        FROM stock_level
        WHERE variant_id = $1 AND location_id = $2
        FOR UPDATE
        "#,
        variant as VariantId,
        location as LocationId,
    )
    .fetch_one(tx)
    .await
}

/// A movement that is to be made.
pub struct Move<'a> {
    /// Of what.
    pub variant: VariantId,
    /// Where.
    pub location: LocationId,
    /// Why in one word.
    pub kind: MovementKind,
    /// Why in words.
    pub reason: &'a str,
    /// Who.
    pub actor: &'a str,
}

/// Changes a locked level, with the movement that says so; shoppers see it at the next look.
pub async fn change(
    tx: &mut PgConnection,
    wanted: &Move<'_>,
    step: Step,
    now: DateTime<Utc>,
) -> sqlx::Result<StockMovement> {
    sqlx::query_as!(
        StockMovement,
        r#"
        WITH changed AS (
            UPDATE stock_level SET on_hand = on_hand + $4 WHERE variant_id = $1 AND location_id = $2
        ), noted AS (
            -- Also where plenty stays plenty: pages tell how many a basket may hold.
            INSERT INTO search_change (product_id) SELECT product_id FROM variant WHERE variant_id = $1
        )
        INSERT INTO stock_movement (
            variant_id, location_id, kind, delta_on_hand, delta_reserved, missing, reason, actor, at
        )
        VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8)
        RETURNING movement_id AS id, variant_id AS "variant_id: VariantId", location_id AS "location_id: LocationId",
            kind AS "kind: MovementKind", delta_on_hand AS on_hand, delta_reserved AS reserved, missing, reason,
            actor, order_id AS "order_id: OrderId", at
        "#,
        wanted.variant as VariantId,
        wanted.location as LocationId,
        wanted.kind as MovementKind,
        step.delta,
        step.missing,
        wanted.reason,
        wanted.actor,
        now,
    )
    .fetch_one(tx)
    .await
}

/// A movement, as it was made.
pub async fn movement(tx: &mut PgConnection, id: i64) -> sqlx::Result<Option<StockMovement>> {
    sqlx::query_as!(
        StockMovement,
        r#"
        SELECT movement_id AS id, variant_id AS "variant_id: VariantId", location_id AS "location_id: LocationId",
            kind AS "kind: MovementKind", delta_on_hand AS on_hand, delta_reserved AS reserved, missing, reason,
            actor, order_id AS "order_id: OrderId", at
        FROM stock_movement
        WHERE movement_id = $1
        "#,
        id,
    )
    .fetch_optional(tx)
    .await
}
