//! Catalogues in and out, as staff do it: handed in, looked at, taken back, written out.

use api_types::{Currency, Page};
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc::{self, Sender};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    begun, export,
    history::{self, ImportPicture, ImportRun, NewRun, NotUndone, Undone},
    store,
};
use crate::{
    App,
    audit::{self, Change},
    http::{
        ApiError, Checks, Failures, Json, PageSize, Path, Query, Raw, Result, decode_cursor,
        encode_cursor,
    },
    staff::{May, may},
};

/// Largest file that is taken, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// The routes of catalogues.
pub fn routes() -> OpenApiRouter<App> {
    let upload = OpenApiRouter::new()
        .routes(routes!(list_imports, start_import))
        .layer(DefaultBodyLimit::max(LARGEST));
    OpenApiRouter::new()
        .merge(upload)
        .routes(routes!(show_import))
        .routes(routes!(list_import_rows))
        .routes(routes!(list_import_pictures))
        .routes(routes!(undo_import))
        .routes(routes!(export_products))
}

/// What to do with a file.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Currency of its prices.
    #[param(value_type = Option<Currency>)]
    currency: Option<Currency>,
    /// Whether only to tell what would change.
    #[serde(default)]
    dry_run: bool,
    /// Whether to leave products alone that are there.
    #[serde(default)]
    keep_existing: bool,
    /// Whether to leave the pictures where they are.
    #[serde(default)]
    without_pictures: bool,
    /// What the file is called.
    #[param(max_length = 200)]
    file_name: Option<String>,
}

/// Hand in a file of products, as Shopify or `WooCommerce` writes it; the worker takes it
#[utoipa::path(
    post, path = "/admin/imports", tag = "admin: catalogue",
    params(ImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 201, body = ImportRun), Failures),
    security(("staff" = ["move_catalog"])),
)]
pub async fn start_import(
    May { actor, .. }: May<may::MoveCatalog>,
    State(app): State<App>,
    Query(query): Query<ImportQuery>,
    Raw(body): Raw,
) -> Result<(StatusCode, Json<ImportRun>)> {
    if body.is_empty() {
        return Err(ApiError::BadRequest("send a file of products (CSV) as the body".to_owned()));
    }
    let known = app.settings.known(&app).await?;
    let mut checks = Checks::default();
    let name = checks.optional("/file_name", query.file_name.as_deref(), 200).unwrap_or_default();
    checks.done()?;
    let new = NewRun {
        kind: "unknown",
        file_name: &name,
        currency: query.currency.unwrap_or(known.default_currency),
        is_dry_run: query.dry_run,
        keeps_existing: query.keep_existing,
        with_pictures: !query.without_pictures,
        actor: &actor.id(),
    };
    let id = begun(&app, &new, Some(&body), &actor).await?;
    Ok((StatusCode::CREATED, Json(found(&app, id).await?)))
}

async fn found(app: &App, id: Uuid) -> Result<ImportRun> {
    let runs =
        app.db.read(async |conn| store::history::runs(conn, Some(id), None, 1).await).await?;
    runs.into_iter().next().ok_or(ApiError::NotFound("import"))
}

