//! A customer's orders: the list, and those that they placed as a guest.

use api_types::{
    Currency, CustomerId, FulfilmentStatus, Money, OrderId, OrderStatus, OrderSummary, Page,
    PageInfo, PaymentStatus, Picture,
};
use sqlx::{PgConnection, types::Json};

use crate::http::encode_cursor;

/// One page of a customer's orders, the newest first; those that nobody paid in time are left out.
pub async fn of_customer(
    db: &mut PgConnection,
    customer: CustomerId,
    before: Option<OrderId>,
    limit: i64,
) -> sqlx::Result<Page<OrderSummary>> {
    let rows = sqlx::query!(
        r#"
        SELECT order_id AS "id: OrderId", number, status AS "status: OrderStatus",
            payment_status AS "payment_status: PaymentStatus", fulfilment_status AS "fulfilment_status: FulfilmentStatus",
            created_at, total_minor, currency AS "currency: Currency", line.item_count AS "item_count!",
            line.titles AS "titles!",
            (SELECT body FROM picture WHERE picture.media_id = line.media_id) AS "picture: Json<Picture>"
        FROM orders
        CROSS JOIN LATERAL (
            SELECT sum(quantity)::bigint AS item_count, (array_agg(title ORDER BY position))[:3] AS titles,
                (array_agg(media_id ORDER BY position))[1] AS media_id
            FROM order_line
            WHERE order_line.order_id = orders.order_id
        ) AS line
        WHERE customer_id = $1 AND status <> 'expired' AND ($2::uuid IS NULL OR order_id < $2)
        ORDER BY order_id DESC
        LIMIT $3::bigint + 1
        "#,
        customer as CustomerId,
        before as Option<OrderId>,
        limit,
    )
    .fetch_all(db)
    .await?;
    let mut data: Vec<_> = rows
        .into_iter()
        .map(|row| OrderSummary {
            id: row.id,
            number: row.number,
            status: row.status,
            payment_status: row.payment_status,
            fulfilment_status: row.fulfilment_status,
            created_at: row.created_at,
            total: Money::new(row.total_minor, row.currency),
            item_count: row.item_count,
            titles: row.titles,
            picture: row.picture.map(|Json(picture)| picture),
        })
        .collect();
    let has_more = i64::try_from(data.len()).is_ok_and(|count| count > limit);
    if has_more {
        data.pop();
    }
    let next_cursor = data.last().filter(|_| has_more).map(|last| encode_cursor(&last.id));
    Ok(Page { data, page: PageInfo { next_cursor, ..PageInfo::default() } })
}

/// Gives a customer the orders that were placed with their address by nobody in particular. The
/// address is known to be theirs.
pub async fn claim(tx: &mut PgConnection, customer: CustomerId) -> sqlx::Result<u64> {
    let claimed = sqlx::query!(
        r#"
        UPDATE orders
        SET customer_id = $1
        WHERE customer_id IS NULL AND lower(email) = (SELECT lower(email) FROM customer WHERE customer_id = $1)
        "#,
        customer as CustomerId,
    )
    .execute(tx)
    .await?;
    Ok(claimed.rows_affected())
}

/// The order with that number, if it was placed with that address.
pub async fn numbered(
    db: &mut PgConnection,
    number: i64,
    email: &str,
) -> sqlx::Result<Option<OrderId>> {
    sqlx::query_scalar!(
        r#"SELECT order_id AS "id: OrderId" FROM orders WHERE number = $1 AND lower(email) = lower($2)"#,
        number,
        email,
    )
    .fetch_optional(db)
    .await
}
