//! Coming in: password, then a code; the session's token changes with every step.

use api_types::{
    AcceptInvitation, Enrolment, EnterCode, NextStep, SetStaffPassword, StaffId, StaffMember,
    StaffSession, StaffSignIn,
};
use axum::{extract::State, http::StatusCode};
use chrono::TimeDelta;
use sqlx::PgConnection;

use super::{
    super::{
        actor::{Actor, Halfway, SESSION_PREFIX, Staff, hash},
        authenticator, code, invitation,
        store::{members, sessions},
    },
    fresh,
};
use crate::{
    App,
    accounts::{Verdict, check_password},
    audit::{self, Change},
    http::{ApiError, Client, Failures, Json, Result, line},
    limits::Limit,
};

/// How long somebody may take for the second step.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// An open session ends after this long in any case.
const LONGEST: TimeDelta = TimeDelta::hours(12);

/// Show the password: the first of two steps
#[utoipa::path(
    post, path = "/admin/auth/sign-in", tag = "admin: staff",
    request_body = StaffSignIn,
    responses((status = 200, body = StaffSession), Failures),
)]
pub async fn sign_in_staff(
    State(app): State<App>,
    Json(given): Json<StaffSignIn>,
) -> Result<Json<StaffSession>> {
    let email = given.email.trim();
    let counted = format!("staff: {}", email.to_lowercase());
    app.limits.take(Limit::SignInAccount, counted.as_str()).await?;
    let door = app.db.read(async |conn| members::door_of(conn, email).await).await?;
    let kept = door.as_ref().and_then(|door| door.password_hash.as_deref());
    let verdict = app.passwords.compare(given.password, kept).await?;
    let Some(door) = door.filter(|_| verdict != Verdict::Wrong) else {
        tracing::warn!("a sign-in of staff was refused");
        metrics::counter!("oxcart_sign_ins_refused_total").increment(1);
        return Err(ApiError::rejected("wrong_credentials", "Wrong address or password."));
    };
    app.limits.forget(Limit::SignInAccount, counted.as_str()).await;
    let next = if door.code_secret.is_some() { NextStep::Code } else { NextStep::Enrol };
    let session = app.db.write(async |tx| begin(&app, tx, door.id, next).await).await?;
    Ok(Json(session))
}

/// Ask for the secret of a new authenticator; it counts once its first code was entered
#[utoipa::path(
    post, path = "/admin/auth/enrol", tag = "admin: staff",
    responses((status = 200, body = Enrolment), Failures),
)]
pub async fn enrol_staff(halfway: Halfway, State(app): State<App>) -> Result<Json<Enrolment>> {
    if halfway.next != NextStep::Enrol {
        return Err(ApiError::conflict("enrolled", "your authenticator is set up; enter its code"));
    }
    let secret = code::new_secret();
    let email = app
        .db
        .write(async |tx| {
            let door =
                members::lock_door(&mut *tx, halfway.id).await?.ok_or(ApiError::SignedOut)?;
            let sealed = authenticator::seal(&app.keys, halfway.id, &secret);
            members::set_pending(tx, halfway.id, &sealed).await?;
            Ok::<_, ApiError>(door.email)
        })
        .await?;
    let (secret, address) = code::told(&secret, &email)?;
    Ok(Json(Enrolment { secret, address }))
}

/// Enter a code: the second of two steps
#[utoipa::path(
    post, path = "/admin/auth/code", tag = "admin: staff",
    request_body = EnterCode,
    responses((status = 200, body = StaffSession), Failures),
)]
pub async fn enter_code(
    halfway: Halfway,
    client: Client,
    State(app): State<App>,
    Json(given): Json<EnterCode>,
) -> Result<Json<StaffSession>> {
    let counted = format!("code: {}", halfway.id);
    app.limits.take(Limit::SignInAccount, counted.as_str()).await?;
    let actor = Actor::person(halfway.id, client);
    let session = app
        .db
        .write(async |tx| {
            let (action, recovery_codes) = match halfway.next {
                NextStep::Enrol => {
                    ("staff.enrolled", first_code(&app, tx, &halfway, &given).await?)
                }
                _ => (next_code(&app, tx, &halfway, &given).await?, Vec::new()),
            };
            sessions::end(&mut *tx, &halfway.session).await?;
            let session = begin(&app, &mut *tx, halfway.id, NextStep::Open).await?;
            audit::record(tx, &actor, &Change::done(action, halfway.id), app.clock.now()).await?;
            Ok::<_, ApiError>(StaffSession { recovery_codes, ..session })
        })
        .await?;
    app.limits.forget(Limit::SignInAccount, counted.as_str()).await;
    Ok(Json(session))
}

/// Holds the first code of an authenticator against the secret that waits; new recovery codes.
async fn first_code(
    app: &App,
    tx: &mut PgConnection,
    halfway: &Halfway,
    given: &EnterCode,
) -> Result<Vec<String>> {
    let door = members::lock_door(&mut *tx, halfway.id).await?.ok_or(ApiError::SignedOut)?;
    // Another session may have enrolled meanwhile: this one begins again and is asked for a code.
    let pending = door.pending_secret.filter(|_| door.code_secret.is_none());
    let opened = pending.and_then(|kept| authenticator::open(&app.keys, halfway.id, &kept).ok());
    let pending = opened.ok_or_else(|| {
        ApiError::conflict("not_enrolling", "ask for an authenticator's secret first")
    })?;
    let step = code::step_of(&pending, &given.code, app.clock.now()).ok_or_else(wrong_code)?;
    members::enrol(&mut *tx, halfway.id, step).await?;
    let codes = code::recovery_codes();
    let hashes: Vec<_> = codes.iter().map(|it| hash(&code::plain(it)).to_vec()).collect();
    members::set_recovery_codes(tx, halfway.id, &hashes).await?;
    Ok(codes)
}

