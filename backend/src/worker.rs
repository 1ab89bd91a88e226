//! The background loops: each restarts by itself when it fails.

use std::time::Duration;

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    App, accounts, cart, catalog, events,
    http::ApiError,
    jobs::{self, Lane},
    orders, payments, staff,
};

/// Pause between two looks for work that shoppers wait for.
const SOON: Duration = Duration::from_millis(500);

/// Pause between two looks for work that nobody waits for.
const LATER: Duration = Duration::from_secs(5);

/// Errands that are run at once.
const ERRANDS: usize = 4;

/// Runs every loop until told to stop; what is begun is finished.
pub async fn run(app: App, stop: CancellationToken) {
    let loops = TaskTracker::new();
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .no_proxy()
        .build()
        .unwrap_or_default();
    loops.spawn(every(SOON, "outbox", stop.clone(), app.clone(), async |app: &App| {
        Ok(events::relay(app).await?)
    }));
    for (name, lane) in [("jobs", Lane::Shop), ("pictures", Lane::Pictures)] {
        loops.spawn(every(SOON, name, stop.clone(), app.clone(), async move |app: &App| {
            Ok(jobs::run_due(app, lane).await?)
        }));
    }
    for _ in 0..ERRANDS {
        loops.spawn(every(LATER, "errands", stop.clone(), app.clone(), async |app: &App| {
            Ok(jobs::run_due(app, Lane::Errands).await?)
        }));
    }
    loops.spawn(every(LATER, "payments", stop.clone(), app.clone(), async |app: &App| {
        Ok(payments::reconcile(app).await?)
    }));
    loops.spawn(every(LATER, "expiry", stop.clone(), app.clone(), async |app: &App| {
        Ok(expire(app).await?)
    }));
    loops.spawn(every(SOON, "imports", stop.clone(), app.clone(), async |app: &App| {
        Ok(usize::from(catalog::import::work(app).await?))
    }));
    if app.config.checkout.test_payments {
        loops.spawn(every(SOON, "test provider", stop, app, async move |app: &App| {
            payments::test_provider::send_hooks(app, &client).await
        }));
    }
    loops.close();
    loops.wait().await;
}

/// Ends what was waited for long enough: unpaid orders, forgotten carts; how many orders. One
/// that cannot be ended yet does not keep the others waiting.
pub async fn expire(app: &App) -> Result<usize, ApiError> {
    let now = app.clock.now();
    let due = app.db.read(async |conn| orders::due_to_expire(conn, now).await).await?;
    let mut ended = 0;
    for id in &due {
        match orders::expire(app, *id).await {
            Ok(has_ended) => ended += usize::from(has_ended),
            Err(error) => tracing::error!(order.id = %id, "an order could not be ended: {error:#}"),
        }
    }
    app.db.write(async |tx| cart::expire_old(tx, now).await).await?;
    app.db.write(async |tx| accounts::forget_old(tx, now).await).await?;
    app.db.write(async |tx| staff::forget_old(tx, now).await).await?;
    app.db.write(async |tx| catalog::import::history::forget_old(tx, now).await).await?;
    if app.keys.is_settled(now) {
        app.db.write(async |tx| staff::reseal(tx, &app.keys).await).await?;
    }
    Ok(ended)
}

async fn every(
    pause: Duration,
    name: &'static str,
    stop: CancellationToken,
    app: App,
    work: impl AsyncFn(&App) -> anyhow::Result<usize>,
) {
    while !stop.is_cancelled() {
        match work(&app).await {
            Ok(done) => {
                #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
                metrics::gauge!("oxcart_loop_last_success_seconds", "loop" => name)
                    .set(app.clock.now().timestamp() as f64);
                if done > 0 {
                    // There may be more; work that cannot be done yet does not count.
                    continue;
                }
            }
            Err(error) => {
                tracing::error!(loop.name = name, "a background loop failed, and goes on: {error:#}");
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
