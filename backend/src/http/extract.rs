//! Extractors that answer bad input with a problem.

use axum::{
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{PathRejection, QueryRejection},
    },
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};

use super::ApiError;

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
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
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
        match axum::Form::from_request(request, state).await {
            Ok(axum::Form(value)) => Ok(Self(value)),
            Err(rejection) => Err(unreadable(rejection.status(), rejection.body_text())),
        }
    }
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
        let found: Result<_, QueryRejection> =
            axum::extract::Query::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| ApiError::BadRequest(rejection.body_text()))
    }
}
