//! Jobs as staff see and change them.

use api_types::{
    JobId,
    admin::{Job, JobState},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Which jobs are wanted; what is absent does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// That far along.
    pub state: Option<JobState>,
    /// That do this.
    pub kind: Option<&'a str>,
    /// Older than this one.
    pub before: Option<JobId>,
    /// This one.
    pub only: Option<JobId>,
}

/// Jobs, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    wanted: &Wanted<'_>,
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<Job>> {
    sqlx::query_as!(
        Job,
        r#"
        SELECT job_id AS "id: JobId", kind, state AS "state!: JobState", attempt, max_attempts, run_at,
            lease_until, done_at, dead_at, last_error, created_at
        FROM (
            SELECT *, CASE
                WHEN done_at IS NOT NULL THEN 'done'
                WHEN dead_at IS NOT NULL THEN 'dead'
                WHEN lease_until >= $1 THEN 'running'
                ELSE 'waiting'
            END AS state
            FROM job
        ) AS job
        WHERE ($2::text IS NULL OR state = $2)
            AND ($3::text IS NULL OR kind = $3)
            AND ($4::uuid IS NULL OR job_id < $4)
            AND ($5::uuid IS NULL OR job_id = $5)
        ORDER BY job_id DESC
        LIMIT $6
        "#,
        now,
        wanted.state as Option<JobState>,
        wanted.kind,
        wanted.before as Option<JobId>,
        wanted.only as Option<JobId>,
        most,
    )
    .fetch_all(conn)
    .await
}

/// Has a dead job tried as often as a new one; false when it is not dead. Attempts go on counting, so that
/// whoever still works on an old one cannot settle a new one.
pub async fn retry(tx: &mut PgConnection, id: JobId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE job
        SET dead_at = NULL, run_at = $2, lease_until = NULL, max_attempts = attempt + $3
        WHERE job_id = $1 AND dead_at IS NOT NULL AND done_at IS NULL
        "#,
        id as JobId,
        now,
        super::super::MAX_ATTEMPTS,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a job aside that waits; false when it does not, or somebody does it.
pub async fn cancel(
    tx: &mut PgConnection,
    id: JobId,
    actor: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE job
        SET dead_at = $2, lease_until = NULL, last_error = 'called off by ' || $3::text
        WHERE job_id = $1 AND dead_at IS NULL AND done_at IS NULL AND (lease_until IS NULL OR lease_until < $2)
        "#,
        id as JobId,
        now,
        actor,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
