//! Which version of a thing a change is about, so that nobody writes over what they have not seen.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::{
    RefOr,
    schema::{ObjectBuilder, Schema, Type},
};

use super::{ApiError, Json};

/// The version that whoever changes a thing has seen, from `If-Match: "v12"`; 428 without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i32);

impl IfMatch {
    /// Refuses a change of what is at another version by now: 412, with that version.
    pub fn holds(self, version: i32) -> Result<(), ApiError> {
        if self.0 == version {
            return Ok(());
        }
        Err(ApiError::Rejected {
            status: StatusCode::PRECONDITION_FAILED,
            code: "stale",
            detail: "somebody changed it since you read it; read it again".to_owned(),
            facts: json!({ "version": version }),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(ApiError::Rejected {
                status: StatusCode::PRECONDITION_REQUIRED,
                code: "version_required",
                detail: "send If-Match with the version that you read, such as \"v3\"".to_owned(),
                facts: Value::Null,
            });
        };
        let text = value.to_str().unwrap_or_default().trim();
        let number = text.strip_prefix("\"v").and_then(|text| text.strip_suffix('"'));
        let is_plain = |number: &&str| number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.filter(is_plain).and_then(|number| number.parse().ok());
        number.map(Self).ok_or_else(|| {
            ApiError::BadRequest("If-Match holds one version, such as \"v3\"".to_owned())
        })
    }
}

impl utoipa::PartialSchema for IfMatch {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^\"v[0-9]{1,9}\"$"))
            .description(Some("The version that was seen: the `ETag` of the thing."))
            .into()
    }
}

impl utoipa::ToSchema for IfMatch {}

/// An answer with the version to send back when it is changed: `ETag: "v12"`.
pub struct Versioned<T>(pub i32, pub T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.1).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"v{}\"", self.0)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}
