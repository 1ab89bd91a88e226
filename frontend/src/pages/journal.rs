//! `/journal` and `/journal/{slug}`

use api_types::{Page as Rows, Post, PostCard};
use axum::{
    extract::State,
    http::Uri,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{
    head::{Head, Shared, absolute, breadcrumbs, item_list, picture_address},
    moved,
};
use crate::{
    api::Error,
    app::{App, Page},
    components::{EmptyState, Pagination, Picture, layout::Here},
    extract::{Path, Query},
    texts,
};

const PATH: &str = "/journal";
/// How wide a picture stands in the opening, and in a list.
const WIDE: &str = "(max-width: 52rem) 92vw, 45rem";
const NARROW: &str = "(max-width: 44rem) 92vw, (max-width: 64rem) 45vw, 25rem";

/// Where the list goes on.
#[derive(Deserialize)]
pub struct Place {
    cursor: Option<String>,
}

/// Every post, newest first.
pub async fn journal(State(app): State<App>, Query(place): Query<Place>) -> Result<Page, Error> {
    let rows = app.api.posts(place.cursor.as_deref()).await?;
    let public = &app.config.public_url;
    let about = texts::journal_about();
    let first = rows.data.first().and_then(|post| post.picture.as_ref());
    let posts = rows.data.iter().map(|post| (post.title.clone(), format!("{PATH}/{}", post.slug)));
    let head = Head {
        canonical: absolute(public, PATH),
        title: texts::journal_title().to_owned(),
        description: about.to_owned(),
        kind: "website",
        picture: first.and_then(|picture| Shared::of(public, picture)),
        data: vec![item_list(public, posts)],
    };
    let is_first = place.cursor.is_none();
    Ok(Page::public(texts::journal_title(), move || list(rows, is_first, about))
        .with_description(about)
        .with_head(move || head.draw())
        .at(Here { path: PATH.to_owned(), words: String::new() }))
}

fn list(rows: Rows<PostCard>, is_first: bool, about: &'static str) -> impl IntoView {
    let next = rows.page.next_cursor.map(|cursor| format!("{PATH}?cursor={cursor}"));
    let prev = (!is_first).then(|| PATH.to_owned());
    let place = if is_first { Among::Opening } else { Among::Journal };
    let posts = if rows.data.is_empty() {
        view! {
            <EmptyState title=texts::journal_empty() text=texts::journal_empty_text()>
                <a class="button" href="/">{texts::journal_empty_shop()}</a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { {cards(rows.data, place)} <Pagination prev next/> }.into_any()
    };
    view! {
        <div class="page">
            <header class="shelf-head">
                <h1>{texts::journal_title()}</h1>
                <p class="lead muted">{about}</p>
            </header>
            {posts}
        </div>
    }
    .into_any()
}

/// Among what cards of posts stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// On the journal's first page, where the first of them stands wide.
    Opening,
    /// On another page of the journal.
    Journal,
    /// In a section of some other page, below its heading.
    Section,
}

/// Posts by picture.
pub fn cards(posts: Vec<PostCard>, among: Among) -> impl IntoView {
    let cards = posts
        .into_iter()
        .enumerate()
        .map(|(place, post)| view! { <li>{card(post, among, place == 0)}</li> })
        .collect_view();
    let opens = among == Among::Opening;
    view! { <ul class="posts" class:opens=opens>{cards}</ul> }.into_any()
}

fn card(post: PostCard, among: Among, is_first: bool) -> impl IntoView {
    let is_wide = is_first && among == Among::Opening;
    let sizes = if is_wide { WIDE } else { NARROW };
    let picture = post.picture.map(|picture| {
        view! { <Picture picture sizes eager=is_wide decorative=true/> }
    });
    let name = view! { <a href=format!("{PATH}/{}", post.slug)>{post.title}</a> };
    let name = if among == Among::Section {
        view! { <h3>{name}</h3> }.into_any()
    } else {
        view! { <h2>{name}</h2> }.into_any()
    };
    view! {
        <article class="post-card">
            <div class="shot">{picture}</div>
            <div>
                <p class="muted small">{date(post.published_at)}</p>
                {name}
                <p>{post.summary}</p>
            </div>
        </article>
    }
    .into_any()
}

/// The day, as it stands above a post.
fn date(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=at.format("%F").to_string()>{at.format("%-d %B %Y").to_string()}</time> }
        .into_any()
}

/// One post.
pub async fn post(
    State(app): State<App>,
    Path(slug): Path<String>,
    uri: Uri,
) -> Result<Response, Error> {
    let shop = app.shop_config().await?;
    let path = uri.path().to_owned();
    let post = match app.api.post(&slug).await {
        Ok(post) => post,
        Err(error) => return Ok(moved::or_failed(&app, &path, error).await),
    };
    let public = &app.config.public_url;
    let card = &post.card;
    let head = Head {
        canonical: absolute(public, &path),
        title: card.title.clone(),
        description: card.summary.clone(),
        kind: "article",
        picture: card.picture.as_ref().and_then(|picture| Shared::of(public, picture)),
        data: vec![
            article(&post, public, &shop.name),
            breadcrumbs(
                public,
                &[(texts::journal_title(), Some(PATH.to_owned())), (&card.title, None)],
            ),
        ],
    };
    let page = Page::public(card.title.clone(), {
        let post = post.clone();
        move || draw(post)
    })
    .with_description(card.summary.clone())
    .with_head(move || head.draw())
    .at(Here { path, words: String::new() });
    Ok(page.into_response())
}

/// The post for search engines (schema.org).
fn article(post: &Post, public: &Url, shop: &str) -> Value {
    let card = &post.card;
    let house = json!({ "@type": "Organization", "name": shop, "url": absolute(public, "/") });
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": card.title,
        "description": card.summary,
        "datePublished": card.published_at.to_rfc3339(),
        "dateModified": post.updated_at.to_rfc3339(),
        "mainEntityOfPage": absolute(public, &format!("{PATH}/{}", card.slug)),
        "author": house,
        "publisher": house,
    });
    if let Some(picture) = &card.picture {
        data["image"] = json!([picture_address(public, picture)]);
    }
    data
}

fn draw(post: Post) -> impl IntoView {
    let card = post.card;
    let picture = card.picture.map(|picture| {
        view! { <Picture picture sizes="(max-width: 80rem) 92vw, 75rem" eager=true/> }
    });
    let others = (!post.others.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="others">
                <div class="page">
                    <header>
                        <h2 id="others">{texts::journal_others()}</h2>
                        <a class="link" href=PATH>{texts::journal_home_all()}</a>
                    </header>
                    {cards(post.others, Among::Section)}
                </div>
            </section>
        }
        .into_any()
    });
    view! {
        <div class="page">
            <nav class="breadcrumbs" aria-label=texts::layout_breadcrumbs()>
                <ol>
                    <li><a href="/">{texts::layout_breadcrumbs_shop()}</a></li>
                    <li><a href=PATH>{texts::journal_title()}</a></li>
                    <li aria-current="page">{card.title.clone()}</li>
                </ol>
            </nav>
            <article class="post">
                <header>
                    <h1>{card.title}</h1>
                    <p class="lead">{card.summary}</p>
                    <p class="muted small">{date(card.published_at)}</p>
                </header>
                {picture}
                <div class="prose" inner_html=post.body_html></div>
            </article>
        </div>
        {others}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_for_people_and_for_machines() {
        let html = Owner::new()
            .with(|| date("2026-11-05T09:00:00Z".parse().unwrap()).into_any().to_html());

        assert!(html.contains(r#"<time datetime="2026-11-05">5 November 2026</time>"#), "{html}");
    }
}
