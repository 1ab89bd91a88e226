//! Extractors that answer bad input with a problem.

use axum::{
    body::{Body, Bytes},
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{ApiError, strict::check_shape};

/// A JSON body, in and out.
pub struct Json<T>(pub T);

/// The variable parts of the path.
pub struct Path<T>(pub T);

/// The query string.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    #[expect(clippy::disallowed_types, reason = "wrapped here, with a problem for its error")]
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (request, bytes) = without_nul(request, state, holds_nul).await?;
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => {
                let shape = check_shape::<T>(&bytes);
                shape.map_err(|error| ApiError::rejected("invalid", error.to_string()))?;
                Ok(Self(value))
            }
            Err(rejection) => Err(unreadable(rejection.status(), rejection.body_text())),
        }
    }
}

/// A form's fields.
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = ApiError;

    #[expect(clippy::disallowed_types, reason = "wrapped here, with a problem for its error")]
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (request, _) = without_nul(request, state, encodes_nul).await?;
        match axum::Form::from_request(request, state).await {
            Ok(axum::Form(value)) => Ok(Self(value)),
            Err(rejection) => Err(unreadable(rejection.status(), rejection.body_text())),
        }
    }
}

/// A file, as it was sent.
pub struct Raw(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let read = Bytes::from_request(request, state).await;
        read.map(Self).map_err(|rejection| unreadable(rejection.status(), rejection.body_text()))
    }
}

/// The same request and its body, read whole; refused when a text in it holds the character that no text of the
/// database can.
async fn without_nul<S: Send + Sync>(
    request: Request,
    state: &S,
    holds: fn(&[u8]) -> bool,
) -> Result<(Request, Bytes), ApiError> {
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let bytes = Bytes::from_request(whole, state)
        .await
        .map_err(|rejection| unreadable(rejection.status(), rejection.body_text()))?;
    if holds(&bytes) {
        return Err(ApiError::rejected("invalid", NO_NUL));
    }
    Ok((Request::from_parts(parts, Body::from(bytes.clone())), bytes))
}

const NO_NUL: &str = "a text holds the character U+0000, which no text may";

/// Whether a text in this JSON holds U+0000, which it can only as an escape.
fn holds_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(place) = rest.iter().position(|byte| *byte == b'\\') {
        rest = &rest[place + 1..];
        if rest.starts_with(b"u0000") {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// The same for what a query or a form says.
fn encodes_nul(text: &[u8]) -> bool {
    text.contains(&0) || text.windows(3).any(|three| three == b"%00")
}

/// The bearer token of a request that shows one on purpose: empty when it is not one. Nothing when none is shown.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let token = text.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    Some(token.map_or("", |(_, token)| token.trim()))
}

fn unreadable(status: StatusCode, why: String) -> ApiError {
    match status {
        status @ (StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNSUPPORTED_MEDIA_TYPE) => {
            ApiError::Rejected {
                status,
                code: if status == StatusCode::PAYLOAD_TOO_LARGE {
                    "too_large"
                } else {
                    "unsupported_media_type"
                },
                detail: why,
                facts: serde_json::Value::Null,
            }
        }
        StatusCode::UNPROCESSABLE_ENTITY => ApiError::rejected("invalid", why),
        _ => ApiError::BadRequest(why),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

#[expect(clippy::disallowed_types, reason = "wrapped here, with a problem for its error")]
impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if encodes_nul(parts.uri.path().as_bytes()) {
            return Err(ApiError::NotFound("page"));
        }
        let found: Result<_, PathRejection> =
            axum::extract::Path::from_request_parts(parts, state).await;
        // A path that names nothing of the right kind names nothing.
        found.map(|axum::extract::Path(value)| Self(value)).map_err(|_| ApiError::NotFound("page"))
    }
}

#[expect(clippy::disallowed_types, reason = "wrapped here, with a problem for its error")]
impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if encodes_nul(parts.uri.query().unwrap_or_default().as_bytes()) {
            return Err(ApiError::BadRequest(NO_NUL.to_owned()));
        }
        let found: Result<_, QueryRejection> =
            axum::extract::Query::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| ApiError::BadRequest(rejection.body_text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_character_that_no_text_may_hold_is_found_and_what_looks_like_it_is_not() {
        for (json, holds) in [
            (r#"{"a":"\u0000"}"#, true),
            (r#"["\\\u0000"]"#, true),
            (r#"["\\u0000"]"#, false),
            (r#"["\n","u0000"]"#, false),
            ("\\", false),
        ] {
            assert_eq!(holds_nul(json.as_bytes()), holds, "{json}");
        }
        assert!(encodes_nul(b"q=a%00b") && !encodes_nul(b"q=a%2500"));
    }
}
