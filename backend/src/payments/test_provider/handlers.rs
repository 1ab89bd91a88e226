//! The provider's own page, where a shopper confirms a payment.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{TestProvider, ledger};
use crate::{
    App,
    http::{ApiError, Failures, Form, Path, Result},
    payments::Provider,
};

/// What the shopper pressed.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct Answer {
    /// `confirm` or `refuse`.
    answer: String,
}

fn offered(app: &App) -> Result<&TestProvider> {
    let Provider::Test(provider) = &app.provider;
    if app.config.checkout.test_payments { Ok(provider) } else { Err(ApiError::NotFound("page")) }
}

/// Show the provider's page that asks to confirm a payment
#[utoipa::path(
    get, path = "/test-provider/{reference}", tag = "test provider",
    params(("reference" = String, Path)),
    responses((status = 200, body = String, content_type = "text/html"), Failures),
)]
pub async fn show_confirmation(
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<Response> {
    let provider = offered(&app)?;
    let found =
        provider.books.read(async |conn| ledger::by_reference(conn, &reference).await).await?;
    let (_, _, amount) = found.ok_or(ApiError::NotFound("payment"))?;
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Confirm your payment</title><style>body{{font:1rem/1.5 system-ui;max-width:26rem;margin:15vh auto;padding:1rem}}\
         button{{font:inherit;min-height:44px;padding:0 1.5rem;margin-right:1rem}}</style>\
         <main><h1>Test bank</h1><p>Do you want to pay <strong>{amount}</strong>? No money moves.</p>\
         <form method=post><button name=answer value=confirm>Confirm payment</button>\
         <button name=answer value=refuse>Refuse</button></form></main></html>"
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY")),
    ];
    Ok((headers, Html(page)).into_response())
}

/// Confirm or refuse a payment, and go back to the shop
#[utoipa::path(
    post, path = "/test-provider/{reference}", tag = "test provider",
    params(("reference" = String, Path)),
    request_body(content = Answer, content_type = "application/x-www-form-urlencoded"),
    responses((status = 303), Failures),
)]
pub async fn confirm(
    State(app): State<App>,
    Path(reference): Path<String>,
    Form(form): Form<Answer>,
) -> Result<Redirect> {
    let provider = offered(&app)?;
    let found =
        provider.books.read(async |conn| ledger::by_reference(conn, &reference).await).await?;
    let (_, return_url, _) = found.ok_or(ApiError::NotFound("payment"))?;
    provider
        .books
        .write(async |tx| ledger::answer(tx, &reference, form.answer == "confirm").await)
        .await?;
    Ok(Redirect::to(&return_url))
}
