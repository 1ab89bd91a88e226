//! Opening a cart, and the currency that it is in.

use api_types::{Currency, CustomerId, OpenCart, OpenedCart};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    CartAccess, address,
    handlers::{add_once, expiry},
    priced, store,
};
use crate::{
    App, accounts,
    http::{ApiError, Result, idempotency::IdempotencyKey},
};

/// Puts lines into a customer's one cart, once for each key, or opens a cart for whoever gets its token.
pub async fn opened(
    app: &App,
    customer: Option<CustomerId>,
    open: &OpenCart,
    key: &IdempotencyKey,
) -> Result<OpenedCart> {
    address::check_country(open.country.as_deref())?;
    let currency = known_currency(app, open.currency).await?;
    let (new, token) = CartAccess::new();
    let new = CartAccess { customer, ..new };
    let now = app.clock.now();
    let cart = app
        .db
        .write(async |tx| {
            let access = match customer {
                Some(customer) => own(app, &mut *tx, customer, now).await?,
                None => None,
            };
            let access = match access {
                Some(own) => own,
                None => insert(app, &mut *tx, new, open, currency).await?,
            };
            add_once(app, &mut *tx, access, key, &open.lines).await?;
            Ok::<_, ApiError>(priced(tx, access, now).await?.view())
        })
        .await?;
    // A customer's cart is opened by its customer alone: nobody learns a token of it.
    let token = if customer.is_some() { String::new() } else { token };
    Ok(OpenedCart { cart, token })
}

/// The one open cart of a customer, who is locked.
async fn own(
    app: &App,
    tx: &mut PgConnection,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> Result<Option<CartAccess>> {
    if !accounts::lock(&mut *tx, customer).await? {
        return Err(ApiError::SignedOut);
    }
    let Some(id) = store::lock_open_of(&mut *tx, customer, now).await? else { return Ok(None) };
    store::touch(tx, id, now, expiry(app, now)).await?;
    Ok(Some(CartAccess::of_customer(id, customer)))
}

async fn insert(
    app: &App,
    tx: &mut PgConnection,
    new: CartAccess,
    open: &OpenCart,
    currency: Option<Currency>,
) -> Result<CartAccess> {
    let now = app.clock.now();
    let country = open.country.as_deref();
    if !store::insert_cart(&mut *tx, new, country, now, expiry(app, now)).await? {
        return Err(ApiError::field("/country", "unknown", "we do not deliver to that country"));
    }
    if let Some(currency) = currency {
        change_currency(tx, new, currency, now).await?;
    }
    Ok(new)
}

/// The currency asked for; one that the shop has no prices in is refused.
pub async fn known_currency(app: &App, asked: Option<Currency>) -> Result<Option<Currency>> {
    match asked {
        Some(asked) => app.settings.currency(app, Some(asked.code())).await.map(Some),
        None => Ok(None),
    }
}

/// Chooses the currency of a cart; where that changes it, the prices in it are the ones seen.
pub async fn change_currency(
    tx: &mut PgConnection,
    access: CartAccess,
    currency: Currency,
    now: DateTime<Utc>,
) -> Result<()> {
    let before = store::cart(&mut *tx, access, now).await?.map(|cart| cart.currency);
    if !store::choose_currency(&mut *tx, access.id, currency).await? {
        return Err(ApiError::field(
            "/currency",
            "not_delivered",
            format!("We do not deliver to that country for prices in {currency}."),
        ));
    }
    if before != Some(currency) {
        store::see_prices(tx, access.id).await?;
    }
    Ok(())
}
