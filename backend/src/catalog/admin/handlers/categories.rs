//! Shelves.

use api_types::{
    CategoryId,
    admin::{CategorySheet, MoveCategory, NewCategory, UpdateCategory},
};
use axum::{extract::State, http::StatusCode};
use sqlx::PgConnection;

use super::{
    super::store::categories::{self, Row},
    refusal,
};
use crate::{
    App,
    audit::{self, Change},
    catalog::import,
    http::{
        All, ApiError, Checks, Failures, IfMatch, Json, LONGEST_HANDLE, Path, Result, Versioned,
    },
    staff::{May, may},
};

/// Most shelves inside each other.
const DEEPEST: usize = 10;

/// List every shelf as a tree
#[utoipa::path(
    get, path = "/admin/categories", tag = "admin: catalog",
    responses((status = 200, body = All<CategorySheet>), Failures),
    security(("staff" = ["read_catalog"])),
)]
pub async fn list_all_categories(
    _: May<may::ReadCatalog>,
    State(app): State<App>,
) -> Result<Json<All<CategorySheet>>> {
    Ok(Json(All { data: app.db.read(async |conn| tree(conn).await).await? }))
}

async fn tree(conn: &mut PgConnection) -> sqlx::Result<Vec<CategorySheet>> {
    let rows = categories::rows(conn).await?;
    Ok(inside(None, &rows))
}

fn inside(parent: Option<CategoryId>, rows: &[Row]) -> Vec<CategorySheet> {
    let here = rows.iter().filter(|row| row.parent_id == parent);
    here.map(|row| row.clone().sheet(inside(Some(row.id), rows))).collect()
}

/// The way from the top down to a shelf; empty when it is not there.
fn way_to(tree: &[CategorySheet], id: CategoryId) -> Vec<&CategorySheet> {
    for shelf in tree {
        if shelf.id == id {
            return vec![shelf];
        }
        let below = way_to(&shelf.children, id);
        if !below.is_empty() {
            return [vec![shelf], below].concat();
        }
    }
    Vec::new()
}

fn find(tree: &[CategorySheet], id: CategoryId) -> Result<&CategorySheet> {
    way_to(tree, id).pop().ok_or(ApiError::NotFound("category"))
}

fn height(shelf: &CategorySheet) -> usize {
    1 + shelf.children.iter().map(height).max().unwrap_or(0)
}

/// The shelf without those inside it, as it is written down.
fn bare(shelf: &CategorySheet) -> CategorySheet {
    CategorySheet { children: Vec::new(), ..shelf.clone() }
}

/// Show a shelf, with all that stands in it
#[utoipa::path(
    get, path = "/admin/categories/{id}", tag = "admin: catalog",
    params(("id" = CategoryId, Path)),
    responses((status = 200, body = CategorySheet), Failures),
    security(("staff" = ["read_catalog"])),
)]
pub async fn show_category_sheet(
    _: May<may::ReadCatalog>,
    State(app): State<App>,
    Path(id): Path<CategoryId>,
) -> Result<Versioned<CategorySheet>> {
    let tree = app.db.read(async |conn| tree(conn).await).await?;
    let found = find(&tree, id)?.clone();
    Ok(Versioned(found.version, found))
}

