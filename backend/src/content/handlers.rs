//! Listing and showing pages and posts.

use api_types::{ContentLink, ContentPage, Page, PageInfo, Post, PostCard};
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};

use super::{
    TAG,
    store::{self, Place},
};
use crate::{
    App,
    cache::Made,
    http::{ApiError, Failures, Path, Query, Result, decode_cursor, encode_cursor},
};

/// Rows on a page of the journal when nobody says how many.
const ROWS: u32 = 12;
/// Others at the foot of a post.
const OTHERS: i64 = 3;

/// Every page of words.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Pages {
    /// In the order that the shop lists them.
    data: Vec<ContentLink>,
}

/// List the pages of words
#[utoipa::path(
    get, path = "/pages", tag = "content",
    responses((status = 200, body = Pages), (status = 304, description = "Not changed"), Failures),
)]
pub async fn list_pages(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let cache = app.cache.clone();
    let make = async move || {
        let data = app.db.read(async |conn| store::pages(conn).await).await?;
        Ok(made(Pages { data }))
    };
    cache.answer(&headers, "pages".to_owned(), make).await
}

/// Show a page of words, such as the terms
#[utoipa::path(
    get, path = "/pages/{slug}", tag = "content",
    params(("slug" = String, Path)),
    responses((status = 200, body = ContentPage), (status = 304, description = "Not changed"), Failures),
)]
pub async fn show_page(
    State(app): State<App>,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response> {
    let cache = app.cache.clone();
    let key = format!("page/{slug}");
    let make = async move || {
        let found = app.db.read(async |conn| store::page(conn, &slug).await).await?;
        Ok(made(found.ok_or(ApiError::NotFound("page"))?))
    };
    cache.answer(&headers, key, make).await
}

/// Which posts to list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PostQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows on a page, 1 to 100; 12 when absent.
    limit: Option<u32>,
}

/// List the posts of the journal, newest first
#[utoipa::path(
    get, path = "/posts", tag = "content",
    params(PostQuery),
    responses((status = 200, body = Page<PostCard>), (status = 304, description = "Not changed"), Failures),
)]
pub async fn list_posts(
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<PostQuery>,
) -> Result<Response> {
    let limit = query.limit.unwrap_or(ROWS);
    if !(1..=100).contains(&limit) {
        return Err(ApiError::field("/limit", "out_of_range", "ask for 1 to 100 rows"));
    }
    let after: Option<Place> = query.cursor.as_deref().map(decode_cursor).transpose()?;
    let key = format!("posts?{limit}&{}", after.as_ref().map(encode_cursor).unwrap_or_default());
    let cache = app.cache.clone();
    cache.answer(&headers, key, move || posts(app, after, limit)).await
}

async fn posts(app: App, after: Option<Place>, limit: u32) -> Result<Made<Page<PostCard>>> {
    let now = app.clock.now();
    let most = i64::from(limit) + 1;
    let mut rows = app.db.read(async |conn| store::posts(conn, now, after, most).await).await?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| has_more);
    let next_cursor = last.map(|(place, _)| encode_cursor(place));
    let data = rows.into_iter().map(|(_, card)| card).collect();
    Ok(made(Page { data, page: PageInfo { next_cursor, ..PageInfo::default() } }))
}

/// Show a post of the journal
#[utoipa::path(
    get, path = "/posts/{slug}", tag = "content",
    params(("slug" = String, Path)),
    responses((status = 200, body = Post), (status = 304, description = "Not changed"), Failures),
)]
pub async fn show_post(
    State(app): State<App>,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response> {
    let cache = app.cache.clone();
    cache.answer(&headers, format!("post/{slug}"), move || post(app, slug)).await
}

async fn post(app: App, slug: String) -> Result<Made<Post>> {
    let now = app.clock.now();
    let found = app
        .db
        .read::<_, sqlx::Error>(async |conn| {
            let Some(mut post) = store::post(&mut *conn, &slug, now).await? else {
                return Ok(None);
            };
            post.others = store::newest_posts(conn, now, OTHERS + 1).await?;
            post.others.retain(|other| other.slug != post.card.slug);
            post.others.truncate(usize::try_from(OTHERS).unwrap_or_default());
            Ok(Some(post))
        })
        .await?;
    Ok(made(found.ok_or(ApiError::NotFound("post"))?))
}

fn made<T>(value: T) -> Made<T> {
    Made { value, tags: vec![TAG.to_owned()] }
}
