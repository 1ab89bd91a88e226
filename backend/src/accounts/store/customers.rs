//! Customers.

use api_types::{Currency, Customer, CustomerId, UpdateCustomer};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// What a sign-in needs to know of an account.
pub struct Account {
    /// Which one.
    pub id: CustomerId,
    /// The password as it is kept.
    pub password_hash: Option<String>,
}

/// An account about to be opened.
pub struct New<'a> {
    /// Which one.
    pub id: CustomerId,
    /// Where letters go.
    pub email: &'a str,
    /// What to call the customer.
    pub name: &'a str,
    /// The password as it is kept.
    pub password_hash: &'a str,
    /// Whether news may be sent.
    pub wants_news: bool,
}

/// Opens an account; false when its address has one already.
pub async fn insert(
    tx: &mut PgConnection,
    new: &New<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let opened = sqlx::query!(
        r#"
        INSERT INTO customer (customer_id, email, name, password_hash, password_changed_at, wants_news_since, created_at)
        VALUES ($1, $2, $3, $4, $6, CASE WHEN $5 THEN $6::timestamptz END, $6)
        ON CONFLICT DO NOTHING
        "#,
        new.id as CustomerId,
        new.email,
        new.name,
        new.password_hash,
        new.wants_news,
        now,
    )
    .execute(tx)
    .await?;
    Ok(opened.rows_affected() == 1)
}

/// The account of an address.
pub async fn account(db: &mut PgConnection, email: &str) -> sqlx::Result<Option<Account>> {
    sqlx::query_as!(
        Account,
        r#"SELECT customer_id AS "id: CustomerId", password_hash FROM customer WHERE lower(email) = lower($1)"#,
        email,
    )
    .fetch_optional(db)
    .await
}

/// A customer as they see themselves; `None` once they have left.
pub async fn customer(db: &mut PgConnection, id: CustomerId) -> sqlx::Result<Option<Customer>> {
    sqlx::query_as!(
        Customer,
        r#"
        SELECT customer_id AS "id: CustomerId", email AS "email!", name, (wants_news_since IS NOT NULL) AS "wants_news!",
            currency AS "currency: Currency", (password_hash IS NOT NULL) AS "has_password!", created_at, version
        FROM customer
        WHERE customer_id = $1 AND erased_at IS NULL
        "#,
        id as CustomerId,
    )
    .fetch_optional(db)
    .await
}

/// A customer's password as it is kept; `None` when there is none, or no such customer.
pub async fn password(db: &mut PgConnection, id: CustomerId) -> sqlx::Result<Option<String>> {
    let row = sqlx::query_scalar!(
        "SELECT password_hash FROM customer WHERE customer_id = $1 AND erased_at IS NULL",
        id as CustomerId,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.flatten())
}

/// Where a customer's letters go; `None` once they have left.
pub async fn email(db: &mut PgConnection, id: CustomerId) -> sqlx::Result<Option<String>> {
    let row =
        sqlx::query_scalar!("SELECT email FROM customer WHERE customer_id = $1", id as CustomerId,)
            .fetch_optional(db)
            .await?;
    Ok(row.flatten())
}

/// Locks a customer until the transaction ends, so that what is theirs changes one thing at a
/// time; false once they have left. Comes before every lock on a cart or an order.
pub async fn lock(tx: &mut PgConnection, id: CustomerId) -> sqlx::Result<bool> {
    let row = sqlx::query_scalar!(
        "SELECT customer_id FROM customer WHERE customer_id = $1 AND erased_at IS NULL FOR NO KEY UPDATE",
        id as CustomerId,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.is_some())
}

/// Keeps a password; the time says when it was chosen, and is absent when the same one is only kept anew.
pub async fn set_password(
    tx: &mut PgConnection,
    id: CustomerId,
    password_hash: &str,
    chosen_at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE customer
        SET password_hash = $2, password_changed_at = COALESCE($3, password_changed_at), version = version + 1
        WHERE customer_id = $1 AND erased_at IS NULL
        "#,
        id as CustomerId,
        password_hash,
        chosen_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes what is given and keeps the rest; false once they have left.
pub async fn update(
    tx: &mut PgConnection,
    id: CustomerId,
    change: &UpdateCustomer,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE customer
        SET name = COALESCE($2, name), currency = COALESCE($4, currency), version = version + 1,
            wants_news_since = CASE WHEN $3::boolean IS NULL THEN wants_news_since
                WHEN $3 THEN COALESCE(wants_news_since, $5) END
        WHERE customer_id = $1 AND erased_at IS NULL
        "#,
        id as CustomerId,
        change.name.as_deref().map(str::trim),
        change.wants_news,
        change.currency as Option<Currency>,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves an account to another address; false when that one has an account.
pub async fn set_email(tx: &mut PgConnection, id: CustomerId, email: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE customer
        SET email = $2, version = version + 1
        WHERE customer_id = $1 AND erased_at IS NULL
            AND NOT EXISTS (SELECT FROM customer AS other WHERE lower(other.email) = lower($2) AND other.customer_id <> $1)
        "#,
        id as CustomerId,
        email,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
