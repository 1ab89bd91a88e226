//! Taking the data away: the archive of all that is kept of a customer.

use std::io::{Cursor, Write};

use anyhow::Context;
use api_types::CustomerId;
use chrono::TimeDelta;
use serde_json::Value;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::store::leaving;
use crate::App;

/// How long an archive is kept.
const KEPT: TimeDelta = TimeDelta::days(7);

/// The job that makes an archive; making it again changes nothing.
pub async fn make_export(app: &App, payload: &Value) -> anyhow::Result<()> {
    let customer: CustomerId = serde_json::from_value(payload["customer_id"].clone())
        .context("the job names no customer")?;
    let files = app.db.read(async |conn| leaving::everything(conn, customer).await).await?;
    let archive = tokio::task::spawn_blocking(move || zipped(&files)).await??;
    let now = app.clock.now();
    app.db
        .write(async |tx| leaving::keep_archive(tx, customer, &archive, now, now + KEPT).await)
        .await?;
    Ok(())
}

fn zipped(files: &[(String, Value)]) -> anyhow::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, rows) in files {
        archive.start_file(format!("{name}.json"), SimpleFileOptions::default())?;
        archive.write_all(&serde_json::to_vec_pretty(rows)?)?;
    }
    Ok(archive.finish()?.into_inner())
}
