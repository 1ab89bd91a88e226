//! Menus, and where old addresses lead.

use api_types::{
    Page,
    admin::{Kept, SetMenu, SetRedirect},
};
use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::store;
use crate::{
    App,
    audit::{self, Change},
    http::{
        ApiError, Failures, IfMatch, Json, PageSize, Path, Query, Result, Versioned, decode_cursor,
        encode_cursor,
    },
    settings::{
        self,
        admin::{menu, path, set_menu as keep_menu, text},
    },
    staff::{May, may},
};

/// The one menu that is not made of shelves.
const FOOTER: &str = "footer";

/// Show the links of a menu
#[utoipa::path(
    get, path = "/admin/content/menus/{menu}", tag = "admin: content",
    params(("menu" = String, Path, description = "`footer`")),
    responses((status = 200, body = Kept<String, SetMenu>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn show_menu(
    _: May<may::EditContent>,
    State(app): State<App>,
    Path(name): Path<String>,
) -> Result<Versioned<Kept<String, SetMenu>>> {
    if name != FOOTER {
        return Err(ApiError::NotFound("menu"));
    }
    let (version, value) = app.db.read(async |conn| menu(conn).await).await?;
    Ok(Versioned(version, Kept { id: name, version, value }))
}

/// Choose the links of a menu
#[utoipa::path(
    put, path = "/admin/content/menus/{menu}", tag = "admin: content",
    params(("menu" = String, Path, description = "`footer`"), ("if-match" = IfMatch, Header)),
    request_body = SetMenu,
    responses((status = 200, body = Kept<String, SetMenu>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn set_menu(
    May { actor, .. }: May<may::EditContent>,
    State(app): State<App>,
    Path(name): Path<String>,
    seen: IfMatch,
    Json(given): Json<SetMenu>,
) -> Result<Versioned<Kept<String, SetMenu>>> {
    if name != FOOTER {
        return Err(ApiError::NotFound("menu"));
    }
    if given.links.len() > 50 {
        return Err(ApiError::field("/links", "length", "Use at most 50 links."));
    }
    for (place, link) in given.links.iter().enumerate() {
        text(&format!("/links/{place}/title"), &link.title, 100)?;
        path(&format!("/links/{place}/path"), &link.path)?;
    }
    let version = app
        .db
        .write(async |tx| {
            let (version, before) = menu(&mut *tx).await?;
            seen.holds(version)?;
            if !keep_menu(&mut *tx, seen.0, &given).await? {
                seen.holds(version + 1)?;
            }
            let change = Change::between("menu.updated", FOOTER, &before, &given);
            audit::record(tx, &actor, &change, app.clock.now()).await?;
            Ok::<_, ApiError>(version + 1)
        })
        .await?;
    app.cache.drop_tag(settings::TAG);
    Ok(Versioned(version, Kept { id: name, version, value: given }))
}

/// Which old addresses are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RedirectQuery {
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List where old addresses lead
#[utoipa::path(
    get, path = "/admin/content/redirects", tag = "admin: content",
    params(RedirectQuery),
    responses((status = 200, body = Page<SetRedirect>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn list_redirects(
    _: May<may::EditContent>,
    State(app): State<App>,
    Query(query): Query<RedirectQuery>,
) -> Result<Json<Page<SetRedirect>>> {
    let size = PageSize::of(query.limit)?;
    let after: Option<String> = query.cursor.as_deref().map(decode_cursor).transpose()?;
    let rows = app
        .db
        .read(async |conn| store::redirects(conn, after.as_deref(), size.and_one()).await)
        .await?;
    Ok(Json(size.page(rows, |last| encode_cursor(&last.path))))
}

/// Let an old address lead on
#[utoipa::path(
    post, path = "/admin/content/redirects", tag = "admin: content",
    request_body = SetRedirect,
    responses((status = 201, body = SetRedirect), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn add_redirect(
    May { actor, .. }: May<may::EditContent>,
    State(app): State<App>,
    Json(given): Json<SetRedirect>,
) -> Result<(StatusCode, Json<SetRedirect>)> {
    path("/path", &given.path)?;
    path("/target", &given.target)?;
    app.db
        .write(async |tx| {
            if given.path == given.target || !store::insert_redirect(&mut *tx, &given).await? {
                let words = "This address leads on already, or where it would lead does.";
                return Err(ApiError::field("/path", "taken", words));
            }
            let change = Change::made("redirect.added", &given.path, &given);
            audit::record(tx, &actor, &change, app.clock.now()).await?;
            Ok(())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(given)))
}

/// Which old address is meant.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OldAddress {
    /// The path that was.
    path: String,
}

/// Let an old address lead nowhere
#[utoipa::path(
    delete, path = "/admin/content/redirects", tag = "admin: content",
    params(OldAddress),
    responses((status = 204), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn remove_redirect(
    May { actor, .. }: May<may::EditContent>,
    State(app): State<App>,
    Query(old): Query<OldAddress>,
) -> Result<StatusCode> {
    app.db
        .write(async |tx| {
            let target = store::delete_redirect(&mut *tx, &old.path).await?;
            let target = target.ok_or(ApiError::NotFound("redirect"))?;
            let before = json!({ "path": old.path, "target": target });
            let change = Change::removed("redirect.removed", &old.path, &before);
            audit::record(tx, &actor, &change, app.clock.now()).await?;
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
