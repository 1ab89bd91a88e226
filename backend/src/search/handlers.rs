//! Lists of products, and suggestions while typing.

use api_types::{
    Currency, FieldError, Page, PageInfo, ProductCard, ProductQuery, Sort, Suggestion,
    SuggestionKind, Suggestions,
};
use axum::{extract::State, http::HeaderMap, response::Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{
    Index,
    index::Listed,
    list::{Place, Wanted},
    matching::Figures,
    query::{self, Typed},
    shelves::Shelves,
};
use crate::{
    App,
    cache::Made,
    http::{ApiError, Failures, Query, Result, decode_cursor, encode_cursor},
};

/// Rows on a page when nobody says.
const USUAL_LIMIT: u32 = 24;

/// Most suggestions.
const SUGGESTIONS: usize = 8;

/// Most categories among them.
const SUGGESTED_SHELVES: usize = 3;

/// The tag of every finished answer that tells about products in general.
pub const TAG: &str = "products";

/// List products, searched, filtered and sorted
#[utoipa::path(
    get, path = "/products", tag = "catalog",
    params(ProductQuery),
    responses((status = 200, body = Page<ProductCard>), (status = 304, description = "Not changed"), Failures),
)]
pub async fn list_products(
    State(app): State<App>,
    headers: HeaderMap,
    Query(asked): Query<ProductQuery>,
) -> Result<Response> {
    let cache = app.cache.clone();
    let key = format!("products/{}", name_of(&asked));
    let make = async move || {
        let now = app.clock.now();
        let value = on_a_thread(move || list(&app.search, &asked, now)).await?;
        Ok(Made { value, tags: vec![TAG.to_owned()] })
    };
    cache.answer(&headers, key, make).await
}

/// Which words to complete.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuggestQuery {
    /// What was typed so far.
    #[serde(default)]
    q: String,
    /// Currency of prices; the shop's own when absent.
    currency: Option<Currency>,
}

/// Suggest products and categories while a shopper types
#[utoipa::path(
    get, path = "/search/suggest", tag = "catalog",
    params(SuggestQuery),
    responses((status = 200, body = Suggestions), (status = 304, description = "Not changed"), Failures),
)]
pub async fn suggest(
    State(app): State<App>,
    headers: HeaderMap,
    Query(asked): Query<SuggestQuery>,
) -> Result<Response> {
    let currency = known_currency(asked.currency, &app.search.shelves())?;
    let typed = query::understood(&asked.q);
    let cache = app.cache.clone();
    let key = format!("suggest/{currency}/{}", name_of(&typed.as_ref().map(|typed| &typed.code)));
    let make = async move || {
        let now = app.clock.now();
        let data = match typed {
            Some(typed) => {
                on_a_thread(move || suggestions(&app.search, &typed, currency, now)).await?
            }
            None => Vec::new(),
        };
        Ok(Made { value: Suggestions { data }, tags: vec![TAG.to_owned()] })
    };
    cache.answer(&headers, key, make).await
}

/// Searching takes the processor for a while: not on the threads that answer everybody.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|panic| ApiError::Internal(panic.into()))?
}

/// A place in a list, and the list that it is in.
#[derive(Serialize, Deserialize)]
struct Cursor {
    /// Which list: a cursor of another one means nothing here.
    list: String,
    place: Place,
    backwards: bool,
    /// What scores are made of; absent when the list is not scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    figures: Option<Figures>,
}

fn list(index: &Index, asked: &ProductQuery, now: DateTime<Utc>) -> Result<Page<Box<RawValue>>> {
    let shelves = index.shelves();
    let currency = known_currency(asked.currency, &shelves)?;
    let limit = checked(asked)?;
    let category = asked
        .category
        .as_deref()
        .map(|handle| shelves.named(handle).ok_or(ApiError::NotFound("category")))
        .transpose()?
        .map(super::shelves::Shelf::term);
    let typed = asked.q.as_deref().and_then(query::understood);
    let sort = asked.sort.unwrap_or_default();
    let name = name_of_list(asked, currency);
    let cursor = asked.cursor.as_deref().map(decode_cursor::<Cursor>).transpose()?;
    if cursor.as_ref().is_some_and(|cursor| cursor.list != name) {
        let words = "this cursor belongs to another list; start from the first page";
        return Err(ApiError::field("/cursor", "unknown", words));
    }
    let (from, backwards, figures) = match cursor {
        Some(cursor) => (Some(cursor.place), cursor.backwards, cursor.figures),
        None => (None, false, None),
    };
    let wanted = Wanted {
        sort,
        is_scored: typed.is_some(),
        currency,
        price_min: asked.price_min,
        price_max: asked.price_max,
        only_available: asked.available == Some(true),
        now: now.timestamp_micros(),
        from,
        backwards,
        limit,
    };
    let listed = index.list(typed.as_ref(), category.as_deref(), &wanted, figures)?;
    page(&listed, &name, typed.is_some(), asked.include.is_some())
}

