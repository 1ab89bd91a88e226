//! An order with all that its shopper sees.

use api_types::{
    Address, CartId, Currency, FulfilmentStatus, Money, OptionRef, OrderEvent, OrderId, OrderLine,
    OrderLineId, OrderStatus, PaymentStatus, Picture, TaxLine, VariantId,
};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};

/// An order without its lines, taxes and events; named as in the schema.
pub struct Sheet {
    /// Its number, as people say it.
    pub number: i64,
    /// The cart it was made of.
    pub cart_id: CartId,
    /// Where it stands.
    pub status: OrderStatus,
    /// Where its money stands.
    pub payment_status: PaymentStatus,
    /// Where its goods stand.
    pub fulfilment_status: FulfilmentStatus,
    /// Currency of its amounts.
    pub currency: Currency,
    /// Where letters about it go.
    pub email: String,
    /// Where it is delivered.
    pub shipping_address: Option<Json<Address>>,
    /// The way it is delivered.
    pub shipping_title: Option<String>,
    /// Fewest working days that takes.
    pub shipping_min_days: Option<i32>,
    /// Most working days that takes.
    pub shipping_max_days: Option<i32>,
    /// Code of the way to pay.
    pub payment_method: String,
    /// The shopper's note.
    pub note: Option<String>,
    /// All lines before discounts.
    pub subtotal_minor: i64,
    /// Taken off.
    pub discount_minor: i64,
    /// Delivery.
    pub shipping_minor: Option<i64>,
    /// All taxes.
    pub tax_minor: i64,
    /// Whether prices include them.
    pub tax_included: bool,
    /// To pay.
    pub total_minor: i64,
    /// Paid so far.
    pub paid_minor: i64,
    /// Sent back so far.
    pub refunded_minor: i64,
    /// Counts changes.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends unless it is paid.
    pub expires_at: DateTime<Utc>,
    /// When it was paid, or promised to be.
    pub placed_at: Option<DateTime<Utc>>,
}

/// An order; `None` when there is no such order.
pub async fn sheet(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<Sheet>> {
    sqlx::query_as!(
        Sheet,
        r#"
        SELECT number, cart_id AS "cart_id: CartId", status AS "status: OrderStatus",
            payment_status AS "payment_status: PaymentStatus", fulfilment_status AS "fulfilment_status: FulfilmentStatus",
            currency AS "currency: Currency", email, shipping_address AS "shipping_address: Json<Address>",
            shipping_title, shipping_min_days, shipping_max_days, payment_method, note, subtotal_minor, discount_minor,
            shipping_minor, tax_minor, tax_included, total_minor, paid_minor, refunded_minor, version, created_at,
            expires_at, placed_at
        FROM orders
        WHERE order_id = $1
        "#,
        id as OrderId,
    )
    .fetch_optional(db)
    .await
}

/// What is in an order, in its order.
pub async fn lines(
    db: &mut PgConnection,
    id: OrderId,
    currency: Currency,
) -> sqlx::Result<Vec<OrderLine>> {
    let rows = sqlx::query!(
        r#"
        SELECT order_line_id AS "id: OrderLineId", variant_id AS "variant_id: VariantId", handle, title,
            options AS "options: Json<Vec<OptionRef>>", sku,
            (SELECT body FROM picture WHERE picture.media_id = order_line.media_id) AS "picture: Json<Picture>", quantity,
            unit_price_minor, discount_minor, tax_minor, total_minor, quantity_fulfilled, quantity_cancelled,
            EXISTS (SELECT FROM variant WHERE variant.variant_id = order_line.variant_id) AS "is_known!"
        FROM order_line
        WHERE order_id = $1
        ORDER BY position
        "#,
        id as OrderId,
    )
    .fetch_all(db)
    .await?;
    let line = rows.into_iter().map(|row| OrderLine {
        id: row.id,
        variant_id: row.is_known.then_some(row.variant_id),
        handle: row.handle,
        title: row.title,
        options: row.options.0,
        sku: row.sku,
        picture: row.picture.map(|Json(picture)| picture),
        quantity: row.quantity,
        unit_price: Money::new(row.unit_price_minor, currency),
        discount: Money::new(row.discount_minor, currency),
        tax: Money::new(row.tax_minor, currency),
        total: Money::new(row.total_minor, currency),
        quantity_fulfilled: row.quantity_fulfilled,
        quantity_cancelled: row.quantity_cancelled,
    });
    Ok(line.collect())
}

/// An order's taxes, a line a rate.
pub async fn taxes(
    db: &mut PgConnection,
    id: OrderId,
    currency: Currency,
) -> sqlx::Result<Vec<TaxLine>> {
    let rows = sqlx::query!(
        r#"
        SELECT name, rate_ppm, sum(amount_minor)::bigint AS "amount!"
        FROM order_tax_line
        WHERE order_id = $1
        GROUP BY name, rate_ppm
        ORDER BY name, rate_ppm
        "#,
        id as OrderId,
    )
    .fetch_all(db)
    .await?;
    let line =
        |(name, rate_ppm, amount)| TaxLine { name, rate_ppm, amount: Money::new(amount, currency) };
    Ok(rows.into_iter().map(|row| line((row.name, row.rate_ppm, row.amount))).collect())
}

/// What happened to an order, without what only the staff sees.
pub async fn events(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Vec<OrderEvent>> {
    sqlx::query_as!(
        OrderEvent,
        "SELECT seq, kind, message, at FROM order_event WHERE order_id = $1 AND NOT is_staff_only ORDER BY seq",
        id as OrderId,
    )
    .fetch_all(db)
    .await
}
