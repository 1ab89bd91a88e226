//! Loading the demo shop, once or many times over.

use std::{collections::HashMap, io::Write, time::Duration};

use anyhow::{Context, Result};
use serde_json::json;

use super::{
    demo::{self, Demo, Section},
    pictures::{self, Pictures},
    rows::{self, category_id, media_id, post_id},
    store::{
        products,
        shop::{self, CategoryRow, FileRow, MediaRow, PageRow, PostRow},
    },
};
use crate::{App, markup, media::Storage};

/// Products written in one transaction.
const BATCH: u64 = 2000;
/// Longest that one transaction may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// Loads the demo shop into the database and where pictures are kept, with as many products as
/// asked for; what is there stays as it is.
pub async fn seed(app: &App, products: Option<u64>) -> Result<()> {
    let catalog = &app.config.catalog;
    let demo = demo::load(&catalog.demo_dir)?;
    let pictures = Pictures::in_folder(&catalog.demo_dir.join("pictures"))?;
    let stems = stems(&demo);
    keep(&pictures, &stems, &app.media).await?;
    let wanted = products.unwrap_or(demo.products.len() as u64);
    let db = app.db.with_deadline(PATIENCE);
    let now = app.clock.now();
    db.write(async |tx| {
        super::settings(tx).await?;
        let (media, files) = media(&pictures, &stems);
        shop::insert_media(tx, &media, &files, now).await?;
        shop::insert_categories(tx, &category_rows(&demo, &pictures)).await?;
        shop::insert_pages(tx, &page_rows(&demo), now).await?;
        shop::insert_posts(tx, &post_rows(&demo, &pictures)).await?;
        shop::insert_setting(tx, "shop", &json!({ "name": demo.shop.name, "tagline": demo.shop.tagline, "default_currency": "EUR" })).await?;
        shop::insert_setting(tx, "seller", &json!(demo.shop.seller)).await?;
        shop::insert_setting(tx, "home", &home(&demo)).await
    })
    .await
    .context("cannot write the shop's settings")?;

    let mut written = 0;
    for start in (0..wanted).step_by(usize::try_from(BATCH)?) {
        let end = wanted.min(start + BATCH);
        let batch = rows::batch(&demo.products, start..end)?;
        written += db
            .write(async |tx| products::insert(tx, &batch).await)
            .await
            .with_context(|| format!("cannot write products {start} to {end}"))?;
        say(&format!("{end} of {wanted} products are there, {written} of them new"));
    }
    Ok(())
}

fn say(progress: &str) {
    // Nobody may be reading; that is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{progress}");
}

/// Every picture that the demo shop names, with what it shows.
fn stems(demo: &Demo) -> HashMap<&str, &str> {
    let shop =
        demo.shop.pictures.iter().map(|picture| (picture.stem.as_str(), picture.alt.as_str()));
    let shelves = demo
        .categories
        .iter()
        .filter_map(|shelf| Some((shelf.picture.as_deref()?, shelf.picture_alt.as_str())));
    let products = demo.products.iter().flat_map(|product| &product.pictures);
    shop.chain(shelves)
        .chain(products.map(|picture| (picture.stem.as_str(), picture.alt.as_str())))
        .collect()
}

async fn keep(pictures: &Pictures, stems: &HashMap<&str, &str>, storage: &Storage) -> Result<()> {
    let missing = stems.keys().filter(|stem| pictures.of(stem).is_empty()).count();
    if missing > 0 {
        say(&format!("{missing} pictures have no files; their places stay empty"));
    }
    for stem in stems.keys() {
        pictures.keep(stem, storage).await?;
    }
    Ok(())
}

fn media(pictures: &Pictures, stems: &HashMap<&str, &str>) -> (Vec<MediaRow>, Vec<FileRow>) {
    let (mut media, mut files) = (Vec::new(), Vec::new());
    for (stem, alt) in stems {
        let found = pictures.of(stem);
        let Some((width, height)) = pictures::size(found) else { continue };
        let media_id = media_id(stem);
        media.push(MediaRow {
            media_id,
            source: (*stem).to_owned(),
            alt: (*alt).to_owned(),
            width,
            height,
        });
        files.extend(found.iter().map(|file| FileRow {
            key: file.key.clone(),
            media_id,
            mime: file.mime.to_owned(),
            width: file.width,
            bytes: file.bytes,
        }));
    }
    (media, files)
}

fn category_rows(demo: &Demo, pictures: &Pictures) -> Vec<CategoryRow> {
    let mut paths: HashMap<&str, String> = HashMap::new();
    let mut rows = Vec::new();
    for shelf in &demo.categories {
        let id = category_id(&shelf.handle);
        let label = id.simple().to_string();
        let above = shelf.parent.as_deref().and_then(|parent| paths.get(parent));
        let path = above.map_or_else(|| label.clone(), |above| format!("{above}.{label}"));
        paths.insert(&shelf.handle, path.clone());
        let drawn = shelf.picture.as_deref().filter(|stem| !pictures.of(stem).is_empty());
        rows.push(CategoryRow {
            category_id: id,
            parent_id: shelf.parent.as_deref().map(category_id),
            handle: shelf.handle.clone(),
            path,
            title: shelf.title.clone(),
            intro: shelf.intro.clone(),
            media_id: drawn.map(media_id),
            position: shelf.position,
        });
    }
    rows
}

fn page_rows(demo: &Demo) -> Vec<PageRow> {
    let page = |(page, position): (&demo::Page, i32)| PageRow {
        slug: page.slug.clone(),
        title: page.title.clone(),
        summary: page.summary.clone(),
        body_html: markup::clean(&page.body_html),
        position,
    };
    demo.pages.iter().zip(0..).map(page).collect()
}

fn post_rows(demo: &Demo, pictures: &Pictures) -> Vec<PostRow> {
    let post = |post: &demo::Post| {
        let drawn = post.picture.as_deref().filter(|stem| !pictures.of(stem).is_empty());
        PostRow {
            post_id: post_id(&post.slug),
            slug: post.slug.clone(),
            title: post.title.clone(),
            summary: post.summary.clone(),
            body_html: markup::clean(&post.body_html),
            media_id: drawn.map(media_id),
            published_at: rows::morning(post.published),
        }
    };
    demo.posts.iter().map(post).collect()
}

fn home(demo: &Demo) -> serde_json::Value {
    let section = |section: &Section| {
        json!({
            "title": section.title, "text": section.text,
            "link": { "title": section.button, "path": section.link },
            "picture": section.picture, "phone_picture": section.picture_phone,
        })
    };
    let promises: Vec<_> = demo
        .shop
        .promises
        .iter()
        .map(|promise| json!({ "title": promise.title, "text": promise.text }))
        .collect();
    json!({ "hero": section(&demo.shop.hero), "story": section(&demo.shop.story), "promises": promises })
}
