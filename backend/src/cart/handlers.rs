//! Opening, showing and changing carts.

use api_types::{
    AddLine, AddLines, Cart, CartId, CartStatus, ChooseShipping, Currency, LineId, OpenCart,
    OpenedCart, PaymentMethod, SetQuantity, SharedCart, ShippingOption, UpdateCart,
};
use axum::{extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    CartAccess,
    access::CurrentCart,
    address,
    opening::{change_currency, known_currency, opened},
    priced, share, store,
};
use crate::{
    App,
    accounts::Caller,
    http::{
        ApiError, Failures, Json, Path, Query, Result,
        idempotency::{self, IdempotencyKey, Intent, Known},
    },
    payments,
};

/// A list of everything there is to choose from.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Choices<T> {
    /// In the order to show them.
    data: Vec<T>,
}

/// Open a cart, empty or with lines; a customer has one, which is opened again
#[utoipa::path(
    post, path = "/carts", tag = "cart",
    request_body = OpenCart,
    responses((status = 201, body = OpenedCart), Failures),
)]
pub async fn open_cart(
    State(app): State<App>,
    caller: Caller,
    Json(open): Json<OpenCart>,
) -> Result<(StatusCode, Json<OpenedCart>)> {
    check_lines(&open.lines, true)?;
    let opened = opened(&app, caller.customer(), &open, &IdempotencyKey(None)).await?;
    Ok((StatusCode::CREATED, Json(opened)))
}

/// Show the customer's cart, or the one that the browser's cookie opens
#[utoipa::path(get, path = "/carts/current", tag = "cart", responses((status = 200, body = Cart), Failures))]
pub async fn current_cart(State(app): State<App>, current: CurrentCart) -> Result<Json<Cart>> {
    let now = app.clock.now();
    let mine = match current.customer {
        Some(customer) => app
            .db
            .read(async |conn| store::open_of(conn, customer, now).await)
            .await?
            .map(|id| CartAccess::of_customer(id, customer)),
        None => None,
    };
    show(&app, mine.or(current.in_cookie).ok_or(ApiError::NotFound("cart"))?).await
}

/// A cart's link.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Permalink {
    /// `<variant>:<quantity>`, one after the other with commas between, 1 to 50 of them.
    lines: String,
    /// Currency of prices; the shop's own when absent.
    #[param(value_type = Option<Currency>)]
    currency: Option<String>,
}

/// Show what a cart's link holds; it opens no cart
#[utoipa::path(
    get, path = "/carts/permalink", tag = "cart",
    params(Permalink),
    responses((status = 200, body = SharedCart), Failures),
)]
pub async fn show_permalink(
    State(app): State<App>,
    Query(link): Query<Permalink>,
) -> Result<Json<SharedCart>> {
    let currency = app.settings.currency(&app, link.currency.as_deref()).await?;
    let lines = share::read(&link.lines)
        .ok_or_else(|| ApiError::field("/lines", "unreadable", "this is not the link of a cart"))?;
    let variants: Vec<_> = lines.iter().map(|line| line.variant_id).collect();
    let offers = app.db.read(async |conn| store::offers(conn, &variants, currency).await).await?;
    Ok(Json(share::shown(&lines, &offers, currency)))
}

/// Show a cart with its prices as they are now
#[utoipa::path(get, path = "/carts/{id}", tag = "cart", params(("id" = CartId, Path)), responses((status = 200, body = Cart), Failures))]
pub async fn show_cart(State(app): State<App>, access: CartAccess) -> Result<Json<Cart>> {
    show(&app, access).await
}

/// Change what a cart says of its shopper
#[utoipa::path(
    patch, path = "/carts/{id}", tag = "cart",
    params(("id" = CartId, Path)),
    request_body = UpdateCart,
    responses((status = 200, body = Cart), Failures),
)]
pub async fn update_cart(
    State(app): State<App>,
    access: CartAccess,
    Json(update): Json<UpdateCart>,
) -> Result<Json<Cart>> {
    check_contact(&update)?;
    let currency = known_currency(&app, update.currency).await?;
    change(&app, access, async |tx, now| {
        let address = update.shipping_address.as_ref();
        match (address, &update.country) {
            (Some(address), _) => {
                move_to(tx, access, &address.country, "/shipping_address/country", now).await?;
            }
            (None, Some(country)) => move_to(tx, access, country, "/country", now).await?,
            (None, None) => {}
        }
        if let Some(currency) = currency {
            change_currency(tx, access, currency, now).await?;
        }
        let email = update.email.as_deref().map(str::trim);
        store::set_contact(tx, access.id, email, address, update.note.as_deref()).await?;
        Ok(())
    })
    .await
}

/// Moves a cart to a country; where that changes the currency, the prices there are the ones seen.
async fn move_to(
    tx: &mut PgConnection,
    access: CartAccess,
    country: &str,
    pointer: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let before = priced(&mut *tx, access, now).await?.cart.currency;
    if !store::set_country(&mut *tx, access.id, country).await? {
        return Err(ApiError::field(pointer, "unknown", "we do not deliver to that country"));
    }
    if priced(&mut *tx, access, now).await?.cart.currency != before {
        store::see_prices(tx, access.id).await?;
    }
    Ok(())
}

