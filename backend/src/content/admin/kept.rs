//! Pages and posts: what they may be, and which finished answers show them.

use api_types::{
    PostId,
    admin::{Kept, SetPage, SetPost},
};
use sqlx::PgConnection;

use super::store;
use crate::{
    App,
    content::TAG,
    http::{ApiError, Result},
    markup,
    settings::admin::{Keep, code, text},
};

/// Most bytes of a page or post.
const BODY: usize = 200_000;

impl Keep for SetPage {
    type Id = String;
    const THING: &'static str = "page";
    const ACTIONS: [&'static str; 3] = ["page.written", "page.updated", "page.removed"];

    fn check(&self) -> Result<()> {
        said(&self.slug, &self.title, &self.summary, &self.body_html)
    }

    async fn rows(
        conn: &mut PgConnection,
        only: Option<&String>,
    ) -> sqlx::Result<Vec<Kept<String, Self>>> {
        store::pages(conn, only.map(String::as_str)).await
    }

    async fn insert(&self, tx: &mut PgConnection) -> Result<String> {
        store::insert_page(tx, self, &markup::clean(&self.body_html)).await.map_err(refused)?;
        Ok(self.slug.clone())
    }

    async fn update(&self, tx: &mut PgConnection, id: &String, seen: i32) -> Result<bool> {
        let clean = markup::clean(&self.body_html);
        store::update_page(tx, (id, seen), self, &clean).await.map_err(refused)
    }

    fn id_then(&self, _: &String) -> String {
        self.slug.clone()
    }

    async fn delete(tx: &mut PgConnection, id: &String, seen: i32) -> sqlx::Result<bool> {
        store::delete_page(tx, id, seen).await
    }

    fn drop_stale(app: &App, _: Option<&Self>, _: Option<&Self>) {
        app.cache.drop_tag(TAG);
    }
}

impl Keep for SetPost {
    type Id = PostId;
    const THING: &'static str = "post";
    const ACTIONS: [&'static str; 3] = ["post.written", "post.updated", "post.removed"];

    fn check(&self) -> Result<()> {
        said(&self.slug, &self.title, &self.summary, &self.body_html)
    }

    async fn rows(
        conn: &mut PgConnection,
        only: Option<&PostId>,
    ) -> sqlx::Result<Vec<Kept<PostId, Self>>> {
        store::posts(conn, only.copied()).await
    }

    async fn insert(&self, tx: &mut PgConnection) -> Result<PostId> {
        let id = PostId::new();
        let clean = markup::clean(&self.body_html);
        store::insert_post(tx, id, self, &clean).await.map_err(refused)?;
        Ok(id)
    }

    async fn update(&self, tx: &mut PgConnection, id: &PostId, seen: i32) -> Result<bool> {
        let clean = markup::clean(&self.body_html);
        store::update_post(tx, (*id, seen), self, &clean).await.map_err(refused)
    }

    async fn delete(tx: &mut PgConnection, id: &PostId, seen: i32) -> sqlx::Result<bool> {
        store::delete_post(tx, *id, seen).await
    }

    fn drop_stale(app: &App, _: Option<&Self>, _: Option<&Self>) {
        app.cache.drop_tag(TAG);
    }
}

fn said(slug: &str, title: &str, summary: &str, body: &str) -> Result<()> {
    code("/slug", slug, 100)?;
    text("/title", title, 200)?;
    if summary.chars().count() > 1_000 {
        return Err(ApiError::field("/summary", "length", "Use at most 1000 characters."));
    }
    if body.len() > BODY {
        return Err(ApiError::field("/body_html", "length", "Use at most 200000 bytes."));
    }
    Ok(())
}

fn refused(error: sqlx::Error) -> ApiError {
    match db::constraint(&error) {
        Some("content_page_pkey") => {
            ApiError::field("/slug", "taken", "Another page has this name in its address.")
        }
        Some("post_slug_unique") => {
            ApiError::field("/slug", "taken", "Another post has this name in its address.")
        }
        Some("post_media_exists") => {
            ApiError::field("/media_id", "unknown", "There is no such picture.")
        }
        _ => error.into(),
    }
}
