//! What the shop knows of a customer, a copy of it, and its end.

use api_types::{
    ChangeEmail, Customer as Me, Export, ForgetMe, OrderId, OrderSummary, Page, UpdateCustomer,
};
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use sqlx::PgConnection;

use super::{
    super::{
        Customer, FreshCustomer, leaving,
        letters::{self, Ask, Purpose},
    },
    email, may_write, name, store,
};
use crate::{
    App,
    http::{ApiError, Failures, Json, Query, Result, decode_cursor},
    orders,
};

/// Show what the shop knows of the customer
#[utoipa::path(
    get, path = "/customers/me", tag = "accounts",
    responses((status = 200, body = Me), Failures),
    security(("customer" = [])),
)]
pub async fn show_me(customer: Customer, State(app): State<App>) -> Result<Json<Me>> {
    app.db.read(async |conn| me(conn, customer).await).await.map(Json)
}

/// Change what the shop knows of the customer
#[utoipa::path(
    patch, path = "/customers/me", tag = "accounts",
    request_body = UpdateCustomer,
    responses((status = 200, body = Me), Failures),
    security(("customer" = [])),
)]
pub async fn update_me(
    customer: Customer,
    State(app): State<App>,
    Json(update): Json<UpdateCustomer>,
) -> Result<Json<Me>> {
    name(update.name.as_deref().unwrap_or_default())?;
    let asked = update.currency.map(|currency| currency.code().to_owned());
    app.settings.currency(&app, asked.as_deref()).await?;
    let now = app.clock.now();
    let me = app
        .db
        .write(async |tx| {
            store::customers::update(&mut *tx, customer.id, &update, now).await?;
            me(tx, customer).await
        })
        .await?;
    Ok(Json(me))
}

/// Leave for good: what tells who the customer was is taken out; orders stay without it
#[utoipa::path(
    delete, path = "/customers/me", tag = "accounts",
    request_body = ForgetMe,
    responses((status = 204), Failures),
    security(("customer" = [])),
)]
pub async fn forget_me(
    FreshCustomer(customer): FreshCustomer,
    State(app): State<App>,
    Json(forget): Json<ForgetMe>,
) -> Result<StatusCode> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            if !store::customers::lock(&mut *tx, customer.id).await? {
                return Err(ApiError::SignedOut);
            }
            let me = me(&mut *tx, customer).await?;
            leaving::let_go(tx, &me, &forget.email, now).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask to move the account to another address; a letter goes there
#[utoipa::path(
    post, path = "/customers/me/email", tag = "accounts",
    request_body = ChangeEmail,
    responses((status = 202), Failures),
    security(("customer" = [])),
)]
pub async fn change_email(
    FreshCustomer(customer): FreshCustomer,
    State(app): State<App>,
    Json(change): Json<ChangeEmail>,
) -> Result<StatusCode> {
    let email = email(&change.email)?;
    may_write(&app, email).await?;
    app.db
        .write(async |tx| {
            me(&mut *tx, customer).await?;
            let taken = store::customers::account(&mut *tx, email).await?;
            let (purpose, whose) = match taken {
                // Whoever has an account there is told so; the one who asks learns nothing.
                Some(other) if other.id != customer.id => (Purpose::Known, other.id),
                _ => (Purpose::Email, customer.id),
            };
            let ask =
                Ask { purpose, customer: Some(whose), email, registration: None, order: None };
            letters::ask(&app, tx, ask).await
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Say how far along the copy of the customer's data is
#[utoipa::path(
    get, path = "/customers/me/export", tag = "accounts",
    responses((status = 200, body = Export), Failures),
    security(("customer" = [])),
)]
pub async fn show_export(customer: Customer, State(app): State<App>) -> Result<Json<Export>> {
    let now = app.clock.now();
    let export =
        app.db.read(async |conn| store::leaving::export(conn, customer.id, now).await).await?;
    export.map(Json).ok_or(ApiError::NotFound("export"))
}

/// Ask for a copy of everything that the shop knows of the customer
#[utoipa::path(
    post, path = "/customers/me/export", tag = "accounts",
    responses((status = 202, body = Export), Failures),
    security(("customer" = [])),
)]
pub async fn ask_for_export(
    FreshCustomer(customer): FreshCustomer,
    State(app): State<App>,
) -> Result<(StatusCode, Json<Export>)> {
    let now = app.clock.now();
    let export = app
        .db
        .write(async |tx| {
            me(&mut *tx, customer).await?;
            leaving::ask_for_export(tx, customer.id, now).await
        })
        .await?;
    Ok((StatusCode::ACCEPTED, Json(export)))
}

/// Fetch the copy of the customer's data, a ZIP archive of JSON files
#[utoipa::path(
    get, path = "/customers/me/export/archive", tag = "accounts",
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), Failures),
    security(("customer" = [])),
)]
pub async fn fetch_export(
    FreshCustomer(customer): FreshCustomer,
    State(app): State<App>,
) -> Result<Response> {
    let now = app.clock.now();
    let archive =
        app.db.read(async |conn| store::leaving::archive(conn, customer.id, now).await).await?;
    archive.map(leaving::file).ok_or(ApiError::NotFound("export"))
}

/// Which part of a list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Where the page begins: the `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Rows of a page, 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
}

/// List the customer's orders, the newest first
#[utoipa::path(
    get, path = "/customers/me/orders", tag = "accounts",
    params(Part),
    responses((status = 200, body = Page<OrderSummary>), Failures),
    security(("customer" = [])),
)]
pub async fn list_my_orders(
    customer: Customer,
    State(app): State<App>,
    Query(part): Query<Part>,
) -> Result<Json<Page<OrderSummary>>> {
    let limit = part.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(ApiError::field("/limit", "out_of_range", "ask for 1 to 100 rows"));
    }
    let before: Option<OrderId> = part.cursor.as_deref().map(decode_cursor).transpose()?;
    let page = app
        .db
        .read(async |conn| orders::of_customer(conn, customer.id, before, limit).await)
        .await?;
    Ok(Json(page))
}

async fn me(db: &mut PgConnection, customer: Customer) -> Result<Me> {
    store::customers::customer(db, customer.id).await?.ok_or(ApiError::SignedOut)
}
