//! `/pages/{slug}`

use axum::{
    extract::State,
    http::Uri,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{
    head::{Head, absolute, breadcrumbs},
    moved,
};
use crate::{
    api::Error,
    app::{App, Page},
    components::{Breadcrumbs, layout::Here},
    extract::Path,
    texts,
};

/// A page of words.
pub async fn content(
    State(app): State<App>,
    Path(slug): Path<String>,
    uri: Uri,
) -> Result<Response, Error> {
    let path = uri.path().to_owned();
    let words = match app.api.content(&slug).await {
        Ok(words) => words,
        Err(error) => return Ok(moved::or_failed(&app, &path, error).await),
    };
    let head = Head {
        canonical: absolute(&app.config.public_url, &path),
        title: words.title.clone(),
        description: words.summary.clone(),
        kind: "website",
        picture: None,
        data: vec![breadcrumbs(
            &app.config.public_url,
            &[(texts::layout_breadcrumbs_shop(), Some("/".to_owned())), (&words.title, None)],
        )],
    };
    let (title, about) = (words.title.clone(), words.summary.clone());
    let page = Page::public(title, move || {
        view! {
            <div class="page">
                <Breadcrumbs crumbs=Vec::new() here=words.title.clone()/>
                <article class="content">
                    <h1>{words.title}</h1>
                    <div class="prose" inner_html=words.body_html></div>
                </article>
            </div>
        }
    })
    .with_description(about)
    .with_head(move || head.draw())
    .at(Here { path, words: String::new() });
    Ok(page.into_response())
}
