//! An order as its shopper sees it.

use api_types::{
    Address, CartId, Currency, FulfilmentStatus, Money, OptionRef, Order, OrderEvent, OrderId,
    OrderLine, OrderLineId, OrderStatus, PaymentStatus, Picture, TaxLine, Totals, VariantId,
};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};

use super::status;
use crate::payments;

struct Row {
    number: i64,
    cart_id: CartId,
    status: OrderStatus,
    payment_status: PaymentStatus,
    fulfilment_status: FulfilmentStatus,
    currency: Currency,
    email: String,
    shipping_address: Option<Json<Address>>,
    shipping_title: Option<String>,
    shipping_min_days: Option<i32>,
    shipping_max_days: Option<i32>,
    payment_method: String,
    note: Option<String>,
    subtotal_minor: i64,
    discount_minor: i64,
    shipping_minor: Option<i64>,
    tax_minor: i64,
    tax_included: bool,
    total_minor: i64,
    paid_minor: i64,
    refunded_minor: i64,
    version: i32,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    placed_at: Option<DateTime<Utc>>,
}

/// The whole order; `None` when there is no such order. The caller has checked who asks.
pub async fn order(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<Order>> {
    let Some(row) = row(&mut *db, id).await? else { return Ok(None) };
    let lines = lines(&mut *db, id, row.currency).await?;
    let taxes = taxes(&mut *db, id, row.currency).await?;
    let events = events(db, id).await?;
    Ok(Some(row.order(id, lines, taxes, events)))
}

impl Row {
    fn order(
        self,
        id: OrderId,
        lines: Vec<OrderLine>,
        tax_lines: Vec<TaxLine>,
        events: Vec<OrderEvent>,
    ) -> Order {
        let money = |amount| Money::new(amount, self.currency);
        let is_pending = self.status == OrderStatus::PendingPayment;
        Order {
            id,
            number: self.number,
            cart_id: self.cart_id,
            status: self.status,
            payment_status: self.payment_status,
            fulfilment_status: self.fulfilment_status,
            placed_at: self.placed_at,
            created_at: self.created_at,
            expires_at: is_pending.then_some(self.expires_at),
            email: self.email,
            currency: self.currency,
            lines,
            totals: Totals {
                subtotal: money(self.subtotal_minor),
                discount: money(self.discount_minor),
                shipping: self.shipping_minor.map(money),
                tax: money(self.tax_minor),
                tax_included: self.tax_included,
                tax_lines,
                total: money(self.total_minor),
            },
            paid: money(self.paid_minor),
            refunded: money(self.refunded_minor),
            shipping_address: self.shipping_address.map(|Json(address)| address),
            shipping_title: self.shipping_title,
            delivery_days: self.shipping_min_days.zip(self.shipping_max_days),
            payment_title: payments::title(&self.payment_method).to_owned(),
            payment_instructions: payments::instructions(
                &self.payment_method,
                self.status,
                self.payment_status,
            )
            .map(|account| format!("{account} Reference: {}.", self.number)),
            events,
            can_cancel: status::can_cancel(self.status, self.fulfilment_status),
            can_pay: is_pending,
            note: self.note,
            version: self.version,
        }
    }
}

async fn row(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
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

async fn lines(
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

async fn taxes(
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

async fn events(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Vec<OrderEvent>> {
    sqlx::query_as!(
        OrderEvent,
        "SELECT seq, kind, message, at FROM order_event WHERE order_id = $1 AND NOT is_staff_only ORDER BY seq",
        id as OrderId,
    )
    .fetch_all(db)
    .await
}
