//! Variants of a product.

use api_types::{
    ProductId, VariantId,
    admin::{NewVariant, ProductSheet, UpdateVariant, VariantSheet},
};
use axum::{extract::State, http::StatusCode};

use super::{
    super::{edit::Edit, grid, store::variants},
    options::{check_room, check_values},
    refusal,
};
use crate::{
    App,
    http::{ApiError, Checks, Failures, IfMatch, Json, Path, Result, Versioned},
    staff::{May, may},
};

/// Most that anything may cost, in minor units: a number that every program can hold.
pub const MOST_MONEY: i64 = 1_000_000_000_000;

/// Make a variant
#[utoipa::path(
    post, path = "/admin/products/{id}/variants", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("if-match" = IfMatch, Header)),
    request_body = NewVariant,
    responses((status = 201, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn make_variant(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
    seen: IfMatch,
    Json(given): Json<NewVariant>,
) -> Result<(StatusCode, Versioned<ProductSheet>)> {
    let mut checks = Checks::default();
    let sku = checks.optional("/sku", given.sku.as_deref(), 100);
    checks.done()?;
    let now = app.clock.now();
    let after = app
        .db
        .write(async |tx| {
            let edit = Edit::begin(&mut *tx, id, Some(seen), now).await?;
            check_values(&edit.before, &given.options)?;
            check_room(&edit.before, 1)?;
            variants::insert(&mut *tx, id, std::slice::from_ref(&given.options), sku.as_deref())
                .await
                .map_err(refusal)?;
            edit.end(tx, &actor, "product.updated").await
        })
        .await?;
    Ok((StatusCode::CREATED, after))
}

/// Make a variant of every combination that has none
#[utoipa::path(
    post, path = "/admin/products/{id}/variants/generate", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn generate_variants(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
    seen: IfMatch,
) -> Result<Versioned<ProductSheet>> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let edit = Edit::begin(&mut *tx, id, Some(seen), now).await?;
            let missing = grid::missing(&edit.before.options, &edit.before.variants);
            let missing = missing.ok_or_else(|| {
                let detail = "these options make more than 100 variants: make some of them by hand";
                ApiError::rejected("too_many_variants", detail)
            })?;
            variants::insert(&mut *tx, id, &missing, None).await?;
            edit.end(tx, &actor, "product.updated").await
        })
        .await
}

/// Change a variant
#[utoipa::path(
    patch, path = "/admin/products/{id}/variants/{variant}", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("variant" = VariantId, Path), ("if-match" = IfMatch, Header)),
    request_body = UpdateVariant,
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn update_variant(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path((id, variant)): Path<(ProductId, VariantId)>,
    seen: IfMatch,
    Json(given): Json<UpdateVariant>,
) -> Result<Versioned<ProductSheet>> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let edit = Edit::begin(&mut *tx, id, Some(seen), now).await?;
            let before = of(&edit.before, variant)?;
            let after = changed(before, &given)?;
            if before.is_archived && !after.is_archived {
                check_values(&edit.before, &before.options)?;
                check_room(&edit.before, 1)?;
            }
            let begins = after.track_inventory && !before.track_inventory;
            if begins && variants::was_sold(&mut *tx, variant).await? {
                return Err(ApiError::conflict(
                    "sold_uncounted",
                    "some were sold without being counted: make another variant to count",
                ));
            }
            variants::update(&mut *tx, &after, now).await.map_err(refusal)?;
            edit.end(tx, &actor, "variant.updated").await
        })
        .await
}

fn of(product: &ProductSheet, variant: VariantId) -> Result<&VariantSheet> {
    let found = product.variants.iter().find(|it| it.id == variant);
    found.ok_or(ApiError::NotFound("variant"))
}

/// A variant as it is wanted to be.
fn changed(before: &VariantSheet, given: &UpdateVariant) -> Result<VariantSheet> {
    let (mut after, mut checks) = (before.clone(), Checks::default());
    if let Some(sku) = &given.sku {
        after.sku = checks.optional("/sku", sku.as_deref(), 100);
    }
    if let Some(barcode) = &given.barcode {
        after.barcode = checks.optional("/barcode", barcode.as_deref(), 100);
    }
    if let Some(weight) = given.weight_g {
        checks.range("/weight_g", weight.into(), (0, 1_000_000));
        after.weight_g = weight;
    }
    if let Some(limit) = given.purchase_limit {
        checks.range("/purchase_limit", limit.into(), (1, 999));
        after.purchase_limit = limit;
    }
    if let Some(cost) = given.cost {
        checks.range("/cost", cost.unwrap_or_default(), (0, MOST_MONEY));
        after.cost = cost;
    }
    after.requires_shipping = given.requires_shipping.unwrap_or(before.requires_shipping);
    after.track_inventory = given.track_inventory.unwrap_or(before.track_inventory);
    after.is_archived = given.is_archived.unwrap_or(before.is_archived);
    checks.done()?;
    Ok(after)
}

/// Take a variant away; one that is in an order, a cart or a location is archived instead
#[utoipa::path(
    delete, path = "/admin/products/{id}/variants/{variant}", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("variant" = VariantId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn delete_variant(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path((id, variant)): Path<(ProductId, VariantId)>,
    seen: IfMatch,
) -> Result<Versioned<ProductSheet>> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let edit = Edit::begin(&mut *tx, id, Some(seen), now).await?;
            of(&edit.before, variant)?;
            if variants::kept(&mut *tx, &[variant]).await?.is_empty() {
                variants::delete(&mut *tx, &[variant]).await.map_err(refusal)?;
            } else {
                variants::archive(&mut *tx, &[variant], now).await?;
            }
            edit.end(tx, &actor, "variant.deleted").await
        })
        .await
}
