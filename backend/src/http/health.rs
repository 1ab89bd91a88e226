//! Whether this process lives, and whether it wants requests.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{extract::State, http::StatusCode};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Json;
use crate::App;

/// Whether new requests are welcome: true once started, false once stopping.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// Says that requests are welcome, or no longer are.
    pub fn set(&self, is_ready: bool) {
        self.0.store(is_ready, Ordering::Release);
    }

    /// Whether requests are welcome.
    pub fn is_ready(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// How the backend is.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Health {
    /// `ok` or `starting or stopping`.
    status: &'static str,
    /// The version that is running.
    version: &'static str,
}

fn health(is_ready: bool) -> (StatusCode, Json<Health>) {
    let (code, status) = if is_ready {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "starting or stopping")
    };
    (code, Json(Health { status, version: env!("CARGO_PKG_VERSION") }))
}

/// Tell how the backend is
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 200, body = Health), (status = 503, body = Health)))]
pub async fn show_health(State(readiness): State<Readiness>) -> (StatusCode, Json<Health>) {
    health(readiness.is_ready())
}

/// Tell whether the process lives
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)))]
pub async fn show_liveness() -> (StatusCode, Json<Health>) {
    health(true)
}

/// Tell whether requests are welcome; stays true while the database is away, so that cached pages live on
#[utoipa::path(get, path = "/health/ready", tag = "health", responses((status = 200, body = Health), (status = 503, body = Health)))]
pub async fn show_readiness(State(readiness): State<Readiness>) -> (StatusCode, Json<Health>) {
    health(readiness.is_ready())
}

/// The health routes, for the API and for the operators' listener.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_health))
        .routes(routes!(show_liveness))
        .routes(routes!(show_readiness))
}
