//! The document around a page, and the answer around the document.

use std::sync::Arc;

use api_types::ShopConfig;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::CookieJar;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use sha2::{Digest, Sha256};

use crate::{
    app::App,
    assets::{Assets, asset},
    components::{
        self,
        layout::{self, PricesIn},
    },
    cookies, currency,
    flash::{Flash, Tone},
    headers,
    page::{Kind, Page, Undrawn},
    texts,
};

/// Draws the page that a handler answered with.
pub async fn draw(State(app): State<App>, request: Request, next: Next) -> Response {
    let (sent, uri) = (request.headers().clone(), request.uri().clone());
    let response = next.run(request).await;
    let Some(mut page) = response.extensions().get::<Undrawn>().and_then(Undrawn::take) else {
        return response;
    };
    let shop = match app.shop_config().await {
        Ok(shop) => Some(shop),
        Err(error) => {
            tracing::warn!(%error, "drew a page without knowing the shop");
            None
        }
    };
    let asked = shop.as_deref().map(|shop| currency::Asked::of(&uri, &sent, shop));
    if let Some(asked) = asked.filter(|asked| asked.is_news) {
        page.cookies.push(cookies::currency(asked.currency));
    }
    let prices = asked.map(|asked| PricesIn(asked.currency));
    let flash = Flash::of(&CookieJar::from_headers(&sent), &app.keys);
    let frame = Frame { shop: shop.as_deref(), prices, flash, assets: &app.assets };
    let mut drawn = finished(page, frame, &sent);
    // What the session says of its cookies goes along.
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        drawn.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    drawn
}

/// What is around a page.
struct Frame<'a> {
    shop: Option<&'a ShopConfig>,
    prices: Option<PricesIn>,
    flash: Option<Flash>,
    assets: &'a Assets,
}

/// The page as bytes, with the headers that its kind asks for.
fn finished(mut page: Page, frame: Frame<'_>, sent: &HeaderMap) -> Response {
    let (status, kind, refresh) = (page.status, page.kind, page.refresh);
    let mut cookies = std::mem::take(&mut page.cookies);
    if frame.flash.is_some() {
        cookies.push(cookies::gone(cookies::FLASH));
    }
    // Without the shop's settings a page is a makeshift, for whoever asks in that moment.
    let is_whole = status == StatusCode::OK && frame.shop.is_some();
    let is_shared = kind == Kind::Public && cookies.is_empty() && is_whole;
    let html = html(page, frame);
    let mut response = if is_shared { tagged(html, sent) } else { written(status, html) };
    let cache = if is_shared { Kind::Public } else { Kind::Private };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, headers::cache_control(cache, status));
    // The currency may come from a cookie.
    headers.append(header::VARY, HeaderValue::from_static("cookie"));
    if let Some(seconds) = refresh {
        headers.insert("refresh", seconds.into());
    }
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(&cookie.to_string()) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}

fn written(status: StatusCode, html: String) -> Response {
    let mime = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (status, mime, html).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
}

/// The page with its tag, or only that the client has it already.
fn tagged(html: String, sent: &HeaderMap) -> Response {
    let name = hex::encode(&Sha256::digest(html.as_bytes())[..12]);
    if let Some(known) = headers::is_known(sent, &name) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, known)]).into_response();
    }
    let mut response = written(StatusCode::OK, html);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{name}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Draws the whole document. Islands need the owner and its context while they are made and drawn.
fn html(page: Page, frame: Frame<'_>) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        provide_context(frame.assets.clone());
        if let Some(prices) = frame.prices {
            provide_context(prices);
        }
        document(page, frame.shop, frame.flash).to_html()
    });
    owner.unset();
    format!("<!DOCTYPE html>{html}")
}

fn document(page: Page, shop: Option<&ShopConfig>, flash: Option<Flash>) -> impl IntoView + use<> {
    let name = shop.map_or_else(|| texts::layout_nameless().to_owned(), |shop| shop.name.clone());
    let title = if page.title.is_empty() {
        shop.map_or_else(|| name.clone(), |shop| format!("{name}: {}", shop.tagline))
    } else {
        format!("{} · {name}", page.title)
    };
    let is_private = page.kind == Kind::Private;
    let header = if page.is_task {
        layout::task_header(shop).into_any()
    } else {
        layout::header(shop, &page.here).into_any()
    };
    view! {
        <html lang=texts::language().code()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>{title}</title>
                {page.description.map(|text| view! { <meta name="description" content=text/> })}
                {is_private.then(|| view! { <meta name="robots" content="noindex"/> })}
                {(!is_private).then(|| leptos::html::meta().content(name).attr("property", "og:site_name"))}
                {files().into_any()}
                {page.head.map(|draw| draw())}
            </head>
            <body class=page.class>
                <a class="skip" href="#main">{texts::layout_skip()}</a>
                {header}
                <main id="main" tabindex="-1">{flash.map(|flash| view! { <div class="page">{notice(flash)}</div> })} {(page.body)()}</main>
                {layout::footer(shop).into_any()}
            </body>
        </html>
    }
}

/// The shop's sign, in the page itself: it is smaller than a request for it.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cstyle%3Epath{fill:%231f1a16}@media(prefers-color-scheme:dark){path{fill:%23efebe4}}%3C/style%3E%3Cpath d='M16 4c6.6 0 11 5.2 11 12s-4.4 12-11 12S5 22.8 5 16 9.4 4 16 4Zm0 1.5c-4.3 0-7 4.3-7 10.5s2.7 10.5 7 10.5 7-4.3 7-10.5-2.7-10.5-7-10.5Z'/%3E%3C/svg%3E";

/// Links to the style sheet, the font and the scripts that were built.
fn files() -> impl IntoView {
    let built = |name: &str| Some(asset(name)).filter(|url| !url.is_empty());
    let font = built("display.woff2").map(|url| {
        view! { <link rel="preload" href=url r#as="font" r#type="font/woff2" crossorigin="anonymous"/> }
    });
    let style = built("style.css").map(|url| view! { <link rel="stylesheet" href=url/> });
    let boot = built("boot.js").zip(built("app.js")).zip(built("app_bg.wasm"));
    let boot = boot.map(|((boot, app), wasm)| {
        let recent = built("recent.js");
        view! { <script r#type="module" src=boot data-app=app data-wasm=wasm data-recent=recent></script> }
    });
    view! { {font} {style} <link rel="icon" href=ICON/> {boot} }
}

/// A message to the visitor, such as one that came along from the page before.
pub fn notice(flash: Flash) -> impl IntoView {
    let tone = match flash.tone {
        Tone::Good => components::Tone::Good,
        Tone::Bad => components::Tone::Bad,
    };
    let link = flash.link.map(|(words, path)| view! { " " <a href=path>{words}</a> });
    view! { <components::Notice tone>{flash.text} {link}</components::Notice> }
}
