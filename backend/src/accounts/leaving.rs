//! Taking the data away, and leaving: the archive of all that is kept of a customer, and its end.

use std::io::{Cursor, Write};

use anyhow::Context;
use api_types::{Customer, CustomerId, Export};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::store::leaving;
use crate::{
    App,
    http::{ApiError, Result},
    jobs,
};

/// How long an archive is kept.
const KEPT: TimeDelta = TimeDelta::days(7);

/// Asks for an archive of all that is kept of a customer; a job makes it.
pub async fn ask_for_export(
    tx: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> Result<Export> {
    leaving::ask_for_export(&mut *tx, customer, now).await?;
    let key = format!("account.export:{customer}:{}", now.timestamp_micros());
    let payload = json!({ "customer_id": customer });
    jobs::enqueue_one(&mut *tx, "account.export", key, payload, now).await?;
    leaving::export(tx, customer, now).await?.ok_or(ApiError::NotFound("export"))
}

/// An archive as a file to keep.
pub fn file(archive: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"my-data.zip\""),
    ];
    (headers, archive).into_response()
}

/// Takes all that tells who a customer was out of the shop, by whoever types the account's address;
/// refused while something is on its way to them. Their row is locked.
pub async fn let_go(
    tx: &mut PgConnection,
    customer: &Customer,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    if !customer.email.eq_ignore_ascii_case(typed.trim()) {
        return Err(ApiError::field("/email", "other", "Type the address of this account."));
    }
    let under_way = leaving::orders_under_way(&mut *tx, customer.id).await?;
    if !under_way.is_empty() {
        return Err(ApiError::conflict(
            "orders_under_way",
            "Something is still on its way. The account can end once it has arrived, or was called off.",
        )
        .with_facts(json!({ "numbers": under_way })));
    }
    tracing::info!(customer.id = %customer.id, "a customer left");
    leaving::erase(tx, customer.id, &customer.email, now).await?;
    Ok(())
}

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
