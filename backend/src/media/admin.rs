//! Pictures as staff keep them: sent in, looked at, named, taken away. Hung they are where they hang: products,
//! shelves, posts and the home page name them.

use api_types::{
    MediaId, Page,
    admin::{MediaSheet, UpdateMedia},
};
use axum::{
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    clean::{KINDS, LARGEST},
    make, store,
};
use crate::{
    App,
    audit::{self, Change},
    http::{
        ApiError, Checks, Failures, IfMatch, Json, PageSize, Path, Query, Raw, Result, Versioned,
        decode_cursor, encode_cursor, pattern, words,
    },
    staff::{May, may},
};

/// Most places that are told of a picture that hangs.
const TOLD: i64 = 20;

/// The routes of staff's work on pictures.
pub fn routes() -> OpenApiRouter<App> {
    // One byte more than is taken, so that too large a file is told in our own words.
    let upload = OpenApiRouter::new()
        .routes(routes!(list_media, add_media))
        .layer(DefaultBodyLimit::max(LARGEST + 1));
    OpenApiRouter::new().merge(upload).routes(routes!(show_media, update_media, remove_media))
}

/// Which pictures are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MediaQuery {
    /// Words that its description, or where it came from, holds.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Whether it hangs somewhere.
    used: Option<bool>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List pictures, the newest first
#[utoipa::path(
    get, path = "/admin/media", tag = "admin: media",
    params(MediaQuery),
    responses((status = 200, body = Page<MediaSheet>), Failures),
    security(("staff" = ["read_catalog"])),
)]
pub async fn list_media(
    _: May<may::ReadCatalog>,
    State(app): State<App>,
    Query(query): Query<MediaQuery>,
) -> Result<Json<Page<MediaSheet>>> {
    let size = PageSize::of(query.limit)?;
    let words = words(query.q.as_deref())?.map(|words| pattern(&words));
    let after: Option<(DateTime<Utc>, MediaId)> =
        query.cursor.as_deref().map(decode_cursor).transpose()?;
    let wanted = store::Wanted { words: words.as_deref(), is_used: query.used, after, only: None };
    let rows = app.db.read(async |conn| store::list(conn, &wanted, size.and_one()).await).await?;
    Ok(Json(size.page(rows, |sheet| encode_cursor(&(sheet.created_at, sheet.id)))))
}

/// What is said of a picture that is sent in.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NewMedia {
    /// What it shows, in words, for those who do not see it.
    #[param(max_length = 300)]
    alt: Option<String>,
}

/// The bytes of a picture.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only the document names it")]
pub struct PictureFile(Vec<u8>);

/// Send in a picture: a JPEG, PNG, WebP or GIF of at most 10 MB and 50 million pixels; the same one again is the same
#[utoipa::path(
    post, path = "/admin/media", tag = "admin: media",
    params(NewMedia),
    request_body(content(
        (PictureFile = "image/jpeg"), (PictureFile = "image/png"),
        (PictureFile = "image/webp"), (PictureFile = "image/gif"),
    )),
    responses(
        (status = 201, body = MediaSheet), (status = 200, body = MediaSheet, description = "It is there already"),
        Failures,
    ),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn add_media(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Query(query): Query<NewMedia>,
    headers: HeaderMap,
    Raw(file): Raw,
) -> Result<(StatusCode, Versioned<MediaSheet>)> {
    let mut checks = Checks::default();
    let alt = checks.optional("/alt", query.alt.as_deref(), 300).unwrap_or_default();
    checks.done()?;
    let said = said(&headers)?;
    let source = format!("upload:{}", hex::encode(Sha256::digest(&file)));
    let known = app.db.read(async |conn| store::of_source(conn, &source).await).await?;
    let is_new = known.is_none() && {
        let taken = make::take(&app.media, file, Some(said)).await?;
        let now = app.clock.now();
        app.db
            .write(async |tx| {
                if !make::note(&mut *tx, &taken, (&source, &alt), now).await? {
                    return Ok(false);
                }
                let about = json!({ "alt": alt, "source": source });
                let change = Change::made("media.created", taken.id(), &about);
                audit::record(tx, &actor, &change, now).await?;
                Ok::<_, sqlx::Error>(true)
            })
            .await?
    };
    let sheet = app
        .db
        .read(async |conn| {
            let id = store::of_source(&mut *conn, &source).await?;
            one(conn, id.ok_or(ApiError::NotFound("picture"))?).await
        })
        .await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Versioned(sheet.version, sheet)))
}

