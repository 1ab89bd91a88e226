//! Parcels.

use api_types::{
    FulfilmentId, OrderId, OrderLineId, VariantId,
    admin::{Fulfilment, FulfilmentLine, FulfilmentState, Tracking},
};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::super::status::Units;

/// A line of an order, as far as parcels are concerned.
#[derive(Clone, Copy, Debug)]
pub struct Open {
    /// Which line.
    pub line: OrderLineId,
    /// How many are in no parcel yet.
    pub left: i32,
}

/// What of an order is delivered and in no parcel yet. The order's row must be locked by this transaction.
pub async fn open_lines(tx: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Open>> {
    sqlx::query_as!(
        Open,
        r#"
        SELECT order_line_id AS "line: OrderLineId",
            quantity - quantity_cancelled - coalesce((
                SELECT sum(fulfilment_line.quantity)
                FROM fulfilment_line
                JOIN fulfilment USING (fulfilment_id)
                WHERE fulfilment_line.order_line_id = order_line.order_line_id AND state <> 'cancelled'
            ), 0)::integer AS "left!"
        FROM order_line
        WHERE order_id = $1 AND requires_shipping
        ORDER BY position
        "#,
        order as OrderId,
    )
    .fetch_all(tx)
    .await
}

/// Writes a parcel that is to be packed.
pub async fn insert(
    tx: &mut PgConnection,
    order: OrderId,
    lines: &[FulfilmentLine],
    now: DateTime<Utc>,
) -> sqlx::Result<FulfilmentId> {
    let id = FulfilmentId::new();
    sqlx::query!(
        "INSERT INTO fulfilment (fulfilment_id, order_id, created_at, updated_at) VALUES ($1, $2, $3, $3)",
        id as FulfilmentId,
        order as OrderId,
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"
        INSERT INTO fulfilment_line (fulfilment_id, order_line_id, quantity)
        SELECT $1, * FROM unnest($2::uuid[], $3::integer[])
        "#,
        id as FulfilmentId,
        &lines.iter().map(|line| line.line_id.0).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.quantity).collect::<Vec<_>>(),
    )
    .execute(tx)
    .await?;
    Ok(id)
}

/// Parcels of an order, or one.
pub async fn list(
    conn: &mut PgConnection,
    order: Option<OrderId>,
    only: Option<FulfilmentId>,
) -> sqlx::Result<Vec<Fulfilment>> {
    let rows = sqlx::query!(
        r#"
        SELECT fulfilment_id AS "id: FulfilmentId", order_id AS "order_id: OrderId", state AS "state: FulfilmentState",
            carrier, tracking_number, tracking_url, created_at, updated_at,
            (
                SELECT json_agg(json_build_object(
                    'line_id', 'oline_' || replace(order_line_id::text, '-', ''), 'quantity', fulfilment_line.quantity
                ) ORDER BY order_line_id)
                FROM fulfilment_line
                WHERE fulfilment_line.fulfilment_id = fulfilment.fulfilment_id
            ) AS "lines!: Json<Vec<FulfilmentLine>>"
        FROM fulfilment
        WHERE ($1::uuid IS NULL OR order_id = $1) AND ($2::uuid IS NULL OR fulfilment_id = $2)
        ORDER BY fulfilment_id
        "#,
        order as Option<OrderId>,
        only as Option<FulfilmentId>,
    )
    .fetch_all(conn)
    .await?;
    let parcel = rows.into_iter().map(|row| Fulfilment {
        id: row.id,
        order_id: row.order_id,
        state: row.state,
        lines: row.lines.0,
        carrier: row.carrier,
        tracking_number: row.tracking_number,
        tracking_url: row.tracking_url,
        created_at: row.created_at,
        updated_at: row.updated_at,
    });
    Ok(parcel.collect())
}

