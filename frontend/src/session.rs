//! Who is signed in in this browser: a token for some minutes, and one to get the next pair with.
//!
//! Scripts never see either. Handlers do not set these cookies: they begin or end the session,
//! and [`keep`] sets what changed on the answer, once.

use std::sync::Arc;

use api_types::SignedIn;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Utc;
use tokio::sync::Mutex;
use url::Url;

use crate::{
    api::{self, Api, Error},
    cookies,
    server::is_path,
};

/// Seconds for which somebody who showed who they are need not do so again; the backend gives 10 minutes.
const FRESH: i64 = 9 * 60;

/// The tokens of one request's visitor, and what became of them.
pub struct Session {
    tokens: Mutex<Tokens>,
    browser: HeaderMap,
}

#[derive(Default)]
struct Tokens {
    access: Option<String>,
    refresh: Option<String>,
    /// Cookies for the answer.
    news: Vec<Cookie<'static>>,
}

impl Session {
    /// What the browser's cookies say, unproven.
    pub fn of(headers: &HeaderMap) -> Self {
        let jar = CookieJar::from_headers(headers);
        let tokens = Mutex::new(Tokens {
            access: cookies::token(&jar, cookies::ACCESS),
            refresh: cookies::token(&jar, cookies::REFRESH),
            news: Vec::new(),
        });
        let name = headers.get(header::USER_AGENT).cloned();
        let device = cookies::token(&jar, cookies::DEVICE).and_then(|token| token.parse().ok());
        let device = device.map(|token| (HeaderName::from_static("x-device-token"), token));
        let browser =
            name.into_iter().map(|name| (header::USER_AGENT, name)).chain(device).collect();
        Self { tokens, browser }
    }

    /// What the backend is to know of the browser behind a call: a session is one browser's, and
    /// its list of devices is for people to read.
    pub fn browser(&self) -> HeaderMap {
        self.browser.clone()
    }

    /// What to introduce the customer with, new when the old one has run out; `None` for guests.
    pub async fn bearer(&self, api: &Api) -> api::Result<Option<String>> {
        let mut tokens = self.tokens.lock().await;
        if tokens.access.is_none() {
            Box::pin(tokens.renew(api)).await?;
        }
        Ok(tokens.access.clone())
    }

    /// Another token than the one that was refused. Calls that were refused together ask once.
    pub async fn another(&self, api: &Api, refused: &str) -> api::Result<Option<String>> {
        let mut tokens = self.tokens.lock().await;
        if tokens.access.as_deref() == Some(refused) {
            tokens.access = None;
            Box::pin(tokens.renew(api)).await?;
        }
        Ok(tokens.access.clone())
    }

    /// Whether the customer has just shown who they are, as far as their own token says.
    #[expect(clippy::disallowed_methods, reason = "a guess: the backend's clock decides")]
    pub async fn is_fresh(&self, api: &Api) -> api::Result<bool> {
        let bearer = self.bearer(api).await?;
        let shown = bearer.as_deref().and_then(shown_at);
        Ok(shown.is_none_or(|at| Utc::now().timestamp() - at < FRESH))
    }

    /// From here on this browser is that customer's.
    pub async fn begin(&self, signed_in: &SignedIn) {
        self.tokens.lock().await.begin(signed_in);
    }

    /// From here on this browser is nobody's; the token to end the session at the backend with.
    pub async fn end(&self) -> Option<String> {
        let mut tokens = self.tokens.lock().await;
        let refresh = tokens.refresh.take();
        tokens.end();
        for name in [cookies::CART, cookies::ORDER] {
            tokens.tell(cookies::gone(name));
        }
        refresh
    }

    /// Forgets a cookie that the session has made needless.
    pub async fn forget(&self, name: &'static str) {
        self.remember(cookies::gone(name)).await;
    }

    /// Sets a cookie with the answer, whatever that will be.
    pub async fn remember(&self, cookie: Cookie<'static>) {
        self.tokens.lock().await.tell(cookie);
    }

    async fn news(&self) -> Vec<Cookie<'static>> {
        std::mem::take(&mut self.tokens.lock().await.news)
    }
}

impl Tokens {
    /// Gets the next pair. A refusal ends the session; no answer leaves it as it is.
    async fn renew(&mut self, api: &Api) -> api::Result<()> {
        let Some(refresh) = self.refresh.clone() else {
            return Ok(());
        };
        match api.refresh(refresh).await {
            Ok(signed_in) => self.begin(&signed_in),
            Err(error) if error.is_temporary() => return Err(error),
            Err(error) => {
                tracing::info!(%error, "a session has ended");
                self.end();
            }
        }
        Ok(())
    }

