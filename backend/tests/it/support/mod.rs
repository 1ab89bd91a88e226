//! A shop for a test: its own database, its clock held still, asked through its router.

mod buying;
mod customers;
pub mod demo;
mod goods;
pub mod redis;
mod shop_floor;
mod staff;

pub use self::{
    buying::{Shopper, berlin},
    customers::{Ann, PASSWORD},
    shop_floor::id,
    staff::{Clerk, code},
};

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use api_types::{Currency, ProductCard, ProductId};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};
use backend::{App, Clock, Config, catalog::import::Reach};
use chrono::{DateTime, TimeZone, Utc};
use clap::Parser;
use db::{Db, Settings};
use http_body_util::BodyExt;
use serde_json::Value;
use sqlx::PgConnection;
use tempfile::TempDir;
use tower::ServiceExt;

/// A running shop with the standard settings and nothing to sell.
pub struct Shop {
    /// What handlers can reach.
    pub app: App,
    /// The shop's clock; it stands until it is moved.
    pub clock: Clock,
    /// The shop's database, for connections that no pool knows of.
    pub database: Arc<testkit::Database>,
    router: Router,
    files: Arc<TempDir>,
}

/// What the shop answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is empty.
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&self.body).into_owned()))
    }

    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

#[derive(Parser)]
#[command(args_override_self = true)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

/// When every test begins.
pub fn opening_time() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap()
}

impl Shop {
    /// A shop with the standard settings.
    pub async fn open() -> Self {
        Self::open_with(&[], |_| {}).await
    }

    /// The same, with more flags and a last word on its settings. `--database-url` may be replaced.
    pub async fn open_with(flags: &[&str], change: impl FnOnce(&mut Config)) -> Self {
        let database = testkit::Database::fresh(&backend::MIGRATIONS).await;
        let files = tempfile::tempdir().unwrap();
        let mut config = config(&database, &files, flags);
        change(&mut config);
        let clock = Clock::held_at(opening_time());
        let url = secrecy::ExposeSecret::expose_secret(&config.database.database_url).to_owned();
        let settings = Settings { max_connections: 8, ..Settings::new(url) };
        let db = Db::connect(settings).await.unwrap();
        let app = App::new(db, config, clock.clone()).unwrap();
        app.db.write(async |tx| backend::seed::settings(tx).await).await.unwrap();
        let router = backend::router(app.clone());
        let (database, files) = (Arc::new(database), Arc::new(files));
        Self { app, clock, database, router, files }
    }

    /// Another backend of the same shop, with memory of its own.
    pub fn replica(&self) -> Self {
        let config = (*self.app.config).clone();
        let app = App::new(self.app.db.clone(), config, self.clock.clone()).unwrap();
        Self {
            clock: self.clock.clone(),
            database: Arc::clone(&self.database),
            router: backend::router(app.clone()),
            app,
            files: Arc::clone(&self.files),
        }
    }

    /// The same shop, started again with other flags.
    pub fn restarted(&self, flags: &[&str]) -> Self {
        let config = config(&self.database, &self.files, flags);
        let app = App::new(self.app.db.clone(), config, self.clock.clone()).unwrap();
        Self {
            clock: self.clock.clone(),
            database: Arc::clone(&self.database),
            router: backend::router(app.clone()),
            app,
            files: Arc::clone(&self.files),
        }
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.ask(Method::POST, path, Some(body)).await
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let answer = self.send(request(method, path, body, &[])).await;
        (answer.status, answer.json())
    }

    /// Asks for a page with headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, None, headers)).await
    }

    /// Sends any request, as the storefront beside the backend does; `request()` builds one.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from(Ipv4Addr::LOCALHOST.into(), request).await
    }

    /// Sends any request over a connection from that address.
    pub async fn send_from(&self, peer: IpAddr, request: Request<Body>) -> Answer {
        let (parts, body) = self.begin(peer, request).await.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends any request and leaves the answer unread.
    pub async fn begin(&self, peer: IpAddr, mut request: Request<Body>) -> Response {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 4711))));
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Runs statements on the shop's database in one transaction.
    pub async fn sql<T>(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> T {
        self.app.db.write(work).await.unwrap()
    }

    /// Runs one statement without parameters and says how many rows it touched.
    pub async fn execute(&self, statement: &'static str) -> u64 {
        self.sql(async |tx| Ok(sqlx::query(statement).execute(tx).await?.rows_affected())).await
    }

    /// The first column of the first row.
    pub async fn number(&self, statement: &'static str) -> i64 {
        self.sql(async |tx| sqlx::query_scalar(statement).fetch_one(tx).await).await
    }

    /// Cards as the search index reads them.
    pub async fn cards(&self, products: &[ProductId], currency: Currency) -> Vec<ProductCard> {
        self.sql(async |tx| backend::catalog::cards(tx, products, currency).await).await
    }
}

/// A request with a JSON body and headers.
pub fn request(
    method: Method,
    path: &str,
    body: Option<&Value>,
    headers: &[(&str, &str)],
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    match body {
        Some(body) => request
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap(),
        None => request.body(Body::empty()).unwrap(),
    }
}

fn config(database: &testkit::Database, files: &TempDir, flags: &[&str]) -> Config {
    let url = database.url();
    let media = files.path().join("media");
    let standard = [
        "shop",
        "--database-url",
        &url,
        "--media-store",
        media.to_str().unwrap(),
        "--jwt-secret",
        "a secret that only tests know, long enough",
        "--public-url",
        "https://shop.example",
        "--cache-ttl",
        "0",
        "--test-payments",
        "--rate-limit-scale",
        "1000",
    ];
    let mut config = Flags::parse_from(standard.iter().chain(flags)).config;
    // The servers that tests fetch pictures from are on this machine.
    config.catalog.picture_reach = Reach::Anywhere;
    config
}
