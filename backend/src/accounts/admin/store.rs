//! Customers in lists, and what they spent.

use api_types::{
    Currency, CustomerId, Money,
    admin::{CustomerRow, CustomerSum},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::http::pattern;

/// Customers with a text in their address or name, the newest first, from behind one on.
pub async fn list(
    db: &mut PgConnection,
    text: Option<&str>,
    before: Option<CustomerId>,
    most: i64,
) -> sqlx::Result<Vec<CustomerRow>> {
    sqlx::query_as!(
        CustomerRow,
        r#"
        SELECT customer_id AS "id: CustomerId", email AS "email!", name, created_at,
            (SELECT count(*) FROM orders WHERE orders.customer_id = customer.customer_id AND placed_at IS NOT NULL)
                AS "order_count!"
        FROM customer
        WHERE erased_at IS NULL
            -- As the index has it.
            AND ($1::text IS NULL OR lower(coalesce(email, '') || ' ' || name) LIKE $1)
            AND ($2::uuid IS NULL OR customer_id < $2)
        ORDER BY customer_id DESC
        LIMIT $3
        "#,
        text.map(pattern),
        before as Option<CustomerId>,
        most,
    )
    .fetch_all(db)
    .await
}

/// What a customer spent, by currency.
pub async fn sums(db: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Vec<CustomerSum>> {
    let rows = sqlx::query!(
        r#"
        SELECT currency AS "currency: Currency", count(*) AS "order_count!", sum(paid_minor)::bigint AS "paid_minor!",
            sum(refunded_minor)::bigint AS "refunded_minor!"
        FROM orders
        WHERE customer_id = $1 AND placed_at IS NOT NULL
        GROUP BY currency
        ORDER BY currency
        "#,
        customer as CustomerId,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| CustomerSum {
            order_count: row.order_count,
            paid: Money::new(row.paid_minor, row.currency),
            refunded: Money::new(row.refunded_minor, row.currency),
        })
        .collect())
}

/// On how many devices a customer is signed in.
pub async fn device_count(
    db: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "count!"
        FROM session
        WHERE customer_id = $1 AND ended_at IS NULL AND expires_at > $2 AND last_seen_at > $2 - interval '30 days'
        "#,
        customer as CustomerId,
        now,
    )
    .fetch_one(db)
    .await
}
