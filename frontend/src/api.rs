//! The backend as typed calls.

mod accounts;

use std::{sync::Arc, time::Duration};

use api_types::{
    AddLine, AddLines, Cart, CartId, Category, CategoryDetail, ChooseShipping, CompleteCart,
    Completed, ContentPage, Currency, FindOrder, HomePage, LineId, OpenCart, OpenedCart, Order,
    OrderId, Page, PaymentMethod, Post, PostCard, Problem, ProductCard, ProductDetail,
    ProductQuery, Redirect, Reordered, SetQuantity, SharedCart, ShippingMethodId, ShippingOption,
    ShopConfig, Sitemap, SitemapEntry, SitemapKind, Suggestions, UpdateCart,
};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::Url;

use crate::{client, cookies::CartKey, session::Session, telemetry};

/// How long a call may take in all.
const USUAL: Duration = Duration::from_secs(3);
/// How long taking money may take.
const PAYING: Duration = Duration::from_secs(8);

/// Why the backend did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It answered no, and said why.
    #[error("the backend refused with {status}: {}", problem.code)]
    Refused {
        /// Why.
        problem: Box<Problem>,
        /// The HTTP status.
        status: StatusCode,
    },
    /// It did not answer in time, or not at all, or not sense.
    #[error("the backend did not answer: {0}")]
    Unreachable(#[from] reqwest::Error),
}

impl Error {
    /// The problem's name for programs, when there is one.
    pub fn code(&self) -> Option<&str> {
        self.problem().map(|problem| problem.code.as_str())
    }

    /// The problem, when the backend named one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused { problem, .. } => Some(problem),
            Self::Unreachable(_) => None,
        }
    }

    /// Whether the thing asked for is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::NOT_FOUND)
    }

    /// Whether trying again later may help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused { status, .. } => {
                matches!(status.as_u16(), 429 | 502..=504)
            }
            Self::Unreachable(_) => true,
        }
    }
}

/// What a call comes to.
pub type Result<T> = std::result::Result<T, Error>;

/// A list without pages.
#[derive(Deserialize)]
struct List<T> {
    data: Vec<T>,
}

/// Currency of prices, when it is not the shop's own.
#[derive(Serialize)]
struct In {
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
}

/// The backend, asked by nobody in particular or by one visitor.
#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    base: Arc<str>,
    visitor: Option<Arc<Session>>,
}