/// Throw a cart away
#[utoipa::path(delete, path = "/carts/{id}", tag = "cart", params(("id" = CartId, Path)), responses((status = 204), Failures))]
pub async fn discard_cart(State(app): State<App>, access: CartAccess) -> Result<StatusCode> {
    app.db
        .write(async |tx| {
            open_for_change(&mut *tx, access, app.clock.now()).await?;
            store::delete(tx, access.id).await.map_err(ApiError::from)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put variants into a cart; what is there already is raised
#[utoipa::path(
    post, path = "/carts/{id}/lines", tag = "cart",
    params(("id" = CartId, Path), ("Idempotency-Key" = Option<IdempotencyKey>, Header, description = "Adds once, however often it is sent")),
    request_body = AddLines,
    responses((status = 200, body = Cart), Failures),
)]
pub async fn add_lines(
    State(app): State<App>,
    access: CartAccess,
    key: IdempotencyKey,
    Json(lines): Json<AddLines>,
) -> Result<Json<Cart>> {
    check_lines(&lines.lines, false)?;
    change(&app, access, async |tx, _| add_once(&app, tx, access, &key, &lines.lines).await).await
}

/// Adds lines, once for each key.
pub(super) async fn add_once(
    app: &App,
    tx: &mut PgConnection,
    access: CartAccess,
    key: &IdempotencyKey,
    lines: &[AddLine],
) -> Result<()> {
    let now = app.clock.now();
    if let Some(key) = &key.0 {
        let intent = Intent::new(access.scope(), "add_lines", key, &lines);
        match idempotency::claim(&mut *tx, &intent, now).await? {
            Known::New => idempotency::remember(&mut *tx, &intent, access.id.0).await?,
            Known::Done { .. } => return Ok(()),
        }
    }
    add(app, tx, access.id, lines, now).await
}

/// Set how many of a line there are; none removes it
#[utoipa::path(
    patch, path = "/carts/{id}/lines/{line}", tag = "cart",
    params(("id" = CartId, Path), ("line" = LineId, Path)),
    request_body = SetQuantity,
    responses((status = 200, body = Cart), Failures),
)]
pub async fn set_quantity(
    State(app): State<App>,
    access: CartAccess,
    Path((_cart, line)): Path<(CartId, LineId)>,
    Json(set): Json<SetQuantity>,
) -> Result<Json<Cart>> {
    if !(0..=999).contains(&set.quantity) {
        return Err(quantity_out_of_range("/quantity"));
    }
    change(&app, access, async |tx, _| {
        let found = match set.quantity {
            0 => store::remove_line(tx, access.id, line).await?,
            quantity => store::set_quantity(tx, access.id, line, quantity).await?,
        };
        if found { Ok(()) } else { Err(ApiError::NotFound("line")) }
    })
    .await
}

/// Remove a line; removing it again changes nothing
#[utoipa::path(
    delete, path = "/carts/{id}/lines/{line}", tag = "cart",
    params(("id" = CartId, Path), ("line" = LineId, Path)),
    responses((status = 200, body = Cart), Failures),
)]
pub async fn remove_line(
    State(app): State<App>,
    access: CartAccess,
    Path((_cart, line)): Path<(CartId, LineId)>,
) -> Result<Json<Cart>> {
    change(&app, access, async |tx, _| {
        store::remove_line(tx, access.id, line).await?;
        Ok(())
    })
    .await
}

/// List the ways to deliver a cart
#[utoipa::path(
    get, path = "/carts/{id}/shipping-options", tag = "cart",
    params(("id" = CartId, Path)),
    responses((status = 200, body = Choices<ShippingOption>), Failures),
)]
pub async fn list_shipping_options(
    State(app): State<App>,
    access: CartAccess,
) -> Result<Json<Choices<ShippingOption>>> {
    let now = app.clock.now();
    let data = app
        .db
        .read(async |conn| Ok::<_, ApiError>(priced(conn, access, now).await?.shipping_options()))
        .await?;
    Ok(Json(Choices { data }))
}

/// Choose a way to deliver
#[utoipa::path(
    put, path = "/carts/{id}/shipping", tag = "cart",
    params(("id" = CartId, Path)),
    request_body = ChooseShipping,
    responses((status = 200, body = Cart), Failures),
)]
pub async fn choose_shipping(
    State(app): State<App>,
    access: CartAccess,
    Json(choice): Json<ChooseShipping>,
) -> Result<Json<Cart>> {
    change(&app, access, async |tx, now| {
        let options = priced(&mut *tx, access, now).await?.shipping_options();
        if !options.iter().any(|option| option.id == choice.method_id) {
            return Err(ApiError::field(
                "/method_id",
                "unavailable",
                "this cart cannot be delivered that way",
            ));
        }
        store::set_shipping(tx, access.id, choice.method_id).await.map_err(ApiError::from)
    })
    .await
}

