//! A copy of all that is kept of a customer, and its end.

use api_types::{CustomerId, Export, ExportState};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

/// Asks for a copy; one that was made before is dropped.
pub async fn ask_for_export(
    tx: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO customer_export (customer_id, asked_at)
        VALUES ($1, $2)
        ON CONFLICT (customer_id)
        DO UPDATE SET asked_at = excluded.asked_at, archive = NULL, ready_at = NULL, expires_at = NULL
        "#,
        customer as CustomerId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// How far along a customer's copy is.
pub async fn export(
    db: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Export>> {
    let row = sqlx::query!(
        r#"
        SELECT asked_at, expires_at
        FROM customer_export
        WHERE customer_id = $1 AND (expires_at IS NULL OR expires_at > $2)
        "#,
        customer as CustomerId,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Export {
        state: if row.expires_at.is_some() { ExportState::Ready } else { ExportState::Waiting },
        asked_at: row.asked_at,
        expires_at: row.expires_at,
    }))
}

/// A customer's copy, if it is ready.
pub async fn archive(
    db: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Vec<u8>>> {
    let row = sqlx::query_scalar!(
        "SELECT archive FROM customer_export WHERE customer_id = $1 AND expires_at > $2",
        customer as CustomerId,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.flatten())
}

/// Keeps a copy that was made.
pub async fn keep_archive(
    tx: &mut PgConnection,
    customer: CustomerId,
    archive: &[u8],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE customer_export
        SET archive = $2, ready_at = $3, expires_at = $4
        WHERE customer_id = $1 AND archive IS NULL
        "#,
        customer as CustomerId,
        archive,
        now,
        expires_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets copies whose time is over.
pub async fn forget_old(tx: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let forgotten =
        sqlx::query!("DELETE FROM customer_export WHERE expires_at < $1", now).execute(tx).await?;
    Ok(forgotten.rows_affected())
}

/// Everything that is kept of a customer: (name of a file, its rows).
pub async fn everything(
    db: &mut PgConnection,
    customer: CustomerId,
) -> sqlx::Result<Vec<(String, Value)>> {
    let rows = sqlx::query!(
        r#"
        WITH mine AS (SELECT * FROM orders WHERE customer_id = $1)
        SELECT 'account' AS "file!", to_jsonb(customer) - 'password_hash' AS "rows!"
        FROM customer WHERE customer_id = $1
        UNION ALL
        SELECT 'addresses', COALESCE(jsonb_agg(to_jsonb(customer_address)), '[]')
        FROM customer_address WHERE customer_id = $1
        UNION ALL
        SELECT 'devices', COALESCE(jsonb_agg(to_jsonb(session) - 'user_agent_hash'), '[]')
        FROM session WHERE customer_id = $1
        UNION ALL
        SELECT 'passkeys', COALESCE(jsonb_agg(to_jsonb(passkey) - 'credential' - 'credential_id'), '[]')
        FROM passkey WHERE customer_id = $1
        UNION ALL
        SELECT 'carts', COALESCE(jsonb_agg(to_jsonb(cart) - 'token_hash' || jsonb_build_object('lines', (
            SELECT COALESCE(jsonb_agg(to_jsonb(cart_line)), '[]') FROM cart_line WHERE cart_line.cart_id = cart.cart_id
        ))), '[]')
        FROM cart WHERE customer_id = $1
        UNION ALL
        SELECT 'orders', COALESCE(jsonb_agg(to_jsonb(mine) - 'link_nonce' || jsonb_build_object(
            'lines', (SELECT COALESCE(jsonb_agg(to_jsonb(order_line) ORDER BY position), '[]') FROM order_line
                WHERE order_line.order_id = mine.order_id),
            'taxes', (SELECT COALESCE(jsonb_agg(to_jsonb(order_tax_line)), '[]') FROM order_tax_line
                WHERE order_tax_line.order_id = mine.order_id),
            'history', (SELECT COALESCE(jsonb_agg(to_jsonb(order_event) ORDER BY seq), '[]') FROM order_event
                WHERE order_event.order_id = mine.order_id AND NOT is_staff_only),
            'notes', (SELECT COALESCE(jsonb_agg(text ORDER BY seq), '[]') FROM order_note
                WHERE order_note.order_id = mine.order_id),
            'parcels', (SELECT COALESCE(jsonb_agg(to_jsonb(fulfilment)), '[]') FROM fulfilment
                WHERE fulfilment.order_id = mine.order_id)
        )), '[]')
        FROM mine
        UNION ALL
        SELECT 'letters', COALESCE(jsonb_agg(jsonb_build_object('subject', subject, 'sent_at', sent_at)), '[]')
        FROM mail_sent WHERE lower(recipient) = (SELECT lower(email) FROM customer WHERE customer_id = $1)
        "#,
        customer as CustomerId,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.file, row.rows)).collect())
}

/// Numbers of the orders that a customer must not leave behind: paid and not sent, or waiting for money.
pub async fn orders_under_way(
    db: &mut PgConnection,
    customer: CustomerId,
) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"
        SELECT number
        FROM orders
        WHERE customer_id = $1 AND (status IN ('pending_payment', 'on_hold')
            OR (status = 'placed' AND fulfilment_status IN ('unfulfilled', 'partial', 'fulfilled')))
        ORDER BY number
        "#,
        customer as CustomerId,
    )
    .fetch_all(db)
    .await
}

