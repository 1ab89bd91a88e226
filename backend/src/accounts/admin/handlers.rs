//! What staff do with customers.

use api_types::{
    Customer, CustomerId, Export, ForgetMe, Page, UpdateCustomer,
    admin::{CustomerRow, CustomerSheet},
};
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

use super::{
    super::{
        handlers::{may_write, name},
        leaving,
        letters::{self, Ask, Purpose},
        session::End,
        store::{addresses, customers, leaving as copies, sessions},
    },
    store,
};
use crate::{
    App,
    audit::{self, Change},
    http::{
        ApiError, Failures, IfMatch, Json, PageSize, Path, Query, Result, Versioned, decode_cursor,
        encode_cursor, words,
    },
    orders,
    staff::{May, may},
};

/// Orders that are shown with a customer.
const LATEST: i64 = 20;

/// Which customers are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustomerQuery {
    /// A part of the address or the name.
    q: Option<String>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Where the page begins.
    cursor: Option<String>,
}

/// List customers, the newest first
#[utoipa::path(
    get, path = "/admin/customers", tag = "admin: customers",
    params(CustomerQuery),
    responses((status = 200, body = Page<CustomerRow>), Failures),
    security(("staff" = ["read_customers"])),
)]
pub async fn list_customers(
    _: May<may::ReadCustomers>,
    State(app): State<App>,
    Query(query): Query<CustomerQuery>,
) -> Result<Json<Page<CustomerRow>>> {
    let size = PageSize::of(query.limit)?;
    let before = query.cursor.as_deref().map(decode_cursor).transpose()?;
    let text = words(query.q.as_deref())?;
    let rows = app
        .db
        .read(async |conn| store::list(conn, text.as_deref(), before, size.and_one()).await)
        .await?;
    Ok(Json(size.page(rows, |row| encode_cursor(&row.id))))
}

/// Show a customer with what is theirs
#[utoipa::path(
    get, path = "/admin/customers/{id}", tag = "admin: customers",
    params(("id" = CustomerId, Path)),
    responses((status = 200, body = CustomerSheet), Failures),
    security(("staff" = ["read_customers"])),
)]
pub async fn show_customer(
    _: May<may::ReadCustomers>,
    State(app): State<App>,
    Path(id): Path<CustomerId>,
) -> Result<Versioned<CustomerSheet>> {
    let now = app.clock.now();
    let sheet = app
        .db
        .read(async |conn| {
            let found = customers::customer(&mut *conn, id).await?;
            Ok::<_, ApiError>(CustomerSheet {
                customer: found.ok_or(ApiError::NotFound("customer"))?,
                addresses: addresses::list(&mut *conn, id).await?,
                orders: orders::of_customer(&mut *conn, id, None, LATEST).await?.data,
                sums: store::sums(&mut *conn, id).await?,
                device_count: store::device_count(&mut *conn, id, now).await?,
                export: copies::export(conn, id, now).await?,
            })
        })
        .await?;
    Ok(Versioned(sheet.customer.version, sheet))
}

/// Change what the shop knows of a customer
#[utoipa::path(
    patch, path = "/admin/customers/{id}", tag = "admin: customers",
    params(("id" = CustomerId, Path), ("if-match" = IfMatch, Header)),
    request_body = UpdateCustomer,
    responses((status = 200, body = Customer), Failures),
    security(("staff" = ["edit_customers"])),
)]
pub async fn edit_customer(
    May { actor, .. }: May<may::EditCustomers>,
    State(app): State<App>,
    Path(id): Path<CustomerId>,
    seen: IfMatch,
    Json(update): Json<UpdateCustomer>,
) -> Result<Versioned<Customer>> {
    name(update.name.as_deref().unwrap_or_default())?;
    let asked = update.currency.map(|currency| currency.code().to_owned());
    app.settings.currency(&app, asked.as_deref()).await?;
    let now = app.clock.now();
    let after = app
        .db
        .write(async |tx| {
            let before = locked(&mut *tx, id).await?;
            seen.holds(before.version)?;
            customers::update(&mut *tx, id, &update, now).await?;
            let after = locked(&mut *tx, id).await?;
            let fields = json!({ "fields": differing(&before, &after) });
            audit::record(tx, &actor, &Change::made("customer.updated", id, &fields), now).await?;
            Ok::<_, ApiError>(after)
        })
        .await?;
    Ok(Versioned(after.version, after))
}

/// Names of the fields in which two states of a customer differ.
fn differing(before: &Customer, after: &Customer) -> Vec<&'static str> {
    let fields = [
        ("name", before.name != after.name),
        ("wants_news", before.wants_news != after.wants_news),
        ("currency", before.currency != after.currency),
    ];
    fields.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// A customer about to be changed, locked.
