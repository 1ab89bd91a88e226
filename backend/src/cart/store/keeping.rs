//! Carts of customers: one open cart each, on all their devices.

use api_types::{CartId, CustomerId, OrderId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::cart::CartAccess;

/// A customer's open cart.
pub async fn open_of(
    db: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<CartId>> {
    sqlx::query_scalar!(
        r#"SELECT cart_id AS "id: CartId" FROM cart WHERE customer_id = $1 AND status = 'open' AND expires_at > $2"#,
        customer as CustomerId,
        now,
    )
    .fetch_optional(db)
    .await
}

/// The same, locked; one whose time is over is ended first. The customer is locked.
pub async fn lock_open_of(
    tx: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<CartId>> {
    sqlx::query!(
        "UPDATE cart SET status = 'expired' WHERE customer_id = $1 AND status = 'open' AND expires_at <= $2",
        customer as CustomerId,
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query_scalar!(
        r#"
        SELECT cart_id AS "id: CartId"
        FROM cart
        WHERE customer_id = $1 AND status = 'open'
        FOR NO KEY UPDATE
        "#,
        customer as CustomerId,
    )
    .fetch_optional(tx)
    .await
}

/// Locks a guest's open cart and a customer's, in the order of their ids; which of them there are.
pub async fn lock_both(
    tx: &mut PgConnection,
    guest: CartAccess,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<(Option<CartId>, Option<CartId>)> {
    let rows = sqlx::query!(
        r#"
        SELECT cart_id AS "id: CartId", customer_id AS "customer_id: CustomerId"
        FROM cart
        WHERE status = 'open' AND expires_at > $4
            AND (customer_id = $3 OR (cart_id = $1 AND customer_id IS NULL AND token_hash = $2))
        ORDER BY cart_id
        FOR NO KEY UPDATE
        "#,
        guest.id as CartId,
        guest.token_hash.as_ref().map(<[u8; 32]>::as_slice),
        customer as CustomerId,
        now,
    )
    .fetch_all(tx)
    .await?;
    let found = |is_mine: bool| {
        rows.iter().find(|row| row.customer_id.is_some() == is_mine).map(|row| row.id)
    };
    Ok((found(false), found(true)))
}

/// Makes a guest's cart a customer's: from now on no token opens it.
pub async fn adopt(
    tx: &mut PgConnection,
    cart: CartId,
    customer: CustomerId,
    no_token: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE cart SET customer_id = $2, token_hash = $3, version = version + 1 WHERE cart_id = $1",
        cart as CartId,
        customer as CustomerId,
        no_token,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Pours one open cart into another: quantities add up, what only the first knows is kept. A price
/// that was seen in another currency was not seen in this one.
pub async fn pour(
    tx: &mut PgConnection,
    from: CartId,
    into: CartId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO cart_line (line_id, cart_id, variant_id, quantity, seen_price_minor, added_at)
        SELECT gen_random_uuid(), $2, variant_id, quantity,
            CASE WHEN guest.currency = cart.currency THEN seen_price_minor END, added_at
        FROM cart_line
        JOIN cart AS guest USING (cart_id)
        JOIN cart ON cart.cart_id = $2
        WHERE guest.cart_id = $1
        ORDER BY variant_id
        ON CONFLICT ON CONSTRAINT cart_line_variant_once
        DO UPDATE SET quantity = LEAST(cart_line.quantity + excluded.quantity, 999)
        "#,
        from as CartId,
        into as CartId,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"
        UPDATE cart
        SET email = COALESCE(cart.email, guest.email), note = COALESCE(cart.note, guest.note),
            version = cart.version + 1, updated_at = $3
        FROM cart AS guest
        WHERE cart.cart_id = $2 AND guest.cart_id = $1
        "#,
        from as CartId,
        into as CartId,
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"
        UPDATE cart
        SET status = 'merged', merged_into = $2, order_id = NULL, version = version + 1, updated_at = $3
        WHERE cart_id = $1
        "#,
        from as CartId,
        into as CartId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether a guest's cart is this one by now, or was poured into it.
pub async fn was_merged(
    db: &mut PgConnection,
    guest: CartAccess,
    mine: CartId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM cart WHERE cart_id = $1 AND (cart_id = $2 OR (merged_into = $2 AND token_hash = $3))
        ) AS "was_merged!"
        "#,
        guest.id as CartId,
        mine as CartId,
        guest.token_hash.as_ref().map(<[u8; 32]>::as_slice),
    )
    .fetch_one(db)
    .await
}

/// Opens a cart again, because its order came to nothing; where its customer has begun another
/// one meanwhile, it is poured into that.
pub async fn reopen(
    tx: &mut PgConnection,
    order: OrderId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let other = sqlx::query!(
        r#"
        SELECT ordered.cart_id AS "ordered: CartId", other.cart_id AS "other: CartId"
        FROM cart AS ordered
        JOIN cart AS other USING (customer_id)
        WHERE ordered.order_id = $1 AND other.status = 'open'
        FOR NO KEY UPDATE OF other
        "#,
        order as OrderId,
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(row) = other {
        return pour(tx, row.ordered, row.other, now).await;
    }
    sqlx::query!(
        r#"
        UPDATE cart
        SET status = 'open', order_id = NULL, version = version + 1, updated_at = $2, expires_at = $3
        WHERE order_id = $1
        "#,
        order as OrderId,
        now,
        expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}
