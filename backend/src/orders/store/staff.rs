//! Orders as staff find and see them.

use api_types::{
    Currency, CustomerId, FulfilmentStatus, LocationId, Money, OrderId, OrderStatus, PaymentStatus,
    VariantId,
    admin::{HistoryEntry, OrderHold, OrderRow, PaymentTry},
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use crate::http::pattern;

/// Which orders are wanted; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// Of these statuses.
    pub status: Option<Vec<String>>,
    /// Of these payment statuses.
    pub payment: Option<Vec<String>>,
    /// Of these fulfilment statuses.
    pub fulfilment: Option<Vec<String>>,
    /// To this country.
    pub country: Option<&'a str>,
    /// Placed then or later.
    pub from: Option<DateTime<Utc>>,
    /// Placed before then.
    pub to: Option<DateTime<Utc>>,
    /// Only those whose goods are not all there, after a loss.
    pub is_short: bool,
    /// With that number.
    pub number: Option<i64>,
    /// With this in the address or name of its shopper, or this SKU.
    pub words: Option<String>,
    /// Older than this one.
    pub before: Option<OrderId>,
}

/// Orders, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    wanted: &Wanted<'_>,
    limit: i64,
) -> sqlx::Result<Vec<OrderRow>> {
    let pattern = wanted.words.as_deref().map(pattern);
    let rows = sqlx::query!(
        r#"
        SELECT order_id AS "id: OrderId", number, status AS "status: OrderStatus",
            payment_status AS "payment_status: PaymentStatus", fulfilment_status AS "fulfilment_status: FulfilmentStatus",
            email, shipping_address ->> 'name' AS name, country, total_minor, currency AS "currency: Currency",
            created_at, placed_at
        FROM orders
        WHERE ($1::text[] IS NULL OR status = ANY($1))
            AND ($2::text[] IS NULL OR payment_status = ANY($2))
            AND ($3::text[] IS NULL OR fulfilment_status = ANY($3))
            AND ($4::text IS NULL OR country = $4)
            AND ($5::timestamptz IS NULL OR placed_at >= $5)
            AND ($6::timestamptz IS NULL OR placed_at < $6)
            AND ($7::bigint IS NULL OR number = $7)
            -- Two looks, each by its own index.
            AND ($8::text IS NULL OR order_id IN (
                SELECT order_id FROM orders AS found
                WHERE lower(found.email || ' ' || coalesce(found.shipping_address ->> 'name', '')) LIKE $8
                UNION ALL
                SELECT order_id FROM order_line WHERE sku = $9))
            AND ($10::uuid IS NULL OR order_id < $10)
            AND (NOT $12 OR order_id IN (
                SELECT stock_hold.order_id FROM stock_hold JOIN stock_level USING (variant_id, location_id)
                WHERE state IN ('active', 'converted') AND reserved > on_hand + backorder_limit))
        ORDER BY order_id DESC
        LIMIT $11
        "#,
        wanted.status.as_deref(),
        wanted.payment.as_deref(),
        wanted.fulfilment.as_deref(),
        wanted.country,
        wanted.from,
        wanted.to,
        wanted.number,
        pattern,
        wanted.words.as_deref(),
        wanted.before as Option<OrderId>,
        limit,
        wanted.is_short,
    )
    .fetch_all(conn)
    .await?;
    let row = rows.into_iter().map(|row| OrderRow {
        id: row.id,
        number: row.number,
        status: row.status,
        payment_status: row.payment_status,
        fulfilment_status: row.fulfilment_status,
        email: row.email,
        name: row.name,
        country: row.country,
        total: Money::new(row.total_minor, row.currency),
        created_at: row.created_at,
        placed_at: row.placed_at,
    });
    Ok(row.collect())
}

/// Whose an order is, and how its total came about.
pub async fn origin(
    conn: &mut PgConnection,
    id: OrderId,
) -> sqlx::Result<Option<(Option<CustomerId>, Value)>> {
    let row = sqlx::query!(
        r#"SELECT customer_id AS "customer: CustomerId", price_trace FROM orders WHERE order_id = $1"#,
        id as OrderId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.customer, row.price_trace)))
}

/// Each time that money was asked for.
pub async fn payments(conn: &mut PgConnection, id: OrderId) -> sqlx::Result<Vec<PaymentTry>> {
    sqlx::query_as!(
        PaymentTry,
        r#"
        SELECT number, provider, provider_ref AS reference, state, failure, updated_at
        FROM payment_attempt
        JOIN payment USING (payment_id)
        WHERE order_id = $1
        ORDER BY number
        "#,
        id as OrderId,
    )
    .fetch_all(conn)
    .await
}

/// Stock that is kept for an order.
pub async fn holds(conn: &mut PgConnection, id: OrderId) -> sqlx::Result<Vec<OrderHold>> {
    sqlx::query_as!(
        OrderHold,
        r#"
        SELECT variant_id AS "variant_id: VariantId", location_id AS "location_id: LocationId", quantity, shipped, state
        FROM stock_hold
        WHERE order_id = $1
        ORDER BY variant_id, location_id
        "#,
        id as OrderId,
    )
    .fetch_all(conn)
    .await
}

/// All that happened to an order.
pub async fn history(conn: &mut PgConnection, id: OrderId) -> sqlx::Result<Vec<HistoryEntry>> {
    sqlx::query_as!(
        HistoryEntry,
        r#"
        SELECT seq, kind, coalesce(text, message) AS "message!", actor, is_staff_only, at
        FROM order_event
        LEFT JOIN order_note USING (order_id, seq)
        WHERE order_id = $1
        ORDER BY seq
        "#,
        id as OrderId,
    )
    .fetch_all(conn)
    .await
}

/// Keeps words of staff beside the event that was noted last; the order's row is locked by this transaction.
pub async fn keep_note(tx: &mut PgConnection, id: OrderId, text: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO order_note (order_id, seq, text) SELECT $1, max(seq), $2 FROM order_event WHERE order_id = $1",
        id as OrderId,
        text,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Sets what the shop means to do with an order.
pub async fn set_status(
    tx: &mut PgConnection,
    id: OrderId,
    status: OrderStatus,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE orders SET status = $2, version = version + 1 WHERE order_id = $1",
        id as OrderId,
        status as OrderStatus,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Sets where an order's goods are; it is done from `closed_at` on.
pub async fn set_fulfilment(
    tx: &mut PgConnection,
    id: OrderId,
    status: FulfilmentStatus,
    closed_at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE orders
        SET fulfilment_status = $2, version = version + 1,
            status = CASE WHEN $3::timestamptz IS NULL THEN status ELSE 'completed' END,
            closed_at = coalesce($3, closed_at)
        WHERE order_id = $1
        "#,
        id as OrderId,
        status as FulfilmentStatus,
        closed_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}
