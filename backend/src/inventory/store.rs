//! Levels, holds and movements.

use api_types::{LocationId, OrderId, VariantId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::plan::{Level, Take};

/// What each active location can promise of each variant; nothing is locked.
pub async fn levels(db: &mut PgConnection, variants: &[VariantId]) -> sqlx::Result<Vec<Level>> {
    sqlx::query_as!(
        Level,
        r#"
        SELECT variant_id AS "variant: VariantId", location_id AS "location: LocationId", priority,
            on_hand - reserved - safety + backorder_limit AS "available!"
        FROM stock_level
        JOIN stock_location USING (location_id)
        WHERE variant_id = ANY($1) AND is_active
        "#,
        &uuids(variants),
    )
    .fetch_all(db)
    .await
}

/// Takes what is there to take, with a hold and a movement each, and says what that was.
/// The caller rolls back when it is fewer than all.
pub async fn take(
    tx: &mut PgConnection,
    order: OrderId,
    takes: &[Take],
    expires_at: DateTime<Utc>,
) -> sqlx::Result<Vec<Take>> {
    // The arrays are sorted by variant, so that two orders lock rows in one order.
    sqlx::query_as!(
        Take,
        r#"
        WITH want AS MATERIALIZED (
            SELECT variant_id, location_id, quantity
            FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS want (variant_id, location_id, quantity)
            ORDER BY variant_id, location_id
        ), taken AS (
            UPDATE stock_level
            SET reserved = reserved + quantity
            FROM want
            WHERE stock_level.variant_id = want.variant_id AND stock_level.location_id = want.location_id
                AND on_hand - reserved - safety + backorder_limit >= quantity
            RETURNING stock_level.variant_id, stock_level.location_id, quantity
        ), held AS (
            INSERT INTO stock_hold (hold_id, order_id, variant_id, location_id, quantity, expires_at)
            SELECT gen_random_uuid(), $4, variant_id, location_id, quantity, $5
            FROM taken
        ), moved AS (
            INSERT INTO stock_movement (variant_id, location_id, kind, delta_on_hand, delta_reserved, actor, order_id)
            SELECT variant_id, location_id, 'hold', 0, quantity, 'checkout', $4
            FROM taken
        )
        SELECT variant_id AS "variant: VariantId", location_id AS "location: LocationId", quantity AS "quantity!"
        FROM taken
        "#,
        &takes.iter().map(|take| take.variant.0).collect::<Vec<_>>(),
        &takes.iter().map(|take| take.location.0).collect::<Vec<_>>(),
        &takes.iter().map(|take| take.quantity).collect::<Vec<_>>(),
        order as OrderId,
        expires_at,
    )
    .fetch_all(tx)
    .await
}

/// Makes active holds last; the goods stay reserved until they are sent.
pub async fn convert(tx: &mut PgConnection, order: OrderId) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH kept AS (
            UPDATE stock_hold
            SET state = 'converted'
            WHERE order_id = $1 AND state = 'active'
            RETURNING variant_id, location_id
        )
        INSERT INTO stock_movement (variant_id, location_id, kind, delta_on_hand, delta_reserved, actor, order_id)
        SELECT variant_id, location_id, 'commit', 0, 0, 'checkout', $1
        FROM kept
        "#,
        order as OrderId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends the holds of an order and gives the units back.
pub async fn release(tx: &mut PgConnection, order: OrderId, has_expired: bool) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH ended AS (
            UPDATE stock_hold
            SET state = CASE WHEN $2 THEN 'expired' ELSE 'released' END
            WHERE order_id = $1 AND state IN ('active', 'converted')
            RETURNING variant_id, location_id, quantity - shipped AS quantity
        ), lowered AS (
            UPDATE stock_level
            SET reserved = reserved - quantity
            FROM ended
            WHERE stock_level.variant_id = ended.variant_id AND stock_level.location_id = ended.location_id
        )
        INSERT INTO stock_movement (variant_id, location_id, kind, delta_on_hand, delta_reserved, reason, actor, order_id)
        SELECT variant_id, location_id, 'release', 0, -quantity, CASE WHEN $2 THEN 'expired' ELSE 'called off' END,
            'checkout', $1
        FROM ended
        "#,
        order as OrderId,
        has_expired,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What is kept for an order and was not sent, locked in the order in which orders take stock.
pub async fn lock_holds(tx: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Take>> {
    sqlx::query_as!(
        Take,
        r#"
        SELECT variant_id AS "variant: VariantId", location_id AS "location: LocationId",
            quantity - shipped AS "quantity!"
        FROM stock_hold
        WHERE order_id = $1 AND state = 'converted'
        ORDER BY variant_id, location_id
        FOR UPDATE
        "#,
        order as OrderId,
    )
    .fetch_all(tx)
    .await
}

/// Sends parts of an order's holds: they are neither there nor reserved any more.
pub async fn ship(
    tx: &mut PgConnection,
    order: OrderId,
    parts: &[Take],
    actor: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH part AS MATERIALIZED (
            SELECT variant_id, location_id, quantity
            FROM unnest($2::uuid[], $3::uuid[], $4::integer[]) AS part (variant_id, location_id, quantity)
            ORDER BY variant_id, location_id
        ), sent AS (
            UPDATE stock_hold
            SET shipped = shipped + part.quantity,
                state = CASE WHEN shipped + part.quantity = stock_hold.quantity THEN 'shipped' ELSE state END
            FROM part
            WHERE order_id = $1 AND stock_hold.variant_id = part.variant_id
                AND stock_hold.location_id = part.location_id
        ), lowered AS (
            UPDATE stock_level
            SET on_hand = on_hand - quantity, reserved = reserved - quantity
            FROM part
            WHERE stock_level.variant_id = part.variant_id AND stock_level.location_id = part.location_id
        )
        INSERT INTO stock_movement (variant_id, location_id, kind, delta_on_hand, delta_reserved, actor, order_id)
        SELECT variant_id, location_id, 'ship', -quantity, -quantity, $5, $1
        FROM part
        "#,
        order as OrderId,
        &parts.iter().map(|part| part.variant.0).collect::<Vec<_>>(),
        &parts.iter().map(|part| part.location.0).collect::<Vec<_>>(),
        &parts.iter().map(|part| part.quantity).collect::<Vec<_>>(),
        actor,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes goods of an order back in at the first location; variants that are not counted, or are gone, are passed over.
pub async fn take_back(
    tx: &mut PgConnection,
    order: OrderId,
    (variants, quantities): (&[Uuid], &[i32]),
    actor: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH place AS (
            SELECT location_id FROM stock_location WHERE is_active ORDER BY priority LIMIT 1
        ), back AS MATERIALIZED (
            SELECT variant_id, location_id, sum(quantity)::integer AS quantity
            FROM unnest($2::uuid[], $3::integer[]) AS back (variant_id, quantity)
            JOIN variant USING (variant_id)
            CROSS JOIN place
            WHERE track_inventory
            GROUP BY variant_id, location_id
            ORDER BY variant_id
        ), raised AS (
            INSERT INTO stock_level (variant_id, location_id, on_hand)
            SELECT variant_id, location_id, quantity FROM back
            ON CONFLICT (variant_id, location_id) DO UPDATE SET on_hand = stock_level.on_hand + excluded.on_hand
        )
        INSERT INTO stock_movement (variant_id, location_id, kind, delta_on_hand, delta_reserved, actor, order_id)
        SELECT variant_id, location_id, 'return', quantity, 0, $4, $1
        FROM back
        "#,
        order as OrderId,
        variants,
        quantities,
        actor,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Most units that may be promised beyond what lies there, when any may.
const ANY: i32 = 1_000_000;

/// Sets levels of the first location.
pub async fn count(
    tx: &mut PgConnection,
    levels: &[super::Count],
    reason: &str,
) -> sqlx::Result<Vec<i64>> {
    let variants: Vec<Uuid> = levels.iter().map(|level| level.variant.0).collect();
    let on_hand: Vec<i32> = levels.iter().map(|level| level.on_hand).collect();
    let backorder: Vec<i32> =
        levels.iter().map(|level| if level.may_run_short { ANY } else { 0 }).collect();
    sqlx::query_scalar!(
        r#"
        WITH place AS (
            SELECT location_id FROM stock_location WHERE is_active ORDER BY priority LIMIT 1
        ), counted AS (
            SELECT variant_id, location_id, on_hand, backorder
            FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS row (variant_id, on_hand, backorder)
            CROSS JOIN place
        ), before AS (
            -- In the order in which orders take stock.
            SELECT variant_id, stock_level.on_hand, reserved::bigint,
                greatest(reserved::bigint - stock_level.on_hand - backorder_limit, 0) AS lacking
            FROM stock_level
            JOIN counted USING (variant_id, location_id)
            ORDER BY variant_id
            FOR UPDATE OF stock_level
        ), written AS (
            INSERT INTO stock_level (variant_id, location_id, on_hand, backorder_limit)
            SELECT variant_id, location_id, counted.on_hand, backorder
            FROM counted
            LEFT JOIN before USING (variant_id)
            ON CONFLICT (variant_id, location_id) DO UPDATE SET
                on_hand = excluded.on_hand, backorder_limit = excluded.backorder_limit
        ), moved AS (
            INSERT INTO stock_movement (
                variant_id, location_id, kind, delta_on_hand, delta_reserved, missing, reason, actor
            )
            SELECT
                variant_id, location_id, CASE WHEN before.on_hand IS NULL THEN 'receive' ELSE 'adjust' END,
                counted.on_hand - coalesce(before.on_hand, 0), 0, coalesce(lost, 0), $4, 'system'
            FROM counted
            LEFT JOIN before USING (variant_id)
            CROSS JOIN LATERAL (
                SELECT greatest(reserved - counted.on_hand - backorder - lacking, 0)::integer AS lost
            ) AS loss
            WHERE counted.on_hand <> coalesce(before.on_hand, 0) OR lost > 0
            RETURNING movement_id, missing
        )
        SELECT movement_id FROM moved WHERE missing > 0 ORDER BY movement_id
        "#,
        &variants,
        &on_hand,
        &backorder,
        reason,
    )
    .fetch_all(tx)
    .await
}

fn uuids(variants: &[VariantId]) -> Vec<Uuid> {
    variants.iter().map(|variant| variant.0).collect()
}
