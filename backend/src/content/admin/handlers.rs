//! What staff ask about pages and posts.

use api_types::{
    Page, PostId,
    admin::{Kept, SetPage, SetPost},
};
use axum::{extract::State, http::StatusCode};

use crate::{
    App,
    http::{Failures, IfMatch, Json, Path, Result, Versioned},
    settings::admin::keep,
    staff::{May, may},
};

/// List pages of words
#[utoipa::path(
    get, path = "/admin/content/pages", tag = "admin: content",
    responses((status = 200, body = Page<Kept<String, SetPage>>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn list_content_pages(
    _: May<may::EditContent>,
    State(app): State<App>,
) -> Result<Json<Page<Kept<String, SetPage>>>> {
    keep::list(&app).await
}

/// Write a page of words
#[utoipa::path(
    post, path = "/admin/content/pages", tag = "admin: content",
    request_body = SetPage,
    responses((status = 201, body = Kept<String, SetPage>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn add_content_page(
    May { actor, .. }: May<may::EditContent>,
    State(app): State<App>,
    Json(given): Json<SetPage>,
) -> Result<(StatusCode, Versioned<Kept<String, SetPage>>)> {
    keep::add(&app, &actor, &given).await
}

/// Show a page of words as staff see it
#[utoipa::path(
    get, path = "/admin/content/pages/{slug}", tag = "admin: content",
    params(("slug" = String, Path)),
    responses((status = 200, body = Kept<String, SetPage>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn show_content_page(
    _: May<may::EditContent>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Versioned<Kept<String, SetPage>>> {
    keep::show(&app, slug).await
}

/// Write a page of words anew
#[utoipa::path(
    put, path = "/admin/content/pages/{slug}", tag = "admin: content",
    params(("slug" = String, Path), ("if-match" = IfMatch, Header)),
    request_body = SetPage,
    responses((status = 200, body = Kept<String, SetPage>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn set_content_page(
    May { actor, .. }: May<may::EditContent>,
    State(app): State<App>,
    Path(slug): Path<String>,
    seen: IfMatch,
    Json(given): Json<SetPage>,
) -> Result<Versioned<Kept<String, SetPage>>> {
    keep::set(&app, &actor, (slug, seen), &given).await
}

/// Take a page of words away
#[utoipa::path(
    delete, path = "/admin/content/pages/{slug}", tag = "admin: content",
    params(("slug" = String, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn remove_content_page(
    May { actor, .. }: May<may::EditContent>,
    State(app): State<App>,
    Path(slug): Path<String>,
    seen: IfMatch,
) -> Result<StatusCode> {
    keep::remove::<SetPage>(&app, &actor, (slug, seen)).await
}

/// List posts, drafts too
#[utoipa::path(
    get, path = "/admin/content/posts", tag = "admin: content",
    responses((status = 200, body = Page<Kept<PostId, SetPost>>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn list_journal(
    _: May<may::EditContent>,
    State(app): State<App>,
) -> Result<Json<Page<Kept<PostId, SetPost>>>> {
    keep::list(&app).await
}

/// Write a post
#[utoipa::path(
    post, path = "/admin/content/posts", tag = "admin: content",
    request_body = SetPost,
    responses((status = 201, body = Kept<PostId, SetPost>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn add_post(
    May { actor, .. }: May<may::EditContent>,
    State(app): State<App>,
    Json(given): Json<SetPost>,
) -> Result<(StatusCode, Versioned<Kept<PostId, SetPost>>)> {
    keep::add(&app, &actor, &given).await
}

/// Show a post as staff see it
#[utoipa::path(
    get, path = "/admin/content/posts/{id}", tag = "admin: content",
    params(("id" = PostId, Path)),
    responses((status = 200, body = Kept<PostId, SetPost>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn show_journal_post(
    _: May<may::EditContent>,
    State(app): State<App>,
    Path(id): Path<PostId>,
) -> Result<Versioned<Kept<PostId, SetPost>>> {
    keep::show(&app, id).await
}

/// Write a post anew
#[utoipa::path(
    put, path = "/admin/content/posts/{id}", tag = "admin: content",
    params(("id" = PostId, Path), ("if-match" = IfMatch, Header)),
    request_body = SetPost,
    responses((status = 200, body = Kept<PostId, SetPost>), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn set_post(
    May { actor, .. }: May<may::EditContent>,
    State(app): State<App>,
    Path(id): Path<PostId>,
    seen: IfMatch,
    Json(given): Json<SetPost>,
) -> Result<Versioned<Kept<PostId, SetPost>>> {
    keep::set(&app, &actor, (id, seen), &given).await
}

/// Take a post away
#[utoipa::path(
    delete, path = "/admin/content/posts/{id}", tag = "admin: content",
    params(("id" = PostId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_content"])),
)]
pub async fn remove_post(
    May { actor, .. }: May<may::EditContent>,
    State(app): State<App>,
    Path(id): Path<PostId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    keep::remove::<SetPost>(&app, &actor, (id, seen)).await
}
