//! Where a customer has things sent to.

use api_types::{AddAddress, Address, AddressId, CustomerAddress, FieldError, UpdateAddress};
use axum::{extract::State, http::StatusCode};
use sqlx::PgConnection;

use super::{super::Customer, store};
use crate::{
    App, cart,
    cart::address,
    http::{All, ApiError, Failures, Json, Path, Result},
};

/// The most addresses that one customer may keep.
const MOST: i64 = 50;

/// List the addresses, the one to begin with first
#[utoipa::path(
    get, path = "/customers/me/addresses", tag = "accounts",
    responses((status = 200, body = All<CustomerAddress>), Failures),
    security(("customer" = [])),
)]
pub async fn list_addresses(
    customer: Customer,
    State(app): State<App>,
) -> Result<Json<All<CustomerAddress>>> {
    let data = app.db.read(async |conn| store::addresses::list(conn, customer.id).await).await?;
    Ok(Json(All { data }))
}

/// Keep an address
#[utoipa::path(
    post, path = "/customers/me/addresses", tag = "accounts",
    request_body = AddAddress,
    responses((status = 201, body = CustomerAddress), Failures),
    security(("customer" = [])),
)]
pub async fn add_address(
    customer: Customer,
    State(app): State<App>,
    Json(add): Json<AddAddress>,
) -> Result<(StatusCode, Json<CustomerAddress>)> {
    let (id, now) = (AddressId::new(), app.clock.now());
    let added = app
        .db
        .write(async |tx| {
            check(&mut *tx, &add.address).await?;
            if !store::customers::lock(&mut *tx, customer.id).await? {
                return Err(ApiError::SignedOut);
            }
            if store::addresses::count(&mut *tx, customer.id).await? >= MOST {
                return Err(ApiError::rejected(
                    "too_many",
                    "Remove an address before you add another.",
                ));
            }
            store::addresses::insert(&mut *tx, customer.id, id, &add.address, now).await?;
            if add.is_default {
                store::addresses::make_default(&mut *tx, customer.id, id).await?;
            }
            mine(tx, customer, id).await
        })
        .await?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// Change an address that is kept
#[utoipa::path(
    patch, path = "/customers/me/addresses/{id}", tag = "accounts",
    params(("id" = AddressId, Path)),
    request_body = UpdateAddress,
    responses((status = 200, body = CustomerAddress), Failures),
    security(("customer" = [])),
)]
pub async fn update_address(
    customer: Customer,
    State(app): State<App>,
    Path(id): Path<AddressId>,
    Json(update): Json<UpdateAddress>,
) -> Result<Json<CustomerAddress>> {
    let now = app.clock.now();
    let changed = app
        .db
        .write(async |tx| {
            store::customers::lock(&mut *tx, customer.id).await?;
            let address = update.address.as_ref();
            if !store::addresses::update(&mut *tx, customer.id, id, address, now).await? {
                return Err(ApiError::NotFound("address"));
            }
            if let Some(address) = address {
                check(&mut *tx, address).await?;
            }
            if update.is_default == Some(true) {
                store::addresses::make_default(&mut *tx, customer.id, id).await?;
            }
            mine(tx, customer, id).await
        })
        .await?;
    Ok(Json(changed))
}

/// Remove an address that is kept
#[utoipa::path(
    delete, path = "/customers/me/addresses/{id}", tag = "accounts",
    params(("id" = AddressId, Path)),
    responses((status = 204), Failures),
    security(("customer" = [])),
)]
pub async fn remove_address(
    customer: Customer,
    State(app): State<App>,
    Path(id): Path<AddressId>,
) -> Result<StatusCode> {
    let is_removed = app
        .db
        .write(async |tx| {
            store::customers::lock(&mut *tx, customer.id).await?;
            store::addresses::remove(tx, customer.id, id).await
        })
        .await?;
    if is_removed { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound("address")) }
}

async fn mine(db: &mut PgConnection, customer: Customer, id: AddressId) -> Result<CustomerAddress> {
    let all = store::addresses::list(db, customer.id).await?;
    all.into_iter().find(|kept| kept.id == id).ok_or(ApiError::NotFound("address"))
}

/// Refuses an address that nothing can be sent to, by the rules of its country.
async fn check(db: &mut PgConnection, given: &Address) -> Result<()> {
    let mistakes = match cart::country(db, &given.country).await? {
        Some(country) => address::mistakes(given, &country),
        None => vec![FieldError {
            pointer: "/shipping_address/country".to_owned(),
            code: "unknown".to_owned(),
            message: "Choose a country that we deliver to.".to_owned(),
        }],
    };
    if mistakes.is_empty() {
        return Ok(());
    }
    let here = |error: FieldError| FieldError {
        pointer: error.pointer.replacen("/shipping_address/", "/address/", 1),
        ..error
    };
    Err(ApiError::Invalid(mistakes.into_iter().map(here).collect()))
}
