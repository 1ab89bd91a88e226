//! Staff's work on jobs: looking at them, trying a dead one again, calling off one that waits.

use api_types::{
    JobId, Page,
    admin::{Job, JobState},
};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::store::staff as store;
use crate::{
    App,
    audit::{self, Change},
    http::{ApiError, Failures, Json, PageSize, Path, Query, Result, decode_cursor, encode_cursor},
    staff::{May, may},
};

/// The routes of staff's work on jobs.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(show_job))
        .routes(routes!(retry_job))
        .routes(routes!(cancel_job))
}

/// Which jobs are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobQuery {
    /// How far along.
    state: Option<JobState>,
    /// What they do.
    kind: Option<String>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List jobs, the newest first
#[utoipa::path(
    get, path = "/admin/jobs", tag = "admin: jobs",
    params(JobQuery),
    responses((status = 200, body = Page<Job>), Failures),
    security(("staff" = ["manage_jobs"])),
)]
pub async fn list_jobs(
    _: May<may::ManageJobs>,
    State(app): State<App>,
    Query(query): Query<JobQuery>,
) -> Result<Json<Page<Job>>> {
    let size = PageSize::of(query.limit)?;
    let wanted = store::Wanted {
        state: query.state,
        kind: query.kind.as_deref(),
        before: query.cursor.as_deref().map(decode_cursor).transpose()?,
        only: None,
    };
    let now = app.clock.now();
    let rows =
        app.db.read(async |conn| store::list(conn, &wanted, now, size.and_one()).await).await?;
    Ok(Json(size.page(rows, |job| encode_cursor(&job.id))))
}

async fn one(conn: &mut PgConnection, id: JobId, now: DateTime<Utc>) -> Result<Job> {
    let wanted = store::Wanted { only: Some(id), ..store::Wanted::default() };
    store::list(conn, &wanted, now, 1).await?.pop().ok_or(ApiError::NotFound("job"))
}

/// Show a job
#[utoipa::path(
    get, path = "/admin/jobs/{id}", tag = "admin: jobs",
    params(("id" = JobId, Path)),
    responses((status = 200, body = Job), Failures),
    security(("staff" = ["manage_jobs"])),
)]
pub async fn show_job(
    _: May<may::ManageJobs>,
    State(app): State<App>,
    Path(id): Path<JobId>,
) -> Result<Json<Job>> {
    let now = app.clock.now();
    Ok(Json(app.db.read(async |conn| one(conn, id, now).await).await?))
}

/// Try a dead job again, as often as a new one
#[utoipa::path(
    post, path = "/admin/jobs/{id}/retry", tag = "admin: jobs",
    params(("id" = JobId, Path)),
    responses((status = 200, body = Job), Failures),
    security(("staff" = ["manage_jobs"])),
)]
pub async fn retry_job(
    May { actor, .. }: May<may::ManageJobs>,
    State(app): State<App>,
    Path(id): Path<JobId>,
) -> Result<Json<Job>> {
    let now = app.clock.now();
    let after = app
        .db
        .write(async |tx| {
            let before = one(&mut *tx, id, now).await?;
            if !store::retry(&mut *tx, id, now).await? {
                return Err(ApiError::conflict("not_dead", "only a dead job is tried again"));
            }
            let after = one(&mut *tx, id, now).await?;
            let change = Change::between("job.retried", id, &before, &after);
            audit::record(tx, &actor, &change, now).await?;
            Ok(after)
        })
        .await?;
    Ok(Json(after))
}

/// Call off a job that waits
#[utoipa::path(
    post, path = "/admin/jobs/{id}/cancel", tag = "admin: jobs",
    params(("id" = JobId, Path)),
    responses((status = 200, body = Job), Failures),
    security(("staff" = ["manage_jobs"])),
)]
pub async fn cancel_job(
    May { actor, .. }: May<may::ManageJobs>,
    State(app): State<App>,
    Path(id): Path<JobId>,
) -> Result<Json<Job>> {
    let now = app.clock.now();
    let after = app
        .db
        .write(async |tx| {
            let before = one(&mut *tx, id, now).await?;
            if !store::cancel(&mut *tx, id, &actor.id(), now).await? {
                return Err(ApiError::conflict(
                    "not_waiting",
                    "only a job that waits is called off",
                ));
            }
            let after = one(&mut *tx, id, now).await?;
            let change = Change::between("job.cancelled", id, &before, &after);
            audit::record(tx, &actor, &change, now).await?;
            Ok(after)
        })
        .await?;
    Ok(Json(after))
}
