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

use crate::{App, accounts, catalog, mail, media, payments, staff};

pub use self::{
    admin::routes,
    store::{Claimed, NewJob, enqueue},
};

/// Which jobs wait for each other. Those of another lane are done at the same time, so that thousands of pictures hold
/// up no letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// What shoppers and staff wait for.
    Shop,
    /// Files of pictures: work for the processor; the most needed first.
    Pictures,
    /// Pictures of other people's servers, which may take their time.
    Errands,
}

impl Lane {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Shop, Self::Pictures, Self::Errands];

    /// The kinds that are done here; none stands for all that no other lane does.
    const fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Shop => &[],
            Self::Pictures => &[media::WEBP, media::AVIF, media::FORGET],
            Self::Errands => &[catalog::import::FETCH],
        }
    }

    /// How long a worker may keep a job before another may take it over.
    const fn lease(self) -> Duration {
        match self {
            Self::Shop | Self::Errands => Duration::from_mins(1),
            Self::Pictures => Duration::from_mins(5),
        }
    }

    /// Jobs that are done before the loop says that it is alive, and hears that it is to stop.
    const fn in_a_row(self) -> usize {
        match self {
            Self::Shop => 20,
            // Each may take seconds, and a server that is told to stop has few.
            Self::Pictures | Self::Errands => 1,
        }
    }
}

/// How often a job is tried before it is put aside for people to look at.
const MAX_ATTEMPTS: i32 = 12;

/// Does jobs of a lane that are due, as many as one likes to do in a row; how many there were.
pub async fn run_due(app: &App, lane: Lane) -> sqlx::Result<usize> {
    for done in 0..lane.in_a_row() {
        let Some(job) = claim(app, lane).await? else { return Ok(done) };
        run(app, &job, lane.lease() / 2).await?;
    }
    Ok(lane.in_a_row())
}

async fn claim(app: &App, lane: Lane) -> sqlx::Result<Option<Claimed>> {
    let now = app.clock.now();
    app.db.write(async |tx| store::claim(tx, lane, now, now + lane.lease()).await).await
}

async fn run(app: &App, job: &Claimed, patience: Duration) -> sqlx::Result<()> {
    let outcome =
        match tokio::time::timeout(patience, carry_out(app, &job.kind, &job.payload)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(anyhow::anyhow!("not done within {patience:?}")),
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
        media::WEBP => media::make(app, payload, media::Format::Webp).await,
        media::AVIF => media::make(app, payload, media::Format::Avif).await,
        catalog::import::FETCH => catalog::import::fetch_again(app, payload).await,
        media::FORGET => media::forget(app, payload).await,
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