/// What the file is said to be.
fn said(headers: &HeaderMap) -> Result<String> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let said = said.map(|said| said.trim().to_ascii_lowercase()).unwrap_or_default();
    if KINDS.contains(&said.as_str()) {
        return Ok(said);
    }
    Err(ApiError::Rejected {
        status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
        code: "unsupported_media_type",
        detail: format!("send the picture itself, as one of {}", KINDS.join(", ")),
        facts: Value::Null,
    })
}

async fn one(conn: &mut PgConnection, id: MediaId) -> Result<MediaSheet> {
    let wanted = store::Wanted { only: Some(id), ..store::Wanted::default() };
    store::list(conn, &wanted, 1).await?.pop().ok_or(ApiError::NotFound("picture"))
}

/// Show a picture as staff see it
#[utoipa::path(
    get, path = "/admin/media/{id}", tag = "admin: media",
    params(("id" = MediaId, Path)),
    responses((status = 200, body = MediaSheet), Failures),
    security(("staff" = ["read_catalog"])),
)]
pub async fn show_media(
    _: May<may::ReadCatalog>,
    State(app): State<App>,
    Path(id): Path<MediaId>,
) -> Result<Versioned<MediaSheet>> {
    let sheet = app.db.read(async |conn| one(conn, id).await).await?;
    Ok(Versioned(sheet.version, sheet))
}

/// Say what a picture shows
#[utoipa::path(
    patch, path = "/admin/media/{id}", tag = "admin: media",
    params(("id" = MediaId, Path), ("if-match" = IfMatch, Header)),
    request_body = UpdateMedia,
    responses((status = 200, body = MediaSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn update_media(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<MediaId>,
    seen: IfMatch,
    Json(given): Json<UpdateMedia>,
) -> Result<Versioned<MediaSheet>> {
    let mut checks = Checks::default();
    let alt = checks.optional("/alt", Some(&given.alt), 300).unwrap_or_default();
    checks.done()?;
    let now = app.clock.now();
    let after = app
        .db
        .write(async |tx| {
            let before = one(&mut *tx, id).await?;
            seen.holds(before.version)?;
            if !store::update(&mut *tx, id, seen.0, &alt).await? {
                seen.holds(before.version + 1)?;
            }
            let after = one(&mut *tx, id).await?;
            let words = |sheet: &MediaSheet| json!({ "alt": sheet.picture.alt });
            let change = Change::between("media.updated", id, &words(&before), &words(&after));
            audit::record(tx, &actor, &change, now).await?;
            Ok::<_, ApiError>(after)
        })
        .await?;
    Ok(Versioned(after.version, after))
}

/// Take a picture away, with all its files, unless it hangs somewhere
#[utoipa::path(
    delete, path = "/admin/media/{id}", tag = "admin: media",
    params(("id" = MediaId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn remove_media(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<MediaId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            store::lock(&mut *tx, &[id]).await?;
            let before = one(&mut *tx, id).await?;
            seen.holds(before.version)?;
            if before.uses > 0 {
                let uses = store::uses(&mut *tx, id, TOLD).await?;
                let detail = format!("it hangs in {} places: take it down first", before.uses);
                return Err(
                    ApiError::conflict("in_use", detail).with_facts(json!({ "uses": uses }))
                );
            }
            let (_, files) = store::delete_unused(&mut *tx, &[id]).await?;
            make::forget_later(&mut *tx, files, now).await?;
            let change = Change::removed("media.removed", id, &before);
            audit::record(tx, &actor, &change, now).await?;
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