impl Api {
    /// The backend at that address.
    pub fn new(backend: &Url) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .connect_timeout(Duration::from_secs(1))
            .pool_idle_timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { http, base: backend.as_str().trim_end_matches('/').into(), visitor: None })
    }

    /// The same backend, asked by this visitor: every call says who they are.
    #[must_use]
    pub fn asked_by(&self, visitor: Arc<Session>) -> Self {
        Self { visitor: Some(visitor), ..self.clone() }
    }

    /// The client and the address, for the forwarder.
    pub fn parts(&self) -> (&reqwest::Client, &str) {
        (&self.http, &self.base)
    }

    /// What a storefront must know before it draws a page.
    pub async fn config(&self) -> Result<ShopConfig> {
        self.get("/config").await
    }

    /// The home page.
    pub async fn home(&self, currency: Option<Currency>) -> Result<HomePage> {
        self.send(self.request(Method::GET, "/home").query(&In { currency })).await
    }

    /// A page of words.
    pub async fn content(&self, slug: &str) -> Result<ContentPage> {
        self.get(&format!("/pages/{}", segment(slug))).await
    }

    /// Posts of the journal, newest first, from a place in the list on.
    pub async fn posts(&self, cursor: Option<&str>) -> Result<Page<PostCard>> {
        let from = cursor.map(|cursor| [("cursor", cursor)]);
        self.send(self.request(Method::GET, "/posts").query(&from)).await
    }

    /// One post of the journal.
    pub async fn post(&self, slug: &str) -> Result<Post> {
        self.get(&format!("/posts/{}", segment(slug))).await
    }

    /// The whole tree of categories.
    pub async fn categories(&self) -> Result<Vec<Category>> {
        Ok(self.get::<List<_>>("/categories").await?.data)
    }

    /// One category, and the way to it.
    pub async fn category(&self, handle: &str) -> Result<CategoryDetail> {
        self.get(&format!("/categories/{}", segment(handle))).await
    }

    /// Products that match.
    pub async fn products(&self, query: &ProductQuery) -> Result<Page<ProductCard>> {
        self.send(self.request(Method::GET, "/products").query(query)).await
    }

    /// One product with all that its page needs.
    pub async fn product(&self, handle: &str, currency: Option<Currency>) -> Result<ProductDetail> {
        let path = format!("/products/{}", segment(handle));
        self.send(self.request(Method::GET, &path).query(&In { currency })).await
    }

    /// Where an old address leads; `None` when it leads nowhere.
    pub async fn redirect(&self, path: &str) -> Result<Option<Redirect>> {
        let request = self.request(Method::GET, "/redirects/resolve").query(&[("path", path)]);
        match self.send(request).await {
            Ok(redirect) => Ok(Some(redirect)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a search might become.
    pub async fn suggest(&self, words: &str, currency: Option<Currency>) -> Result<Suggestions> {
        let request = self.request(Method::GET, "/search/suggest").query(&[("q", words)]);
        self.send(request.query(&In { currency })).await
    }

    /// Opens a cart.
    pub async fn open_cart(&self, cart: &OpenCart) -> Result<OpenedCart> {
        self.send(self.request(Method::POST, "/carts").json(cart)).await
    }

    /// The cart that the key opens.
    pub async fn cart(&self, key: &CartKey) -> Result<Cart> {
        self.send(self.at_cart(Method::GET, key, "")).await
    }

    /// Changes what a cart says of its shopper.
    pub async fn update_cart(&self, key: &CartKey, change: &UpdateCart) -> Result<Cart> {
        self.send(self.at_cart(Method::PATCH, key, "").json(change)).await
    }

    /// Puts variants into the cart, once for each `once`.
    pub async fn add_lines(&self, key: &CartKey, lines: Vec<AddLine>, once: &str) -> Result<Cart> {
        let request = self.at_cart(Method::POST, key, "/lines").json(&AddLines { lines });
        self.send(with_header(request, "idempotency-key", once)).await
    }

    /// Sets how many of a line there are; 0 removes it.
    pub async fn set_quantity(&self, key: &CartKey, line: LineId, quantity: i32) -> Result<Cart> {
        let path = format!("/lines/{line}");
        self.send(self.at_cart(Method::PATCH, key, &path).json(&SetQuantity { quantity })).await
    }

    /// Takes a line out of the cart.
    pub async fn remove_line(&self, key: &CartKey, line: LineId) -> Result<Cart> {
        self.send(self.at_cart(Method::DELETE, key, &format!("/lines/{line}"))).await
    }

    /// Ways to deliver the cart.
    pub async fn shipping_options(&self, key: &CartKey) -> Result<Vec<ShippingOption>> {
        Ok(self.send::<List<_>>(self.at_cart(Method::GET, key, "/shipping-options")).await?.data)
    }

    /// Chooses a way to deliver.
    pub async fn choose_shipping(&self, key: &CartKey, method: ShippingMethodId) -> Result<Cart> {
        let choice = ChooseShipping { method_id: method };
        self.send(self.at_cart(Method::PUT, key, "/shipping").json(&choice)).await
    }

    /// Ways to pay for the cart.
    pub async fn payment_methods(&self, key: &CartKey) -> Result<Vec<PaymentMethod>> {
        Ok(self.send::<List<_>>(self.at_cart(Method::GET, key, "/payment-methods")).await?.data)
    }

    /// Buys the cart; the same `once` buys it once.
    pub async fn complete(
        &self,
        key: &CartKey,
        once: &str,
        order: &CompleteCart,
    ) -> Result<Completed> {
        let request = self.at_cart(Method::POST, key, "/complete");
        self.send(request.header("idempotency-key", once).timeout(PAYING).json(order)).await
    }

    /// What the link of a cart holds.
    pub async fn shared_cart(&self, lines: &str, currency: Currency) -> Result<SharedCart> {
        let request = self.request(Method::GET, "/carts/permalink").query(&[("lines", lines)]);
        self.send(request.query(&In { currency: Some(currency) })).await
    }

    /// Throws a cart away.
    pub async fn discard_cart(&self, key: &CartKey) -> Result<()> {
        self.done(self.at_cart(Method::DELETE, key, "")).await
    }

    /// The order that the token opens, or one of the customer's own.
    pub async fn order(&self, id: OrderId, token: &str) -> Result<Order> {
        let request = self.request(Method::GET, &format!("/orders/{id}"));
        self.send(with_header(request, "x-order-token", token)).await
    }

    /// Calls an order off.
    pub async fn cancel_order(&self, id: OrderId, token: &str, once: &str) -> Result<Order> {
        let request = self.request(Method::POST, &format!("/orders/{id}/cancel"));
        let request = with_header(request, "x-order-token", token);
        self.send(request.header("idempotency-key", once)).await
    }

    /// Sends, and reads what comes back.
    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        Ok(Box::pin(self.answer(request)).await?.json().await?)
    }

    /// Sends what is answered with nothing.
    async fn done(&self, request: RequestBuilder) -> Result<()> {
        Box::pin(self.answer(request)).await.map(drop)
    }

    /// Sends in the visitor's name: the one place where calls learn whose they are. A token that
    /// is refused is exchanged for another once.
    async fn answer(&self, request: RequestBuilder) -> Result<reqwest::Response> {
        let Some(visitor) = &self.visitor else { return sent(request).await };
        let Some(bearer) = visitor.bearer(self).await? else { return sent(request).await };
        let again = request.try_clone();
        let refused = match sent(request.bearer_auth(&bearer)).await {
            Err(error) if error.code() == Some("signed_out") => error,
            answer => return answer,
        };
        match (again, visitor.another(self, &bearer).await?) {
            (Some(again), Some(bearer)) => sent(again.bearer_auth(bearer)).await,
            (Some(again), None) => sent(again).await,
            (None, _) => Err(refused),
        }
    }

    /// Puts what an order held into the customer's cart, or into a new one.
    pub async fn reorder(&self, id: OrderId, token: &str, once: &str) -> Result<Reordered> {
        let request = self.request(Method::POST, &format!("/orders/{id}/reorder"));
        let request = request.header("idempotency-key", once);
        self.send(with_header(request, "x-order-token", token)).await
    }

    /// The invoice of an order, as a PDF.
    pub async fn invoice(&self, id: OrderId, token: &str) -> Result<Vec<u8>> {
        let request = self.request(Method::GET, &format!("/orders/{id}/invoice.pdf"));
        let request = with_header(request, "x-order-token", token);
        Ok(Box::pin(self.answer(request)).await?.bytes().await?.to_vec())
    }

    /// Has the link of an order sent, if there is such an order.
    pub async fn find_order(&self, order: &FindOrder) -> Result<()> {
        self.done(self.request(Method::POST, "/orders/lookup").json(order)).await
    }

    /// The parts of the shop's map.
    pub async fn sitemap(&self) -> Result<Sitemap> {
        self.get("/sitemap").await
    }

    /// Up to 5,000 addresses of one part.
    pub async fn sitemap_part(&self, kind: SitemapKind, cursor: &str) -> Result<Vec<SitemapEntry>> {
        let request = self.request(Method::GET, &format!("/sitemap/{}", kind.name()));
        Ok(self.send::<Page<_>>(request.query(&[("cursor", cursor)])).await?.data)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.send(self.request(Method::GET, path)).await
    }

    fn at_cart(&self, method: Method, key: &CartKey, path: &str) -> RequestBuilder {
        let id: CartId = key.id;
        with_header(self.request(method, &format!("/carts/{id}{path}")), "x-cart-token", &key.token)
    }

    /// A call on behalf of whoever asked for the page that is being made.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let browser = self.visitor.as_ref().map(|visitor| visitor.browser()).unwrap_or_default();
        let mut request = self
            .http
            .request(method, format!("{}/api{path}", self.base))
            .timeout(USUAL)
            .headers(browser);
        if let Some(id) = telemetry::request_id() {
            request = request.header(telemetry::REQUEST_ID, id);
        }
        if let Some(address) = client::address() {
            request = request.header(hops::FORWARDED_FOR, address.to_string());
        }
        request
    }
}

