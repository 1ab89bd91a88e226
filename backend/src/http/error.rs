//! Why a request failed, as the client sees it.

use api_types::{FieldError, Problem};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{layers::request_id, rate_limit::Standing};

/// What a handler answers.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

/// Why a request failed.
///
/// Handlers build these directly; rules with cases of their own define their
/// own error and convert it here, at the edge.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Nothing there, or nothing this caller may know about.
    #[error("{0} not found")]
    NotFound(&'static str),

    /// Only for customers, and nobody is signed in.
    #[error("sign in first")]
    SignedOut,

    /// This caller may not do that, or not yet.
    #[error("{detail}")]
    Forbidden {
        /// A stable name for programs.
        code: &'static str,
        /// For people.
        detail: &'static str,
    },

    /// The input could not be read.
    #[error("{0}")]
    BadRequest(String),

    /// The input was read, and fields of it break a rule.
    #[error("{}", summary(.0))]
    Invalid(Vec<FieldError>),

    /// The input was read, and breaks a rule.
    #[error("{detail}")]
    Rejected {
        /// 403, 409 or 422.
        status: StatusCode,
        /// A stable name for programs.
        code: &'static str,
        /// For people.
        detail: String,
        /// Facts that belong to the code; null when there are none.
        facts: Value,
    },

    /// More than this caller may ask for; come again later.
    #[error("too many requests")]
    TooMany(Standing),

    /// Something we need is away, or we have too much to do.
    #[error("the shop is busy, please try again in a moment")]
    Unavailable(#[source] Option<anyhow::Error>),

    /// Our fault. Logged in full, shown as nothing.
    #[error("something went wrong")]
    Internal(#[from] anyhow::Error),
}

fn summary(errors: &[FieldError]) -> String {
    match errors {
        [one] => one.message.clone(),
        several => format!("{} fields need attention", several.len()),
    }
}

impl ApiError {
    /// A 409: what was asked for does not fit what is.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Rejected {
            status: StatusCode::CONFLICT,
            code,
            detail: detail.into(),
            facts: Value::Null,
        }
    }

    /// A 422: what was asked for breaks a rule.
    pub fn rejected(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Rejected {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code,
            detail: detail.into(),
            facts: Value::Null,
        }
    }

    /// A 403: whoever asks may not.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::Rejected {
            status: StatusCode::FORBIDDEN,
            code: "forbidden",
            detail: detail.into(),
            facts: Value::Null,
        }
    }

    /// The same rejection with facts for programs.
    #[must_use]
    pub fn with_facts(mut self, new: Value) -> Self {
        if let Self::Rejected { facts, .. } = &mut self {
            *facts = new;
        }
        self
    }

    /// One field that breaks a rule.
    pub fn field(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            pointer: pointer.into(),
            code: code.to_owned(),
            message: message.into(),
        }])
    }

    /// Whether the same work may succeed when it is begun again: it lost a race for
    /// locks, or nobody knows whether its commit arrived.
    pub fn is_worth_retrying(&self) -> bool {
        let Self::Unavailable(Some(cause)) = self else { return false };
        cause
            .downcast_ref()
            .is_some_and(|error| db::is_retryable(error) || db::commit_outcome_unknown(error))
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden { .. } => StatusCode::FORBIDDEN,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Rejected { status, .. } => *status,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::SignedOut => "signed_out",
            Self::BadRequest(_) => "bad_request",
            Self::Invalid(_) => "invalid",
            Self::Forbidden { code, .. } | Self::Rejected { code, .. } => code,
            Self::TooMany(_) => "too_many_requests",
            Self::Unavailable(_) => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// What the client reads.
    pub fn problem(&self) -> Problem {
        let status = self.status();
        let (errors, facts) = match self {
            Self::Invalid(errors) => (errors.clone(), None),
            Self::Rejected { facts, .. } if !facts.is_null() => (Vec::new(), Some(facts.clone())),
            _ => (Vec::new(), None),
        };
        Problem {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code: self.code().to_owned(),
            detail: self.to_string(),
            errors,
            facts,
            request_id: request_id(),
        }
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        if db::is_unavailable(&error)
            || db::is_retryable(&error)
            || db::commit_outcome_unknown(&error)
        {
            Self::Unavailable(Some(error.into()))
        } else {
            Self::Internal(error.into())
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // The one place a failure is logged; the request span adds the rest.
        match &self {
            Self::Internal(cause) => tracing::error!("{cause:#}"),
            Self::Unavailable(Some(cause)) => tracing::warn!("{cause:#}"),
            _ => {}
        }
        let mut response = (self.status(), axum::Json(self.problem())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let retry_after = match &self {
            Self::TooMany(standing) => Some(standing.wait),
            Self::Unavailable(_) => Some(1),
            _ => None,
        };
        if matches!(self, Self::SignedOut) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Self::TooMany(standing) = self {
            standing.write(headers);
        }
        response
    }
}

/// The same, for the API's document: `responses((status = 200, …), Failures)`.
#[derive(utoipa::IntoResponses)]
pub enum Failures {
    /// The request was refused.
    #[response(status = "4XX", content_type = "application/problem+json")]
    Refused(Problem),
    /// We failed.
    #[response(status = "5XX", content_type = "application/problem+json")]
    Failed(Problem),
}
