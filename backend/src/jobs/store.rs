//! The job table.

pub mod staff;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Lane;

/// A job to be done.
pub struct NewJob {
    /// What to do.
    pub kind: &'static str,
    /// What it needs to know.
    pub payload: Value,
    /// Two jobs with one key are one job.
    pub dedupe_key: String,
    /// Not before then.
    pub run_at: DateTime<Utc>,
}

/// A job that this worker may do until its lease ends.
pub struct Claimed {
    /// Which one.
    pub job_id: Uuid,
    /// What to do.
    pub kind: String,
    /// What it needs to know.
    pub payload: Value,
    /// Which try this is, from 1.
    pub attempt: i32,
    /// Which try is the last.
    pub max_attempts: i32,
}

/// Writes jobs, but for those that are there already.
pub async fn enqueue(
    tx: &mut PgConnection,
    jobs: &[NewJob],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if jobs.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"
        INSERT INTO job (job_id, kind, payload, dedupe_key, run_at, max_attempts, created_at)
        SELECT job_id, kind, payload, dedupe_key, run_at, $6, $7
        FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[], $5::timestamptz[])
            AS new (job_id, kind, payload, dedupe_key, run_at)
        ON CONFLICT ON CONSTRAINT job_once DO NOTHING
        "#,
        &jobs.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.kind.to_owned()).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.payload.clone()).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.dedupe_key.clone()).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.run_at).collect::<Vec<_>>(),
        super::MAX_ATTEMPTS,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes the job of a lane that has been due longest, if any, until `lease_until`: of the kind that its lane names
/// first, before all of the next.
pub async fn claim(
    tx: &mut PgConnection,
    lane: Lane,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) -> sqlx::Result<Option<Claimed>> {
    sqlx::query_as!(
        Claimed,
        r#"
        UPDATE job
        SET attempt = attempt + 1, lease_until = $2
        WHERE job_id = (
            SELECT job_id
            FROM job
            WHERE done_at IS NULL AND dead_at IS NULL AND run_at <= $1
                AND (lease_until IS NULL OR lease_until < $1)
                AND CASE WHEN $3::text[] = '{}' THEN kind <> ALL($4) ELSE kind = ANY($3) END
            ORDER BY array_position($3, kind), run_at
            LIMIT 1
            FOR UPDATE SKIP LOCKED
        )
        RETURNING job_id, kind, payload, attempt, max_attempts
        "#,
        now,
        lease_until,
        &named(lane),
        &Lane::ALL.into_iter().flat_map(named).collect::<Vec<_>>(),
    )
    .fetch_optional(tx)
    .await
}

fn named(lane: Lane) -> Vec<String> {
    lane.kinds().iter().map(|&kind| kind.to_owned()).collect()
}

/// Marks this attempt as done; false when the job is another worker's by now.
pub async fn finish(
    tx: &mut PgConnection,
    job: &Claimed,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE job
        SET done_at = $3, lease_until = NULL, last_error = NULL
        WHERE job_id = $1 AND attempt = $2 AND done_at IS NULL
        "#,
        job.job_id,
        job.attempt,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives this attempt up, to be tried `again` or put aside; false when the job is another worker's by now.
pub async fn fail(
    tx: &mut PgConnection,
    job: &Claimed,
    reason: &str,
    again: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let failed = sqlx::query!(
        r#"
        UPDATE job
        SET last_error = $3, lease_until = NULL, run_at = COALESCE($4, run_at),
            dead_at = CASE WHEN $4::timestamptz IS NULL THEN $5::timestamptz END
        WHERE job_id = $1 AND attempt = $2 AND done_at IS NULL AND dead_at IS NULL
        "#,
        job.job_id,
        job.attempt,
        reason,
        again,
        now,
    )
    .execute(tx)
    .await?;
    Ok(failed.rows_affected() == 1)
}
