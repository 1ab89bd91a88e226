//! A storefront with a small backend, and what it answers.

use std::net::SocketAddr;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode},
    middleware::map_request,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use clap::Parser;
use frontend::{app::App, config::Config, server};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A cart that the small backend knows, and what opens it.
pub const CART: &str = "cart_00000000000000000000000000000001.secret-token";

/// What the browser of these tests calls itself.
const BROWSER: &str = "Tests/1.0";

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

    /// A header's texts, when it stands there more than once.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).into_iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// All cookies of that name which it sets.
    pub fn cookies(&self, name: &str) -> Vec<String> {
        let all = self.headers.get_all("set-cookie").into_iter();
        let all = all.map(|value| value.to_str().unwrap().to_owned());
        all.filter(|cookie| cookie.split('=').next() == Some(name)).collect()
    }

    /// What a form of the page carries.
    pub fn csrf(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}

/// A storefront.
pub struct Shop {
    router: Router,
    counted: Counted,
}

/// What the small backend was asked to do.
#[derive(Clone, Default)]
struct Counted {
    renewals: Arc<AtomicUsize>,
    changes: Arc<AtomicUsize>,
}

impl Shop {
    /// With a backend that answers.
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let counted = Counted::default();
        let backend = backend(&counted);
        tokio::spawn(async move { axum::serve(listener, backend).await });
        Self { counted, ..Self::at(&format!("http://{address}")) }
    }

    /// How often a session was renewed.
    pub fn renewals(&self) -> usize {
        self.counted.renewals.load(Ordering::SeqCst)
    }

    /// How often the backend was asked to change something.
    pub fn changes(&self) -> usize {
        self.counted.changes.load(Ordering::SeqCst)
    }

    /// With a backend that is away.
    pub fn alone() -> Self {
        Self::at("http://127.0.0.1:9")
    }

    fn at(backend: &str) -> Self {
        Self::with(backend, &[])
    }

    /// The one that this router serves.
    pub fn of(router: Router) -> Self {
        Self { router, counted: Counted::default() }
    }

    /// With that backend, and these settings.
    pub fn with(backend: &str, settings: &[&str]) -> Self {
        let flags = [
            "frontend",
            "--backend-url",
            backend,
            "--site-dir",
            "/nonexistent",
            "--cookie-key",
            "a key that only tests know, long enough",
        ];
        let Cli { config } = Cli::parse_from(flags.iter().chain(settings));
        Self::of(server::router(App::new(config).unwrap()))
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

    /// Asks for a page over a connection from that address.
    pub async fn get_from(&self, peer: [u8; 4], path: &str, headers: &[(&str, &str)]) -> Answer {
        let peer = ConnectInfo(SocketAddr::from((peer, 4711)));
        let shop = Self::of(self.router.clone().layer(Extension(peer)));
        shop.get(path, headers).await
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
        request = request.header("user-agent", BROWSER);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

fn backend(counted: &Counted) -> Router {
    let id = CART.split('.').next().unwrap();
    Router::new()
        .route("/api/config", get(async || answer(&config())))
        .route("/api/home", get(async || answer(&json!({"new_arrivals": [], "best_sellers": [], "promises": [], "categories": []}))))
        .route(&format!("/api/carts/{id}"), get(async || answer(&cart())))
        .route(&format!("/api/carts/{id}/shipping-options"), get(async || answer(&json!({"data": []}))))
        .route(&format!("/api/carts/{id}/merge"), post(async || answer(&cart())))
        .route("/api/pages/who", get(who))
        .route("/api/echo", post(echo))
        .merge(accounts(counted))
        .fallback(|| async { StatusCode::NOT_FOUND })
}

/// A customer called Ann, who signed in some time ago.
fn accounts(counted: &Counted) -> Router {
    let renewals = Arc::clone(&counted.renewals);
    let changes = Arc::clone(&counted.changes);
    let list = async |headers: HeaderMap| for_ann(&headers, &json!({"data": [], "page": {}}));
    Router::new()
        .route("/api/customers/me", get(async |headers: HeaderMap| for_ann(&headers, &ann())))
        .route("/api/customers/me/orders", get(list))
        .route("/api/customers/me/addresses", get(list))
        .route("/api/carts/current", get(async |headers: HeaderMap| for_ann(&headers, &cart())))
        .route("/api/auth/login", post(sign_in))
        .route("/api/auth/logout", post(async || StatusCode::NO_CONTENT))
        .route(
            "/api/auth/password",
            put(async || refusal(403, "reauthentication_required", "Show who you are.")),
        )
        .route(
            "/api/auth/refresh",
            post(async move |headers: HeaderMap, body: String| {
                renewals.fetch_add(1, Ordering::SeqCst);
                let is_hers = headers["user-agent"] == BROWSER;
                if is_hers && body.contains("refresh-of-ann") {
                    answer(&signed_in()).into_response()
                } else {
                    refusal(401, "signed_out", "Sign in again.")
                }
            }),
        )
        .layer(map_request(move |request: Request<Body>| {
            if request.method() != Method::GET {
                changes.fetch_add(1, Ordering::SeqCst);
            }
            std::future::ready(request)
        }))
}

async fn sign_in(body: String) -> Response {
    if body.contains("many@") {
        return refusal(429, "too_many_requests", "Later.");
    }
    if body.contains("right password") {
        return answer(&signed_in()).into_response();
    }
    refusal(422, "wrong_credentials", "Wrong address or password, or not confirmed yet.")
}

/// The answer, for whoever shows Ann's token.
fn for_ann(headers: &HeaderMap, body: &Value) -> Response {
    let shown = headers.get("authorization").map(|it| it.to_str().unwrap());
    if shown == Some("Bearer access.of.ann") {
        return answer(body).into_response();
    }
    refusal(401, "signed_out", "Sign in.")
}

fn refusal(status: u16, code: &str, detail: &str) -> Response {
    let problem = json!({
        "type": "about:blank", "title": "No", "status": status, "code": code, "detail": detail,
    });
    (StatusCode::from_u16(status).unwrap(), answer(&problem)).into_response()
}

fn signed_in() -> Value {
    json!({
        "access_token": "access.of.ann", "expires_in": 300, "refresh_token": "next-of-ann",
        "device_token": "device-of-ann",
        "customer": ann(),
    })
}

fn ann() -> Value {
    json!({
        "id": "cus_00000000000000000000000000000001", "email": "ann@example.com", "name": "Ann",
        "wants_news": false, "has_password": true, "created_at": "2026-01-01T00:00:00Z",
        "version": 1,
    })
}

pub fn answer(body: &Value) -> impl IntoResponse + use<> {
    ([("content-type", "application/json")], body.to_string())
}

/// A page of words that names whoever the storefront asks it for.
async fn who(headers: HeaderMap) -> impl IntoResponse {
    let client = headers.get("x-forwarded-for").map_or("nobody", |value| value.to_str().unwrap());
    answer(
        &json!({"slug": "who", "title": format!("<{client}>"), "updated_at": "2026-01-01T00:00:00Z", "body_html": ""}),
    )
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
