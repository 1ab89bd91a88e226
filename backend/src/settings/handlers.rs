//! Answers that a storefront needs before it draws a page.

use api_types::{
    HomePage, HomeSection, Money, Picture, PostCard, ProductCard, ProductId, ShopConfig,
};
use axum::{extract::State, http::HeaderMap, response::Response};

use super::{
    AskedCurrency, TAG,
    store::{self, Row},
};
use crate::{
    App,
    cache::Made,
    catalog, content,
    http::{Failures, Query, Result},
};

/// Most products in a row of the home page.
const ROW: i64 = 8;
/// Posts of the journal on the home page.
const POSTS: i64 = 3;

/// Show what a storefront must know: regions, currencies, shelves and links
#[utoipa::path(
    get, path = "/config", tag = "settings",
    responses((status = 200, body = ShopConfig), (status = 304, description = "Not changed"), Failures),
)]
pub async fn show_config(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let cache = app.cache.clone();
    cache.answer(&headers, "config".to_owned(), move || config(app)).await
}

async fn config(app: App) -> Result<Made<ShopConfig>> {
    let known = app.settings.known(&app).await?;
    let shelves = app.shelves.read(&app).await?;
    let currency = known.default_currency;
    let now = app.clock.now();
    let (parts, has_journal) = app
        .db
        .read::<_, sqlx::Error>(async |conn| {
            let parts = store::config(&mut *conn, currency).await?;
            Ok((parts, content::has_posts(conn, now).await?))
        })
        .await?;
    let (name, tagline) =
        parts.name.map_or_else(Default::default, |name| (name.name, name.tagline));
    Ok(Made {
        value: ShopConfig {
            name: if name.is_empty() { "Oxcart".to_owned() } else { name },
            tagline,
            default_currency: currency,
            currencies: known.currencies.iter().map(|(currency, _)| *currency).collect(),
            regions: parts.regions,
            categories: shelves.tree().to_vec(),
            footer: parts.footer,
            has_journal,
            free_delivery_from: parts.free_from.map(|amount| Money::new(amount, currency)),
        },
        tags: [content::TAG, TAG, "categories"].map(str::to_owned).to_vec(),
    })
}

/// Show the home page
#[utoipa::path(
    get, path = "/home", tag = "settings",
    params(AskedCurrency),
    responses((status = 200, body = HomePage), (status = 304, description = "Not changed"), Failures),
)]
pub async fn show_home(
    State(app): State<App>,
    headers: HeaderMap,
    Query(asked): Query<AskedCurrency>,
) -> Result<Response> {
    let currency = app.settings.currency(&app, asked.currency.as_deref()).await?;
    let cache = app.cache.clone();
    cache.answer(&headers, format!("home?{currency}"), move || home(app, currency)).await
}

async fn home(app: App, currency: api_types::Currency) -> Result<Made<HomePage>> {
    let shelves = app.shelves.read(&app).await?;
    let now = app.clock.now();
    let (parts, cards, posts): (store::HomeParts, Vec<ProductCard>, Vec<PostCard>) = app
        .db
        .read::<_, sqlx::Error>(async |conn| {
            let parts = store::home(&mut *conn, ROW).await?;
            let mut ids = [parts.newest.as_slice(), parts.bestsellers.as_slice()].concat();
            ids.sort();
            ids.dedup();
            let cards = catalog::cards(&mut *conn, &ids, currency).await?;
            Ok((parts, cards, content::newest_posts(conn, now, POSTS).await?))
        })
        .await?;
    let row = |ids: &[ProductId]| -> Vec<ProductCard> {
        ids.iter().filter_map(|id| cards.iter().find(|card| card.id == *id)).cloned().collect()
    };
    let hides = |row: Row| parts.home.hides.contains(&row);
    let tags = cards
        .iter()
        .map(|card| catalog::tag(card.id))
        .chain(["home".to_owned(), content::TAG.to_owned()]);
    let value = HomePage {
        hero: parts.home.hero.map(|section| section_of(section, &parts.pictures)),
        new_arrivals: if hides(Row::NewArrivals) { Vec::new() } else { row(&parts.newest) },
        best_sellers: if hides(Row::BestSellers) { Vec::new() } else { row(&parts.bestsellers) },
        story: parts.home.story.map(|section| section_of(section, &parts.pictures)),
        posts: if hides(Row::Posts) { Vec::new() } else { posts },
        promises: parts.home.promises,
        categories: shelves.tree().iter().map(catalog::without_children).collect(),
    };
    Ok(Made { value, tags: tags.collect() })
}

fn section_of(section: store::Section, pictures: &[(String, Picture)]) -> HomeSection {
    let picture = |stem: Option<String>| {
        let stem = stem?;
        pictures.iter().find(|(source, _)| *source == stem).map(|(_, picture)| picture.clone())
    };
    HomeSection {
        title: section.title,
        text: section.text,
        link: section.link,
        picture: picture(section.picture),
        phone_picture: picture(section.phone_picture),
    }
}
