//! One finished page: its bytes, their name, their compressed forms, and the headers around them.

use std::{
    io::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};

use super::{Key, flight::Outcome};
use crate::{assets, headers, page::Kind};

/// No page is larger.
const MOST: usize = 4 * 1024 * 1024;
/// Room for headers and for what the maps need.
const AROUND: usize = 2048;

/// A page that is the same for everyone.
pub struct Kept {
    headers: HeaderMap,
    /// What its `ETag` holds between the quotes.
    name: String,
    html: Bytes,
    brotli: Bytes,
    gzip: Bytes,
    drawn_at: Instant,
}

/// An answer that those share who waited for the same page, and nobody after them.
pub struct Plain {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// Weighs a page in bytes, with its compressed forms.
#[derive(Clone)]
pub struct Weigh;

impl quick_cache::Weighter<Key, Arc<Kept>> for Weigh {
    fn weight(&self, key: &Key, page: &Arc<Kept>) -> u64 {
        let forms = page.html.len() + page.brotli.len() + page.gzip.len();
        (key.weight() + forms + AROUND) as u64
    }
}

impl Kept {
    /// What may be shared of an answer: a page that is public, the answer as it is, or nothing when
    /// it sets a cookie. `drawn_at` is when what it shows was asked for.
    pub async fn of(response: Response, drawn_at: Instant) -> Outcome {
        let (parts, body) = response.into_parts();
        if parts.headers.contains_key(header::SET_COOKIE) {
            return Outcome::Own;
        }
        let Ok(body) = to_bytes(body, MOST).await else { return Outcome::Own };
        let name = name_of(&parts.headers).filter(|_| is_public(parts.status, &parts.headers));
        let Some(name) = name else {
            let (status, headers) = (parts.status, parts.headers);
            return Outcome::Plain(Arc::new(Plain { status, headers, body }));
        };
        let html = body.clone();
        let packed = tokio::task::spawn_blocking(move || (brotli(&body), gzip(&body))).await;
        let Ok((brotli, gzip)) = packed else { return Outcome::Own };
        let mut headers = parts.headers;
        headers.remove(header::CONTENT_LENGTH);
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        Outcome::Kept(Arc::new(Self { headers, name, html, brotli, gzip, drawn_at }))
    }

    /// How long ago its drawing began.
    pub fn age(&self) -> Duration {
        self.drawn_at.elapsed()
    }

    /// The page in the best form that the client reads, or only that the client has it already.
    pub fn respond(&self, sent: &HeaderMap) -> Response {
        let mut headers = self.headers.clone();
        headers.insert(header::AGE, self.age().as_secs().into());
        if let Some(known) = headers::is_known(sent, &self.name) {
            headers.insert(header::ETAG, known);
            headers.remove(header::CONTENT_TYPE);
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let accepts = sent.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let coding = assets::encodings(accepts.unwrap_or_default())
            .into_iter()
            .find_map(|(_, coding)| coding);
        let body = match coding {
            Some("br") => self.brotli.clone(),
            Some("gzip") => self.gzip.clone(),
            _ => self.html.clone(),
        };
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        (headers, body).into_response()
    }
}

impl Plain {
    /// The answer once more.
    pub fn respond(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        response.headers_mut().clone_from(&self.headers);
        response
    }

    /// Whether it only says that the page could not be drawn.
    pub fn is_failure(&self) -> bool {
        self.status.is_server_error() || self.status == StatusCode::TOO_MANY_REQUESTS
    }
}

/// Whether caches may keep it, and nothing in it is for one visitor or one moment.
fn is_public(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::OK
        && headers.get(header::CACHE_CONTROL) == Some(&headers::cache_control(Kind::Public, status))
        && !headers.contains_key(header::REFRESH)
}

fn name_of(headers: &HeaderMap) -> Option<String> {
    let tag = headers.get(header::ETAG)?.to_str().ok()?;
    Some(tag.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

fn brotli(body: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(body.len() / 4);
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, 7, 20);
    // Writing into memory does not fail.
    let _ = writer.write_all(body);
    drop(writer);
    out.into()
}

fn gzip(body: &[u8]) -> Bytes {
    let mut writer = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::default());
    let _ = writer.write_all(body);
    writer.finish().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn kept(change: impl FnOnce(&mut HeaderMap)) -> Outcome {
        let mut response = Response::new(Body::from("<p>Hello</p>".repeat(100)));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
        headers.insert(header::ETAG, HeaderValue::from_static("\"abc\""));
        headers.insert(header::CACHE_CONTROL, headers::cache_control(Kind::Public, StatusCode::OK));
        change(headers);
        Kept::of(response, Instant::now()).await
    }

    #[tokio::test]
    async fn what_sets_a_cookie_is_never_shared() {
        assert!(matches!(kept(|_| {}).await, Outcome::Kept(_)));
        let cookie = HeaderValue::from_static("a=b");

        let outcome = kept(|headers| drop(headers.insert(header::SET_COOKIE, cookie))).await;

        assert!(matches!(outcome, Outcome::Own));
    }

    #[tokio::test]
    async fn what_is_private_or_of_the_moment_is_not_kept() {
        for (name, value) in [(header::CACHE_CONTROL, "no-store"), (header::REFRESH, "5")] {
            let value = HeaderValue::from_static(value);

            let outcome = kept(|headers| drop(headers.insert(name, value))).await;

            assert!(matches!(outcome, Outcome::Plain(_)));
        }
    }

    #[tokio::test]
    async fn every_form_is_the_same_page() {
        let Outcome::Kept(page) = kept(|_| {}).await else { panic!("not kept") };

        let mut plain = Vec::new();
        flate2::write::GzDecoder::new(&mut plain).write_all(&page.gzip).unwrap();
        assert_eq!(plain, page.html);
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &page.brotli[..], &mut plain).unwrap();
        assert_eq!(plain, page.html);
        assert!(page.brotli.len() < page.html.len() / 4);
    }
}
