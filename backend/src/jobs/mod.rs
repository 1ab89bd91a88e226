//! Work to be done later: leases, retries, a dead letter (reliability.md D8).
//!
//! A claim counts the attempt and sets a lease; settling names the attempt, so
//! that a worker which lost its lease cannot settle another's run. A job whose
//! lease ran out can be claimed again.

mod admin;
mod store;

use std::time::Duration;

use anyhow::bail;
use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;
use serde_json::Value;
use sqlx::PgConnection;

use crate::{App, accounts, catalog, mail, payments, staff};

pub use self::{
    admin::routes,
    store::{Claimed, NewJob, enqueue},
};

/// How long a worker may keep a job before another may take it over.
const LEASE: Duration = Duration::from_mins(1);

/// How often a job is tried before it is put aside for people to look at.
const MAX_ATTEMPTS: i32 = 12;

/// Does every job that is due; how many there were.
pub async fn run_due(app: &App) -> sqlx::Result<usize> {
    let mut done = 0;
    while let Some(job) = claim(app).await? {
        run(app, &job).await?;
        done += 1;
    }
    Ok(done)
}

async fn claim(app: &App) -> sqlx::Result<Option<Claimed>> {
    let now = app.clock.now();
    app.db.write(async |tx| store::claim(tx, now, now + LEASE).await).await
}

async fn run(app: &App, job: &Claimed) -> sqlx::Result<()> {
    let outcome =
        match tokio::time::timeout(LEASE / 2, carry_out(app, &job.kind, &job.payload)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(anyhow::anyhow!("not done within {:?}", LEASE / 2)),
        };
    let now = app.clock.now();
    let was_ours = match outcome {
        Ok(()) => app.db.write(async |tx| store::finish(tx, job, now).await).await?,
        Err(error) => {
            tracing::warn!(job.id = %job.job_id, job.kind = job.kind, job.attempt = job.attempt, "a job failed: {error:#}");
            let again = (job.attempt < job.max_attempts).then(|| now + pause(tries(job)));
            let reason = format!("{error:#}");
            app.db.write(async |tx| store::fail(tx, job, &reason, again, now).await).await?
        }
    };
    if !was_ours {
        tracing::warn!(job.id = %job.job_id, "a job took longer than its lease; another worker has it");
    }
    metrics::counter!("oxcart_jobs_total", "kind" => job.kind.clone()).increment(1);
    Ok(())
}

/// Which try this is since the job was new, or was given new tries.
fn tries(job: &Claimed) -> i32 {
    job.attempt - (job.max_attempts - MAX_ATTEMPTS)
}

/// 10 s, 20 s, 40 s … at most an hour, give or take a fifth.
fn pause(attempt: i32) -> TimeDelta {
    let seconds = (10_i64 << attempt.clamp(1, 10).saturating_sub(1)).min(3_600);
    TimeDelta::milliseconds(seconds * rand::rng().random_range(800..1_200))
}

async fn carry_out(app: &App, kind: &str, payload: &Value) -> anyhow::Result<()> {
    match kind {
        "mail.order_placed" | "mail.order_cancelled" => {
            mail::send_order_letter(app, kind, payload).await
        }
        "mail.order_shipped" => mail::send_shipped_letter(app, payload).await,
        "mail.stock_shortfall" => mail::send_shortfall_letters(app, payload).await,
        "mail.account" => accounts::letters::send(app, payload).await,
        catalog::admin::JOB => catalog::admin::run(app, payload).await,
        staff::INVITATION => staff::deliver_invitation(app, payload).await,
        "account.export" => accounts::make_export(app, payload).await,
        "payment.refund" => payments::refund(app, payload).await,
        "payment.return_unallocated" => payments::return_unallocated(app, payload).await,
        "payment.settle" => payments::settle_job(app, payload).await,
        other => bail!("nobody does jobs of kind {other}"),
    }
}

/// A job that does `kind` once for `dedupe_key`, now.
pub async fn enqueue_one(
    tx: &mut PgConnection,
    kind: &'static str,
    dedupe_key: String,
    payload: Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    enqueue(tx, &[NewJob { kind, payload, dedupe_key, run_at: now }], now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        for (attempt, seconds) in [(1, 10), (2, 20), (5, 160), (12, 3_600)] {
            let pause = pause(attempt).num_seconds();

            assert!((seconds * 8 / 10..=seconds * 12 / 10).contains(&pause), "{attempt}: {pause}");
        }
    }
}
