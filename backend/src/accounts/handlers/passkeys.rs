//! Passkeys: adding, removing, signing in with one.

use api_types::{FinishPasskey, FinishPasskeySignIn, Passkey, PasskeyId, PasskeyStart, SignedIn};
use axum::{extract::State, http::StatusCode};
use chrono::TimeDelta;

use super::{
    super::{
        Caller, Customer, Device, FreshCustomer,
        letters::{self, Purpose},
        passkeys::{Started, ceremony_hash, refused},
        session::{self, Method},
    },
    store,
};
use crate::{
    App,
    http::{All, ApiError, Failures, Json, Path, Result},
};

/// How long a browser may take between the two steps.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);

/// The most passkeys that one customer may have.
const MOST: usize = 20;

/// List the passkeys that open the account
#[utoipa::path(
    get, path = "/auth/passkeys", tag = "accounts",
    responses((status = 200, body = All<Passkey>), Failures),
    security(("customer" = [])),
)]
pub async fn list_passkeys(
    customer: Customer,
    State(app): State<App>,
) -> Result<Json<All<Passkey>>> {
    let data = app.db.read(async |conn| store::passkeys::list(conn, customer.id).await).await?;
    Ok(Json(All { data }))
}

/// Remove a passkey, unless it is the only way in
#[utoipa::path(
    delete, path = "/auth/passkeys/{id}", tag = "accounts",
    params(("id" = PasskeyId, Path)),
    responses((status = 204), Failures),
    security(("customer" = [])),
)]
pub async fn remove_passkey(
    FreshCustomer(customer): FreshCustomer,
    State(app): State<App>,
    Path(id): Path<PasskeyId>,
) -> Result<StatusCode> {
    app.db
        .write(async |tx| {
            store::customers::lock(&mut *tx, customer.id).await?;
            if !store::passkeys::remove(&mut *tx, customer.id, id).await? {
                return Err(ApiError::NotFound("passkey"));
            }
            let has_password = store::customers::password(&mut *tx, customer.id).await?.is_some();
            if !has_password && store::passkeys::list(tx, customer.id).await?.is_empty() {
                return Err(ApiError::conflict(
                    "last_way_in",
                    "This is the only way into your account. Choose a password first.",
                ));
            }
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begin to add a passkey
#[utoipa::path(
    post, path = "/auth/webauthn/register/start", tag = "accounts",
    responses((status = 200, body = PasskeyStart), Failures),
    security(("customer" = [])),
)]
pub async fn start_passkey(
    FreshCustomer(customer): FreshCustomer,
    State(app): State<App>,
) -> Result<Json<PasskeyStart>> {
    let (email, known) = app
        .db
        .read(async |conn| {
            let email = store::customers::email(&mut *conn, customer.id).await?;
            Ok::<_, ApiError>((email, store::passkeys::credential_ids(conn, customer.id).await?))
        })
        .await?;
    if known.len() >= MOST {
        return Err(ApiError::rejected("too_many", "Remove a passkey before you add another."));
    }
    let email = email.ok_or(ApiError::SignedOut)?;
    let started = app.passkeys.start_making(customer.id, &email, known)?;
    remember(&app, Some(customer), "register", &started).await?;
    Ok(Json(started.start))
}

/// Add the passkey that the browser made
#[utoipa::path(
    post, path = "/auth/webauthn/register/finish", tag = "accounts",
    request_body = FinishPasskey,
    responses((status = 201, body = Passkey), Failures),
    security(("customer" = [])),
)]
pub async fn finish_passkey(
    FreshCustomer(customer): FreshCustomer,
    State(app): State<App>,
    Json(finish): Json<FinishPasskey>,
) -> Result<(StatusCode, Json<Passkey>)> {
    let name = finish.name.trim();
    if !(1..=60).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(ApiError::field("/name", "length", "Give it a name of 1 to 60 characters."));
    }
    let now = app.clock.now();
    let passkey = Passkey {
        id: PasskeyId::new(),
        name: name.to_owned(),
        created_at: now,
        last_used_at: None,
    };
    app.db
        .write(async |tx| {
            let hash = ceremony_hash(&finish.ceremony);
            let mine = Some(customer.id);
            let state = store::passkeys::take(&mut *tx, &hash, mine, "register", now).await?;
            let state = state.ok_or_else(too_late)?;
            let (device_id, kept) = app.passkeys.made(state, &finish.credential)?;
            if !store::passkeys::insert(&mut *tx, customer.id, &passkey, &device_id, &kept).await? {
                return Err(ApiError::conflict("known", "this passkey is there already"));
            }
            tracing::info!(customer.id = %customer.id, "a passkey was added");
            let email = store::customers::email(&mut *tx, customer.id).await?;
            let email = email.ok_or(ApiError::SignedOut)?;
            letters::notice(&app, tx, Purpose::PasskeyAdded, customer.id, &email).await
        })
        .await?;
    Ok((StatusCode::CREATED, Json(passkey)))
}

/// Begin to sign in with a passkey
#[utoipa::path(post, path = "/auth/webauthn/login/start", tag = "accounts", responses((status = 200, body = PasskeyStart), Failures))]
pub async fn start_passkey_sign_in(State(app): State<App>) -> Result<Json<PasskeyStart>> {
    let started = app.passkeys.start_using()?;
    remember(&app, None, "sign_in", &started).await?;
    Ok(Json(started.start))
}

/// Sign in with a passkey; a customer who is signed in shows again who they are
#[utoipa::path(
    post, path = "/auth/webauthn/login/finish", tag = "accounts",
    request_body = FinishPasskeySignIn,
    responses((status = 200, body = SignedIn), Failures),
)]
pub async fn finish_passkey_sign_in(
    State(app): State<App>,
    caller: Caller,
    device: Device,
    Json(finish): Json<FinishPasskeySignIn>,
) -> Result<Json<SignedIn>> {
    let now = app.clock.now();
    let (customer, device_id) = app.passkeys.named(&finish.credential)?;
    let signed_in = app
        .db
        .write(async |tx| {
            let hash = ceremony_hash(&finish.ceremony);
            let state = store::passkeys::take(&mut *tx, &hash, None, "sign_in", now).await?;
            let state = state.ok_or_else(too_late)?;
            let passkey = store::passkeys::lock(&mut *tx, &device_id).await?;
            let passkey = passkey.filter(|passkey| passkey.customer_id == customer);
            let passkey = passkey.ok_or_else(|| refused("nobody has it"))?;
            let kept = app.passkeys.used(state, &finish.credential, passkey.credential)?;
            store::passkeys::used(&mut *tx, passkey.id, &kept, now).await?;
            match caller.signed_in().filter(|caller| caller.id == customer) {
                Some(caller) => session::confirm(&app, tx, caller, Method::Passkey).await,
                None => session::begin(&app, tx, customer, Method::Passkey, &device).await,
            }
        })
        .await?;
    Ok(Json(signed_in))
}

async fn remember(
    app: &App,
    customer: Option<Customer>,
    kind: &'static str,
    started: &Started,
) -> Result<()> {
    let ceremony = store::passkeys::Ceremony {
        hash: &started.ceremony_hash,
        customer: customer.map(|customer| customer.id),
        kind,
        state: &started.state,
        expires_at: app.clock.now() + PATIENCE,
    };
    app.db.write(async |tx| store::passkeys::remember(tx, &ceremony).await).await?;
    Ok(())
}

fn too_late() -> ApiError {
    ApiError::rejected("ceremony_over", "That took too long. Start again.")
}