/// Takes out of the shop all that tells who a customer was. Orders stay, for the books; nobody can
/// tell whose they were. Its customer is locked.
pub async fn erase(
    tx: &mut PgConnection,
    customer: CustomerId,
    email: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE orders
        SET email = '', shipping_address = jsonb_build_object('name', '', 'line1', '', 'city', '', 'country', country),
            note = NULL, link_nonce = sha256(order_id::text::bytea || link_nonce), version = version + 1
        WHERE customer_id = $1
        "#,
        customer as CustomerId,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"
        UPDATE cart
        SET email = NULL, shipping_address = NULL, note = NULL,
            status = CASE status WHEN 'open' THEN 'expired' ELSE status END
        WHERE customer_id = $1 OR order_id IN (SELECT order_id FROM orders WHERE customer_id = $1)
            OR (lower(email) = lower($2) AND status = 'open')
        "#,
        customer as CustomerId,
        email,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "DELETE FROM account_letter WHERE customer_id = $1 OR lower(email) = lower($2)",
        customer as CustomerId,
        email
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE mail_sent SET recipient = '', subject = '' WHERE lower(recipient) = lower($1)",
        email,
    )
    .execute(&mut *tx)
    .await?;
    forget_words_of_staff(&mut *tx, customer).await?;
    forget_belongings(&mut *tx, customer).await?;
    sqlx::query!(
        r#"
        UPDATE customer
        SET email = NULL, name = '', password_hash = NULL, wants_news_since = NULL, currency = NULL, erased_at = $2,
            version = version + 1
        WHERE customer_id = $1
        "#,
        customer as CustomerId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Empties what staff wrote at a customer's orders, and where their parcels could be followed.
async fn forget_words_of_staff(tx: &mut PgConnection, customer: CustomerId) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        WITH mine AS (
            SELECT order_id, payment_id FROM orders LEFT JOIN payment USING (order_id) WHERE customer_id = $1
        ), notes AS (
            UPDATE order_note SET text = '' WHERE order_id IN (SELECT order_id FROM mine)
        ), parcels AS (
            UPDATE fulfilment SET tracking_number = NULL, tracking_url = NULL WHERE order_id IN (SELECT order_id FROM mine)
        ), references_by_hand AS (
            UPDATE payment_attempt
            SET provider_ref = encode(sha256(provider_ref::bytea), 'hex')
            WHERE provider = 'manual' AND payment_id IN (SELECT payment_id FROM mine)
        )
        UPDATE refund SET reason = '' WHERE payment_id IN (SELECT payment_id FROM mine)
        "#,
        customer as CustomerId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

async fn forget_belongings(tx: &mut PgConnection, customer: CustomerId) -> sqlx::Result<()> {
    let mine = customer as CustomerId;
    sqlx::query!("DELETE FROM customer_address WHERE customer_id = $1", mine as CustomerId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("DELETE FROM passkey WHERE customer_id = $1", mine as CustomerId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("DELETE FROM passkey_ceremony WHERE customer_id = $1", mine as CustomerId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("DELETE FROM customer_export WHERE customer_id = $1", mine as CustomerId)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("DELETE FROM session WHERE customer_id = $1", mine as CustomerId)
        .execute(tx)
        .await?;
    Ok(())
}
