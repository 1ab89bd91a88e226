//! The map and its parts.

use api_types::{Page, PageInfo, Sitemap, SitemapEntry, SitemapKind, SitemapPart};
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Deserialize;

use super::store;
use crate::{
    App,
    cache::Made,
    http::{Failures, Path, Query, Result, decode_cursor, encode_cursor},
};

/// Addresses in one part.
const ROWS: i64 = 5_000;

/// Show the parts of the map of the shop
#[utoipa::path(
    get, path = "/sitemap", tag = "content",
    responses((status = 200, body = Sitemap), (status = 304, description = "Not changed"), Failures),
)]
pub async fn show_sitemap(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let cache = app.cache.clone();
    let make = async move || {
        let now = app.clock.now();
        let found = app.db.read(async |conn| store::parts(conn, now, ROWS).await).await?;
        let part = |part: store::Part| SitemapPart {
            kind: part.kind,
            page: u32::try_from(part.number + 1).unwrap_or(u32::MAX),
            cursor: encode_cursor(&part.first),
            updated_at: part.updated_at,
        };
        let value = Sitemap { parts: found.into_iter().map(part).collect() };
        Ok(Made { value, tags: Vec::new() })
    };
    cache.answer(&headers, "sitemap".to_owned(), make).await
}

/// Where a part begins.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// `cursor` of a part, or `next_cursor` of the one before; the first when absent.
    cursor: Option<String>,
}

/// List up to 5,000 addresses of one kind
#[utoipa::path(
    get, path = "/sitemap/{kind}", tag = "content",
    params(("kind" = SitemapKind, Path), From),
    responses((status = 200, body = Page<SitemapEntry>), (status = 304, description = "Not changed"), Failures),
)]
pub async fn list_sitemap(
    State(app): State<App>,
    headers: HeaderMap,
    Path(kind): Path<SitemapKind>,
    Query(from): Query<From>,
) -> Result<Response> {
    let first: String = from.cursor.as_deref().map(decode_cursor).transpose()?.unwrap_or_default();
    let cache = app.cache.clone();
    let key = format!("sitemap/{}?{first}", kind.name());
    let make = async move || {
        let now = app.clock.now();
        let read = async |conn: &mut _| store::entries(conn, kind, &first, (now, ROWS + 1)).await;
        let mut rows = app.db.read(read).await?;
        let next = rows.get(usize::try_from(ROWS).unwrap_or(usize::MAX));
        let next_cursor = next.map(|(name, _)| encode_cursor(name));
        rows.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
        let data = rows.into_iter().map(|(_, entry)| entry).collect();
        let page = PageInfo { next_cursor, ..PageInfo::default() };
        Ok(Made { value: Page { data, page }, tags: Vec::new() })
    };
    cache.answer(&headers, key, make).await
}
