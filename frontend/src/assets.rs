//! Files with hashed names: the style sheet, scripts, fonts, icons.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::use_context;

/// Where the built files are and what they are called.
#[derive(Clone, Debug, Default)]
pub struct Assets(Arc<Built>);

#[derive(Debug, Default)]
struct Built {
    folder: PathBuf,
    /// Name in the source to name with its hash.
    names: HashMap<String, String>,
}

impl Assets {
    /// Reads `manifest.json` of `folder`; without it pages come plain, and the log says so.
    pub fn read(folder: PathBuf) -> Self {
        let path = folder.join("manifest.json");
        let names = std::fs::read(&path)
            .map_err(anyhow::Error::from)
            .and_then(|bytes| Ok(serde_json::from_slice(&bytes)?))
            .unwrap_or_else(|error| {
                let path = path.display();
                tracing::warn!(%path, %error, "no built assets: pages have no style and no islands");
                HashMap::new()
            });
        Self(Arc::new(Built { folder, names }))
    }

    /// Address of a file by its name in the source.
    pub fn url(&self, name: &str) -> Option<String> {
        self.0.names.get(name).map(|hashed| format!("/assets/{hashed}"))
    }

    /// Answers `/assets/{name}`, with the smallest encoding that the client takes and we have.
    pub async fn serve(&self, name: &str, headers: &HeaderMap) -> Response {
        if !self.0.names.values().any(|known| known == name) {
            return StatusCode::NOT_FOUND.into_response();
        }
        let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        for (ending, encoding) in encodings(accepts.unwrap_or_default()) {
            let path = self.0.folder.join(format!("{name}{ending}"));
            if let Ok(bytes) = tokio::fs::read(path).await {
                return sent(name, encoding, bytes);
            }
        }
        StatusCode::NOT_FOUND.into_response()
    }
}

/// Address of a file by its name in the source, for views; empty when it was not built.
pub fn asset(name: &str) -> String {
    use_context::<Assets>().and_then(|assets| assets.url(name)).unwrap_or_default()
}

fn sent(name: &str, encoding: Option<&'static str>, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    let mime = match mime.type_() {
        mime_guess::mime::TEXT => format!("{mime}; charset=utf-8"),
        _ => mime.to_string(),
    };
    if let Ok(mime) = HeaderValue::from_str(&mime) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    response
}

/// File endings to try, best first.
pub fn encodings(accepts: &str) -> Vec<(&'static str, Option<&'static str>)> {
    let takes = |name: &str| {
        accepts.split(',').any(|part| {
            let (coding, weight) = part.split_once(';').unwrap_or((part, ""));
            let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            coding.trim().eq_ignore_ascii_case(name) && !refused
        })
    };
    [(".br", "br"), (".gz", "gzip")]
        .into_iter()
        .filter(|(_, name)| takes(name))
        .map(|(ending, name)| (ending, Some(name)))
        .chain([("", None)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_comes_before_gzip_before_plain() {
        let names =
            |accepts| encodings(accepts).into_iter().map(|(ending, _)| ending).collect::<Vec<_>>();

        assert_eq!(names("gzip, deflate, br"), [".br", ".gz", ""]);
        assert_eq!(names("gzip;q=0.8, br;q=0"), [".gz", ""]);
        assert_eq!(names(""), [""]);
    }
}
