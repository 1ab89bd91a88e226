//! `/search?q=`

use std::sync::Arc;

use api_types::{Category, ShopConfig, Sort};
use axum::{extract::State, http::Uri};
use leptos::prelude::*;

use super::{
    head::{Head, absolute},
    listing::Listing,
    listing_query::ListingQuery,
};
use crate::{
    api::Error,
    app::{App, Page},
    components::{EmptyState, Picture, layout::Here, recent::recent},
    currency::Prices,
    texts,
};

const PATH: &str = "/search";

/// Products that match what was typed; without words, the whole shop in the order asked for.
pub async fn search(
    State(app): State<App>,
    Prices(currency): Prices,
    uri: Uri,
) -> Result<Page, Error> {
    let shop = app.shop_config().await?;
    let query = ListingQuery::parse(uri.query().unwrap_or_default(), currency);
    let here = Here { path: PATH.to_owned(), words: query.words.clone() };
    let asks_nothing = query.words.is_empty() && query.sort == Sort::default();
    if asks_nothing && !query.is_filtered() && query.cursor.is_none() {
        let head = head(&app, PATH, texts::search_title().to_owned());
        let page = Page::public(texts::search_title(), move || unasked(&shop));
        return Ok(page.with_head(move || head.draw()).at(here));
    }
    let rows = app.api.products(&query.ask(currency)).await?;
    let title = title(&query);
    let shelves = shop.categories.clone();
    let head = head(&app, &query.at(None).address(PATH), title.clone());
    let listing = Listing { path: PATH.to_owned(), query, rows, currency, shelves };
    Ok(Page::public(title.clone(), move || draw(title, listing))
        .with_head(move || head.draw())
        .at(here))
}

/// The one address of a search, whatever else its address said.
fn head(app: &App, path: &str, title: String) -> Head {
    Head {
        canonical: absolute(&app.config.public_url, path),
        title,
        description: String::new(),
        kind: "website",
        picture: None,
        data: Vec::new(),
    }
}

fn title(query: &ListingQuery) -> String {
    match (query.words.as_str(), query.sort) {
        ("", Sort::Newest) => texts::search_new().to_owned(),
        ("", Sort::BestSelling) => texts::search_bought().to_owned(),
        ("", _) => texts::search_everything().to_owned(),
        (words, _) => texts::search_for(words),
    }
}

fn draw(title: String, listing: Listing) -> impl IntoView {
    let is_empty = listing.rows.data.is_empty();
    view! {
        <div class="page">
            <header class="shelf-head"><h1>{title}</h1></header>
            {listing.draw()}
        </div>
        {is_empty.then(|| recent(None))}
    }
    .into_any()
}

/// Nothing was asked for: say so, and show the shelves.
fn unasked(shop: &Arc<ShopConfig>) -> impl IntoView + use<> {
    view! {
        <div class="page">
            <header class="shelf-head"><h1>{texts::search_title()}</h1></header>
            <EmptyState
                title=texts::search_unasked()
                text=texts::search_unasked_text()
            >
                <a class="button" href="/search?sort=newest">{texts::search_unasked_new()}</a>
                <a class="button" href="/search?sort=best_selling">{texts::search_unasked_bought()}</a>
            </EmptyState>
            {tiles(&shop.categories)}
        </div>
        {recent(None)}
    }
    .into_any()
}

/// The top shelves by picture.
pub fn tiles(categories: &[Category]) -> impl IntoView + use<> {
    let tiles = categories
        .iter()
        .map(|category| {
            let picture = category.picture.clone().map(|picture| {
                view! { <Picture picture sizes="(max-width: 44rem) 92vw, 33vw" decorative=true/> }
            });
            view! {
                <li>
                    <a href=format!("/categories/{}", category.handle)>
                        {picture} <span>{category.title.clone()}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="tiles">{tiles}</ul> }.into_any()
}
