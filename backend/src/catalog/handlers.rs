//! Shelves, product pages, and where old addresses lead.

use api_types::{Category, CategoryDetail, Currency, ProductDetail, Redirect};
use axum::{extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};

use super::{store, tag};
use crate::{
    App,
    cache::Made,
    http::{ApiError, Failures, Json, Path, Query, Result},
    settings::{self, AskedCurrency},
};

/// Every shelf.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Categories {
    /// Top shelves with those inside them.
    data: Vec<Category>,
}

/// List the shelves as a tree
#[utoipa::path(
    get, path = "/categories", tag = "catalog",
    responses((status = 200, body = Categories), (status = 304, description = "Not changed"), Failures),
)]
pub async fn list_categories(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let cache = app.cache.clone();
    let make = async move || {
        let shelves = app.shelves.read(&app).await?;
        Ok(Made { value: Categories { data: shelves.tree().to_vec() }, tags: about_categories() })
    };
    cache.answer(&headers, "categories".to_owned(), make).await
}

/// Show a shelf, the shelves inside it, and the way to it
#[utoipa::path(
    get, path = "/categories/{handle}", tag = "catalog",
    params(("handle" = String, Path)),
    responses((status = 200, body = CategoryDetail), (status = 304, description = "Not changed"), Failures),
)]
pub async fn show_category(
    State(app): State<App>,
    headers: HeaderMap,
    Path(handle): Path<String>,
) -> Result<Response> {
    let cache = app.cache.clone();
    let key = format!("category/{handle}");
    let make = async move || {
        let shelves = app.shelves.read(&app).await?;
        let value = shelves.detail(&handle).ok_or(ApiError::NotFound("category"))?;
        Ok(Made { value, tags: about_categories() })
    };
    cache.answer(&headers, key, make).await
}

fn about_categories() -> Vec<String> {
    vec!["categories".to_owned()]
}

/// Show a product with all that its page needs
#[utoipa::path(
    get, path = "/products/{handle}", tag = "catalog",
    params(("handle" = String, Path), AskedCurrency),
    responses((status = 200, body = ProductDetail), (status = 304, description = "Not changed"), Failures),
)]
pub async fn show_product(
    State(app): State<App>,
    headers: HeaderMap,
    Path(handle): Path<String>,
    Query(asked): Query<AskedCurrency>,
) -> Result<Response> {
    let currency = app.settings.currency(&app, asked.currency.as_deref()).await?;
    let cache = app.cache.clone();
    let key = format!("product/{handle}?{currency}");
    cache.answer(&headers, key, move || product(app, handle, currency)).await
}

async fn product(app: App, handle: String, currency: Currency) -> Result<Made<ProductDetail>> {
    let known = app.settings.known(&app).await?;
    let found = app
        .db
        .read::<_, sqlx::Error>(async |conn| {
            let Some(mut found) = store::product(&mut *conn, &handle, currency).await? else {
                return Ok(None);
            };
            if !found.related.is_empty() {
                found.product.related = store::cards(conn, &found.related, currency).await?;
            }
            Ok(Some(found.product))
        })
        .await?;
    let mut value = found.ok_or(ApiError::NotFound("product"))?;
    value.tax_included = known.tax_included(currency);
    let about = value.related.iter().map(|card| card.id).chain([value.id]);
    let tags = about.map(tag).chain([settings::CURRENCIES.to_owned()]);
    Ok(Made { tags: tags.collect(), value })
}

/// `?path=`.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OldPath {
    /// Path that was asked for, such as `/products/old-mug`.
    path: String,
}

/// Say where an old address leads
#[utoipa::path(
    get, path = "/redirects/resolve", tag = "catalog",
    params(OldPath),
    responses((status = 200, body = Redirect), Failures),
)]
pub async fn resolve_redirect(
    State(app): State<App>,
    Query(old): Query<OldPath>,
) -> Result<Json<Redirect>> {
    let target = app.db.read(async |conn| store::redirect(conn, &old.path).await).await?;
    target.map(|target| Json(Redirect { target })).ok_or(ApiError::NotFound("redirect"))
}
