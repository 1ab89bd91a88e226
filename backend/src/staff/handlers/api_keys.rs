//! Keys for programs: administrators make them, and each may some of what they may.

use api_types::{ApiKey, ApiKeyId, MadeApiKey, MakeApiKey};
use axum::{extract::State, http::StatusCode};

use super::{
    super::{
        actor::{KEY_PREFIX, May, Who, hash},
        may,
        store::keys,
    },
    fresh,
};
use crate::{
    App,
    audit::{self, Change},
    http::{All, ApiError, Failures, Json, Path, Result, line},
};

/// List the keys of programs, those that were revoked too
#[utoipa::path(
    get, path = "/admin/api-keys", tag = "admin: staff",
    responses((status = 200, body = All<ApiKey>), Failures),
    security(("staff" = ["manage_staff"])),
)]
pub async fn list_api_keys(
    _: May<may::ManageStaff>,
    State(app): State<App>,
) -> Result<Json<All<ApiKey>>> {
    let data = app.db.read(async |conn| keys::list(conn).await).await?;
    Ok(Json(All { data }))
}

/// Make a key for a program
#[utoipa::path(
    post, path = "/admin/api-keys", tag = "admin: staff",
    request_body = MakeApiKey,
    responses((status = 201, body = MadeApiKey), Failures),
    security(("staff" = ["manage_staff"])),
)]
pub async fn make_api_key(
    May { actor, .. }: May<may::ManageStaff>,
    State(app): State<App>,
    Json(given): Json<MakeApiKey>,
) -> Result<(StatusCode, Json<MadeApiKey>)> {
    let name = line("/name", &given.name, 100)?;
    let Who::Staff(maker) = actor.who() else {
        return Err(ApiError::forbidden("A program makes no keys for programs."));
    };
    let (now, secret) = (app.clock.now(), fresh(KEY_PREFIX));
    let mut permissions = given.permissions;
    permissions.sort_unstable();
    permissions.dedup();
    let key = ApiKey {
        id: ApiKeyId::new(),
        name,
        ending: secret[secret.len() - 4..].to_owned(),
        permissions,
        created_at: now,
        last_used_at: None,
        revoked_at: None,
    };
    app.db
        .write(async |tx| {
            keys::insert(&mut *tx, &key, &hash(&secret), maker).await?;
            audit::record(tx, &actor, &Change::made("api_key.made", key.id, &key), now).await
        })
        .await?;
    Ok((StatusCode::CREATED, Json(MadeApiKey { key, secret })))
}

/// Revoke a key at once; doing it again changes nothing
#[utoipa::path(
    delete, path = "/admin/api-keys/{id}", tag = "admin: staff",
    params(("id" = ApiKeyId, Path)),
    responses((status = 204), Failures),
    security(("staff" = ["manage_staff"])),
)]
pub async fn revoke_api_key(
    May { actor, .. }: May<may::ManageStaff>,
    State(app): State<App>,
    Path(id): Path<ApiKeyId>,
) -> Result<StatusCode> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let worked = keys::revoke(&mut *tx, id, now).await?;
            if worked.ok_or(ApiError::NotFound("key"))? {
                audit::record(tx, &actor, &Change::done("api_key.revoked", id), now).await?;
            }
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
