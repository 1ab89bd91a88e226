//! Reading and changing settings.

use api_types::{
    Page, PageInfo,
    admin::{SetSetting, Setting},
};
use axum::extract::State;
use serde_json::Value;
use sqlx::PgConnection;

use super::{
    known::{ALL, Known},
    store::settings as store,
};
use crate::{
    App,
    audit::{self, Change},
    http::{ApiError, Failures, IfMatch, Json, Path, Result, Versioned},
    staff::{May, may},
};

/// List every setting with what it may be
#[utoipa::path(
    get, path = "/admin/settings", tag = "admin: settings",
    responses((status = 200, body = Page<Setting>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn list_settings(
    _: May<may::ReadSettings>,
    State(app): State<App>,
) -> Result<Json<Page<Setting>>> {
    let data = app.db.read(async |conn| all(conn).await).await?;
    Ok(Json(Page { data, page: PageInfo::default() }))
}

async fn all(conn: &mut PgConnection) -> sqlx::Result<Vec<Setting>> {
    let set = store::list(conn).await?;
    let setting = |known: &Known| {
        let found = set.iter().find(|(key, ..)| key == known.key);
        Setting {
            key: known.key.to_owned(),
            version: found.map_or(0, |(_, version, _)| *version),
            kind: known.kind.to_owned(),
            doc: known.doc.to_owned(),
            value: found.map_or_else(known.default, |(.., value)| value.clone()),
            default: (known.default)(),
        }
    };
    Ok(ALL.iter().map(setting).collect())
}

async fn one(conn: &mut PgConnection, known: &Known) -> Result<Setting> {
    let found = all(conn).await?.into_iter().find(|setting| setting.key == known.key);
    found.ok_or(ApiError::NotFound("setting"))
}

/// Change a setting
#[utoipa::path(
    put, path = "/admin/settings/{key}", tag = "admin: settings",
    params(("key" = String, Path), ("if-match" = IfMatch, Header)),
    request_body = SetSetting,
    responses((status = 200, body = Setting), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn set_setting(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(key): Path<String>,
    seen: IfMatch,
    Json(given): Json<SetSetting>,
) -> Result<Versioned<Setting>> {
    let known = ALL.iter().find(|known| known.key == key).ok_or(ApiError::NotFound("setting"))?;
    let value = if given.value == Value::Null { (known.default)() } else { given.value };
    (known.check)(&value)?;
    if known.key == "shop" {
        let own = value["default_currency"].as_str();
        app.settings.currency(&app, own).await.map_err(|_| {
            let words = "The shop has no prices in this currency.";
            ApiError::field("/value/default_currency", "unknown_currency", words)
        })?;
    }
    let after = app
        .db
        .write(async |tx| {
            let before = one(&mut *tx, known).await?;
            seen.holds(before.version)?;
            if !store::set(&mut *tx, known.key, seen.0, &value).await? {
                seen.holds(before.version + 1)?;
            }
            let after = one(&mut *tx, known).await?;
            let change = Change::between("setting.updated", known.key, &before, &after);
            audit::record(tx, &actor, &change, app.clock.now()).await?;
            Ok::<_, ApiError>(after)
        })
        .await?;
    app.settings.forget();
    app.cache.drop_tags(&known.stale.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>());
    Ok(Versioned(after.version, after))
}
