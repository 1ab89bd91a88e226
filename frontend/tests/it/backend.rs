//! A small backend that can be counted, changed, slowed down and stopped.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use tokio::{net::TcpListener, runtime::Runtime};

use crate::support::{answer, config};

/// What a test can see of the backend and do to it.
#[derive(Clone, Default)]
pub struct Knobs(Arc<Inner>);

#[derive(Default)]
struct Inner {
    asked: Mutex<Vec<String>>,
    price: AtomicI64,
    delay: AtomicU64,
    fails: AtomicU64,
}

impl Knobs {
    /// How often that path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.0.asked.lock().unwrap().iter().filter(|asked| *asked == path).count()
    }

    /// What the mug costs from here on, in cents; nothing takes it off sale.
    pub fn set_price(&self, cents: i64) {
        self.0.price.store(cents, Ordering::SeqCst);
    }

    /// How long every answer takes from here on.
    pub fn set_delay(&self, delay: Duration) {
        self.0.delay.store(delay.as_millis().try_into().unwrap(), Ordering::SeqCst);
    }

    /// Whether every answer is 503 from here on.
    pub fn set_failing(&self, fails: bool) {
        self.0.fails.store(fails.into(), Ordering::SeqCst);
    }
}

/// A backend with a runtime of its own, so that it can go away with all its connections.
pub struct Backend {
    /// Where it answers.
    pub url: String,
    /// What can be done to it.
    pub knobs: Knobs,
    runtime: Option<Runtime>,
}

impl Backend {
    /// One that answers.
    pub fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let knobs = Knobs::default();
        knobs.set_price(1_800);
        let socket = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        socket.set_nonblocking(true).unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        let router = router(knobs.clone());
        runtime.spawn(
            async move { axum::serve(TcpListener::from_std(socket).unwrap(), router).await },
        );
        Self { url, knobs, runtime: Some(runtime) }
    }

    /// Goes away, as a machine does that loses its power.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.stop();
    }
}

fn router(knobs: Knobs) -> Router {
    let shelf = json!({
        "category": {
            "id": "cat_00000000000000000000000000000001", "handle": "kitchen",
            "title": "Kitchen", "intro": "", "product_count": 0, "children": [],
        },
        "breadcrumbs": [],
    });
    let home = json!({"new_arrivals": [], "best_sellers": [], "promises": [], "categories": []});
    let page = json!({"slug": "delivery", "title": "Delivery", "updated_at": "2026-01-01T00:00:00Z", "body_html": "<p>By post.</p>"});
    Router::new()
        .route("/api/config", get(async || answer(&config())))
        .route("/api/home", get(async move || answer(&home)))
        .route("/api/products", get(async || answer(&json!({"data": [], "page": {"total": 0}}))))
        .route("/api/products/mug", get(mug))
        .route("/api/categories/kitchen", get(async move || answer(&shelf)))
        .route("/api/pages/delivery", get(async move || answer(&page)))
        .route("/api/redirects/resolve", get(async || StatusCode::NOT_FOUND))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn_with_state(knobs.clone(), obey))
        .with_state(knobs)
}

/// Notes what was asked for, and is as slow or as ill as it was told to be.
async fn obey(State(knobs): State<Knobs>, request: Request, next: Next) -> Response {
    knobs.0.asked.lock().unwrap().push(request.uri().path().to_owned());
    let delay = Duration::from_millis(knobs.0.delay.load(Ordering::SeqCst));
    tokio::time::sleep(delay).await;
    if knobs.0.fails.load(Ordering::SeqCst) != 0 {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}

async fn mug(State(knobs): State<Knobs>) -> Response {
    let price = knobs.0.price.load(Ordering::SeqCst);
    if price == 0 {
        return StatusCode::NOT_FOUND.into_response();
    }
    let price = json!({"amount": price, "currency": "EUR"});
    let mug = json!({
        "id": format!("prod_{:032x}", 1), "handle": "mug", "title": "Mug",
        "description_html": "<p>A mug.</p>", "details": [], "pictures": [], "options": [],
        "variants": [{
            "id": format!("var_{:032x}", 1), "options": [], "price": price,
            "availability": "in_stock", "max_quantity": 5, "weight_g": 340,
        }],
        "breadcrumbs": [], "related": [], "price": price, "price_varies": false,
        "availability": "in_stock", "tax_included": true, "version": 1,
        "published_at": "2026-01-01T00:00:00Z",
    });
    answer(&mug).into_response()
}