/// Where a page begins, and how long it is.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List imports, the newest first
#[utoipa::path(
    get, path = "/admin/imports", tag = "admin: catalogue",
    params(PageQuery),
    responses((status = 200, body = Page<ImportRun>), Failures),
    security(("staff" = ["move_catalog"])),
)]
pub async fn list_imports(
    _: May<may::MoveCatalog>,
    State(app): State<App>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ImportRun>>> {
    let before = query.cursor.as_deref().map(decode_cursor).transpose()?;
    let size = PageSize::of(query.limit)?;
    let rows = history::list(&app, before, size.and_one()).await?;
    Ok(Json(size.page(rows, |run| encode_cursor(&run.id))))
}

/// Show an import
#[utoipa::path(
    get, path = "/admin/imports/{id}", tag = "admin: catalogue",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = ImportRun), Failures),
    security(("staff" = ["move_catalog"])),
)]
pub async fn show_import(
    _: May<may::MoveCatalog>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<ImportRun>> {
    Ok(Json(found(&app, id).await?))
}

/// List what an import told: of each row what came of it, of a dry run what would change
#[utoipa::path(
    get, path = "/admin/imports/{id}/rows", tag = "admin: catalogue",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<Value>), Failures),
    security(("staff" = ["move_catalog"])),
)]
pub async fn list_import_rows(
    _: May<may::MoveCatalog>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Value>>> {
    found(&app, id).await?;
    let after = query.cursor.as_deref().map(decode_cursor).transpose()?.unwrap_or(0);
    let size = PageSize::of(query.limit)?;
    let rows = app
        .db
        .read(async |conn| store::history::rows(conn, id, after, size.and_one()).await)
        .await?;
    let found = size.page(rows, |(seq, _)| encode_cursor(seq));
    let data = found.data.into_iter().map(|(_, told)| told).collect();
    Ok(Json(Page { data, page: found.page }))
}

/// List what came of the pictures that an import had to fetch
#[utoipa::path(
    get, path = "/admin/imports/{id}/pictures", tag = "admin: catalogue",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<ImportPicture>), Failures),
    security(("staff" = ["move_catalog"])),
)]
pub async fn list_import_pictures(
    _: May<may::MoveCatalog>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ImportPicture>>> {
    found(&app, id).await?;
    let after = query.cursor.as_deref().map(decode_cursor).transpose()?;
    let size = PageSize::of(query.limit)?;
    let rows = app
        .db
        .read(async |conn| store::pictures::list(conn, id, after, size.and_one()).await)
        .await?;
    Ok(Json(size.page(rows, |row| encode_cursor(&(row.line, &row.handle, &row.url)))))
}

/// Take the last import back: what nobody changed since becomes what it was
#[utoipa::path(
    post, path = "/admin/imports/{id}/undo", tag = "admin: catalogue",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Undone), Failures),
    security(("staff" = ["move_catalog"])),
)]
pub async fn undo_import(
    May { actor, .. }: May<may::MoveCatalog>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<Undone>> {
    found(&app, id).await?;
    let undone = history::undo(&app, Some(id), &actor).await.map_err(|error| match error {
        NotUndone::Database(error) => error.into(),
        other => ApiError::conflict("not_undone", other.to_string()),
    })?;
    Ok(Json(undone))
}

/// What to write out.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Currency of the prices; the shop's own when absent.
    #[param(value_type = Option<Currency>)]
    currency: Option<Currency>,
}

/// Write every product out, in Shopify's layout
#[utoipa::path(
    get, path = "/admin/exports/products.csv", tag = "admin: catalogue",
    params(ExportQuery),
    responses((status = 200, content_type = "text/csv", body = String), Failures),
    security(("staff" = ["move_catalog"])),
)]
pub async fn export_products(
    May { actor, .. }: May<may::MoveCatalog>,
    State(app): State<App>,
    Query(query): Query<ExportQuery>,
) -> Result<Response> {
    let known = app.settings.known(&app).await?;
    let currency = query.currency.unwrap_or(known.default_currency);
    let now = app.clock.now();
    let change = Change::done("export.products", "products.csv");
    app.db.write(async |tx| audit::record(tx, &actor, &change, now).await).await?;
    let (send, receive) = mpsc::channel(4);
    let here = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || here.block_on(stream(&app, currency, &send)));
    let body = futures::stream::unfold(receive, |mut receive| async move {
        receive.recv().await.map(|part| (part, receive))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"products.csv\""),
    ];
    Ok((headers, axum::body::Body::from_stream(body)).into_response())
}

/// Writes all products to whoever reads the answer.
async fn stream(app: &App, currency: Currency, send: &Sender<std::io::Result<Bytes>>) {
    let hand_on = async |part: Vec<u8>| {
        let gone = |_| anyhow::anyhow!("nobody reads any more");
        send.send(Ok(part.into())).await.map_err(gone)
    };
    if let Err(error) = export::write(app, currency, hand_on).await {
        tracing::error!("products could not be written out: {error:#}");
        let _ = send.send(Err(std::io::Error::other("the export broke off"))).await;
    }
}
