//! Logs, spans and metrics: how operators see the backend.

use std::io::IsTerminal;

use anyhow::Context;
use axum::{Router, extract::State, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::{net::TcpListener, task::JoinHandle};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{App, Config};

/// Upper bounds of the buckets of every duration, in seconds.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0];

/// Counters that are there from the start: a rate of what never was cannot be asked for, and an
/// alert would miss the first.
const FROM_THE_START: [&str; 7] = [
    "oxcart_db_pool_rebuilt_total",
    "oxcart_exports_total",
    "oxcart_http_shed_total",
    "oxcart_place_retries_total",
    "oxcart_redis_failures_total",
    "oxcart_search_follow_failures_total",
    "oxcart_search_products_refreshed_total",
];

/// What was started, to be read and flushed.
#[derive(Clone)]
pub struct Signals {
    metrics: PrometheusHandle,
    traces: Option<SdkTracerProvider>,
}

impl Signals {
    /// Sends what is still waiting to be sent.
    pub fn flush(&self) {
        if let Some(Err(error)) = self.traces.as_ref().map(SdkTracerProvider::shutdown) {
            tracing::warn!("some traces were not sent: {error}");
        }
    }
}

/// Starts logs (JSON unless a person reads them), metrics, and traces when a collector is named.
pub fn start(config: &Config) -> anyhow::Result<Signals> {
    let filter = EnvFilter::try_new(&config.signals.log)
        .context("LOG is not a filter such as `info,backend=debug`")?;
    let format = tracing_subscriber::fmt::layer().with_target(false).with_writer(std::io::stderr);
    let format = if std::io::stderr().is_terminal() {
        format.boxed()
    } else {
        format.json().flatten_event(true).boxed()
    };
    let traces = config.signals.otel_exporter_otlp_endpoint.as_ref().map(exporter).transpose()?;
    let spans = traces.as_ref().map(|provider| {
        tracing_opentelemetry::layer().with_tracer(provider.tracer("oxcart-backend"))
    });
    tracing_subscriber::registry().with(spans).with(format.with_filter(filter)).try_init().ok();

    let metrics = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()
        .context("metrics were started twice")?;
    for name in FROM_THE_START {
        metrics::counter!(name).increment(0);
    }
    let (detached, reasons) = db::DETACHED;
    for reason in reasons {
        metrics::counter!(detached, "reason" => reason).increment(0);
    }
    Ok(Signals { metrics, traces })
}

fn exporter(endpoint: &url::Url) -> anyhow::Result<SdkTracerProvider> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(endpoint.join("v1/traces")?.as_str())
        .build()
        .context("OTEL_EXPORTER_OTLP_ENDPOINT is not a collector's address")?;
    let resource =
        opentelemetry_sdk::Resource::builder().with_service_name("oxcart-backend").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// Serves `/metrics`, `/livez`, `/readyz` and `/version` to operators, apart from the shop's own port.
pub async fn serve_operators(app: &App, signals: Signals) -> anyhow::Result<JoinHandle<()>> {
    let address = app.config.ops_listen;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} for operators; set OPS_LISTEN"))?;
    let routes = Router::new()
        .route(
            "/metrics",
            get(async move |State(app): State<App>| {
                count_connections(&app.db);
                signals.metrics.run_upkeep();
                signals.metrics.render()
            }),
        )
        .route("/version", get(async || env!("CARGO_PKG_VERSION")))
        .route("/livez", get(crate::http::health::show_liveness))
        .route(
            "/readyz",
            get(async |State(app): State<App>| {
                crate::http::health::show_readiness(State(app.readiness)).await
            }),
        )
        .with_state(app.clone());
    Ok(tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            tracing::error!("the operators' listener stopped: {error}");
        }
    }))
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer connections than 2^52")]
fn count_connections(db: &db::Db) {
    let (open, idle) = (f64::from(db.size()), db.idle() as f64);
    metrics::gauge!("oxcart_db_connections", "state" => "used").set((open - idle).max(0.0));
    metrics::gauge!("oxcart_db_connections", "state" => "idle").set(idle);
}