async fn locked(tx: &mut PgConnection, id: CustomerId) -> Result<Customer> {
    customers::lock(&mut *tx, id).await?;
    customers::customer(tx, id).await?.ok_or(ApiError::NotFound("customer"))
}

/// Sign a customer out on every device
///
/// No device can renew its tokens from then on. An access token that is out there is believed by its signature until
/// it ends, for five minutes at most.
#[utoipa::path(
    post, path = "/admin/customers/{id}/sign-out", tag = "admin: customers",
    params(("id" = CustomerId, Path)),
    responses((status = 204), Failures),
    security(("staff" = ["edit_customers"])),
)]
pub async fn sign_out_customer(
    May { actor, .. }: May<may::EditCustomers>,
    State(app): State<App>,
    Path(id): Path<CustomerId>,
) -> Result<StatusCode> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            locked(&mut *tx, id).await?;
            sessions::end_all(&mut *tx, id, None, End::Elsewhere.name(), now).await?;
            audit::record(tx, &actor, &Change::done("customer.signed_out", id), now).await?;
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a customer a letter with a link to a new password
#[utoipa::path(
    post, path = "/admin/customers/{id}/reset-password", tag = "admin: customers",
    params(("id" = CustomerId, Path)),
    responses((status = 202), Failures),
    security(("staff" = ["edit_customers"])),
)]
pub async fn send_customer_password_letter(
    May { actor, .. }: May<may::EditCustomers>,
    State(app): State<App>,
    Path(id): Path<CustomerId>,
) -> Result<StatusCode> {
    let found = app.db.read(async |conn| customers::email(conn, id).await).await?;
    may_write(&app, &found.ok_or(ApiError::NotFound("customer"))?).await?;
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let email = locked(&mut *tx, id).await?.email;
            let ask = Ask {
                purpose: Purpose::Password,
                customer: Some(id),
                email: &email,
                registration: None,
                order: None,
            };
            letters::ask(&app, &mut *tx, ask).await?;
            audit::record(tx, &actor, &Change::done("customer.password_letter", id), now).await?;
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Let a customer go for good; their address is typed once more
#[utoipa::path(
    post, path = "/admin/customers/{id}/erase", tag = "admin: customers",
    params(("id" = CustomerId, Path)),
    request_body = ForgetMe,
    responses((status = 204), Failures),
    security(("staff" = ["edit_customers"])),
)]
pub async fn erase_customer(
    May { actor, .. }: May<may::EditCustomers>,
    State(app): State<App>,
    Path(id): Path<CustomerId>,
    Json(forget): Json<ForgetMe>,
) -> Result<StatusCode> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let customer = locked(&mut *tx, id).await?;
            leaving::let_go(&mut *tx, &customer, &forget.email, now).await?;
            audit::record(tx, &actor, &Change::done("customer.erased", id), now).await?;
            Ok::<_, ApiError>(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask for a copy of everything that the shop knows of a customer
#[utoipa::path(
    post, path = "/admin/customers/{id}/export", tag = "admin: customers",
    params(("id" = CustomerId, Path)),
    responses((status = 202, body = Export), Failures),
    security(("staff" = ["edit_customers"])),
)]
pub async fn ask_for_customer_export(
    May { actor, .. }: May<may::EditCustomers>,
    State(app): State<App>,
    Path(id): Path<CustomerId>,
) -> Result<(StatusCode, Json<Export>)> {
    let now = app.clock.now();
    let export = app
        .db
        .write(async |tx| {
            locked(&mut *tx, id).await?;
            let export = leaving::ask_for_export(&mut *tx, id, now).await?;
            audit::record(tx, &actor, &Change::done("customer.export_asked", id), now).await?;
            Ok::<_, ApiError>(export)
        })
        .await?;
    Ok((StatusCode::ACCEPTED, Json(export)))
}

/// Fetch the copy of a customer's data, a ZIP archive of JSON files
#[utoipa::path(
    get, path = "/admin/customers/{id}/export/archive", tag = "admin: customers",
    params(("id" = CustomerId, Path)),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), Failures),
    security(("staff" = ["export_data"])),
)]
pub async fn fetch_customer_export(
    May { actor, .. }: May<may::ExportData>,
    State(app): State<App>,
    Path(id): Path<CustomerId>,
) -> Result<Response> {
    let now = app.clock.now();
    let archive = app
        .db
        .write(async |tx| {
            let archive = copies::archive(&mut *tx, id, now).await?;
            let archive = archive.ok_or(ApiError::NotFound("export"))?;
            audit::record(tx, &actor, &Change::done("customer.export_fetched", id), now).await?;
            Ok::<_, ApiError>(archive)
        })
        .await?;
    Ok(leaving::file(archive))
}
