//! Products.

use api_types::{
    CategoryId, Page, ProductId,
    admin::{NewProduct, ProductRow, ProductSheet, ProductStatus, UpdateProduct},
};
use axum::{extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;

use super::{
    super::{
        edit::Edit,
        store::{
            products::{self, Draft},
            sheet::{self, Wanted},
        },
    },
    refusal,
};
use crate::{
    App,
    audit::{self, Change},
    catalog::import,
    http::{
        ApiError, Checks, Failures, IfMatch, Json, PageSize, Path, Query, Result, Versioned,
        decode_cursor, encode_cursor, words,
    },
    markup,
    staff::{Actor, May, may},
};

/// Longest description.
const LONGEST_DESCRIPTION: usize = 100_000;

/// Which products are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProductsQuery {
    /// Whether they are sold.
    status: Option<ProductStatus>,
    /// Their shelf, or one that it stands in.
    category: Option<CategoryId>,
    /// Part of title or handle, or how an article code begins.
    q: Option<String>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List products whatever their status, newest first
#[utoipa::path(
    get, path = "/admin/products", tag = "admin: catalog",
    params(ProductsQuery),
    responses((status = 200, body = Page<ProductRow>), Failures),
    security(("staff" = ["read_catalog"])),
)]
pub async fn list_all_products(
    _: May<may::ReadCatalog>,
    State(app): State<App>,
    Query(query): Query<ProductsQuery>,
) -> Result<Json<Page<ProductRow>>> {
    let size = PageSize::of(query.limit)?;
    let wanted = Wanted {
        status: query.status,
        category: query.category,
        words: words(query.q.as_deref())?,
        after: query.cursor.as_deref().map(decode_cursor).transpose()?,
    };
    let rows = app.db.read(async |conn| sheet::rows(conn, &wanted, size.and_one()).await).await?;
    Ok(Json(size.page(rows, |row| encode_cursor(&(row.created_at, row.id.0)))))
}

/// Make a draft with one variant
#[utoipa::path(
    post, path = "/admin/products", tag = "admin: catalog",
    request_body = NewProduct,
    responses((status = 201, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn make_product(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Json(given): Json<NewProduct>,
) -> Result<(StatusCode, Versioned<ProductSheet>)> {
    let mut checks = Checks::default();
    let title = checks.line("/title", &given.title, 200);
    let handle = given.handle.as_deref().map(|handle| checks.handle("/handle", handle));
    let description =
        description(given.description_html.as_deref().unwrap_or_default(), &mut checks);
    checks.done()?;
    let now = app.clock.now();
    let made = app
        .db
        .write(async |tx| {
            let usual = import::usual_tax_class(&mut *tx).await?;
            let tax_class = given.tax_class_id.or(usual).ok_or_else(|| {
                ApiError::conflict("no_tax_class", "the shop has no tax class yet; make one first")
            })?;
            let handle = match &handle {
                Some(handle) => handle.clone(),
                None => products::free_handle(&mut *tx, &stem(&title)).await?,
            };
            let draft = Draft {
                id: ProductId::new(),
                handle: &handle,
                title: &title,
                description_html: &description,
                category: given.category_id,
                tax_class,
            };
            products::insert(&mut *tx, &draft, now).await.map_err(refusal)?;
            made(tx, &actor, ("product.created", draft.id), now).await
        })
        .await?;
    Ok((StatusCode::CREATED, made))
}

/// A handle out of a title, with room for a number behind it.
fn stem(title: &str) -> String {
    let mut stem = import::slug(title);
    stem.truncate(80);
    let stem = stem.trim_end_matches('-');
    if stem.is_empty() { "product".to_owned() } else { stem.to_owned() }
}

/// HTML without what is not harmless.
fn description(html: &str, checks: &mut Checks) -> String {
    let fits = html.chars().count() <= LONGEST_DESCRIPTION && !html.contains('\0');
    checks.require(
        fits,
        "/description_html",
        "too_long",
        "Use at most 100 000 characters of plain HTML.",
    );
    if fits { markup::clean(html) } else { String::new() }
}

/// Reads what was made, and writes it down.
async fn made(
    tx: &mut PgConnection,
    actor: &Actor,
    (action, id): (&'static str, ProductId),
    now: DateTime<Utc>,
) -> Result<Versioned<ProductSheet>> {
    let made = sheet::product(&mut *tx, id).await?.ok_or(ApiError::NotFound("product"))?;
    audit::record(tx, actor, &Change::made(action, id, &made), now).await?;
    Ok(Versioned(made.version, made))
}

/// Show everything of a product
#[utoipa::path(
    get, path = "/admin/products/{id}", tag = "admin: catalog",
    params(("id" = ProductId, Path)),
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["read_catalog"])),
)]
pub async fn show_product_sheet(
    _: May<may::ReadCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
) -> Result<Versioned<ProductSheet>> {
    let found = app.db.read(async |conn| sheet::product(conn, id).await).await?;
    let found = found.ok_or(ApiError::NotFound("product"))?;
    Ok(Versioned(found.version, found))
}

