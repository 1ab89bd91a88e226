//! Rows to write out, page by page.

use api_types::{Currency, CustomerId, Money, OrderId};
use chrono::{DateTime, SecondsFormat, Utc};
use sqlx::PgConnection;

/// When rows were made: from one moment on, before another.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// Then or later.
    pub from: DateTime<Utc>,
    /// Before.
    pub until: DateTime<Utc>,
}

/// An order as one row.
pub struct OrderRow {
    /// Which one.
    pub id: OrderId,
    number: i64,
    created_at: DateTime<Utc>,
    placed_at: Option<DateTime<Utc>>,
    status: String,
    payment_status: String,
    fulfilment_status: String,
    email: String,
    name: String,
    country: String,
    item_count: i64,
    currency: Currency,
    subtotal_minor: i64,
    discount_minor: i64,
    shipping_minor: i64,
    tax_minor: i64,
    total_minor: i64,
    paid_minor: i64,
    refunded_minor: i64,
    payment_method: String,
}

impl OrderRow {
    /// Names of the columns.
    pub const HEAD: [&'static str; 19] = [
        "number",
        "created_at",
        "placed_at",
        "status",
        "payment_status",
        "fulfilment_status",
        "email",
        "name",
        "country",
        "items",
        "currency",
        "subtotal",
        "discount",
        "shipping",
        "tax",
        "total",
        "paid",
        "refunded",
        "payment_method",
    ];

    /// Its cells, amounts as decimals of its currency.
    pub fn cells(self) -> [String; 19] {
        let money = |amount| Money::new(amount, self.currency).decimal();
        [
            self.number.to_string(),
            time(self.created_at),
            self.placed_at.map(time).unwrap_or_default(),
            self.status,
            self.payment_status,
            self.fulfilment_status,
            self.email,
            self.name,
            self.country,
            self.item_count.to_string(),
            self.currency.code().to_owned(),
            money(self.subtotal_minor),
            money(self.discount_minor),
            money(self.shipping_minor),
            money(self.tax_minor),
            money(self.total_minor),
            money(self.paid_minor),
            money(self.refunded_minor),
            self.payment_method,
        ]
    }
}

/// A customer as one row.
pub struct CustomerRow {
    /// Which one.
    pub id: CustomerId,
    email: String,
    name: String,
    wants_news_since: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    order_count: i64,
}

impl CustomerRow {
    /// Names of the columns.
    pub const HEAD: [&'static str; 6] =
        ["id", "email", "name", "wants_news_since", "created_at", "orders"];

    /// Its cells.
    pub fn cells(self) -> [String; 6] {
        [
            self.id.to_string(),
            self.email,
            self.name,
            self.wants_news_since.map(time).unwrap_or_default(),
            time(self.created_at),
            self.order_count.to_string(),
        ]
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// How many orders were made then.
pub async fn order_count(db: &mut PgConnection, made: Made) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM orders WHERE created_at >= $1 AND created_at < $2"#,
        made.from,
        made.until,
    )
    .fetch_one(db)
    .await
}

/// Orders that were made then, from behind one on.
pub async fn orders(
    db: &mut PgConnection,
    made: Made,
    after: Option<OrderId>,
    most: i64,
) -> sqlx::Result<Vec<OrderRow>> {
    sqlx::query_as!(
        OrderRow,
        r#"
        SELECT order_id AS "id: OrderId", number, created_at, placed_at, status, payment_status, fulfilment_status, email,
            COALESCE(shipping_address ->> 'name', '') AS "name!", country,
            (SELECT COALESCE(sum(quantity), 0)::bigint FROM order_line WHERE order_line.order_id = orders.order_id)
                AS "item_count!",
            currency AS "currency: Currency", subtotal_minor, discount_minor,
            COALESCE(shipping_minor, 0) AS "shipping_minor!", tax_minor, total_minor, paid_minor, refunded_minor,
            payment_method
        FROM orders
        WHERE created_at >= $1 AND created_at < $2 AND ($3::uuid IS NULL OR order_id > $3)
        ORDER BY order_id
        LIMIT $4
        "#,
        made.from,
        made.until,
        after as Option<OrderId>,
        most,
    )
    .fetch_all(db)
    .await
}

/// How many customers came then and are still here.
pub async fn customer_count(db: &mut PgConnection, made: Made) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "count!"
        FROM customer
        WHERE erased_at IS NULL AND created_at >= $1 AND created_at < $2
        "#,
        made.from,
        made.until,
    )
    .fetch_one(db)
    .await
}

/// Customers who came then and are still here, from behind one on.
pub async fn customers(
    db: &mut PgConnection,
    made: Made,
    after: Option<CustomerId>,
    most: i64,
) -> sqlx::Result<Vec<CustomerRow>> {
    sqlx::query_as!(
        CustomerRow,
        r#"
        SELECT customer_id AS "id: CustomerId", email AS "email!", name, wants_news_since, created_at,
            (SELECT count(*) FROM orders WHERE orders.customer_id = customer.customer_id AND placed_at IS NOT NULL)
                AS "order_count!"
        FROM customer
        WHERE erased_at IS NULL AND created_at >= $1 AND created_at < $2 AND ($3::uuid IS NULL OR customer_id > $3)
        ORDER BY customer_id
        LIMIT $4
        "#,
        made.from,
        made.until,
        after as Option<CustomerId>,
        most,
    )
    .fetch_all(db)
    .await
}
