//! Pages, form posts, assets and the way to the backend: one router, served until told to stop.

use std::{future::IntoFuture, net::SocketAddr, time::Duration};

use anyhow::Context as _;
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use tokio::{net::TcpListener, sync::watch};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer,
};

use crate::{
    actions, api::Error, app::App, client, config::Config, csrf, document, extract::Path, forward,
    headers, page_cache, pages, session, sitemap, telemetry,
};

/// The most that a form may hold.
const FORM: usize = 64 * 1024;
/// The most that a request to the API may hold.
const API: usize = 1024 * 1024;
/// How long a page may take, however slow the backend.
const PAGE: Duration = Duration::from_secs(20);
/// How long open requests may take to end once we are told to stop.
const DRAIN: Duration = Duration::from_secs(25);

/// The whole storefront.
pub fn router(app: App) -> Router {
    let api = Router::new()
        .route("/api", any(forward::forward))
        .route("/api/{*path}", any(forward::forward))
        .layer(RequestBodyLimitLayer::new(API));
    // Only what is in here can be kept for others.
    let open = Router::new()
        .route("/", get(pages::home::home))
        .route("/categories/{handle}", get(pages::category::category))
        .route("/products/{handle}", get(pages::product::product))
        .route("/search", get(pages::search::search))
        .route("/pages/{slug}", get(pages::content::content))
        .route("/journal", get(pages::journal::journal))
        .route("/journal/{slug}", get(pages::journal::post));
    let open = drawn(open, &app).layer(from_fn_with_state(app.clone(), page_cache::keep));
    let shop = Router::new()
        .route("/cart", get(pages::cart::cart))
        .route("/cart/count", get(pages::cart::count))
        .route("/cart/lines", post(actions::cart::add_line))
        .route("/cart/lines/{id}", post(actions::cart::change_line))
        .route("/cart/share", get(pages::share::share))
        .route("/cart/add", get(pages::share::add).post(actions::share::add))
        .route("/cart/country", post(actions::cart::change_country))
        .route("/currency", post(actions::currency::choose))
        .route("/checkout", get(pages::checkout::checkout).post(actions::checkout::checkout))
        .route("/orders/find", get(pages::find_order::find).post(actions::find_order::find))
        .route("/orders/find/sent", get(async || pages::find_order::sent()))
        .route("/orders/{id}", get(pages::order::order))
        .route("/orders/{id}/cancel", post(actions::order::cancel))
        .route("/orders/{id}/reorder", post(actions::order::reorder))
        .route("/orders/{id}/invoice.pdf", get(pages::order::invoice))
        .route("/orders/{id}/pay", post(actions::order::pay))
        .merge(account())
        .route("/assets/{name}", get(file))
        .route("/favicon.ico", get(icon))
        .route("/robots.txt", get(sitemap::robots))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemaps/{name}", get(sitemap::part))
        .route("/health/live", get(|| async { StatusCode::OK }))
        .fallback(elsewhere);
    Router::new()
        .merge(open)
        .merge(drawn(shop, &app))
        .merge(api)
        .layer(from_fn_with_state(app.clone(), csrf::guard))
        .layer(CompressionLayer::new())
        .layer(from_fn(headers::tag_encoding))
        .layer(from_fn(headers::finish))
        .layer(from_fn_with_state(app.clone(), client::know))
        .layer(from_fn(telemetry::watch))
        .with_state(app)
}

/// Handlers that answer with pages, and the frame around them.
fn drawn(pages: Router<App>, app: &App) -> Router<App> {
    pages
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(DefaultBodyLimit::max(FORM))
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(|_| pages::errors::broken().into_response()))
        .layer(from_fn(session::keep))
        .layer(from_fn_with_state(app.clone(), document::draw))
}