    fn begin(&mut self, signed_in: &SignedIn) {
        let SignedIn { access_token, refresh_token, expires_in, device_token, .. } = signed_in;
        self.access = Some(access_token.clone());
        self.refresh = Some(refresh_token.clone());
        self.tell(cookies::access(access_token.clone(), *expires_in));
        self.tell(cookies::refresh(refresh_token.clone()));
        self.tell(cookies::device(device_token.clone()));
    }

    /// The last word on a cookie counts.
    fn tell(&mut self, cookie: Cookie<'static>) {
        self.news.retain(|known| known.name() != cookie.name());
        self.news.push(cookie);
    }

    fn end(&mut self) {
        self.access = None;
        self.refresh = None;
        self.tell(cookies::gone(cookies::ACCESS));
        self.tell(cookies::gone(cookies::REFRESH));
    }
}

/// When the customer last showed who they are. Only the backend can tell whether that is true.
fn shown_at(token: &str) -> Option<i64> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<serde_json::Value>(&claims).ok()?.get("auth_time")?.as_i64()
}

/// What stands between a visitor and what they asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    /// Only a customer may.
    SignIn,
    /// Only a customer who has just shown who they are may.
    Confirm,
}

impl Wall {
    /// The wall that a call ran into.
    pub fn of(error: &Error) -> Option<Self> {
        match error.code()? {
            "signed_out" => Some(Self::SignIn),
            "reauthentication_required" => Some(Self::Confirm),
            _ => None,
        }
    }

    /// The page with the door, which leads on to `path`.
    pub fn door(self, path: &str) -> String {
        let page = match self {
            Self::SignIn => "/account/sign-in",
            Self::Confirm => "/account/confirm",
        };
        let path: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        format!("{page}?return_to={path}")
    }
}

impl IntoResponse for Wall {
    fn into_response(self) -> Response {
        let status = match self {
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Confirm => StatusCode::FORBIDDEN,
        };
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives each request its session, leads those who ran into a wall to its door, and sets the
/// session's cookies where it has changed.
pub async fn keep(mut request: Request, next: Next) -> Response {
    let session = Arc::new(Session::of(request.headers()));
    let back = way_back(&request);
    request.extensions_mut().insert(Arc::clone(&session));

    let mut response = next.run(request).await;

    if let Some(wall) = response.extensions().get::<Wall>().copied() {
        if wall == Wall::SignIn {
            session.tokens.lock().await.end();
        }
        response = Redirect::to(&wall.door(&back)).into_response();
    }
    for cookie in session.news().await {
        if let Ok(cookie) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// Where to come back to: the page itself, or the page that a form was on.
fn way_back(request: &Request) -> String {
    if request.method() == Method::GET {
        return request.uri().path_and_query().map_or("/account", |path| path.as_str()).to_owned();
    }
    came_from(request.headers()).unwrap_or_else(|| "/account".to_owned())
}

/// The page of this shop that the visitor came from.
pub fn came_from(headers: &HeaderMap) -> Option<String> {
    let from = Url::parse(headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    let path = &from[url::Position::BeforePath..url::Position::AfterQuery];
    is_path(path).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_leads_on_to_where_one_wanted_to_go() {
        let door = Wall::SignIn.door("/orders/ord_1?a=b&c=d");

        assert_eq!(door, "/account/sign-in?return_to=%2Forders%2Ford_1%3Fa%3Db%26c%3Dd");
    }

    #[test]
    fn a_token_tells_when_its_customer_was_last_seen() {
        let token = |claims: &str| format!("x.{}.y", URL_SAFE_NO_PAD.encode(claims));

        assert_eq!(shown_at(&token(r#"{"auth_time":1790000000}"#)), Some(1_790_000_000));
        assert_eq!(shown_at(&token("{}")), None);
        assert_eq!(shown_at("nonsense"), None);
    }

    #[test]
    fn the_way_back_is_a_page_of_this_shop() {
        let back = |from: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, from.parse().unwrap());
            came_from(&headers)
        };

        let page = back("https://shop.example/products/mug?size=s#x");
        assert_eq!(page.as_deref(), Some("/products/mug?size=s"));
        assert_eq!(back("https://evil.example//evil.example/x"), None);
        assert_eq!(back("nonsense"), None);
    }
}