/// List the ways to pay for a cart
#[utoipa::path(
    get, path = "/carts/{id}/payment-methods", tag = "cart",
    params(("id" = CartId, Path)),
    responses((status = 200, body = Choices<PaymentMethod>), Failures),
)]
pub async fn list_payment_methods(
    State(app): State<App>,
    access: CartAccess,
) -> Result<Json<Choices<PaymentMethod>>> {
    let now = app.clock.now();
    app.db.read(async |conn| priced(conn, access, now).await.map(drop)).await?;
    Ok(Json(Choices { data: payments::methods(&app) }))
}

async fn show(app: &App, access: CartAccess) -> Result<Json<Cart>> {
    let now = app.clock.now();
    let cart = app
        .db
        .read(async |conn| Ok::<_, ApiError>(priced(conn, access, now).await?.view()))
        .await?;
    Ok(Json(cart))
}

/// Changes an open cart under its lock, counts the change, and answers with what came of it.
async fn change(
    app: &App,
    access: CartAccess,
    work: impl AsyncFnOnce(&mut PgConnection, DateTime<Utc>) -> Result<()>,
) -> Result<Json<Cart>> {
    let now = app.clock.now();
    let cart = app
        .db
        .write(async |tx| {
            open_for_change(&mut *tx, access, now).await?;
            work(&mut *tx, now).await?;
            store::touch(&mut *tx, access.id, now, expiry(app, now)).await?;
            Ok::<_, ApiError>(priced(tx, access, now).await?.view())
        })
        .await?;
    Ok(Json(cart))
}

async fn open_for_change(
    tx: &mut PgConnection,
    access: CartAccess,
    now: DateTime<Utc>,
) -> Result<()> {
    store::lock(&mut *tx, access).await?;
    let cart = store::cart(tx, access, now).await?.ok_or(ApiError::NotFound("cart"))?;
    match cart.status {
        CartStatus::Open => Ok(()),
        _ => {
            Err(ApiError::conflict("cart_locked", "an order was made of this cart; open a new one")
                .with_facts(serde_json::json!({ "order_id": cart.order_id })))
        }
    }
}

async fn add(
    app: &App,
    tx: &mut PgConnection,
    cart: CartId,
    lines: &[AddLine],
    now: DateTime<Utc>,
) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut variants: Vec<_> = lines.iter().map(|line| line.variant_id).collect();
    variants.sort_unstable();
    variants.dedup();
    let added = store::add_lines(&mut *tx, cart, lines, now).await.map_err(refusal)?;
    if usize::try_from(added) != Ok(variants.len()) {
        return Err(ApiError::field("/lines", "unavailable", "this is not sold here any more"));
    }
    let count = store::line_count(tx, cart).await?;
    if usize::try_from(count).is_ok_and(|count| count > app.config.checkout.cart_max_lines) {
        let most = app.config.checkout.cart_max_lines;
        return Err(ApiError::rejected(
            "cart_full",
            format!("a cart holds up to {most} different things"),
        ));
    }
    Ok(())
}

fn check_lines(lines: &[AddLine], may_be_empty: bool) -> Result<()> {
    if lines.len() > 50 || (lines.is_empty() && !may_be_empty) {
        return Err(ApiError::field("/lines", "count", "add 1 to 50 things at a time"));
    }
    match lines.iter().position(|line| !(1..=999).contains(&line.quantity)) {
        Some(index) => Err(quantity_out_of_range(format!("/lines/{index}/quantity"))),
        None => Ok(()),
    }
}

fn check_contact(update: &UpdateCart) -> Result<()> {
    if update.email.as_deref().is_some_and(|email| !address::is_email(email.trim())) {
        return Err(ApiError::field(
            "/email",
            "email",
            "Enter an e-mail address such as ann@example.com.",
        ));
    }
    address::check_country(update.country.as_deref())?;
    if let Some(given) = &update.shipping_address {
        let long = address::too_long(given);
        if !long.is_empty() {
            return Err(ApiError::Invalid(long));
        }
    }
    if update.note.as_deref().is_some_and(|note| note.chars().count() > 500) {
        return Err(ApiError::field("/note", "too_long", "Keep the note to 500 characters."));
    }
    Ok(())
}

fn quantity_out_of_range(pointer: impl Into<String>) -> ApiError {
    ApiError::field(pointer, "quantity_out_of_range", "choose 1 to 999")
}

pub(super) fn expiry(app: &App, now: DateTime<Utc>) -> DateTime<Utc> {
    now + app.config.checkout.cart_ttl
}

/// Reads a refusal out of the constraint the database names.
fn refusal(error: sqlx::Error) -> ApiError {
    match db::constraint(&error) {
        Some("cart_line_quantity_in_range") => quantity_out_of_range("/lines"),
        _ => error.into(),
    }
}