/// Make a shelf, the last of its place
#[utoipa::path(
    post, path = "/admin/categories", tag = "admin: catalog",
    request_body = NewCategory,
    responses((status = 201, body = CategorySheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn make_category(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Json(given): Json<NewCategory>,
) -> Result<(StatusCode, Versioned<CategorySheet>)> {
    let mut checks = Checks::default();
    let title = checks.line("/title", &given.title, 100);
    let handle = given.handle.clone().unwrap_or_else(|| handle_of(&title));
    let sheet = CategorySheet {
        id: CategoryId::new(),
        parent_id: given.parent_id,
        handle: checks.handle("/handle", &handle),
        title,
        intro: checks.optional("/intro", given.intro.as_deref(), 1_000).unwrap_or_default(),
        media_id: None,
        position: 0,
        products: 0,
        version: 1,
        children: Vec::new(),
    };
    checks.done()?;
    let now = app.clock.now();
    let made = app
        .db
        .write(async |tx| {
            categories::lock(&mut *tx).await?;
            let before = tree(&mut *tx).await?;
            check_place(&before, given.parent_id, 1)?;
            categories::insert(&mut *tx, &sheet).await.map_err(refusal)?;
            let made = find(&tree(&mut *tx).await?, sheet.id)?.clone();
            let change = Change::made("category.created", made.id, &made);
            audit::record(tx, &actor, &change, now).await?;
            Ok::<_, ApiError>(made)
        })
        .await?;
    Ok((StatusCode::CREATED, Versioned(made.version, made)))
}

/// A handle out of a title; folding makes some letters two, and so may be too long.
fn handle_of(title: &str) -> String {
    let mut handle = import::slug(title);
    handle.truncate(LONGEST_HANDLE);
    handle.trim_end_matches('-').to_owned()
}

/// Refuses a place that is not there, or so deep that `height` more levels are too many.
fn check_place(tree: &[CategorySheet], parent: Option<CategoryId>, height: usize) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    let depth = way_to(tree, parent).len();
    if depth == 0 {
        return Err(ApiError::field("/parent_id", "unknown", "There is no such category."));
    }
    if depth + height > DEEPEST {
        let message = "At most ten shelves can stand inside each other.";
        return Err(ApiError::field("/parent_id", "too_deep", message));
    }
    Ok(())
}

/// Change a shelf
#[utoipa::path(
    patch, path = "/admin/categories/{id}", tag = "admin: catalog",
    params(("id" = CategoryId, Path), ("if-match" = IfMatch, Header)),
    request_body = UpdateCategory,
    responses((status = 200, body = CategorySheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn update_category(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<CategoryId>,
    seen: IfMatch,
    Json(given): Json<UpdateCategory>,
) -> Result<Versioned<CategorySheet>> {
    let now = app.clock.now();
    let after = app
        .db
        .write(async |tx| {
            categories::lock(&mut *tx).await?;
            let before = find(&tree(&mut *tx).await?, id)?.clone();
            seen.holds(before.version)?;
            categories::update(&mut *tx, &changed(&before, &given)?).await.map_err(refusal)?;
            let after = find(&tree(&mut *tx).await?, id)?.clone();
            let change = Change::between("category.updated", id, &bare(&before), &bare(&after));
            audit::record(tx, &actor, &change, now).await?;
            Ok::<_, ApiError>(after)
        })
        .await?;
    Ok(Versioned(after.version, after))
}

fn changed(before: &CategorySheet, given: &UpdateCategory) -> Result<CategorySheet> {
    let (mut after, mut checks) = (bare(before), Checks::default());
    if let Some(title) = &given.title {
        after.title = checks.line("/title", title, 100);
    }
    if let Some(handle) = &given.handle {
        after.handle = checks.handle("/handle", handle);
    }
    if let Some(intro) = &given.intro {
        after.intro = checks.optional("/intro", Some(intro), 1_000).unwrap_or_default();
    }
    after.media_id = given.media_id.unwrap_or(before.media_id);
    checks.done()?;
    Ok(after)
}

/// Put a shelf, and all inside it, elsewhere
#[utoipa::path(
    post, path = "/admin/categories/{id}/move", tag = "admin: catalog",
    params(("id" = CategoryId, Path), ("if-match" = IfMatch, Header)),
    request_body = MoveCategory,
    responses((status = 200, body = CategorySheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn move_category(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<CategoryId>,
    seen: IfMatch,
    Json(given): Json<MoveCategory>,
) -> Result<Versioned<CategorySheet>> {
    let now = app.clock.now();
    let after = app
        .db
        .write(async |tx| {
            categories::lock(&mut *tx).await?;
            let whole = tree(&mut *tx).await?;
            let before = find(&whole, id)?;
            seen.holds(before.version)?;
            let is_inside = given
                .parent_id
                .is_some_and(|parent| way_to(&whole, parent).iter().any(|shelf| shelf.id == id));
            if is_inside {
                return Err(ApiError::conflict("cycle", "a shelf cannot stand in itself"));
            }
            check_place(&whole, given.parent_id, height(before))?;
            let beside = beside(&whole, id, &given)?;
            categories::reparent(&mut *tx, id, given.parent_id).await?;
            categories::order(&mut *tx, &beside, id).await?;
            let after = find(&tree(&mut *tx).await?, id)?.clone();
            let change = Change::between("category.moved", id, &bare(before), &bare(&after));
            audit::record(tx, &actor, &change, now).await?;
            Ok(after)
        })
        .await?;
    Ok(Versioned(after.version, after))
}

/// The shelves that will stand beside each other, the one that moves among them.
fn beside(tree: &[CategorySheet], id: CategoryId, given: &MoveCategory) -> Result<Vec<CategoryId>> {
    let there = match given.parent_id {
        None => tree,
        Some(parent) => &find(tree, parent)?.children,
    };
    let mut beside: Vec<_> = there.iter().map(|shelf| shelf.id).filter(|it| *it != id).collect();
    let last = beside.len();
    let place = given.position.map_or(last, |it| usize::try_from(it.max(0)).unwrap_or(last));
    beside.insert(place.min(last), id);
    Ok(beside)
}

/// Take a shelf away that is empty
#[utoipa::path(
    delete, path = "/admin/categories/{id}", tag = "admin: catalog",
    params(("id" = CategoryId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn delete_category(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<CategoryId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            categories::lock(&mut *tx).await?;
            let before = find(&tree(&mut *tx).await?, id)?.clone();
            seen.holds(before.version)?;
            if before.products > 0 || !before.children.is_empty() {
                return Err(not_empty());
            }
            categories::delete(&mut *tx, id).await.map_err(|error| {
                // A product was put on it at this moment.
                let is_used = db::constraint(&error) == Some("product_category_exists");
                if is_used { not_empty() } else { error.into() }
            })?;
            audit::record(tx, &actor, &Change::removed("category.deleted", id, &before), now)
                .await?;
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

fn not_empty() -> ApiError {
    ApiError::conflict("not_empty", "move what is on it and in it elsewhere first")
}