fn page(
    listed: &Listed,
    list: &str,
    is_scored: bool,
    with_total: bool,
) -> Result<Page<Box<RawValue>>> {
    let cursor = |row: Option<&(Place, _)>, backwards| {
        let figures = is_scored.then(|| listed.figures.clone());
        row.map(|(place, _)| {
            encode_cursor(&Cursor {
                list: list.to_owned(),
                place: place.clone(),
                backwards,
                figures,
            })
        })
    };
    let found = &listed.found;
    let info = PageInfo {
        next_cursor: found.has_after.then(|| cursor(found.rows.last(), false)).flatten(),
        prev_cursor: found.has_before.then(|| cursor(found.rows.first(), true)).flatten(),
        total: with_total.then_some(found.total),
    };
    let cards = listed.cards.iter().cloned();
    let data = cards
        .map(RawValue::from_string)
        .collect::<serde_json::Result<_>>()
        .map_err(anyhow::Error::from)?;
    Ok(Page { data, page: info })
}

/// Refuses values that no list has; the limit of the page.
fn checked(asked: &ProductQuery) -> Result<usize> {
    let mut errors = Vec::new();
    let mut refuse = |pointer: &str, message: &str| {
        errors.push(FieldError {
            pointer: pointer.to_owned(),
            code: "out_of_range".to_owned(),
            message: message.to_owned(),
        });
    };
    let limit = asked.limit.unwrap_or(USUAL_LIMIT);
    if !(1..=100).contains(&limit) {
        refuse("/limit", "a page has 1 to 100 rows");
    }
    if asked.price_min.is_some_and(|price| price < 0) {
        refuse("/price_min", "a price is not negative");
    }
    if asked.price_max.is_some_and(|price| price < asked.price_min.unwrap_or(0)) {
        refuse("/price_max", "the highest price is not below the lowest");
    }
    if asked.include.as_deref().is_some_and(|include| include != "total") {
        refuse("/include", "a list can include its total, and nothing else");
    }
    if errors.is_empty() {
        Ok(usize::try_from(limit).unwrap_or(1))
    } else {
        Err(ApiError::Invalid(errors))
    }
}

fn known_currency(asked: Option<Currency>, shelves: &Shelves) -> Result<Currency> {
    let Some(currency) = asked else { return Ok(shelves.own_currency()) };
    if shelves.currencies.contains(&currency) {
        Ok(currency)
    } else {
        Err(ApiError::field(
            "/currency",
            "unknown_currency",
            format!("the shop has no prices in {currency}"),
        ))
    }
}

/// A name for the list that is asked for, whichever of its pages it is.
fn name_of_list(asked: &ProductQuery, currency: Currency) -> String {
    let list = ProductQuery {
        currency: Some(currency),
        sort: Some(asked.sort.unwrap_or_default()),
        cursor: None,
        limit: None,
        include: None,
        ..asked.clone()
    };
    name_of(&list)
}

/// A short name for what was asked, however long that is.
fn name_of(asked: &impl Serialize) -> String {
    let digest = Sha256::digest(serde_json::to_vec(asked).unwrap_or_default());
    hex::encode(&digest[..12])
}

fn suggestions(
    index: &Index,
    typed: &Typed,
    currency: Currency,
    now: DateTime<Utc>,
) -> Result<Vec<Suggestion>> {
    let shelves = index.shelves();
    let mut all: Vec<Suggestion> = shelves
        .suggested(typed)
        .into_iter()
        .filter(|shelf| index.has_products(&shelf.term()))
        .take(SUGGESTED_SHELVES)
        .map(|shelf| Suggestion {
            kind: SuggestionKind::Category,
            handle: shelf.handle.clone(),
            title: shelf.title.clone(),
            price: None,
            picture: None,
        })
        .collect();
    let wanted = Wanted {
        sort: Sort::Relevance,
        is_scored: true,
        currency,
        price_min: None,
        price_max: None,
        only_available: false,
        now: now.timestamp_micros(),
        from: None,
        backwards: false,
        limit: SUGGESTIONS - all.len(),
    };
    for card in index.suggest(typed, &wanted)? {
        let card: ProductCard = serde_json::from_str(&card).map_err(anyhow::Error::from)?;
        all.push(Suggestion {
            kind: SuggestionKind::Product,
            handle: card.handle,
            title: card.title,
            price: Some(card.price),
            picture: card.pictures.into_iter().next(),
        });
    }
    Ok(all)
}