/// Change a product
#[utoipa::path(
    patch, path = "/admin/products/{id}", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("if-match" = IfMatch, Header)),
    request_body = UpdateProduct,
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn update_product(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
    seen: IfMatch,
    Json(given): Json<UpdateProduct>,
) -> Result<Versioned<ProductSheet>> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let edit = Edit::begin(&mut *tx, id, Some(seen), now).await?;
            let after = changed(&edit.before, &given, now)?;
            products::update(&mut *tx, &after).await.map_err(refusal)?;
            edit.end(tx, &actor, "product.updated").await
        })
        .await
}

/// A product as it is wanted to be.
fn changed(
    before: &ProductSheet,
    given: &UpdateProduct,
    now: DateTime<Utc>,
) -> Result<ProductSheet> {
    let (mut after, mut checks) = (before.clone(), Checks::default());
    if let Some(title) = &given.title {
        after.title = checks.line("/title", title, 200);
    }
    if let Some(handle) = &given.handle {
        after.handle = checks.handle("/handle", handle);
    }
    if let Some(html) = &given.description_html {
        after.description_html = description(html, &mut checks);
    }
    for (pointer, given, field, longest) in [
        ("/subtitle", &given.subtitle, &mut after.subtitle, 200),
        ("/brand", &given.brand, &mut after.brand, 100),
        ("/product_type", &given.product_type, &mut after.product_type, 100),
        ("/seo_title", &given.seo_title, &mut after.seo_title, 200),
        ("/seo_description", &given.seo_description, &mut after.seo_description, 500),
    ] {
        if let Some(text) = given {
            *field = checks.optional(pointer, text.as_deref(), longest);
        }
    }
    lists(given, &mut after, &mut checks);
    after.category_id = given.category_id.unwrap_or(before.category_id);
    after.tax_class_id = given.tax_class_id.unwrap_or(before.tax_class_id);
    if let Some(published_at) = given.published_at {
        let is_past = published_at.is_none_or(|at| at <= now && at.timestamp() >= 0);
        checks.require(is_past, "/published_at", "future", "Choose a moment that is over.");
        after.published_at = published_at;
    }
    checks.done()?;
    Ok(after)
}

fn lists(given: &UpdateProduct, after: &mut ProductSheet, checks: &mut Checks) {
    if let Some(tags) = &given.tags {
        checks.require(tags.len() <= 50, "/tags", "too_many", "Use at most 50 tags.");
        after.tags = Vec::new();
        for (place, tag) in tags.iter().take(50).enumerate() {
            let tag = checks.line(&format!("/tags/{place}"), tag, 60);
            if !after.tags.contains(&tag) {
                after.tags.push(tag);
            }
        }
    }
    if let Some(details) = &given.details {
        checks.require(details.len() <= 100, "/details", "too_many", "Use at most 100 lines.");
        after.details.clone_from(details);
        after.details.truncate(100);
        for (place, detail) in after.details.iter_mut().enumerate() {
            detail.name = checks.line(&format!("/details/{place}/name"), &detail.name, 100);
            detail.value = checks.line(&format!("/details/{place}/value"), &detail.value, 500);
        }
    }
}

/// Put a product up for sale
#[utoipa::path(
    post, path = "/admin/products/{id}/publish", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn publish_product(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
    seen: IfMatch,
) -> Result<Versioned<ProductSheet>> {
    set_status(&app, &actor, id, seen, ProductStatus::Active).await
}