/// What is a customer's own, and the doors to it.
fn account() -> Router<App> {
    use crate::{actions::account as act, pages::account as page};

    Router::new()
        .route("/account", get(page::overview::overview))
        .route("/account/sign-in", get(page::enter::sign_in).post(act::enter::sign_in))
        .route("/account/sign-in/start", post(act::passkeys::start_sign_in))
        .route("/account/sign-in/passkey", post(act::passkeys::sign_in))
        .route("/account/sign-out", post(act::enter::sign_out))
        .route("/account/confirm", get(page::enter::confirm).post(act::enter::confirm))
        .route("/account/confirm/passkey", post(act::passkeys::confirm))
        .route("/account/register", get(page::register::register).post(act::register::register))
        .route("/account/register/sent", get(page::register::sent))
        .route("/account/verify", get(page::register::verify).post(act::register::verify))
        .route("/account/forgot", get(page::forgot::forgot).post(act::forgot::forgot))
        .route("/account/forgot/sent", get(page::forgot::sent))
        .route("/account/reset", get(page::forgot::reset).post(act::forgot::reset))
        .route("/account/email", get(page::profile::moving).post(act::profile::move_in))
        .route("/account/orders", get(page::orders::orders))
        .route("/account/addresses", get(page::addresses::addresses).post(act::addresses::add))
        .route("/account/addresses/new", get(page::addresses::new))
        .route("/account/addresses/{id}", get(page::addresses::edit).post(act::addresses::change))
        .route("/account/addresses/{id}/default", post(act::addresses::begin_with))
        .route("/account/addresses/{id}/remove", post(act::addresses::remove))
        .route("/account/profile", get(page::profile::profile).post(act::profile::change))
        .route("/account/profile/email", post(act::profile::change_email))
        .route("/account/password", get(page::password::password).post(act::password::change))
        .route("/account/passkeys", get(page::passkeys::passkeys).post(act::passkeys::add))
        .route("/account/passkeys/start", post(act::passkeys::start))
        .route("/account/passkeys/{id}/remove", post(act::passkeys::remove))
        .route("/account/devices", get(page::devices::devices))
        .route("/account/devices/others/end", post(act::devices::end_others))
        .route("/account/devices/{id}/end", post(act::devices::end))
        .route("/account/data", get(page::data::data))
        .route("/account/data/export", post(act::data::export))
        .route("/account/data/archive", get(act::data::archive))
        .route("/account/data/leave", post(act::data::leave))
}

/// Serves until the process is told to stop, then lets open requests end.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let (stop, stopping) = watch::channel(false);
    let metrics = telemetry::metrics()?;
    let public = TcpListener::bind(config.listen).await.context("cannot listen on LISTEN")?;
    let ops = TcpListener::bind(config.ops_listen).await.context("cannot listen on OPS_LISTEN")?;
    tracing::info!(listen = %config.listen, backend = %config.backend_url, "serving");
    let app = App::new(config)?;

    tokio::spawn(axum::serve(ops, ops_router(metrics, stopping.clone())).into_future());
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("told to stop: finishing open requests");
        let _ = stop.send(true);
    });
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(public, service).with_graceful_shutdown(stopped(stopping.clone()));
    let deadline = async {
        stopped(stopping).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = served => served.context("cannot serve"),
        () = deadline => {
            tracing::warn!("some requests did not end in time");
            Ok(())
        }
    }
}

/// Asks a running storefront whether it takes shoppers.
pub async fn healthcheck(config: &Config, patience: Duration) -> anyhow::Result<()> {
    let url = format!("http://{}/readyz", config.ops_listen);
    let client = reqwest::Client::builder().no_proxy().timeout(patience).build()?;
    let status = client.get(url).send().await?.status();
    anyhow::ensure!(status.is_success(), "not ready: {status}");
    Ok(())
}

fn ops_router(
    metrics: metrics_exporter_prometheus::PrometheusHandle,
    stopping: watch::Receiver<bool>,
) -> Router {
    let ready = move || async move {
        let is_stopping = *stopping.borrow();
        if is_stopping { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
    };
    Router::new()
        .route("/metrics", get(|| async move { metrics.render() }))
        .route("/livez", get(|| async { StatusCode::OK }))
        .route("/readyz", get(ready))
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    let _ = stopping.wait_for(|is_stopping| *is_stopping).await;
}

async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};

    let Ok(mut terminated) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Gives a page up after a while, so that a slow backend cannot hold every connection.
async fn in_time(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    match tokio::time::timeout(PAGE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => pages::errors::away().into_response(),
    }
}

async fn file(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    app.assets.serve(&name, &headers).await
}

async fn icon(State(app): State<App>) -> Response {
    match app.assets.url("icon.svg") {
        Some(url) => Redirect::temporary(&url).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// An address that is no page: one that moved leads on, any other is a 404.
async fn elsewhere(State(app): State<App>, uri: axum::http::Uri) -> Result<Response, Error> {
    match app.api.redirect(uri.path()).await? {
        Some(to) if is_path(&to.target) => Ok(Redirect::permanent(&to.target).into_response()),
        _ => Ok(pages::errors::not_found().into_response()),
    }
}

/// Whether that is an address on this shop, not one that looks like it.
pub fn is_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_back_never_leads_to_another_site() {
        assert!(is_path("/products/mug?colour=fir"));
        for path in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb"] {
            assert!(!is_path(path), "{path}");
        }
    }
}
