//! What can be chosen of a product, and the pictures that show it.

use std::collections::BTreeSet;

use api_types::{
    ProductId,
    admin::{ProductSheet, SetOptions, SetPictures},
};
use axum::extract::State;
use serde_json::json;
use sqlx::PgConnection;

use super::{
    super::{
        edit::Edit,
        grid::{self, MOST_VARIANTS},
        store::{options, variants},
    },
    refusal,
};
use crate::{
    App,
    http::{ApiError, Checks, Failures, IfMatch, Json, Path, Result, Versioned},
    staff::{May, may},
};

/// Most pictures of a product.
const MOST_PICTURES: usize = 100;

/// Replace the ways to choose; variants keep to values that are renamed
#[utoipa::path(
    put, path = "/admin/products/{id}/options", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("if-match" = IfMatch, Header)),
    request_body = SetOptions,
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn set_options(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
    seen: IfMatch,
    Json(given): Json<SetOptions>,
) -> Result<Versioned<ProductSheet>> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let edit = Edit::begin(&mut *tx, id, Some(seen), now).await?;
            let before = &edit.before;
            let mut checks = Checks::default();
            let wanted = grid::tidy(&given.options, &before.options, &mut checks);
            checks.done()?;
            let plan = grid::plan(&wanted, &before.options, &before.variants).map_err(
                |(one, other)| {
                    ApiError::conflict(
                        "variants_collide",
                        "two variants would be the same: take one of them away first",
                    )
                    .with_facts(json!({ "variants": [one, other] }))
                },
            )?;
            options::set(&mut *tx, id, &wanted).await?;
            options::set_values(&mut *tx, &plan.moves).await?;
            let kept = variants::kept(&mut *tx, &plan.leave).await?;
            let (archived, deleted): (Vec<_>, Vec<_>) =
                plan.leave.iter().partition(|variant| kept.contains(variant));
            variants::archive(&mut *tx, &archived, now).await?;
            variants::delete(&mut *tx, &deleted).await.map_err(refusal)?;
            let pictures = before.pictures.iter().map(|it| {
                let option = it.option.as_ref().and_then(|choice| grid::shown(&wanted, choice));
                (it.picture.id, option)
            });
            let pictures: Vec<_> = pictures.collect();
            options::set_pictures(&mut *tx, id, &pictures).await?;
            edit.end(tx, &actor, "product.updated").await
        })
        .await
}

/// Replace a product's pictures
#[utoipa::path(
    put, path = "/admin/products/{id}/media", tag = "admin: catalog",
    params(("id" = ProductId, Path), ("if-match" = IfMatch, Header)),
    request_body = SetPictures,
    responses((status = 200, body = ProductSheet), Failures),
    security(("staff" = ["edit_catalog"])),
)]
pub async fn set_pictures(
    May { actor, .. }: May<may::EditCatalog>,
    State(app): State<App>,
    Path(id): Path<ProductId>,
    seen: IfMatch,
    Json(given): Json<SetPictures>,
) -> Result<Versioned<ProductSheet>> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let edit = Edit::begin(&mut *tx, id, Some(seen), now).await?;
            check_pictures(&mut *tx, &given, &edit.before).await?;
            let pictures: Vec<_> =
                given.pictures.iter().map(|it| (it.media_id, it.option.clone())).collect();
            options::set_pictures(&mut *tx, id, &pictures).await?;
            edit.end(tx, &actor, "product.updated").await
        })
        .await
}

async fn check_pictures(
    tx: &mut PgConnection,
    given: &SetPictures,
    product: &ProductSheet,
) -> Result<()> {
    let mut checks = Checks::default();
    let is_short = given.pictures.len() <= MOST_PICTURES;
    checks.require(is_short, "/pictures", "too_many", "A product has at most 100 pictures.");
    let ids: Vec<_> = given.pictures.iter().take(MOST_PICTURES).map(|it| it.media_id).collect();
    let known = options::known_pictures(tx, &ids).await?;
    let mut hung = BTreeSet::new();
    for (place, picture) in given.pictures.iter().take(MOST_PICTURES).enumerate() {
        let at = format!("/pictures/{place}/media_id");
        checks.require(
            known.contains(&picture.media_id),
            &at,
            "unknown",
            "There is no such picture.",
        );
        checks.require(hung.insert(picture.media_id), &at, "twice", "It hangs there already.");
        let is_choice = picture.option.as_ref().is_none_or(|choice| {
            let option = product.options.iter().find(|it| it.name == choice.name);
            option.is_some_and(|it| it.values.iter().any(|it| it.value == choice.value))
        });
        let at = format!("/pictures/{place}/option");
        checks.require(is_choice, &at, "unknown", "The product has no such choice.");
    }
    checks.done()
}

/// Refuses values that are not the product's, one for each of its options.
pub fn check_values(product: &ProductSheet, values: &[String]) -> Result<()> {
    let mut checks = Checks::default();
    if values.len() != product.options.len() {
        checks.wrong("/options", "incomplete", "Choose one value for each option.");
    }
    for (place, (option, value)) in product.options.iter().zip(values).enumerate() {
        let is_known = option.values.iter().any(|it| it.value == *value);
        let message = "The option has no such value.";
        checks.require(is_known, &format!("/options/{place}"), "unknown", message);
    }
    checks.done()
}

/// Refuses `more` variants for sale than a product may have.
pub fn check_room(product: &ProductSheet, more: usize) -> Result<()> {
    let for_sale = product.variants.iter().filter(|variant| !variant.is_archived).count();
    if for_sale + more <= MOST_VARIANTS {
        return Ok(());
    }
    Err(ApiError::rejected("too_many_variants", "a product has at most 100 variants"))
}
