//! The rows of pages, posts, and where old addresses lead, as staff see and change them.

use api_types::{
    MediaId, PostId,
    admin::{Kept, SetPage, SetPost, SetRedirect},
};
use sqlx::PgConnection;

/// Every page in order, or only that.
pub async fn pages(
    conn: &mut PgConnection,
    only: Option<&str>,
) -> sqlx::Result<Vec<Kept<String, SetPage>>> {
    let rows = sqlx::query!(
        r#"
        SELECT slug, version, title, summary, body_html, position
        FROM content_page
        WHERE $1::text IS NULL OR slug = $1
        ORDER BY position, slug
        "#,
        only,
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.slug.clone(),
        version: row.version,
        value: SetPage {
            slug: row.slug,
            title: row.title,
            summary: row.summary,
            body_html: row.body_html,
            position: row.position,
        },
    });
    Ok(kept.collect())
}

/// A new page.
pub async fn insert_page(
    tx: &mut PgConnection,
    given: &SetPage,
    clean_html: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO content_page (slug, title, summary, body_html, position, updated_at)
        VALUES ($1, $2, $3, $4, $5, clock_timestamp())
        "#,
        given.slug,
        given.title,
        given.summary,
        clean_html,
        given.position,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A page written anew; false when it is at another version.
pub async fn update_page(
    tx: &mut PgConnection,
    (slug, seen): (&str, i32),
    given: &SetPage,
    clean_html: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE content_page
        SET version = version + 1, slug = $3, title = $4, summary = $5, body_html = $6, position = $7,
            updated_at = clock_timestamp()
        WHERE slug = $1 AND version = $2
        "#,
        slug,
        seen,
        given.slug,
        given.title,
        given.summary,
        clean_html,
        given.position,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A page taken away; false when it is at another version.
pub async fn delete_page(tx: &mut PgConnection, slug: &str, seen: i32) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("DELETE FROM content_page WHERE slug = $1 AND version = $2", slug, seen)
            .execute(tx)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Every post, the newest first and drafts before them, or only that.
pub async fn posts(
    conn: &mut PgConnection,
    only: Option<PostId>,
) -> sqlx::Result<Vec<Kept<PostId, SetPost>>> {
    let rows = sqlx::query!(
        r#"
        SELECT post_id AS "id: PostId", version, slug, title, summary, body_html,
            media_id AS "media_id: MediaId", published_at
        FROM post
        WHERE $1::uuid IS NULL OR post_id = $1
        ORDER BY published_at DESC, post_id DESC
        "#,
        only as Option<PostId>,
    )
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().map(|row| Kept {
        id: row.id,
        version: row.version,
        value: SetPost {
            slug: row.slug,
            title: row.title,
            summary: row.summary,
            body_html: row.body_html,
            media_id: row.media_id,
            published_at: row.published_at,
        },
    });
    Ok(kept.collect())
}

/// A new post.
pub async fn insert_post(
    tx: &mut PgConnection,
    id: PostId,
    given: &SetPost,
    clean_html: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO post (post_id, slug, title, summary, body_html, media_id, published_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
        "#,
        id as PostId,
        given.slug,
        given.title,
        given.summary,
        clean_html,
        given.media_id as Option<MediaId>,
        given.published_at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A post written anew; false when it is at another version.
pub async fn update_post(
    tx: &mut PgConnection,
    (id, seen): (PostId, i32),
    given: &SetPost,
    clean_html: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        UPDATE post
        SET version = version + 1, slug = $3, title = $4, summary = $5, body_html = $6, media_id = $7,
            published_at = $8, updated_at = clock_timestamp()
        WHERE post_id = $1 AND version = $2
        "#,
        id as PostId,
        seen,
        given.slug,
        given.title,
        given.summary,
        clean_html,
        given.media_id as Option<MediaId>,
        given.published_at,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A post taken away; false when it is at another version.
pub async fn delete_post(tx: &mut PgConnection, id: PostId, seen: i32) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("DELETE FROM post WHERE post_id = $1 AND version = $2", id as PostId, seen,)
            .execute(tx)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Old addresses in order, from behind one on.
pub async fn redirects(
    conn: &mut PgConnection,
    after: Option<&str>,
    most: i64,
) -> sqlx::Result<Vec<SetRedirect>> {
    sqlx::query_as!(
        SetRedirect,
        "SELECT path, target FROM slug_redirect WHERE $1::text IS NULL OR path > $1 ORDER BY path LIMIT $2",
        after,
        most,
    )
    .fetch_all(conn)
    .await
}

/// Lets an address lead on; false when it does already, or where it would lead leads on itself.
pub async fn insert_redirect(tx: &mut PgConnection, given: &SetRedirect) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        r#"
        INSERT INTO slug_redirect (path, target)
        SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM slug_redirect WHERE path = $2 OR target = $1)
        ON CONFLICT (path) DO NOTHING
        "#,
        given.path,
        given.target,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes away where an address leads; where it led.
pub async fn delete_redirect(tx: &mut PgConnection, path: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("DELETE FROM slug_redirect WHERE path = $1 RETURNING target", path)
        .fetch_optional(tx)
        .await
}
