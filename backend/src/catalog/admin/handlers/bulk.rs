//! Changing many products in the background.

use std::collections::BTreeSet;

use api_types::{
    JobId, Permission, ProductId,
    admin::{BulkChange, BulkFilter, BulkOperation, BulkRun},
};
use axum::{extract::State, http::StatusCode};
use serde_json::json;
use sqlx::PgConnection;

use super::super::{
    bulk::JOB,
    store::{bulk, categories, sheet::Wanted},
};
use crate::{
    App,
    audit::{self, Change},
    http::{ApiError, Checks, Failures, Json, Path, Result, words},
    jobs,
    staff::{May, may},
};

/// Most products of one run.
const MOST: usize = 1_000;

/// Change many products; their job tells how far it is
#[utoipa::path(
    post, path = "/admin/products/bulk", tag = "admin: catalog",
    request_body = BulkChange,
    responses((status = 202, body = BulkRun), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn change_many_products(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Json(given): Json<BulkChange>,
) -> Result<(StatusCode, Json<BulkRun>)> {
    let is_price = matches!(given.operation, BulkOperation::PricePercent { .. });
    if is_price && !actor.may(Permission::SetPrices) {
        return Err(ApiError::forbidden("This needs the permission set_prices."));
    }
    let operation = checked(&given.operation)?;
    let now = app.clock.now();
    let run = app
        .db
        .write(async |tx| {
            if let BulkOperation::SetCategory { category_id: Some(category) } = operation {
                let shelves = categories::rows(&mut *tx).await?;
                if !shelves.iter().any(|shelf| shelf.id == category) {
                    let pointer = "/operation/category_id";
                    return Err(ApiError::field(pointer, "unknown", "There is no such category."));
                }
            }
            let products = products(&mut *tx, &given).await?;
            let key = format!("{JOB}:{}", uuid::Uuid::now_v7());
            jobs::enqueue_one(&mut *tx, JOB, key.clone(), json!({ "key": key }), now).await?;
            let by = (&actor, &operation);
            let job = bulk::insert(&mut *tx, &key, by, &products, now).await?;
            let run = bulk::show(&mut *tx, job).await?.ok_or(ApiError::NotFound("run"))?;
            let told = json!({ "operation": operation, "products": run.total });
            audit::record(tx, &actor, &Change::made("product.bulk_begun", job, &told), now).await?;
            Ok(run)
        })
        .await?;
    Ok((StatusCode::ACCEPTED, Json(run)))
}

/// The operation with its words trimmed.
fn checked(operation: &BulkOperation) -> Result<BulkOperation> {
    let mut checks = Checks::default();
    let checked = match operation {
        BulkOperation::AddTag { tag } => {
            BulkOperation::AddTag { tag: checks.line("/operation/tag", tag, 60) }
        }
        BulkOperation::RemoveTag { tag } => {
            BulkOperation::RemoveTag { tag: checks.line("/operation/tag", tag, 60) }
        }
        BulkOperation::PricePercent { hundredths } => {
            checks.range("/operation/hundredths", (*hundredths).into(), (-10_000, 100_000));
            operation.clone()
        }
        other => other.clone(),
    };
    checks.done()?;
    Ok(checked)
}

/// Which products are meant, in the order in which they are changed.
async fn products(tx: &mut PgConnection, given: &BulkChange) -> Result<Vec<ProductId>> {
    let found = match (&given.ids, &given.filter) {
        (Some(ids), None) => {
            let once: BTreeSet<_> = ids.iter().copied().collect();
            once.into_iter().collect()
        }
        (None, Some(filter)) => {
            let limit = i64::try_from(MOST).unwrap_or(i64::MAX) + 1;
            bulk::matching(tx, &wanted(filter)?, limit).await?
        }
        _ => {
            let message = "Say which products: either by id or by what they have in common.";
            return Err(ApiError::field("/ids", "one_of", message));
        }
    };
    match found.len() {
        0 => Err(ApiError::rejected("nothing_to_do", "there are no such products")),
        1..=MOST => Ok(found),
        _ => Err(ApiError::rejected(
            "too_many",
            "at most 1 000 products are changed at once: narrow the filter",
        )),
    }
}

fn wanted(filter: &BulkFilter) -> Result<Wanted> {
    let words = words(filter.q.as_deref())?;
    Ok(Wanted { status: filter.status, category: filter.category_id, words, after: None })
}

/// Show how far the changing of many products is
#[utoipa::path(
    get, path = "/admin/products/bulk/{id}", tag = "admin: catalog",
    params(("id" = JobId, Path)),
    responses((status = 200, body = BulkRun), Failures),
    security(("staff" = ["read_catalog"])),
)]
pub async fn show_bulk_run(
    _: May<may::ReadCatalog>,
    State(app): State<App>,
    Path(id): Path<JobId>,
) -> Result<Json<BulkRun>> {
    let run = app.db.read(async |conn| bulk::show(conn, id).await).await?;
    run.map(Json).ok_or(ApiError::NotFound("run"))
}
