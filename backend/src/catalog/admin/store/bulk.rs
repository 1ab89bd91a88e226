//! Runs over many products.

use api_types::{
    JobId, ProductId,
    admin::{BulkFailure, BulkOperation, BulkRun},
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::sheet::Wanted;
use crate::staff::Actor;

/// The first products of those that are wanted, in the order in which they are changed.
pub async fn matching(
    conn: &mut PgConnection,
    wanted: &Wanted,
    limit: i64,
) -> sqlx::Result<Vec<ProductId>> {
    let mut found: Vec<_> =
        super::sheet::rows(conn, wanted, limit).await?.into_iter().map(|row| row.id).collect();
    found.sort_unstable();
    Ok(found)
}

/// Begins a run for the job with that key.
pub async fn insert(
    tx: &mut PgConnection,
    dedupe_key: &str,
    (actor, operation): (&Actor, &BulkOperation),
    products: &[ProductId],
    now: DateTime<Utc>,
) -> sqlx::Result<JobId> {
    let operation =
        serde_json::to_value(operation).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let products: Vec<Uuid> = products.iter().map(|product| product.0).collect();
    sqlx::query_scalar!(
        r#"
        INSERT INTO bulk_run (job_id, actor, from_ip, operation, products, created_at)
        SELECT job_id, $2, $3, $4, $5, $6 FROM job WHERE dedupe_key = $1
        RETURNING job_id AS "id: JobId"
        "#,
        dedupe_key,
        actor.id(),
        actor.from().to_string(),
        operation,
        &products,
        now,
    )
    .fetch_one(tx)
    .await
}

/// What a run has to do next.
pub struct Next {
    /// Who asked for it, and from where.
    pub actor: String,
    /// From which address.
    pub from_ip: String,
    /// What is done with each.
    pub operation: BulkOperation,
    /// The product whose turn it is; absent when there is none left.
    pub product: Option<ProductId>,
}

/// Takes the turn of a run's next product, and counts it; locked until the change is committed.
pub async fn take_next(
    tx: &mut PgConnection,
    dedupe_key: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Next>> {
    let row = sqlx::query!(
        r#"
        UPDATE bulk_run
        SET done = least(done + 1, cardinality(products)),
            finished_at = CASE WHEN done + 1 >= cardinality(products) THEN coalesce(finished_at, $2::timestamptz) END
        FROM job
        WHERE job.job_id = bulk_run.job_id AND job.dedupe_key = $1
            AND finished_at IS NULL
        RETURNING actor, from_ip, operation AS "operation: Json<BulkOperation>",
            products[done] AS "product: ProductId"
        "#,
        dedupe_key,
        now,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| Next {
        actor: row.actor,
        from_ip: row.from_ip,
        operation: row.operation.0,
        product: row.product,
    }))
}

/// Notes why a run could not change a product.
pub async fn note_failure(
    tx: &mut PgConnection,
    dedupe_key: &str,
    product: ProductId,
    reason: &str,
) -> sqlx::Result<()> {
    let failure: Value = json!([{ "product_id": product, "reason": reason }]);
    sqlx::query!(
        r#"
        UPDATE bulk_run
        SET failures = failures || $2
        FROM job
        WHERE job.job_id = bulk_run.job_id AND job.dedupe_key = $1
        "#,
        dedupe_key,
        failure,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// How far a run is.
pub async fn show(conn: &mut PgConnection, job: JobId) -> sqlx::Result<Option<BulkRun>> {
    let row = sqlx::query!(
        r#"
        SELECT job_id AS "job_id: JobId", operation AS "operation: Json<BulkOperation>", done,
            cardinality(products) AS "total!", failures AS "failures: Json<Vec<BulkFailure>>",
            finished_at IS NOT NULL AS "is_finished!"
        FROM bulk_run
        WHERE job_id = $1
        "#,
        job as JobId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| BulkRun {
        job_id: row.job_id,
        operation: row.operation.0,
        total: row.total,
        done: row.done,
        failures: row.failures.0,
        is_finished: row.is_finished,
    }))
}