/// Moves a parcel on, from the state that it is known to be in; false when somebody else moved it before.
pub async fn set_state(
    tx: &mut PgConnection,
    id: FulfilmentId,
    (from, to): (FulfilmentState, FulfilmentState),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let moved = sqlx::query!(
        "UPDATE fulfilment SET state = $3, updated_at = $4 WHERE fulfilment_id = $1 AND state = $2",
        id as FulfilmentId,
        from as FulfilmentState,
        to as FulfilmentState,
        now,
    )
    .execute(tx)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Says how a parcel can be followed; what is absent stays as it was.
pub async fn set_tracking(
    tx: &mut PgConnection,
    id: FulfilmentId,
    tracking: &Tracking,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE fulfilment
        SET carrier = coalesce($2, carrier), tracking_number = coalesce($3, tracking_number),
            tracking_url = coalesce($4, tracking_url), updated_at = $5
        WHERE fulfilment_id = $1
        "#,
        id as FulfilmentId,
        tracking.carrier,
        tracking.tracking_number,
        tracking.tracking_url,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends the parcels of an order that have not left.
pub async fn cancel_unsent(
    tx: &mut PgConnection,
    order: OrderId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE fulfilment
        SET state = 'cancelled', updated_at = $2
        WHERE order_id = $1 AND state IN ('pending', 'packed')
        "#,
        order as OrderId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts what was sent on its lines, and says of which variants how many that is; fewer rows than lines when a line
/// has not that many left.
pub async fn count_sent(
    tx: &mut PgConnection,
    lines: &[FulfilmentLine],
) -> sqlx::Result<Vec<(VariantId, i32)>> {
    let rows = sqlx::query!(
        r#"
        UPDATE order_line
        SET quantity_fulfilled = quantity_fulfilled + sent.quantity
        FROM unnest($1::uuid[], $2::integer[]) AS sent (order_line_id, quantity)
        WHERE order_line.order_line_id = sent.order_line_id
            AND quantity_fulfilled + quantity_cancelled + sent.quantity <= order_line.quantity
        RETURNING variant_id AS "variant: VariantId", sent.quantity AS "quantity!"
        "#,
        &ids(lines),
        &quantities(lines),
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.variant, row.quantity)).collect())
}

/// Counts what came back on the lines of an order, and says of which variants how many that is; fewer rows than lines
/// when a line is another order's or has not that many out.
pub async fn count_returned(
    tx: &mut PgConnection,
    order: OrderId,
    lines: &[FulfilmentLine],
) -> sqlx::Result<Vec<(VariantId, i32)>> {
    let rows = sqlx::query!(
        r#"
        UPDATE order_line
        SET quantity_returned = quantity_returned + back.quantity
        FROM unnest($2::uuid[], $3::integer[]) AS back (order_line_id, quantity)
        WHERE order_id = $1 AND order_line.order_line_id = back.order_line_id
            AND quantity_returned + back.quantity <= quantity_fulfilled
        RETURNING variant_id AS "variant: VariantId", back.quantity AS "quantity!"
        "#,
        order as OrderId,
        &ids(lines),
        &quantities(lines),
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.variant, row.quantity)).collect())
}

/// What became of an order's units.
pub async fn units(tx: &mut PgConnection, order: OrderId) -> sqlx::Result<Units> {
    sqlx::query_as!(
        Units,
        r#"
        SELECT coalesce(sum(quantity - quantity_cancelled), 0) AS "bought!", coalesce(sum(quantity_fulfilled), 0) AS "sent!",
            coalesce(sum(quantity_returned), 0) AS "returned!",
            coalesce((
                SELECT sum(fulfilment_line.quantity)
                FROM fulfilment
                JOIN fulfilment_line USING (fulfilment_id)
                WHERE fulfilment.order_id = $1 AND state = 'delivered'
            ), 0) AS "delivered!"
        FROM order_line
        WHERE order_id = $1 AND requires_shipping
        "#,
        order as OrderId,
    )
    .fetch_one(tx)
    .await
}

fn ids(lines: &[FulfilmentLine]) -> Vec<Uuid> {
    lines.iter().map(|line| line.line_id.0).collect()
}

fn quantities(lines: &[FulfilmentLine]) -> Vec<i32> {
    lines.iter().map(|line| line.quantity).collect()
}
