//! Reading and changing what is kept in rows: seen versions, named refusals, one entry in the audit log a
//! change, and what was finished before is dropped after it.

use std::fmt::Display;

use api_types::{Page, PageInfo, admin::Kept};
use axum::http::StatusCode;
use serde::Serialize;
use sqlx::PgConnection;

use super::in_use;
use crate::{
    App,
    audit::{self, Change},
    http::{ApiError, IfMatch, Json, Result, Versioned},
    staff::Actor,
};

/// Something of the shop's own that staff keep.
pub trait Keep: Serialize + Sized {
    /// What it is called by.
    type Id: Clone + Display;
    /// What it is, for people.
    const THING: &'static str;
    /// What the audit log says: made, changed, taken away.
    const ACTIONS: [&'static str; 3];

    /// What is wrong with it, before the database looks at it.
    fn check(&self) -> Result<()>;

    /// Every one, or only that.
    async fn rows(
        conn: &mut PgConnection,
        only: Option<&Self::Id>,
    ) -> sqlx::Result<Vec<Kept<Self::Id, Self>>>;

    /// Writes a new one.
    async fn insert(&self, tx: &mut PgConnection) -> Result<Self::Id>;

    /// Writes it anew; false when it is at another version by now.
    async fn update(&self, tx: &mut PgConnection, id: &Self::Id, seen: i32) -> Result<bool>;

    /// What it is called by when it was written anew.
    fn id_then(&self, before: &Self::Id) -> Self::Id {
        before.clone()
    }

    /// Takes it away; false when it is at another version by now.
    async fn delete(tx: &mut PgConnection, id: &Self::Id, seen: i32) -> sqlx::Result<bool>;

    /// Why it cannot be taken away, beside what refers to it.
    async fn is_needed(_: &mut PgConnection, _: &Self::Id) -> sqlx::Result<Option<&'static str>> {
        Ok(None)
    }

    /// Drops the finished answers that tell something else by now.
    fn drop_stale(app: &App, before: Option<&Self>, after: Option<&Self>);
}

/// Every one.
pub async fn list<K: Keep>(app: &App) -> Result<Json<Page<Kept<K::Id, K>>>> {
    let data = app.db.read(async |conn| K::rows(conn, None).await).await?;
    Ok(Json(Page { data, page: PageInfo::default() }))
}

/// One of them.
pub async fn show<K: Keep>(app: &App, id: K::Id) -> Result<Versioned<Kept<K::Id, K>>> {
    let found = app.db.read(async |conn| one::<K>(conn, &id).await).await?;
    Ok(Versioned(found.version, found))
}

async fn one<K: Keep>(conn: &mut PgConnection, id: &K::Id) -> Result<Kept<K::Id, K>> {
    K::rows(conn, Some(id)).await?.pop().ok_or(ApiError::NotFound(K::THING))
}

/// A new one.
pub async fn add<K: Keep>(
    app: &App,
    actor: &Actor,
    given: &K,
) -> Result<(StatusCode, Versioned<Kept<K::Id, K>>)> {
    given.check()?;
    let made = app
        .db
        .write(async |tx| {
            let id = given.insert(&mut *tx).await?;
            let made = one::<K>(&mut *tx, &id).await?;
            let change = Change::made(K::ACTIONS[0], &id, &made.value);
            audit::record(tx, actor, &change, app.clock.now()).await?;
            Ok::<_, ApiError>(made)
        })
        .await?;
    K::drop_stale(app, None, Some(&made.value));
    Ok((StatusCode::CREATED, Versioned(made.version, made)))
}

/// The same, written anew.
pub async fn set<K: Keep>(
    app: &App,
    actor: &Actor,
    (id, seen): (K::Id, IfMatch),
    given: &K,
) -> Result<Versioned<Kept<K::Id, K>>> {
    given.check()?;
    let (before, after) = app
        .db
        .write(async |tx| {
            let before = one::<K>(&mut *tx, &id).await?;
            seen.holds(before.version)?;
            if !given.update(&mut *tx, &id, seen.0).await? {
                seen.holds(before.version + 1)?;
            }
            let after = one::<K>(&mut *tx, &given.id_then(&id)).await?;
            let change = Change::between(K::ACTIONS[1], &id, &before.value, &after.value);
            audit::record(tx, actor, &change, app.clock.now()).await?;
            Ok::<_, ApiError>((before, after))
        })
        .await?;
    K::drop_stale(app, Some(&before.value), Some(&after.value));
    Ok(Versioned(after.version, after))
}

/// Taken away, unless something needs it.
pub async fn remove<K: Keep>(
    app: &App,
    actor: &Actor,
    (id, seen): (K::Id, IfMatch),
) -> Result<StatusCode> {
    let before = app
        .db
        .write(async |tx| {
            let before = one::<K>(&mut *tx, &id).await?;
            seen.holds(before.version)?;
            if let Some(why) = K::is_needed(&mut *tx, &id).await? {
                return Err(ApiError::conflict("in_use", why));
            }
            if !K::delete(&mut *tx, &id, seen.0).await.map_err(in_use)? {
                seen.holds(before.version + 1)?;
            }
            let change = Change::removed(K::ACTIONS[2], &id, &before.value);
            audit::record(tx, actor, &change, app.clock.now()).await?;
            Ok(before)
        })
        .await?;
    K::drop_stale(app, Some(&before.value), None);
    Ok(StatusCode::NO_CONTENT)
}