/// Put a product away
#[utoipa::path(
    post, path = "/admin/products/{id}/archive", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn archive_product(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
    seen: IfMatch,
) -> Result<Versioned<ProductSheet>> {
    set_status(&app, &actor, id, seen, ProductStatus::Archived).await
}

/// Make an archived product a draft again
#[utoipa::path(
    post, path = "/admin/products/{id}/restore", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn restore_product(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
    seen: IfMatch,
) -> Result<Versioned<ProductSheet>> {
    set_status(&app, &actor, id, seen, ProductStatus::Draft).await
}

async fn set_status(
    app: &App,
    actor: &Actor,
    id: ProductId,
    seen: IfMatch,
    status: ProductStatus,
) -> Result<Versioned<ProductSheet>> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let edit = Edit::begin(&mut *tx, id, Some(seen), now).await?;
            let after = with_status(&edit.before, status, now)?;
            products::update(&mut *tx, &after).await?;
            edit.end(tx, actor, action(status)).await
        })
        .await
}

/// What giving a product a status is called.
pub fn action(status: ProductStatus) -> &'static str {
    match status {
        ProductStatus::Draft => "product.restored",
        ProductStatus::Active => "product.published",
        ProductStatus::Archived => "product.archived",
    }
}

/// A product with another status, if it can have that.
pub fn with_status(
    before: &ProductSheet,
    status: ProductStatus,
    now: DateTime<Utc>,
) -> Result<ProductSheet> {
    let mut after = before.clone();
    after.status = status;
    match (before.status, status) {
        (ProductStatus::Archived, ProductStatus::Active) => Err(ApiError::conflict(
            "archived",
            "it is archived: restore it, look it over, and publish it then",
        )),
        (ProductStatus::Active, ProductStatus::Draft) => {
            Err(ApiError::conflict("not_archived", "only what is archived can be restored"))
        }
        (_, ProductStatus::Active) => {
            let mut for_sale = before.variants.iter().filter(|variant| !variant.is_archived);
            if !for_sale.any(|variant| variant.prices.iter().any(|it| it.min_quantity == 1)) {
                return Err(ApiError::rejected(
                    "nothing_to_sell",
                    "give at least one variant a price before it is published",
                ));
            }
            after.published_at = before.published_at.or(Some(now));
            Ok(after)
        }
        _ => Ok(after),
    }
}

/// Take a draft away that nobody ever bought
#[utoipa::path(
    delete, path = "/admin/products/{id}", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn delete_product(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let before = Edit::begin(&mut *tx, id, Some(seen), now).await?.before;
            if before.status != ProductStatus::Draft {
                return Err(ApiError::conflict(
                    "not_a_draft",
                    "only drafts go; archive it instead",
                ));
            }
            let is_wanted = products::is_wanted(&mut *tx, id).await?;
            let has_stock =
                before.variants.iter().flat_map(|it| &it.stock).any(|it| it.on_hand > 0);
            if is_wanted || has_stock {
                return Err(ApiError::conflict(
                    "in_use",
                    "it was bought, is in a cart or lies at a location; archive it instead",
                ));
            }
            products::delete(&mut *tx, id).await.map_err(refusal)?;
            audit::record(tx, &actor, &Change::removed("product.deleted", id, &before), now)
                .await?;
            Ok(StatusCode::NO_CONTENT)
        })
        .await
}

/// Make a draft that is like a product, without article codes and stock
#[utoipa::path(
    post, path = "/admin/products/{id}/duplicate", tag = "admin: catalog",
    params(("id" = ProductId, Path)),
    responses((status = 201, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn duplicate_product(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
) -> Result<(StatusCode, Versioned<ProductSheet>)> {
    let now = app.clock.now();
    let made = app
        .db
        .write(async |tx| {
            let before = Edit::begin(&mut *tx, id, None, now).await?.before;
            let copy = ProductId::new();
            let handle = format!("{}-copy", stem(&before.handle));
            let handle = products::free_handle(&mut *tx, &handle).await?;
            let named = (handle.as_str(), before.title.as_str());
            products::duplicate(&mut *tx, id, copy, named, now).await.map_err(refusal)?;
            made(tx, &actor, ("product.created", copy), now).await
        })
        .await?;
    Ok((StatusCode::CREATED, made))
}
