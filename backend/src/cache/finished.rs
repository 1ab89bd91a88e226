//! One finished answer: its bytes, their name, and the compressed forms that somebody wanted.

use std::{
    io::Write,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::LAST_GOOD;

/// Bodies below this are not worth compressing.
const WORTH_COMPRESSING: usize = 600;

/// Where an answer came from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// Made for this request.
    Fresh,
    /// Made before, and good.
    Kept,
    /// The last good one, because there is no better.
    Stale,
}

/// A form that a client can read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    Identity,
    Brotli,
    Gzip,
}

/// A finished answer.
pub struct Finished {
    body: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
    hash: String,
    tags: Vec<String>,
    made_at: DateTime<Utc>,
    is_outdated: AtomicBool,
}

/// What stands before the body when an answer is shared.
#[derive(Serialize, Deserialize)]
struct Label {
    tags: Vec<String>,
    made_at: DateTime<Utc>,
}

/// Weighs an answer in bytes, with room for its compressed forms.
#[derive(Clone)]
pub struct Weigh;

impl quick_cache::Weighter<String, std::sync::Arc<Finished>> for Weigh {
    fn weight(&self, key: &String, answer: &std::sync::Arc<Finished>) -> u64 {
        (key.len() + answer.body.len() * 3 / 2 + 512) as u64
    }
}

impl Finished {
    /// The answer with this body, about `tags`.
    pub fn new(body: Vec<u8>, tags: Vec<String>, made_at: DateTime<Utc>) -> Self {
        let hash = hex::encode(&Sha256::digest(&body)[..12]);
        Self {
            body: Bytes::from(body),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
            hash,
            tags,
            made_at,
            is_outdated: AtomicBool::new(false),
        }
    }

    /// The same, as old as the reading that it came from.
    pub fn made_at_start(self, made_at: DateTime<Utc>) -> Self {
        Self { made_at, ..self }
    }

    /// What it tells about.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// When its making began.
    pub fn made_at(&self) -> DateTime<Utc> {
        self.made_at
    }

    /// Whether it tells about one of `tags`.
    pub fn is_about(&self, tags: &[String]) -> bool {
        self.tags.iter().any(|tag| tags.contains(tag))
    }

    /// Says that there is something newer; it stays for when the database is away.
    pub fn outdate(&self) {
        self.is_outdated.store(true, Ordering::Release);
    }

    /// How old it is; for ever when something changed since.
    pub fn age(&self, now: DateTime<Utc>) -> TimeDelta {
        if self.is_outdated.load(Ordering::Acquire) { TimeDelta::MAX } else { now - self.made_at }
    }

    /// Whether it may be served when there is no better.
    pub fn is_last_good(&self, now: DateTime<Utc>) -> bool {
        now - self.made_at < LAST_GOOD
    }

    /// The bytes that another replica reads back.
    pub fn encode(&self) -> Vec<u8> {
        let label = Label { tags: self.tags.clone(), made_at: self.made_at };
        let mut bytes = serde_json::to_vec(&label).unwrap_or_default();
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Reads what [`Finished::encode`] wrote; nothing when it is something else.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let line = bytes.iter().position(|byte| *byte == b'\n')?;
        let label: Label = serde_json::from_slice(&bytes[..line]).ok()?;
        Some(Self::new(bytes[line + 1..].to_vec(), label.tags, label.made_at))
    }

    /// The answer to a request with these headers: 304 when the client has it already.
    pub fn respond(&self, headers: &HeaderMap, served: Served) -> Response {
        let coding = self.coding(headers);
        let has_it = headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|names| self.is_named_in(names));
        let body = if has_it { Bytes::new() } else { self.form(coding) };
        let mut response = Response::new(Body::from(body));
        if has_it {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        self.label(response.headers_mut(), coding, served, has_it);
        response
    }

