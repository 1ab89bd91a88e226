//! Levels, movements and holds, a page at a time.

use api_types::{
    LocationId, OrderId, ProductId, VariantId,
    admin::{HoldState, LevelSheet, MovementKind, StockHold, StockLevel, StockMovement},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Which levels, movements or holds are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Of this variant.
    pub variant: Option<VariantId>,
    /// At this location.
    pub location: Option<LocationId>,
    /// For this order.
    pub order: Option<OrderId>,
    /// Only where few are left to sell.
    pub is_low: bool,
    /// At most so many.
    pub limit: i64,
}

/// Levels in the order of their variants, behind `after`.
pub async fn levels(
    conn: &mut PgConnection,
    wanted: Wanted,
    after: Option<(Uuid, Uuid)>,
) -> sqlx::Result<Vec<StockLevel>> {
    let (after_variant, after_location) = after.unzip();
    let rows = sqlx::query!(
        r#"
        SELECT
            variant_id AS "variant: VariantId", product_id AS "product: ProductId", title, sku, option_values,
            location_id AS "location: LocationId", on_hand, reserved, safety, backorder_limit, low_threshold,
            (track_inventory AND on_hand - reserved - safety <= low_threshold) AS "is_low!"
        FROM stock_level
        JOIN variant USING (variant_id)
        JOIN product USING (product_id)
        WHERE ($1::uuid IS NULL OR variant_id = $1) AND ($2::uuid IS NULL OR location_id = $2)
            AND (NOT $3 OR (track_inventory AND on_hand - reserved - safety <= low_threshold
                AND archived_at IS NULL AND product.status <> 'archived'))
            AND ($4::uuid IS NULL OR (variant_id, location_id) > ($4, $5::uuid))
        ORDER BY variant_id, location_id
        LIMIT $6
        "#,
        wanted.variant as Option<VariantId>,
        wanted.location as Option<LocationId>,
        wanted.is_low,
        after_variant,
        after_location,
        wanted.limit,
    )
    .fetch_all(conn)
    .await?;
    let levels = rows.into_iter().map(|row| StockLevel {
        variant_id: row.variant,
        product_id: row.product,
        title: row.title,
        sku: row.sku,
        options: row.option_values,
        level: LevelSheet {
            location_id: row.location,
            on_hand: row.on_hand,
            reserved: row.reserved,
            safety: row.safety,
            backorder_limit: row.backorder_limit,
            low_threshold: row.low_threshold,
        },
        is_low: row.is_low,
    });
    Ok(levels.collect())
}

/// Movements, newest first, before `before`.
pub async fn movements(
    conn: &mut PgConnection,
    wanted: Wanted,
    kind: Option<MovementKind>,
    before: Option<i64>,
) -> sqlx::Result<Vec<StockMovement>> {
    sqlx::query_as!(
        StockMovement,
        r#"
        SELECT movement_id AS id, variant_id AS "variant_id: VariantId", location_id AS "location_id: LocationId",
            kind AS "kind: MovementKind", delta_on_hand AS on_hand, delta_reserved AS reserved, missing, reason,
            actor, order_id AS "order_id: OrderId", at
        FROM stock_movement
        WHERE ($1::uuid IS NULL OR variant_id = $1) AND ($2::uuid IS NULL OR location_id = $2)
            AND ($3::uuid IS NULL OR order_id = $3) AND ($4::text IS NULL OR kind = $4)
            AND ($5::bigint IS NULL OR movement_id < $5)
        ORDER BY movement_id DESC
        LIMIT $6
        "#,
        wanted.variant as Option<VariantId>,
        wanted.location as Option<LocationId>,
        wanted.order as Option<OrderId>,
        kind as Option<MovementKind>,
        before,
        wanted.limit,
    )
    .fetch_all(conn)
    .await
}

/// Holds with the ids that a cursor names, newest first, before `before`.
pub async fn holds(
    conn: &mut PgConnection,
    wanted: Wanted,
    state: Option<HoldState>,
    before: Option<(DateTime<Utc>, Uuid)>,
) -> sqlx::Result<Vec<(Uuid, StockHold)>> {
    let (before_at, before_id) = before.unzip();
    let rows = sqlx::query!(
        r#"
        SELECT hold_id, order_id AS "order_id: OrderId", number, variant_id AS "variant_id: VariantId",
            location_id AS "location_id: LocationId", quantity, state AS "state: HoldState",
            stock_hold.expires_at, stock_hold.created_at
        FROM stock_hold
        JOIN orders USING (order_id)
        WHERE ($1::uuid IS NULL OR variant_id = $1) AND ($2::uuid IS NULL OR location_id = $2)
            AND ($3::uuid IS NULL OR order_id = $3) AND ($4::text IS NULL OR state = $4)
            AND ($5::timestamptz IS NULL OR (stock_hold.created_at, hold_id) < ($5, $6::uuid))
        ORDER BY stock_hold.created_at DESC, hold_id DESC
        LIMIT $7
        "#,
        wanted.variant as Option<VariantId>,
        wanted.location as Option<LocationId>,
        wanted.order as Option<OrderId>,
        state as Option<HoldState>,
        before_at,
        before_id,
        wanted.limit,
    )
    .fetch_all(conn)
    .await?;
    let holds = rows.into_iter().map(|row| {
        let hold = StockHold {
            order_id: row.order_id,
            order_number: row.number,
            variant_id: row.variant_id,
            location_id: row.location_id,
            quantity: row.quantity,
            state: row.state,
            expires_at: row.expires_at,
            created_at: row.created_at,
        };
        (row.hold_id, hold)
    });
    Ok(holds.collect())
}
