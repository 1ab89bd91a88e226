//! Signing in, staying in, showing it again, signing out.

use api_types::{Reauthenticate, Refresh, SignIn, SignedIn};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{AppendHeaders, IntoResponse, Response},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};

use super::{
    super::{
        Customer, Device,
        caller::ACCESS_COOKIE,
        known_device,
        password::Verdict,
        session::{self, Method},
    },
    email, store,
};
use crate::{
    App,
    http::{ApiError, Failures, Json, Result},
    limits::Limit,
};

/// The browser's cookie with the refresh token.
const REFRESH_COOKIE: &str = "__Host-refresh";

/// How long a browser keeps its refresh token, in days: a session that idle is over.
const REFRESH_DAYS: i64 = 30;

/// Sign in with a password; the same answer whether the address or the password is wrong
#[utoipa::path(
    post, path = "/auth/login", tag = "accounts",
    request_body = SignIn,
    responses((status = 200, body = SignedIn), Failures),
)]
pub async fn sign_in(
    State(app): State<App>,
    device: Device,
    headers: HeaderMap,
    Json(given): Json<SignIn>,
) -> Result<Json<SignedIn>> {
    let email = email(&given.email)?;
    let account = app.db.read(async |conn| store::customers::account(conn, email).await).await?;
    // A device that is known is counted apart, so that nobody can lock its owner out by guessing.
    let known = account.as_ref().and_then(|it| known_device::name(&app.keys, it.id, &headers));
    let counted = known.unwrap_or_else(|| email.to_lowercase());
    app.limits.take(Limit::SignInAccount, counted.as_str()).await?;
    let kept = account.as_ref().and_then(|account| account.password_hash.as_deref());
    let verdict = app.passwords.compare(given.password.clone(), kept).await?;
    let Some(account) = account.filter(|_| verdict != Verdict::Wrong) else {
        tracing::info!("a sign-in was refused");
        metrics::counter!("oxcart_sign_ins_refused_total").increment(1);
        return Err(ApiError::rejected(
            "wrong_credentials",
            "Wrong address or password, or the address is not confirmed yet.",
        ));
    };
    let anew = match verdict {
        Verdict::RightButCheap => Some(app.passwords.kept(given.password).await?),
        _ => None,
    };
    let signed_in = app
        .db
        .write(async |tx| {
            if let Some(anew) = &anew {
                store::customers::set_password(&mut *tx, account.id, anew, None).await?;
            }
            session::begin(&app, tx, account.id, Method::Password, &device).await
        })
        .await?;
    app.limits.forget(Limit::SignInAccount, counted.as_str()).await;
    Ok(Json(signed_in))
}

/// Exchange a refresh token for the next pair of tokens; a browser's cookies are changed instead
#[utoipa::path(
    post, path = "/auth/refresh", tag = "accounts",
    request_body = Refresh,
    responses((status = 200, body = SignedIn), (status = 204, description = "The cookies were changed"), Failures),
)]
pub async fn refresh(
    State(app): State<App>,
    device: Device,
    headers: HeaderMap,
    Json(given): Json<Refresh>,
) -> Result<Response> {
    if let Some(token) = given.refresh_token {
        let next = session::refresh(&app, &token, &device).await?;
        return next.map(|next| Json(next).into_response()).ok_or(ApiError::SignedOut);
    }
    let token = in_cookie(&headers).ok_or(ApiError::SignedOut)?;
    let next = session::refresh(&app, &token, &device).await?.ok_or(ApiError::SignedOut)?;
    let access = cookie(ACCESS_COOKIE, next.access_token, i64::from(next.expires_in));
    let refresh = cookie(REFRESH_COOKIE, next.refresh_token, REFRESH_DAYS * 24 * 60 * 60);
    let cookies =
        [access, refresh].map(|cookie| (axum::http::header::SET_COOKIE, cookie.to_string()));
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookies)).into_response())
}

/// Sign out: the session of the token ends; doing it again changes nothing
#[utoipa::path(
    post, path = "/auth/logout", tag = "accounts",
    request_body = Refresh,
    responses((status = 204), Failures),
)]
pub async fn sign_out(
    State(app): State<App>,
    headers: HeaderMap,
    Json(given): Json<Refresh>,
) -> Result<StatusCode> {
    if let Some(token) = given.refresh_token.or_else(|| in_cookie(&headers)) {
        session::end_of_token(&app, &token).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Show again who is there, before something that matters
#[utoipa::path(
    post, path = "/auth/reauthenticate", tag = "accounts",
    request_body = Reauthenticate,
    responses((status = 200, body = SignedIn), Failures),
    security(("customer" = [])),
)]
pub async fn reauthenticate(
    customer: Customer,
    State(app): State<App>,
    Json(given): Json<Reauthenticate>,
) -> Result<Json<SignedIn>> {
    let counted = format!("again: {}", customer.id);
    app.limits.take(Limit::SignInAccount, counted.as_str()).await?;
    let kept =
        app.db.read(async |conn| store::customers::password(conn, customer.id).await).await?;
    let verdict = app.passwords.compare(given.password, kept.as_deref()).await?;
    if verdict == Verdict::Wrong {
        tracing::info!(customer.id = %customer.id, "a customer did not show who they are");
        return Err(ApiError::field("/password", "wrong", "That is not your password."));
    }
    let signed_in = app
        .db
        .write(async |tx| session::confirm(&app, tx, customer, Method::Password).await)
        .await?;
    app.limits.forget(Limit::SignInAccount, counted.as_str()).await;
    Ok(Json(signed_in))
}

fn in_cookie(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(REFRESH_COOKIE).map(|cookie| cookie.value().to_owned())
}

fn cookie(name: &'static str, value: String, seconds: i64) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(
            std::time::Duration::from_secs(seconds.unsigned_abs()).try_into().unwrap_or_default(),
        )
        .build()
}
