//! A storefront with a small backend, and what it answers.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
    response::IntoResponse,
    routing::{get, post},
};
use clap::Parser;
use frontend::{app::App, config::Config, server};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A cart that the small backend knows, and what opens it.
pub const CART: &str = "cart_00000000000000000000000000000001.secret-token";

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// What came back.
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub text: String,
}

impl Answer {
    /// A header's text, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What a form of the page carries.
    pub fn csrf(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

/// A storefront.
pub struct Shop(Router);

impl Shop {
    /// With a backend that answers.
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, backend()).await });
        Self::at(&format!("http://{address}"))
    }

    /// With a backend that is away.
    pub fn alone() -> Self {
        Self::at("http://127.0.0.1:9")
    }

    fn at(backend: &str) -> Self {
        let folder = "/nonexistent";
        let flags = ["frontend", "--backend-url", backend, "--site-dir", folder];
        let Cli { config } = Cli::parse_from(flags);
        Self(server::router(App::new(config).unwrap()))
    }

    /// The one that this router serves.
    pub fn of(router: Router) -> Self {
        Self(router)
    }

    /// With that backend, and these settings.
    pub fn with(backend: &str, settings: &[&str]) -> Self {
        let flags = ["frontend", "--backend-url", backend, "--site-dir", "/nonexistent"];
        let Cli { config } = Cli::parse_from(flags.iter().chain(settings));
        Self(server::router(App::new(config).unwrap()))
    }

    /// Asks for a page, with these headers.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(&Method::GET, path, headers, "").await
    }

    /// Sends a form as a browser does from a page of the shop.
    pub async fn post(&self, path: &str, cookies: &str, form: &str) -> Answer {
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("cookie", cookies),
        ];
        self.send(&Method::POST, path, &headers, form).await
    }

    /// Sends anything.
    pub async fn send(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.0.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

fn backend() -> Router {
    let id = CART.split('.').next().unwrap();
    Router::new()
        .route("/api/config", get(async || answer(&config())))
        .route("/api/home", get(async || answer(&json!({"new_arrivals": [], "best_sellers": [], "promises": [], "categories": []}))))
        .route(&format!("/api/carts/{id}"), get(async || answer(&cart())))
        .route(&format!("/api/carts/{id}/shipping-options"), get(async || answer(&json!({"data": []}))))
        .route("/api/echo", post(echo))
        .fallback(|| async { StatusCode::NOT_FOUND })
}

/// JSON, as the backend sends it.
pub fn answer(body: &Value) -> impl IntoResponse + use<> {
    ([("content-type", "application/json")], body.to_string())
}

async fn echo(headers: HeaderMap, body: String) -> impl IntoResponse {
    let known = ["x-forwarded-for", "x-forwarded-proto", "x-request-id"];
    let said = known.map(|name| headers.get(name).map(|value| value.to_str().unwrap()));
    ([("set-cookie", "a=b"), ("connection", "x-hop"), ("x-hop", "1")], format!("{said:?} {body}"))
}

/// What a storefront must know of the shop.
pub fn config() -> Value {
    json!({
        "name": "Oxcart", "tagline": "Plain things", "default_currency": "EUR",
        "currencies": ["EUR"], "categories": [], "footer": [],
        "regions": [{
            "id": "reg_00000000000000000000000000000001", "title": "EU", "currency": "EUR",
            "tax_included": true,
            "countries": [{"code": "DE", "title": "Germany", "needs_postal_code": true}],
        }],
    })
}

fn cart() -> Value {
    let money = |amount: i64| json!({"amount": amount, "currency": "EUR"});
    json!({
        "id": CART.split('.').next(), "version": 1, "status": "open", "currency": "EUR",
        "country": "DE", "item_count": 1, "requires_shipping": true,
        "lines": [{
            "id": "line_00000000000000000000000000000001",
            "variant_id": "var_00000000000000000000000000000001",
            "handle": "mug", "title": "<b>Mug</b>", "options": [], "quantity": 1,
            "max_quantity": 5, "unit_price": money(1800), "total": money(1800),
            "availability": "in_stock",
        }],
        "totals": {
            "subtotal": money(1800), "discount": money(0), "tax": money(287),
            "tax_included": true, "tax_lines": [], "total": money(1800),
        },
    })
}
