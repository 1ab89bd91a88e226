//! Where stock lies.

use api_types::{
    LocationId,
    admin::{NewLocation, StockLocation, UpdateLocation},
};
use axum::{extract::State, http::StatusCode};
use serde::Serialize;

use super::super::store::locations;
use crate::{
    App,
    audit::{self, Change},
    http::{ApiError, Checks, Failures, IfMatch, Json, Path, Result, Versioned},
    staff::{May, may},
};

/// Every location.
#[derive(Serialize, utoipa::ToSchema)]
pub struct StockLocations {
    /// In the order in which they are asked.
    data: Vec<StockLocation>,
}

/// List the locations
#[utoipa::path(
    get, path = "/admin/stock/locations", tag = "admin: stock",
    responses((status = 200, body = StockLocations), Failures),
    security(("staff" = ["read_stock"])),
)]
pub async fn list_locations(
    _: May<may::ReadStock>,
    State(app): State<App>,
) -> Result<Json<StockLocations>> {
    let data = app.db.read(async |conn| locations::list(conn).await).await?;
    Ok(Json(StockLocations { data }))
}

/// Make a location
#[utoipa::path(
    post, path = "/admin/stock/locations", tag = "admin: stock",
    request_body = NewLocation,
    responses((status = 201, body = StockLocation), Failures),
    security(("staff" = ["adjust_stock"])),
)]
pub async fn make_location(
    May { actor, .. }: May<may::AdjustStock>,
    State(app): State<App>,
    Json(given): Json<NewLocation>,
) -> Result<(StatusCode, Versioned<StockLocation>)> {
    let now = app.clock.now();
    let made = app
        .db
        .write(async |tx| {
            locations::lock(&mut *tx).await?;
            let others = locations::list(&mut *tx).await?;
            let behind = others.iter().map(|it| it.priority + 1).max().unwrap_or(0);
            let mut made = StockLocation {
                id: LocationId::new(),
                title: String::new(),
                priority: given.priority.unwrap_or(behind),
                is_active: true,
                version: 1,
            };
            made.title = checked(&given.title, made.priority)?;
            locations::insert(&mut *tx, &made).await.map_err(refusal)?;
            audit::record(tx, &actor, &Change::made("location.created", made.id, &made), now)
                .await?;
            Ok::<_, ApiError>(made)
        })
        .await?;
    Ok((StatusCode::CREATED, Versioned(made.version, made)))
}

/// The title, trimmed, if it and the priority can be a location's.
fn checked(title: &str, priority: i32) -> Result<String> {
    let mut checks = Checks::default();
    let title = checks.line("/title", title, 100);
    checks.range("/priority", priority.into(), (0, 1_000));
    checks.done()?;
    Ok(title)
}

fn refusal(error: sqlx::Error) -> ApiError {
    match db::constraint(&error) {
        Some("stock_location_priority_unique") => {
            ApiError::field("/priority", "taken", "Another location has this priority.")
        }
        _ => error.into(),
    }
}

/// Change a location; what lies at one that does not serve is not for sale
#[utoipa::path(
    patch, path = "/admin/stock/locations/{id}", tag = "admin: stock",
    params(("id" = LocationId, Path), ("if-match" = IfMatch, Header)),
    request_body = UpdateLocation,
    responses((status = 200, body = StockLocation), Failures),
    security(("staff" = ["adjust_stock"])),
)]
pub async fn update_location(
    May { actor, .. }: May<may::AdjustStock>,
    State(app): State<App>,
    Path(id): Path<LocationId>,
    seen: IfMatch,
    Json(given): Json<UpdateLocation>,
) -> Result<Versioned<StockLocation>> {
    let now = app.clock.now();
    let after = app
        .db
        .write(async |tx| {
            locations::lock(&mut *tx).await?;
            let all = locations::list(&mut *tx).await?;
            let before = all.iter().find(|it| it.id == id);
            let before = before.ok_or(ApiError::NotFound("location"))?;
            seen.holds(before.version)?;
            let mut after = before.clone();
            after.priority = given.priority.unwrap_or(before.priority);
            after.title = checked(given.title.as_deref().unwrap_or(&before.title), after.priority)?;
            after.is_active = given.is_active.unwrap_or(before.is_active);
            let others_serve = all.iter().any(|it| it.is_active && it.id != id);
            if !after.is_active && !others_serve {
                return Err(ApiError::conflict("last_location", "one location must serve orders"));
            }
            locations::update(&mut *tx, &after).await.map_err(refusal)?;
            after.version += 1;
            let change = Change::between("location.updated", id, before, &after);
            audit::record(tx, &actor, &change, now).await?;
            Ok(after)
        })
        .await?;
    Ok(Versioned(after.version, after))
}
