//! Signing up: a letter first, and an account once its link was opened with the password.

use api_types::{CustomerId, Register, SignedIn, VerifyRegistration};
use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        Device,
        letters::{self, Ask, Purpose},
        password::{self, Verdict},
        session::{self, Method},
    },
    email, may_write, name, store,
};
use crate::{
    App,
    http::{ApiError, Failures, Json, Result},
};

/// How many wrong passwords a link bears.
const TRIES: i32 = 10;

/// What waits in a letter until its link is opened.
#[derive(Serialize, Deserialize)]
struct Waiting {
    name: String,
    password_hash: String,
    wants_news: bool,
}

/// Ask for an account; a letter with a link goes out. The same answer for an address that has one
#[utoipa::path(post, path = "/customers", tag = "accounts", request_body = Register, responses((status = 202), Failures))]
pub async fn register_customer(
    State(app): State<App>,
    Json(register): Json<Register>,
) -> Result<StatusCode> {
    let (email, name) = (email(&register.email)?, name(&register.name)?);
    password::check(&register.password, &[email, name])?;
    may_write(&app, email).await?;
    let password_hash = app.passwords.kept(register.password.clone()).await?;
    let waiting = Waiting { name: name.to_owned(), password_hash, wants_news: register.wants_news };
    let waiting = serde_json::to_value(waiting).map_err(anyhow::Error::from)?;
    app.db
        .write(async |tx| {
            let known = store::customers::account(&mut *tx, email).await?.map(|account| account.id);
            let (purpose, registration) = match known {
                Some(_) => (Purpose::Known, None),
                None => (Purpose::Register, Some(waiting)),
            };
            letters::ask(
                &app,
                tx,
                Ask { purpose, customer: known, email, registration, order: None },
            )
            .await
        })
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// What came of opening a registration's link.
enum Opened {
    In(Box<SignedIn>),
    WrongPassword,
    Void,
}

/// Finish signing up with the letter's secret and the password chosen before; signs in
#[utoipa::path(
    post, path = "/auth/register/verify", tag = "accounts",
    request_body = VerifyRegistration,
    responses((status = 200, body = SignedIn), Failures),
)]
pub async fn verify_registration(
    State(app): State<App>,
    device: Device,
    Json(verify): Json<VerifyRegistration>,
) -> Result<Json<SignedIn>> {
    let found = app
        .db
        .write(async |tx| letters::opened(&app, tx, Purpose::Register, &verify.token).await)
        .await?;
    let letter = found.filter(|letter| letter.tries < TRIES).ok_or_else(letters::void)?;
    let waiting: Waiting = serde_json::from_value(letter.registration.unwrap_or_default())
        .map_err(anyhow::Error::from)?;
    // Compared outside of any transaction: it takes its time.
    let verdict = app.passwords.compare(verify.password, Some(&waiting.password_hash)).await?;
    let opened = app
        .db
        .write(async |tx| {
            let letter = letters::opened(&app, &mut *tx, Purpose::Register, &verify.token).await?;
            let Some(letter) = letter.filter(|letter| letter.tries < TRIES) else {
                return Ok(Opened::Void);
            };
            if verdict == Verdict::Wrong {
                store::letters::count_try(tx, letter.letter_id).await?;
                return Ok(Opened::WrongPassword);
            }
            let customer = CustomerId::new();
            let new = store::customers::New {
                id: customer,
                email: &letter.email,
                name: &waiting.name,
                password_hash: &waiting.password_hash,
                wants_news: waiting.wants_news,
            };
            let now = app.clock.now();
            store::letters::use_up(&mut *tx, letter.letter_id, now).await?;
            if !store::customers::insert(&mut *tx, &new, now).await? {
                return Ok(Opened::Void);
            }
            tracing::info!(customer.id = %customer, "an account was opened");
            let signed_in = session::begin(&app, tx, customer, Method::Password, &device).await?;
            Ok::<_, ApiError>(Opened::In(Box::new(signed_in)))
        })
        .await?;
    match opened {
        Opened::In(signed_in) => Ok(Json(*signed_in)),
        Opened::Void => Err(letters::void()),
        Opened::WrongPassword => Err(ApiError::field(
            "/password",
            "wrong",
            "That is not the password that was chosen for this account.",
        )),
    }
}