    fn label(&self, headers: &mut HeaderMap, coding: Coding, served: Served, has_it: bool) {
        if !has_it {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            if let Some(name) = coding.name() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            }
        }
        if let Ok(name) = HeaderValue::from_str(&format!("\"{}{}\"", self.hash, coding.suffix())) {
            headers.insert(header::ETAG, name);
        }
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(if served == Served::Stale {
                "public, max-age=0, s-maxage=1, stale-if-error=86400"
            } else {
                "public, max-age=0, s-maxage=30, stale-while-revalidate=30, stale-if-error=86400"
            }),
        );
        headers.insert(
            HeaderName::from_static("x-cache"),
            HeaderValue::from_static(match served {
                Served::Fresh => "miss",
                Served::Kept => "hit",
                Served::Stale => "stale",
            }),
        );
        if served == Served::Stale {
            headers
                .insert(header::WARNING, HeaderValue::from_static("110 - \"Response is Stale\""));
        }
    }

    fn is_named_in(&self, names: &str) -> bool {
        names.split(',').map(str::trim).any(|name| {
            let name = name.strip_prefix("W/").unwrap_or(name).trim_matches('"');
            name == "*"
                || name
                    .strip_prefix(self.hash.as_str())
                    .is_some_and(|suffix| matches!(suffix, "" | "-br" | "-gzip"))
        })
    }

    fn coding(&self, headers: &HeaderMap) -> Coding {
        if self.body.len() < WORTH_COMPRESSING {
            return Coding::Identity;
        }
        let wanted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let accepts = |coding: &str| wanted.is_some_and(|wanted| accepts(wanted, coding));
        if accepts("br") {
            Coding::Brotli
        } else if accepts("gzip") {
            Coding::Gzip
        } else {
            Coding::Identity
        }
    }

    fn form(&self, coding: Coding) -> Bytes {
        match coding {
            Coding::Identity => self.body.clone(),
            Coding::Brotli => self.brotli.get_or_init(|| brotli(&self.body)).clone(),
            Coding::Gzip => self.gzip.get_or_init(|| gzip(&self.body)).clone(),
        }
    }
}

impl Coding {
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Brotli => "-br",
            Self::Gzip => "-gzip",
        }
    }
}

/// Whether an `Accept-Encoding` takes `coding`; a weight of zero refuses it.
fn accepts(wanted: &str, coding: &str) -> bool {
    wanted.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(coding) && weight.is_none_or(|weight| weight > 0.0)
    })
}

fn brotli(body: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(body.len() / 4);
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, 5, 20);
    // Writing into memory does not fail.
    let _ = writer.write_all(body);
    drop(writer);
    out.into()
}

fn gzip(body: &[u8]) -> Bytes {
    let out = Vec::with_capacity(body.len() / 4);
    let mut writer = flate2::write::GzEncoder::new(out, flate2::Compression::default());
    let _ = writer.write_all(body);
    writer.finish().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_taken_unless_it_is_absent_or_weighs_nothing() {
        for (wanted, coding, taken) in [
            ("gzip, deflate, br", "br", true),
            ("gzip;q=0.5, BR;q=0.1", "br", true),
            ("gzip, br;q=0", "br", false),
            ("gzip, br; q=0.0", "br", false),
            ("identity", "gzip", false),
            ("", "gzip", false),
        ] {
            assert_eq!(accepts(wanted, coding), taken, "{wanted}");
        }
    }

    #[test]
    fn an_answer_reads_back_what_it_wrote() {
        let made = Finished::new(
            b"{\"a\":\n1}".to_vec(),
            vec!["product:1".to_owned()],
            DateTime::from_timestamp_millis(5).unwrap(),
        );

        let read = Finished::decode(&made.encode()).unwrap();

        assert_eq!(read.body, made.body);
        assert_eq!(read.tags, made.tags);
        assert_eq!(read.made_at, made.made_at);
        assert!(Finished::decode(b"nonsense").is_none());
    }
}
