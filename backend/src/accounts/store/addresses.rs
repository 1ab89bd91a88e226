//! Where customers have things sent to.

use api_types::{Address, AddressId, CustomerAddress, CustomerId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};

/// A customer's addresses, the one to begin with first.
pub async fn list(
    db: &mut PgConnection,
    customer: CustomerId,
) -> sqlx::Result<Vec<CustomerAddress>> {
    let rows = sqlx::query!(
        r#"
        SELECT address_id AS "id: AddressId", is_default, address AS "address: Json<Address>"
        FROM customer_address
        WHERE customer_id = $1
        ORDER BY is_default DESC, created_at, address_id
        "#,
        customer as CustomerId,
    )
    .fetch_all(db)
    .await?;
    let address = |(id, is_default, Json(address))| CustomerAddress { id, is_default, address };
    Ok(rows.into_iter().map(|row| address((row.id, row.is_default, row.address))).collect())
}

/// Keeps an address; the first one is the one to begin with. Its customer is locked.
pub async fn insert(
    tx: &mut PgConnection,
    customer: CustomerId,
    id: AddressId,
    address: &Address,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO customer_address (address_id, customer_id, address, is_default, created_at, updated_at)
        SELECT $1, $2, $3, NOT EXISTS (SELECT FROM customer_address WHERE customer_id = $2), $4, $4
        "#,
        id as AddressId,
        customer as CustomerId,
        Json(address) as Json<&Address>,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Changes an address of this customer; false when they have no such address.
pub async fn update(
    tx: &mut PgConnection,
    customer: CustomerId,
    id: AddressId,
    address: Option<&Address>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE customer_address
        SET address = COALESCE($3, address), updated_at = $4
        WHERE address_id = $2 AND customer_id = $1
        "#,
        customer as CustomerId,
        id as AddressId,
        address.map(Json) as Option<Json<&Address>>,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes an address of this customer the one to begin with.
pub async fn make_default(
    tx: &mut PgConnection,
    customer: CustomerId,
    id: AddressId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "UPDATE customer_address SET is_default = false WHERE customer_id = $1 AND is_default AND address_id <> $2",
        customer as CustomerId,
        id as AddressId,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE customer_address SET is_default = true WHERE customer_id = $1 AND address_id = $2",
        customer as CustomerId,
        id as AddressId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Removes an address of this customer, and begins with the oldest that is left when it was the
/// one to begin with; false when they have no such address.
pub async fn remove(
    tx: &mut PgConnection,
    customer: CustomerId,
    id: AddressId,
) -> sqlx::Result<bool> {
    let removed = sqlx::query!(
        "DELETE FROM customer_address WHERE address_id = $2 AND customer_id = $1",
        customer as CustomerId,
        id as AddressId,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        r#"
        UPDATE customer_address
        SET is_default = true
        WHERE address_id = (
            SELECT address_id FROM customer_address WHERE customer_id = $1 ORDER BY created_at, address_id LIMIT 1
        ) AND NOT EXISTS (SELECT FROM customer_address WHERE customer_id = $1 AND is_default)
        "#,
        customer as CustomerId,
    )
    .execute(tx)
    .await?;
    Ok(removed.rows_affected() == 1)
}

/// How many addresses a customer keeps.
pub async fn count(db: &mut PgConnection, customer: CustomerId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM customer_address WHERE customer_id = $1"#,
        customer as CustomerId,
    )
    .fetch_one(db)
    .await
}