/// Takes a code of the authenticator, or a recovery code; what to call it in the audit log.
async fn next_code(
    app: &App,
    tx: &mut PgConnection,
    halfway: &Halfway,
    given: &EnterCode,
) -> Result<&'static str> {
    let door = members::lock_door(&mut *tx, halfway.id).await?.ok_or(ApiError::SignedOut)?;
    let kept = door.code_secret.ok_or(ApiError::SignedOut)?;
    let secret = authenticator::open(&app.keys, halfway.id, &kept).map_err(|_| unreadable());
    let of = |secret: &Vec<u8>| code::step_of(secret, &given.code, app.clock.now());
    if let Some(step) = secret.as_ref().ok().and_then(of) {
        let is_first = members::take_step(tx, halfway.id, step).await?;
        return if is_first { Ok("staff.signed_in") } else { Err(wrong_code()) };
    }
    let recovery = hash(&code::plain(&given.code));
    if members::take_recovery_code(tx, halfway.id, &recovery).await? {
        return Ok("staff.signed_in_by_recovery_code");
    }
    secret.and(Err(wrong_code()))
}

fn unreadable() -> ApiError {
    ApiError::conflict(
        "authenticator_unreadable",
        "The shop cannot read the secret of your authenticator. Use a recovery code, or ask an administrator \
         to take your authenticator away, and set up another.",
    )
}

fn wrong_code() -> ApiError {
    ApiError::field(
        "/code",
        "wrong",
        "That code is wrong, or was used before. Wait for the next one.",
    )
}

async fn begin(
    app: &App,
    tx: &mut PgConnection,
    staff: StaffId,
    next: NextStep,
) -> Result<StaffSession> {
    let (now, token) = (app.clock.now(), fresh(SESSION_PREFIX));
    let expires_at = now + if next == NextStep::Open { LONGEST } else { PATIENCE };
    sessions::insert(tx, &hash(&token), (staff, next), now, expires_at).await?;
    Ok(StaffSession { token, next, expires_at, recovery_codes: Vec::new() })
}

/// Sign out: the session ends
#[utoipa::path(
    post, path = "/admin/auth/sign-out", tag = "admin: staff",
    responses((status = 204), Failures),
    security(("staff" = [])),
)]
pub async fn sign_out_staff(staff: Staff, State(app): State<App>) -> Result<StatusCode> {
    app.db.write(async |tx| sessions::end(tx, &staff.session).await).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Come in for the first time, with the secret of an invitation
#[utoipa::path(
    post, path = "/admin/auth/accept", tag = "admin: staff",
    request_body = AcceptInvitation,
    responses((status = 200, body = StaffSession), Failures),
)]
pub async fn accept_invitation(
    client: Client,
    State(app): State<App>,
    Json(given): Json<AcceptInvitation>,
) -> Result<Json<StaffSession>> {
    let name = line("/name", &given.name, 100)?;
    // Without a lock first, so that nothing waits for the hash.
    let open = app.db.write(async |tx| invitation::opened(&app, tx, &given.token).await);
    let (_, email) = open.await?;
    check_password(&given.password, &[&email, &name])?;
    let kept = app.passwords.kept(given.password).await?;
    let session = app
        .db
        .write(async |tx| {
            let (staff, _) = invitation::opened(&app, &mut *tx, &given.token).await?;
            members::accept(&mut *tx, staff, &name, &kept).await?;
            let session = begin(&app, &mut *tx, staff, NextStep::Enrol).await?;
            let actor = Actor::person(staff, client);
            audit::record(tx, &actor, &Change::done("staff.came_in", staff), app.clock.now())
                .await?;
            Ok::<_, ApiError>(session)
        })
        .await?;
    Ok(Json(session))
}

/// Show who is signed in
#[utoipa::path(
    get, path = "/admin/me", tag = "admin: staff",
    responses((status = 200, body = StaffMember), Failures),
    security(("staff" = [])),
)]
pub async fn show_staff_me(staff: Staff, State(app): State<App>) -> Result<Json<StaffMember>> {
    let found = app.db.read(async |conn| members::list(conn, Some(staff.id)).await).await?;
    found.into_iter().next().map(Json).ok_or(ApiError::SignedOut)
}

/// Choose a new password; every other session ends
#[utoipa::path(
    post, path = "/admin/me/password", tag = "admin: staff",
    request_body = SetStaffPassword,
    responses((status = 204), Failures),
    security(("staff" = [])),
)]
pub async fn set_staff_password(
    staff: Staff,
    State(app): State<App>,
    Json(given): Json<SetStaffPassword>,
) -> Result<StatusCode> {
    let counted = format!("staff again: {}", staff.id);
    app.limits.take(Limit::SignInAccount, counted.as_str()).await?;
    let door = app.db.write(async |tx| members::lock_door(tx, staff.id).await).await?;
    let door = door.ok_or(ApiError::SignedOut)?;
    let verdict = app.passwords.compare(given.current, door.password_hash.as_deref()).await?;
    if verdict == Verdict::Wrong {
        return Err(ApiError::field("/current", "wrong", "That is not your password."));
    }
    check_password(&given.password, &[&door.email])?;
    let kept = app.passwords.kept(given.password).await?;
    app.db
        .write(async |tx| {
            members::set_password(&mut *tx, staff.id, &kept).await?;
            sessions::end_others(&mut *tx, staff.id, Some(&staff.session)).await?;
            let change = Change::done("staff.password_changed", staff.id);
            audit::record(tx, &staff.actor, &change, app.clock.now()).await
        })
        .await?;
    app.limits.forget(Limit::SignInAccount, counted.as_str()).await;
    Ok(StatusCode::NO_CONTENT)
}
