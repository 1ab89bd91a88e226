//! What staff ask about regions, taxes and delivery: the same five things of each.

use api_types::{
    Page, RegionId, ShippingMethodId, ShippingRateId, ShippingZoneId, TaxClassId, TaxRateId,
    admin::{
        Kept, SetRegion, SetShippingMethod, SetShippingRate, SetShippingZone, SetTaxClass,
        SetTaxRate,
    },
};
use axum::{extract::State, http::StatusCode};

use super::keep;
use crate::{
    App,
    http::{Failures, IfMatch, Json, Path, Result, Versioned},
    staff::{May, may},
};

/// List regions
#[utoipa::path(
    get, path = "/admin/regions", tag = "admin: settings",
    responses((status = 200, body = Page<Kept<RegionId, SetRegion>>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn list_regions(
    _: May<may::ReadSettings>,
    State(app): State<App>,
) -> Result<Json<Page<Kept<RegionId, SetRegion>>>> {
    keep::list(&app).await
}

/// Add a region
#[utoipa::path(
    post, path = "/admin/regions", tag = "admin: settings",
    request_body = SetRegion,
    responses((status = 201, body = Kept<RegionId, SetRegion>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn add_region(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Json(given): Json<SetRegion>,
) -> Result<(StatusCode, Versioned<Kept<RegionId, SetRegion>>)> {
    keep::add(&app, &actor, &given).await
}

/// Show a region
#[utoipa::path(
    get, path = "/admin/regions/{id}", tag = "admin: settings",
    params(("id" = RegionId, Path)),
    responses((status = 200, body = Kept<RegionId, SetRegion>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn show_region(
    _: May<may::ReadSettings>,
    State(app): State<App>,
    Path(id): Path<RegionId>,
) -> Result<Versioned<Kept<RegionId, SetRegion>>> {
    keep::show(&app, id).await
}

/// Write a region anew
#[utoipa::path(
    put, path = "/admin/regions/{id}", tag = "admin: settings",
    params(("id" = RegionId, Path), ("if-match" = IfMatch, Header)),
    request_body = SetRegion,
    responses((status = 200, body = Kept<RegionId, SetRegion>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn set_region(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<RegionId>,
    seen: IfMatch,
    Json(given): Json<SetRegion>,
) -> Result<Versioned<Kept<RegionId, SetRegion>>> {
    keep::set(&app, &actor, (id, seen), &given).await
}

/// Take a region away
#[utoipa::path(
    delete, path = "/admin/regions/{id}", tag = "admin: settings",
    params(("id" = RegionId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn remove_region(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<RegionId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    keep::remove::<SetRegion>(&app, &actor, (id, seen)).await
}

/// List classes of goods
#[utoipa::path(
    get, path = "/admin/tax/classes", tag = "admin: settings",
    responses((status = 200, body = Page<Kept<TaxClassId, SetTaxClass>>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn list_tax_classes(
    _: May<may::ReadSettings>,
    State(app): State<App>,
) -> Result<Json<Page<Kept<TaxClassId, SetTaxClass>>>> {
    keep::list(&app).await
}

/// Add a class of goods
#[utoipa::path(
    post, path = "/admin/tax/classes", tag = "admin: settings",
    request_body = SetTaxClass,
    responses((status = 201, body = Kept<TaxClassId, SetTaxClass>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn add_tax_class(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Json(given): Json<SetTaxClass>,
) -> Result<(StatusCode, Versioned<Kept<TaxClassId, SetTaxClass>>)> {
    keep::add(&app, &actor, &given).await
}

/// Show a class of goods
#[utoipa::path(
    get, path = "/admin/tax/classes/{id}", tag = "admin: settings",
    params(("id" = TaxClassId, Path)),
    responses((status = 200, body = Kept<TaxClassId, SetTaxClass>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn show_tax_class(
    _: May<may::ReadSettings>,
    State(app): State<App>,
    Path(id): Path<TaxClassId>,
) -> Result<Versioned<Kept<TaxClassId, SetTaxClass>>> {
    keep::show(&app, id).await
}

/// Write a class of goods anew
#[utoipa::path(
    put, path = "/admin/tax/classes/{id}", tag = "admin: settings",
    params(("id" = TaxClassId, Path), ("if-match" = IfMatch, Header)),
    request_body = SetTaxClass,
    responses((status = 200, body = Kept<TaxClassId, SetTaxClass>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn set_tax_class(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<TaxClassId>,
    seen: IfMatch,
    Json(given): Json<SetTaxClass>,
) -> Result<Versioned<Kept<TaxClassId, SetTaxClass>>> {
    keep::set(&app, &actor, (id, seen), &given).await
}

/// Take a class of goods away
#[utoipa::path(
    delete, path = "/admin/tax/classes/{id}", tag = "admin: settings",
    params(("id" = TaxClassId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn remove_tax_class(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<TaxClassId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    keep::remove::<SetTaxClass>(&app, &actor, (id, seen)).await
}

/// List taxes
#[utoipa::path(
    get, path = "/admin/tax/rates", tag = "admin: settings",
    responses((status = 200, body = Page<Kept<TaxRateId, SetTaxRate>>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn list_tax_rates(
    _: May<may::ReadSettings>,
    State(app): State<App>,
) -> Result<Json<Page<Kept<TaxRateId, SetTaxRate>>>> {
    keep::list(&app).await
}

/// Add a tax
#[utoipa::path(
    post, path = "/admin/tax/rates", tag = "admin: settings",
    request_body = SetTaxRate,
    responses((status = 201, body = Kept<TaxRateId, SetTaxRate>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn add_tax_rate(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Json(given): Json<SetTaxRate>,
) -> Result<(StatusCode, Versioned<Kept<TaxRateId, SetTaxRate>>)> {
    keep::add(&app, &actor, &given).await
}

/// Show a tax
#[utoipa::path(
    get, path = "/admin/tax/rates/{id}", tag = "admin: settings",
    params(("id" = TaxRateId, Path)),
    responses((status = 200, body = Kept<TaxRateId, SetTaxRate>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn show_tax_rate(
    _: May<may::ReadSettings>,
    State(app): State<App>,
    Path(id): Path<TaxRateId>,
) -> Result<Versioned<Kept<TaxRateId, SetTaxRate>>> {
    keep::show(&app, id).await
}

/// Write a tax anew
#[utoipa::path(
    put, path = "/admin/tax/rates/{id}", tag = "admin: settings",
    params(("id" = TaxRateId, Path), ("if-match" = IfMatch, Header)),
    request_body = SetTaxRate,
    responses((status = 200, body = Kept<TaxRateId, SetTaxRate>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn set_tax_rate(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<TaxRateId>,
    seen: IfMatch,
    Json(given): Json<SetTaxRate>,
) -> Result<Versioned<Kept<TaxRateId, SetTaxRate>>> {
    keep::set(&app, &actor, (id, seen), &given).await
}

/// Take a tax away
#[utoipa::path(
    delete, path = "/admin/tax/rates/{id}", tag = "admin: settings",
    params(("id" = TaxRateId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn remove_tax_rate(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<TaxRateId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    keep::remove::<SetTaxRate>(&app, &actor, (id, seen)).await
}

/// List zones of delivery
#[utoipa::path(
    get, path = "/admin/shipping/zones", tag = "admin: settings",
    responses((status = 200, body = Page<Kept<ShippingZoneId, SetShippingZone>>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn list_shipping_zones(
    _: May<may::ReadSettings>,
    State(app): State<App>,
) -> Result<Json<Page<Kept<ShippingZoneId, SetShippingZone>>>> {
    keep::list(&app).await
}

/// Add a zone of delivery
#[utoipa::path(
    post, path = "/admin/shipping/zones", tag = "admin: settings",
    request_body = SetShippingZone,
    responses((status = 201, body = Kept<ShippingZoneId, SetShippingZone>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn add_shipping_zone(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Json(given): Json<SetShippingZone>,
) -> Result<(StatusCode, Versioned<Kept<ShippingZoneId, SetShippingZone>>)> {
    keep::add(&app, &actor, &given).await
}

/// Show a zone of delivery
#[utoipa::path(
    get, path = "/admin/shipping/zones/{id}", tag = "admin: settings",
    params(("id" = ShippingZoneId, Path)),
    responses((status = 200, body = Kept<ShippingZoneId, SetShippingZone>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn show_shipping_zone(
    _: May<may::ReadSettings>,
    State(app): State<App>,
    Path(id): Path<ShippingZoneId>,
) -> Result<Versioned<Kept<ShippingZoneId, SetShippingZone>>> {
    keep::show(&app, id).await
}

/// Write a zone of delivery anew
#[utoipa::path(
    put, path = "/admin/shipping/zones/{id}", tag = "admin: settings",
    params(("id" = ShippingZoneId, Path), ("if-match" = IfMatch, Header)),
    request_body = SetShippingZone,
    responses((status = 200, body = Kept<ShippingZoneId, SetShippingZone>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn set_shipping_zone(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<ShippingZoneId>,
    seen: IfMatch,
    Json(given): Json<SetShippingZone>,
) -> Result<Versioned<Kept<ShippingZoneId, SetShippingZone>>> {
    keep::set(&app, &actor, (id, seen), &given).await
}

/// Take a zone of delivery away
#[utoipa::path(
    delete, path = "/admin/shipping/zones/{id}", tag = "admin: settings",
    params(("id" = ShippingZoneId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn remove_shipping_zone(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<ShippingZoneId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    keep::remove::<SetShippingZone>(&app, &actor, (id, seen)).await
}

/// List ways to deliver
#[utoipa::path(
    get, path = "/admin/shipping/methods", tag = "admin: settings",
    responses((status = 200, body = Page<Kept<ShippingMethodId, SetShippingMethod>>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn list_shipping_methods(
    _: May<may::ReadSettings>,
    State(app): State<App>,
) -> Result<Json<Page<Kept<ShippingMethodId, SetShippingMethod>>>> {
    keep::list(&app).await
}

/// Add a way to deliver
#[utoipa::path(
    post, path = "/admin/shipping/methods", tag = "admin: settings",
    request_body = SetShippingMethod,
    responses((status = 201, body = Kept<ShippingMethodId, SetShippingMethod>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn add_shipping_method(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Json(given): Json<SetShippingMethod>,
) -> Result<(StatusCode, Versioned<Kept<ShippingMethodId, SetShippingMethod>>)> {
    keep::add(&app, &actor, &given).await
}

/// Show a way to deliver
#[utoipa::path(
    get, path = "/admin/shipping/methods/{id}", tag = "admin: settings",
    params(("id" = ShippingMethodId, Path)),
    responses((status = 200, body = Kept<ShippingMethodId, SetShippingMethod>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn show_shipping_method(
    _: May<may::ReadSettings>,
    State(app): State<App>,
    Path(id): Path<ShippingMethodId>,
) -> Result<Versioned<Kept<ShippingMethodId, SetShippingMethod>>> {
    keep::show(&app, id).await
}

/// Write a way to deliver anew
#[utoipa::path(
    put, path = "/admin/shipping/methods/{id}", tag = "admin: settings",
    params(("id" = ShippingMethodId, Path), ("if-match" = IfMatch, Header)),
    request_body = SetShippingMethod,
    responses((status = 200, body = Kept<ShippingMethodId, SetShippingMethod>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn set_shipping_method(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<ShippingMethodId>,
    seen: IfMatch,
    Json(given): Json<SetShippingMethod>,
) -> Result<Versioned<Kept<ShippingMethodId, SetShippingMethod>>> {
    keep::set(&app, &actor, (id, seen), &given).await
}

/// Take a way to deliver away
#[utoipa::path(
    delete, path = "/admin/shipping/methods/{id}", tag = "admin: settings",
    params(("id" = ShippingMethodId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn remove_shipping_method(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<ShippingMethodId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    keep::remove::<SetShippingMethod>(&app, &actor, (id, seen)).await
}

/// List prices of delivery
#[utoipa::path(
    get, path = "/admin/shipping/rates", tag = "admin: settings",
    responses((status = 200, body = Page<Kept<ShippingRateId, SetShippingRate>>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn list_shipping_rates(
    _: May<may::ReadSettings>,
    State(app): State<App>,
) -> Result<Json<Page<Kept<ShippingRateId, SetShippingRate>>>> {
    keep::list(&app).await
}

/// Add a price of delivery
#[utoipa::path(
    post, path = "/admin/shipping/rates", tag = "admin: settings",
    request_body = SetShippingRate,
    responses((status = 201, body = Kept<ShippingRateId, SetShippingRate>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn add_shipping_rate(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Json(given): Json<SetShippingRate>,
) -> Result<(StatusCode, Versioned<Kept<ShippingRateId, SetShippingRate>>)> {
    keep::add(&app, &actor, &given).await
}

/// Show a price of delivery
#[utoipa::path(
    get, path = "/admin/shipping/rates/{id}", tag = "admin: settings",
    params(("id" = ShippingRateId, Path)),
    responses((status = 200, body = Kept<ShippingRateId, SetShippingRate>), Failures),
    security(("staff" = ["read_settings"])),
)]
pub async fn show_shipping_rate(
    _: May<may::ReadSettings>,
    State(app): State<App>,
    Path(id): Path<ShippingRateId>,
) -> Result<Versioned<Kept<ShippingRateId, SetShippingRate>>> {
    keep::show(&app, id).await
}

/// Write a price of delivery anew
#[utoipa::path(
    put, path = "/admin/shipping/rates/{id}", tag = "admin: settings",
    params(("id" = ShippingRateId, Path), ("if-match" = IfMatch, Header)),
    request_body = SetShippingRate,
    responses((status = 200, body = Kept<ShippingRateId, SetShippingRate>), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn set_shipping_rate(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<ShippingRateId>,
    seen: IfMatch,
    Json(given): Json<SetShippingRate>,
) -> Result<Versioned<Kept<ShippingRateId, SetShippingRate>>> {
    keep::set(&app, &actor, (id, seen), &given).await
}

/// Take a price of delivery away
#[utoipa::path(
    delete, path = "/admin/shipping/rates/{id}", tag = "admin: settings",
    params(("id" = ShippingRateId, Path), ("if-match" = IfMatch, Header)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_settings"])),
)]
pub async fn remove_shipping_rate(
    May { actor, .. }: May<may::EditSettings>,
    State(app): State<App>,
    Path(id): Path<ShippingRateId>,
    seen: IfMatch,
) -> Result<StatusCode> {
    keep::remove::<SetShippingRate>(&app, &actor, (id, seen)).await
}
