//! Answers that a storefront needs before it draws a page.

use api_types::{
    ContentPage, HomePage, HomeSection, Money, Picture, ProductCard, ProductId, ShopConfig,
};
use axum::{extract::State, http::HeaderMap, response::Response};

use super::{AskedCurrency, store};
use crate::{
    App,
    cache::Made,
    catalog,
    http::{ApiError, Failures, Path, Query, Result},
};

/// Most products in a row of the home page.
const ROW: i64 = 8;

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
    let parts = app.db.read(async |conn| store::config(conn, currency).await).await?;
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
            free_delivery_from: parts.free_from.map(|amount| Money::new(amount, currency)),
        },
        tags: vec!["settings".to_owned(), "categories".to_owned()],
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
    let (parts, cards): (store::HomeParts, Vec<ProductCard>) = app
        .db
        .read::<_, sqlx::Error>(async |conn| {
            let parts = store::home(&mut *conn, ROW).await?;
            let mut ids = [parts.newest.as_slice(), parts.bestsellers.as_slice()].concat();
            ids.sort();
            ids.dedup();
            let cards = catalog::cards(conn, &ids, currency).await?;
            Ok((parts, cards))
        })
        .await?;
    let row = |ids: &[ProductId]| -> Vec<ProductCard> {
        ids.iter().filter_map(|id| cards.iter().find(|card| card.id == *id)).cloned().collect()
    };
    let tags = cards.iter().map(|card| catalog::tag(card.id)).chain(["home".to_owned()]).collect();
    let value = HomePage {
        hero: parts.home.hero.map(|section| section_of(section, &parts.pictures)),
        new_arrivals: row(&parts.newest),
        best_sellers: row(&parts.bestsellers),
        story: parts.home.story.map(|section| section_of(section, &parts.pictures)),
        promises: parts.home.promises,
        categories: shelves.tree().iter().map(catalog::without_children).collect(),
    };
    Ok(Made { value, tags })
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

/// Show a page of words, such as the terms
#[utoipa::path(
    get, path = "/pages/{slug}", tag = "settings",
    params(("slug" = String, Path)),
    responses((status = 200, body = ContentPage), (status = 304, description = "Not changed"), Failures),
)]
pub async fn show_page(
    State(app): State<App>,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response> {
    let cache = app.cache.clone();
    cache.answer(&headers, format!("page/{slug}"), move || page(app, slug)).await
}

async fn page(app: App, slug: String) -> Result<Made<ContentPage>> {
    let found = app.db.read(async |conn| store::page(conn, &slug).await).await?;
    let value = found.ok_or(ApiError::NotFound("page"))?;
    Ok(Made { value, tags: vec!["settings".to_owned()] })
}
