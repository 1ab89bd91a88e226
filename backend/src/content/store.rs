//! Reading pages and posts.

use api_types::{ContentLink, ContentPage, Picture, Post, PostCard};
use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, types::Json};
use uuid::Uuid;

/// Where a post stands in the journal: when it was published, and its id.
pub type Place = (DateTime<Utc>, Uuid);

/// Every page of words, in order.
pub async fn pages(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<ContentLink>> {
    sqlx::query_as!(
        ContentLink,
        "SELECT slug, title, summary, updated_at FROM content_page ORDER BY position, slug",
    )
    .fetch_all(db)
    .await
}

/// The page of words at `slug`.
pub async fn page(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<ContentPage>> {
    sqlx::query_as!(
        ContentPage,
        "SELECT slug, title, summary, body_html, updated_at FROM content_page WHERE slug = $1",
        slug
    )
    .fetch_optional(db)
    .await
}

/// Posts that can be read, newest first, from behind a place on.
pub async fn posts(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    after: Option<Place>,
    most: i64,
) -> sqlx::Result<Vec<(Place, PostCard)>> {
    let rows = sqlx::query!(
        r#"
        SELECT post_id, slug, title, summary, published_at AS "published_at!",
            picture.body AS "picture?: Json<Picture>"
        FROM post
        LEFT JOIN picture USING (media_id)
        WHERE published_at <= $1 AND ($2::timestamptz IS NULL OR (published_at, post_id) < ($2, $3::uuid))
        ORDER BY published_at DESC, post_id DESC
        LIMIT $4
        "#,
        now,
        after.map(|(at, _)| at),
        after.map(|(_, id)| id),
        most,
    )
    .fetch_all(db)
    .await?;
    let posts = rows.into_iter().map(|row| {
        let card = PostCard {
            slug: row.slug,
            title: row.title,
            summary: row.summary,
            picture: row.picture.map(|Json(picture)| picture),
            published_at: row.published_at,
        };
        ((row.published_at, row.post_id), card)
    });
    Ok(posts.collect())
}

/// The newest posts that can be read.
pub async fn newest_posts(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<PostCard>> {
    Ok(posts(db, now, None, most).await?.into_iter().map(|(_, card)| card).collect())
}

/// Whether the journal has anything to read.
pub async fn has_posts(db: impl PgExecutor<'_>, now: DateTime<Utc>) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM post WHERE published_at <= $1) AS "has_posts!""#,
        now,
    )
    .fetch_one(db)
    .await
}

/// The post at `slug`, without the others, if it can be read.
pub async fn post(
    db: impl PgExecutor<'_>,
    slug: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Post>> {
    let row = sqlx::query!(
        r#"
        SELECT slug, title, summary, body_html, published_at AS "published_at!", updated_at,
            picture.body AS "picture?: Json<Picture>"
        FROM post
        LEFT JOIN picture USING (media_id)
        WHERE slug = $1 AND published_at <= $2
        "#,
        slug,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Post {
        card: PostCard {
            slug: row.slug,
            title: row.title,
            summary: row.summary,
            picture: row.picture.map(|Json(picture)| picture),
            published_at: row.published_at,
        },
        body_html: row.body_html,
        updated_at: row.updated_at,
        others: Vec::new(),
    }))
}
