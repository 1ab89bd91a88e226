//! Asking for files.

use api_types::{CustomerId, OrderId};
use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt, TryStreamExt, future, stream};
use serde::Deserialize;
use serde_json::json;

use super::{
    cells,
    store::{self, CustomerRow, Made, OrderRow},
};
use crate::{
    App,
    audit::{self, Change},
    http::{Failures, Query, Result},
    staff::{Actor, May, may},
};

/// Rows that are read at once.
const PAGE: i64 = 500;

/// From when rows are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Span {
    /// Made then or later.
    from: Option<DateTime<Utc>>,
    /// Made before.
    until: Option<DateTime<Utc>>,
}

impl Span {
    /// What is made while the file is written is not in it.
    fn made(&self, now: DateTime<Utc>) -> Made {
        let end = self.until.map_or(now, |until| until.min(now));
        Made { from: self.from.unwrap_or(DateTime::UNIX_EPOCH), until: end }
    }
}

/// Write out orders as CSV, in the order that they were made
#[utoipa::path(
    get, path = "/admin/exports/orders.csv", tag = "admin: exports",
    params(Span),
    responses((status = 200, content_type = "text/csv", body = String), Failures),
    security(("staff" = ["export_data"])),
)]
pub async fn export_orders(
    May { actor, .. }: May<may::ExportData>,
    State(app): State<App>,
    Query(span): Query<Span>,
) -> Result<Response> {
    let made = span.made(app.clock.now());
    let count = app.db.read(async |conn| store::order_count(conn, made).await).await?;
    note(&app, &actor, ("export.orders", "orders"), made, count).await?;
    let head = cells::lines([OrderRow::HEAD.map(str::to_owned)])?;
    Ok(file("orders.csv", head, orders(app, made)))
}

/// Write out customers as CSV, in the order that they came
#[utoipa::path(
    get, path = "/admin/exports/customers.csv", tag = "admin: exports",
    params(Span),
    responses((status = 200, content_type = "text/csv", body = String), Failures),
    security(("staff" = ["export_data"])),
)]
pub async fn export_customers(
    May { actor, .. }: May<may::ExportData>,
    State(app): State<App>,
    Query(span): Query<Span>,
) -> Result<Response> {
    let made = span.made(app.clock.now());
    let count = app.db.read(async |conn| store::customer_count(conn, made).await).await?;
    note(&app, &actor, ("export.customers", "customers"), made, count).await?;
    let head = cells::lines([CustomerRow::HEAD.map(str::to_owned)])?;
    Ok(file("customers.csv", head, customers(app, made)))
}

/// Writes down who takes how much out of the shop, and tells operators.
async fn note(
    app: &App,
    actor: &Actor,
    (action, subject): (&'static str, &str),
    made: Made,
    rows: i64,
) -> Result<()> {
    let facts = json!({ "from": made.from, "until": made.until, "rows": rows });
    let change = Change::made(action, subject, &facts);
    let now = app.clock.now();
    app.db.write(async |tx| audit::record(tx, actor, &change, now).await).await?;
    metrics::counter!("oxcart_exports_total").increment(1);
    tracing::warn!(actor = actor.id(), subject, rows, "data is written out of the shop");
    Ok(())
}

fn orders(app: App, made: Made) -> impl Stream<Item = anyhow::Result<Vec<u8>>> {
    stream::try_unfold(None::<OrderId>, move |after| {
        let app = app.clone();
        async move {
            let rows =
                app.db.read(async |conn| store::orders(conn, made, after, PAGE).await).await?;
            let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
            Ok(Some((cells::lines(rows.into_iter().map(OrderRow::cells))?, Some(last))))
        }
    })
}

fn customers(app: App, made: Made) -> impl Stream<Item = anyhow::Result<Vec<u8>>> {
    stream::try_unfold(None::<CustomerId>, move |after| {
        let app = app.clone();
        async move {
            let rows =
                app.db.read(async |conn| store::customers(conn, made, after, PAGE).await).await?;
            let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
            Ok(Some((cells::lines(rows.into_iter().map(CustomerRow::cells))?, Some(last))))
        }
    })
}

/// A file that is sent while it is written; one that fails on the way breaks off, and whoever
/// receives it is told that it is not whole.
fn file(
    name: &'static str,
    head: Vec<u8>,
    rows: impl Stream<Item = anyhow::Result<Vec<u8>>> + Send + 'static,
) -> Response {
    let body = stream::once(future::ready(Ok(head)))
        .chain(rows)
        .inspect_err(move |error| tracing::error!("{name} broke off: {error:#}"));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, Body::from_stream(body)).into_response()
}
