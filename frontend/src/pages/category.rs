//! `/categories/{handle}`

use api_types::{Category, CategoryDetail, Crumb};
use axum::{
    extract::State,
    http::Uri,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde_json::json;

use super::{
    head::{Head, absolute, picture_address},
    listing::Listing,
    listing_query::ListingQuery,
    moved,
};
use crate::{
    api::Error,
    app::{App, Page},
    components::{Breadcrumbs, Picture, layout::Here},
    extract::Path,
    texts,
};

/// One shelf of the shop.
pub async fn category(
    State(app): State<App>,
    Path(handle): Path<String>,
    uri: Uri,
) -> Result<Response, Error> {
    let currency = app.shop_config().await?.default_currency;
    let path = uri.path().to_owned();
    let query = ListingQuery {
        category: None,
        words: String::new(),
        ..ListingQuery::parse(uri.query().unwrap_or_default(), currency)
    };
    let on_shelf = ListingQuery { category: Some(handle.clone()), ..query.clone() };
    let ask = on_shelf.ask(currency);
    let asked = tokio::try_join!(app.api.category(&handle), app.api.products(&ask));
    let (detail, rows) = match asked {
        Ok(found) => found,
        Err(error) => return Ok(moved::or_failed(&app, &path, error).await),
    };
    let head = head(&app, &detail, &path);
    let title = detail.category.title.clone();
    let intro = detail.category.intro.clone();
    let listing = Listing { path: path.clone(), query, rows, currency, shelves: Vec::new() };
    let page = Page::public(title, move || draw(detail, listing))
        .with_description(intro)
        .with_head(move || head.draw())
        .at(Here { path, words: String::new() });
    Ok(page.into_response())
}

fn draw(detail: CategoryDetail, listing: Listing) -> impl IntoView {
    let shelf = detail.category;
    view! {
        <div class="page">
            <Breadcrumbs crumbs=above(detail.breadcrumbs, &shelf.handle) here=shelf.title.clone()/>
            <header class="shelf-head">
                <h1>{shelf.title}</h1>
                {(!shelf.intro.is_empty()).then(|| view! { <p class="lead muted">{shelf.intro}</p> })}
            </header>
            {inside(shelf.children)}
            {listing.draw()}
        </div>
    }
    .into_any()
}

/// The way to a shelf without the shelf itself.
fn above(mut crumbs: Vec<Crumb>, handle: &str) -> Vec<Crumb> {
    crumbs.retain(|crumb| crumb.handle != handle);
    crumbs
}

fn inside(children: Vec<Category>) -> impl IntoView {
    (!children.is_empty()).then(|| {
        let shelves = children
            .into_iter()
            .map(|child| {
                let picture = child.picture.map(|picture| {
                    view! { <Picture picture sizes="6rem" decorative=true/> }
                });
                view! {
                    <li>
                        <a href=format!("/categories/{}", child.handle)>{picture} {child.title}</a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <nav class="inside" aria-label=texts::listing_inside()>
                <ul>{shelves}</ul>
            </nav>
        }
        .into_any()
    })
}

fn head(app: &App, detail: &CategoryDetail, path: &str) -> Head {
    let public = &app.config.public_url;
    let shelf = &detail.category;
    Head {
        canonical: absolute(public, path),
        title: shelf.title.clone(),
        description: shelf.intro.clone(),
        kind: "website",
        picture: shelf.picture.as_ref().map(|picture| picture_address(public, picture)),
        data: vec![crumbs_data(app, &detail.breadcrumbs, None)],
    }
}

/// The way to a page, for search engines.
pub fn crumbs_data(app: &App, crumbs: &[Crumb], last: Option<&str>) -> serde_json::Value {
    let steps = crumbs.iter().map(|crumb| {
        let path = format!("/categories/{}", crumb.handle);
        (crumb.title.as_str(), Some(absolute(&app.config.public_url, &path)))
    });
    let items: Vec<_> = steps
        .chain(last.map(|title| (title, None)))
        .enumerate()
        .map(|(place, (name, item))| {
            let mut step = json!({ "@type": "ListItem", "position": place + 1, "name": name });
            if let Some(item) = item {
                step["item"] = json!(item);
            }
            step
        })
        .collect();
    json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": items,
    })
}
