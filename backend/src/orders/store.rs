//! Orders and what belongs to them.

mod customer;
pub mod fulfilments;
mod sheet;
pub mod staff;

use api_types::{
    Address, CartId, Currency, CustomerId, FulfilmentStatus, OptionRef, OrderId, OrderLineId,
    OrderStatus, PaymentStatus, ProductId, RegionId, VariantId,
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

pub use customer::{claim, numbered, of_customer};
pub use sheet::{Sheet, events, lines, sheet, taxes};

/// An order about to be written.
pub struct NewOrder {
    /// Which one.
    pub id: OrderId,
    /// The cart it is made of.
    pub cart_id: CartId,
    /// Whose it is, when its shopper is signed in.
    pub customer_id: Option<CustomerId>,
    /// That cart's version.
    pub cart_version: i32,
    /// Goes into its link's secret.
    pub link_nonce: [u8; 16],
    /// Where it is sold.
    pub region_id: RegionId,
    /// Currency of its amounts.
    pub currency: Currency,
    /// Where letters go.
    pub email: String,
    /// ISO 3166 code of the country it goes to.
    pub country: String,
    /// Where it goes.
    pub shipping_address: Option<Address>,
    /// How it goes, and how many working days that takes.
    pub shipping: Option<(String, i32, i32)>,
    /// How it is paid.
    pub payment_method: String,
    /// A note to the shop.
    pub note: Option<String>,
    /// All lines before discounts.
    pub subtotal_minor: i64,
    /// Taken off.
    pub discount_minor: i64,
    /// Delivery; absent when nothing is delivered.
    pub shipping_minor: Option<i64>,
    /// All taxes.
    pub tax_minor: i64,
    /// Whether prices include them.
    pub tax_included: bool,
    /// To pay.
    pub total_minor: i64,
    /// How the total came about.
    pub price_trace: Value,
    /// Until when its payment is waited for.
    pub expires_at: DateTime<Utc>,
    /// What was bought.
    pub lines: Vec<NewLine>,
    /// The taxes by line and rate.
    pub tax_lines: Vec<NewTaxLine>,
}

/// A line about to be written.
pub struct NewLine {
    /// Which one.
    pub id: OrderLineId,
    /// Which variant.
    pub variant_id: VariantId,
    /// Which product.
    pub product_id: ProductId,
    /// Product handle.
    pub handle: String,
    /// Product title.
    pub title: String,
    /// What was chosen.
    pub options: Vec<OptionRef>,
    /// Stock keeping unit.
    pub sku: Option<String>,
    /// A picture of the variant.
    pub media_id: Option<Uuid>,
    /// Whether it is delivered.
    pub requires_shipping: bool,
    /// Price of one.
    pub unit_price_minor: i64,
    /// How many.
    pub quantity: i32,
    /// Taken off.
    pub discount_minor: i64,
    /// Tax on it.
    pub tax_minor: i64,
    /// To pay for it.
    pub total_minor: i64,
}

/// One rate's share of a line or, without one, of the delivery.
pub struct NewTaxLine {
    /// The line it is of.
    pub line: Option<OrderLineId>,
    /// Its name.
    pub name: String,
    /// Parts per million.
    pub rate_ppm: i64,
    /// What it was taken on.
    pub base_minor: i64,
    /// How much.
    pub amount_minor: i64,
}

/// What rules need to know of an order.
#[derive(Clone, Debug)]
pub struct Head {
    /// Which one.
    pub id: OrderId,
    /// Whose it is, when its shopper was signed in.
    pub customer_id: Option<CustomerId>,
    /// What the shop means to do with it.
    pub status: OrderStatus,
    /// Where its goods are.
    pub fulfilment_status: FulfilmentStatus,
    /// Goes into its link's secret.
    pub link_nonce: Vec<u8>,
    /// Currency of its amounts.
    pub currency: Currency,
    /// To pay.
    pub total_minor: i64,
    /// Money that came.
    pub paid_minor: i64,
    /// Money that went back.
    pub refunded_minor: i64,
    /// Until when its payment is waited for.
    pub expires_at: DateTime<Utc>,
    /// Counts changes.
    pub version: i32,
}

/// Writes an order that waits for its payment, with its lines and taxes, in three statements.
pub async fn insert(
    tx: &mut PgConnection,
    order: &NewOrder,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    insert_order(&mut *tx, order, now).await?;
    insert_lines(&mut *tx, order.id, &order.lines).await?;
    insert_tax_lines(tx, order.id, &order.tax_lines).await
}

async fn insert_order(
    tx: &mut PgConnection,
    order: &NewOrder,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let shipping = order.shipping.as_ref();
    sqlx::query!(
        r#"
        INSERT INTO orders (order_id, cart_id, cart_version, link_nonce, status, region_id, currency, email, country,
            shipping_address, shipping_title, shipping_min_days, shipping_max_days, payment_method, note,
            subtotal_minor, discount_minor, shipping_minor, tax_minor, tax_included, total_minor, price_trace,
            created_at, expires_at, customer_id)
        VALUES ($1, $2, $3, $4, 'pending_payment', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22, $23, $24)
        "#,
        order.id as OrderId,
        order.cart_id as CartId,
        order.cart_version,
        &order.link_nonce[..],
        order.region_id as RegionId,
        order.currency as Currency,
        order.email,
        order.country,
        order.shipping_address.as_ref().map(Json) as Option<Json<&Address>>,
        shipping.map(|(title, ..)| title.as_str()),
        shipping.map(|(_, min, _)| *min),
        shipping.map(|(.., max)| *max),
        order.payment_method,
        order.note,
        order.subtotal_minor,
        order.discount_minor,
        order.shipping_minor,
        order.tax_minor,
        order.tax_included,
        order.total_minor,
        order.price_trace,
        now,
        order.expires_at,
        order.customer_id as Option<CustomerId>,
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_lines(
    tx: &mut PgConnection,
    order: OrderId,
    lines: &[NewLine],
) -> sqlx::Result<()> {
    let column = |amount: fn(&NewLine) -> i64| lines.iter().map(amount).collect::<Vec<_>>();
    sqlx::query!(
        r#"
        INSERT INTO order_line (order_id, order_line_id, variant_id, product_id, handle, title, options, sku, media_id,
            requires_shipping, unit_price_minor, quantity, discount_minor, tax_minor, total_minor, position)
        SELECT $1, *
        FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::jsonb[], $8::text[], $9::uuid[],
            $10::boolean[], $11::bigint[], $12::integer[], $13::bigint[], $14::bigint[], $15::bigint[], $16::integer[])
        "#,
        order as OrderId,
        &lines.iter().map(|line| line.id.0).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.variant_id.0).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.product_id.0).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.handle.clone()).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.title.clone()).collect::<Vec<_>>(),
        &lines.iter().map(|line| serde_json::json!(line.options)).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.sku.clone()).collect::<Vec<_>>() as &[Option<String>],
        &lines.iter().map(|line| line.media_id).collect::<Vec<_>>() as &[Option<Uuid>],
        &lines.iter().map(|line| line.requires_shipping).collect::<Vec<_>>(),
        &column(|line| line.unit_price_minor),
        &lines.iter().map(|line| line.quantity).collect::<Vec<_>>(),
        &column(|line| line.discount_minor),
        &column(|line| line.tax_minor),
        &column(|line| line.total_minor),
        &(1..).take(lines.len()).collect::<Vec<i32>>(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn insert_tax_lines(
    tx: &mut PgConnection,
    order: OrderId,
    taxes: &[NewTaxLine],
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO order_tax_line (order_id, order_tax_line_id, order_line_id, name, rate_ppm, base_minor, amount_minor)
        SELECT $1, *
        FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
        "#,
        order as OrderId,
        &taxes.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>(),
        &taxes.iter().map(|tax| tax.line.map(|line| line.0)).collect::<Vec<_>>() as &[Option<Uuid>],
        &taxes.iter().map(|tax| tax.name.clone()).collect::<Vec<_>>(),
        &taxes.iter().map(|tax| tax.rate_ppm).collect::<Vec<_>>(),
        &taxes.iter().map(|tax| tax.base_minor).collect::<Vec<_>>(),
        &taxes.iter().map(|tax| tax.amount_minor).collect::<Vec<_>>(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What rules need to know of an order; locked until the transaction ends when `is_locked`.
pub async fn head(
    db: &mut PgConnection,
    id: OrderId,
    is_locked: bool,
) -> sqlx::Result<Option<Head>> {
    if is_locked {
        sqlx::query!("SELECT FROM orders WHERE order_id = $1 FOR NO KEY UPDATE", id as OrderId)
            .fetch_optional(&mut *db)
            .await?;
    }
    sqlx::query_as!(
        Head,
        r#"
        SELECT order_id AS "id: OrderId", customer_id AS "customer_id: CustomerId", status AS "status: OrderStatus",
            fulfilment_status AS "fulfilment_status: FulfilmentStatus", link_nonce, currency AS "currency: Currency",
            total_minor, paid_minor, refunded_minor, expires_at, version
        FROM orders
        WHERE order_id = $1
        "#,
        id as OrderId,
    )
    .fetch_optional(db)
    .await
}

/// Makes a pending order a placed one.
pub async fn mark_placed(
    tx: &mut PgConnection,
    id: OrderId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE orders SET status = 'placed', placed_at = $2, version = version + 1 WHERE order_id = $1",
        id as OrderId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends an order that came to nothing.
pub async fn close(
    tx: &mut PgConnection,
    id: OrderId,
    status: OrderStatus,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE orders SET status = $2, closed_at = $3, version = version + 1 WHERE order_id = $1",
        id as OrderId,
        status as OrderStatus,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes what came and what went back, and the status that follows.
pub async fn set_money(
    tx: &mut PgConnection,
    id: OrderId,
    paid_minor: i64,
    refunded_minor: i64,
    status: PaymentStatus,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE orders
        SET paid_minor = $2, refunded_minor = $3, payment_status = $4, version = version + 1
        WHERE order_id = $1
        "#,
        id as OrderId,
        paid_minor,
        refunded_minor,
        status as PaymentStatus,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Says how a pending order is paid from now on.
pub async fn set_payment_method(
    tx: &mut PgConnection,
    id: OrderId,
    method: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE orders SET payment_method = $2 WHERE order_id = $1",
        id as OrderId,
        method
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Adds to an order's history; its row must be locked by this transaction, or be new.
pub async fn note_event(
    tx: &mut PgConnection,
    id: OrderId,
    kind: &str,
    message: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    note_entry(tx, id, &Entry { kind, message, actor: "shop", is_staff_only: false }, now).await
}

/// Something that happened to an order.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// What.
    pub kind: &'a str,
    /// For people.
    pub message: &'a str,
    /// Who did it.
    pub actor: &'a str,
    /// Whether its shopper does not see it.
    pub is_staff_only: bool,
}

/// The same, by somebody, and perhaps for staff only.
pub async fn note_entry(
    tx: &mut PgConnection,
    id: OrderId,
    entry: &Entry<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO order_event (order_id, seq, kind, message, actor, is_staff_only, at)
        SELECT $1, COALESCE(max(seq), 0) + 1, $2, $3, $4, $5, $6
        FROM order_event
        WHERE order_id = $1
        "#,
        id as OrderId,
        entry.kind,
        entry.message,
        entry.actor,
        entry.is_staff_only,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Up to 100 pending orders whose time is over.
pub async fn due_to_expire(
    db: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<OrderId>> {
    sqlx::query_scalar!(
        r#"
        SELECT order_id AS "id: OrderId"
        FROM orders
        WHERE status = 'pending_payment' AND expires_at <= $1
        ORDER BY expires_at
        LIMIT 100
        "#,
        now,
    )
    .fetch_all(db)
    .await
}
