//! Reading the audit log.

use api_types::{AuditEntry, AuditVerdict, Page};
use axum::extract::State;
use serde::Deserialize;

use super::store::{self, Wanted};
use crate::{
    App,
    http::{Failures, Json, PageSize, Query, Result, decode_cursor, encode_cursor},
    staff::{May, may},
};

/// Which entries are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Done by whom: an id.
    actor: Option<String>,
    /// What was done, such as `product.updated`.
    action: Option<String>,
    /// Done to what: an id.
    subject: Option<String>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List what was changed, newest first
#[utoipa::path(
    get, path = "/admin/audit", tag = "admin: staff",
    params(AuditQuery),
    responses((status = 200, body = Page<AuditEntry>), Failures),
    security(("staff" = ["read_audit"])),
)]
pub async fn list_audit(
    _: May<may::ReadAudit>,
    State(app): State<App>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>> {
    let size = PageSize::of(query.limit)?;
    let wanted = Wanted {
        actor: query.actor.as_deref(),
        action: query.action.as_deref(),
        subject: query.subject.as_deref(),
        before: query.cursor.as_deref().map(decode_cursor).transpose()?,
    };
    let rows = app.db.read(async |conn| store::list(conn, &wanted, size.and_one()).await).await?;
    Ok(Json(size.page(rows, |entry| encode_cursor(&entry.seq))))
}

/// Walk the whole chain and say whether every entry is what was written
#[utoipa::path(
    get, path = "/admin/audit/verify", tag = "admin: staff",
    responses((status = 200, body = AuditVerdict), Failures),
    security(("staff" = ["read_audit"])),
)]
pub async fn verify_audit(
    _: May<may::ReadAudit>,
    State(app): State<App>,
) -> Result<Json<AuditVerdict>> {
    Ok(Json(app.db.read(async |conn| store::verdict(conn).await).await?))
}