/// Sends, and once more when a question did not even reach the backend.
async fn sent(request: RequestBuilder) -> Result<reqwest::Response> {
    let again = request.try_clone();
    let response = match request.send().await {
        Err(error) if error.is_connect() => match again {
            Some(again) => again.send().await?,
            None => return Err(error.into()),
        },
        response => response?,
    };
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    Err(Error::Refused { problem: Box::new(problem(response).await?), status })
}

async fn problem(response: reqwest::Response) -> Result<Problem> {
    let status = response.status();
    let bytes = response.bytes().await?;
    Ok(serde_json::from_slice(&bytes).unwrap_or_else(|_| Problem {
        kind: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Unknown").to_owned(),
        status: status.as_u16(),
        code: "unknown".to_owned(),
        detail: "The backend gave no reason.".to_owned(),
        errors: Vec::new(),
        facts: None,
        request_id: None,
    }))
}

/// With the secret that opens a thing; a customer's own things are opened without one.
fn with_header(request: RequestBuilder, name: &str, value: &str) -> RequestBuilder {
    if value.is_empty() { request } else { request.header(name, value) }
}

/// A text as one segment of a path.
fn segment(text: &str) -> String {
    use std::fmt::Write as _;

    text.bytes().fold(String::new(), |mut path, byte| {
        if byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) {
            path.push(byte.into());
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
        path
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_cannot_leave_its_place() {
        assert_eq!(segment("halden-mug"), "halden-mug");
        assert_eq!(segment("../orders?x#y"), "%2E%2E%2Forders%3Fx%23y");
        assert_eq!(segment("bücher"), "b%C3%BCcher");
    }
}
