//! The shop's words, shelves and pictures.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// A picture.
#[derive(Serialize)]
pub struct MediaRow {
    pub media_id: Uuid,
    pub source: String,
    pub alt: String,
    pub width: i32,
    pub height: i32,
}

/// One file of a picture.
#[derive(Serialize)]
pub struct FileRow {
    pub key: String,
    pub media_id: Uuid,
    pub mime: String,
    pub width: i32,
    pub bytes: i64,
}

/// A shelf.
#[derive(Serialize)]
pub struct CategoryRow {
    pub category_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub handle: String,
    pub path: String,
    pub title: String,
    pub intro: String,
    pub media_id: Option<Uuid>,
    pub position: i32,
}

/// A page of words.
#[derive(Serialize)]
pub struct PageRow {
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub body_html: String,
    pub position: i32,
}

/// A post of the journal.
#[derive(Serialize)]
pub struct PostRow {
    pub post_id: Uuid,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub body_html: String,
    pub media_id: Option<Uuid>,
    pub published_at: DateTime<Utc>,
}

/// Pictures with their files.
pub async fn insert_media(
    conn: &mut PgConnection,
    media: &[MediaRow],
    files: &[FileRow],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO media (media_id, source, alt, width, height, created_at)
        SELECT media_id, source, alt, width, height, $2
        FROM jsonb_to_recordset($1) AS row (
            media_id uuid, source text, alt text, width integer, height integer
        )
        ON CONFLICT DO NOTHING
        "#,
        Json(media) as _,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        r#"
        INSERT INTO media_file (key, media_id, mime, width, bytes)
        SELECT key, media_id, mime, row.width, bytes
        FROM jsonb_to_recordset($1) AS row (
            key text, media_id uuid, mime text, width integer, bytes bigint
        )
        JOIN media USING (media_id)
        ON CONFLICT DO NOTHING
        "#,
        Json(files) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Shelves; one that is there gets a picture when it has none.
pub async fn insert_categories(conn: &mut PgConnection, rows: &[CategoryRow]) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO category (category_id, parent_id, handle, path, title, intro, media_id, position)
        SELECT category_id, parent_id, handle, path::ltree, title, intro, media_id, position
        FROM jsonb_to_recordset($1) AS row (
            category_id uuid, parent_id uuid, handle text, path text, title text, intro text,
            media_id uuid, position integer
        )
        ON CONFLICT (handle) DO UPDATE SET media_id = excluded.media_id
        WHERE category.media_id IS NULL AND excluded.media_id IS NOT NULL
        "#,
        Json(rows) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Pages of words.
pub async fn insert_pages(
    conn: &mut PgConnection,
    rows: &[PageRow],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO content_page (slug, title, summary, body_html, position, updated_at)
        SELECT slug, title, summary, body_html, position, $2
        FROM jsonb_to_recordset($1) AS row (slug text, title text, summary text, body_html text, position integer)
        ON CONFLICT DO NOTHING
        "#,
        Json(rows) as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Posts of the journal; the days of their publication are those of their last change.
pub async fn insert_posts(conn: &mut PgConnection, rows: &[PostRow]) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO post (post_id, slug, title, summary, body_html, media_id, published_at, updated_at)
        SELECT post_id, slug, title, summary, body_html, media_id, published_at, published_at
        FROM jsonb_to_recordset($1) AS row (
            post_id uuid, slug text, title text, summary text, body_html text, media_id uuid,
            published_at timestamptz
        )
        ON CONFLICT DO NOTHING
        "#,
        Json(rows) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A setting, unless it is there.
pub async fn insert_setting(conn: &mut PgConnection, key: &str, value: &Value) -> sqlx::Result<()> {
    sqlx::query!(
        "INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        key,
        value,
    )
    .execute(conn)
    .await?;
    Ok(())
}
