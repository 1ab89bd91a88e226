//! `/categories/{handle}`

use api_types::{Category, CategoryDetail, Crumb, ProductCard};
use axum::{
    extract::State,
    http::Uri,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{
    head::{Head, Shared, absolute, breadcrumbs, item_list},
    listing::Listing,
    listing_query::ListingQuery,
    moved,
};
use crate::{
    api::Error,
    app::{App, Page},
    components::{Breadcrumbs, Picture, layout::Here},
    currency::Prices,
    extract::Path,
    texts,
};

/// One shelf of the shop.
pub async fn category(
    State(app): State<App>,
    Path(handle): Path<String>,
    Prices(currency): Prices,
    uri: Uri,
) -> Result<Response, Error> {
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
    let head = head(&app, &detail, &rows.data, &path);
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

fn head(app: &App, detail: &CategoryDetail, rows: &[ProductCard], path: &str) -> Head {
    let public = &app.config.public_url;
    let goods = rows.iter().map(|card| (card.title.clone(), format!("/products/{}", card.handle)));
    let shelf = &detail.category;
    Head {
        canonical: absolute(public, path),
        title: shelf.title.clone(),
        description: shelf.intro.clone(),
        kind: "website",
        picture: shelf.picture.as_ref().and_then(|picture| Shared::of(public, picture)),
        data: vec![crumbs_data(app, &detail.breadcrumbs, None), item_list(public, goods)],
    }
}

/// The way to a page, for search engines.
pub fn crumbs_data(app: &App, crumbs: &[Crumb], last: Option<&str>) -> serde_json::Value {
    let shelves = crumbs
        .iter()
        .map(|crumb| (crumb.title.as_str(), Some(format!("/categories/{}", crumb.handle))));
    let steps: Vec<_> = shelves.chain(last.map(|title| (title, None))).collect();
    breadcrumbs(&app.config.public_url, &steps)
}
