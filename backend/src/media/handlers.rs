//! Pictures as browsers fetch them.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{is_key, mime};
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
    let Some(mime) = mime(&key).filter(|_| is_key(&key)) else {
        return Err(ApiError::NotFound("picture"));
    };
    let found = app.media.read(&key).await?;
    let name = format!("\"{key}-{:x}\"", found.length);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.trim() == "*" || known.contains(&name));

    let mut response = Response::new(Body::empty());
    let labels = response.headers_mut();
    labels.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    labels.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        labels.insert(header::ETAG, name);
    }
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        labels.insert(header::CONTENT_LENGTH, found.length.into());
        *response.body_mut() = Body::from_stream(found.content);
    }
    Ok(response)
}
