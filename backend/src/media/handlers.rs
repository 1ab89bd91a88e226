//! Pictures as browsers fetch them.

use std::io::ErrorKind;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::is_key;
use crate::{
    App,
    http::{ApiError, Failures, Path, Result},
};

/// Show a picture
#[utoipa::path(
    get, path = "/media/{key}", tag = "media",
    params(("key" = String, Path)),
    responses(
        (status = 200, content_type = "image/*", body = Vec<u8>),
        (status = 304, description = "Not changed"), Failures,
    ),
)]
pub async fn show_picture(
    State(app): State<App>,
    headers: HeaderMap,
    Path(key): Path<String>,
) -> Result<Response> {
    let mime = mime_guess::from_path(&key).first_raw().filter(|mime| mime.starts_with("image/"));
    let Some(mime) = mime.filter(|_| is_key(&key)) else {
        return Err(ApiError::NotFound("picture"));
    };
    let path = app.config.catalog.media_dir.join(&key);
    let about = read(tokio::fs::symlink_metadata(&path).await, &path)?;
    if !about.is_file() {
        return Err(ApiError::NotFound("picture"));
    }
    let name = format!("\"{key}-{:x}\"", about.len());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.trim() == "*" || known.contains(&name));
    let body = if is_known { Vec::new() } else { read(tokio::fs::read(&path).await, &path)? };

    let mut response = Response::new(Body::from(body));
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let labels = response.headers_mut();
    labels.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    labels.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        labels.insert(header::ETAG, name);
    }
    Ok(response)
}

fn read<T>(found: std::io::Result<T>, path: &std::path::Path) -> Result<T> {
    found.map_err(|error| match error.kind() {
        ErrorKind::NotFound => ApiError::NotFound("picture"),
        _ => ApiError::Internal(anyhow::anyhow!("cannot read {}: {error}", path.display())),
    })
}
