//! The one error of the HTTP side: a problem document (RFC 9457).
//!
//! Handlers return [`ApiResult`] and use `?` on what services answer. Which kind of error has which status is said in
//! [`status_of`] and nowhere else.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use omnichat_core::error::{Error, ErrorKind, FieldError, Retry};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::middleware::request_id;
use crate::room::NO_ROOM;

/// What a handler returns.
pub type ApiResult<T> = Result<T, Problem>;

/// What names of kinds of problems begin with.
const TYPES: &str = "urn:omnichat:problem:";

/// A problem document. Every answer with a status of 400 or above has this shape, as `application/problem+json`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong this time, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The kind of problem as a stable code: `invalid`, `not_found`, …
    pub code: String,
    /// The request's id, as in the host's log and the `x-request-id` header.
    pub request_id: String,
    /// Not before so many milliseconds is it worth trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The wrong fields, if fields are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// One wrong field of a request.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// Path of the field, dots between levels: `config.token`.
    pub field: String,
    /// Stable code: `required`, `too_long`, `format`, …
    pub code: String,
    /// A sentence for people.
    pub message: String,
}

impl From<&FieldError> for FieldProblem {
    fn from(error: &FieldError) -> Self {
        Self {
            field: error.field.clone(),
            code: error.code.clone(),
            message: error.message.clone(),
        }
    }
}

/// Which status and code a kind of error has on the wire.
pub const fn status_of(kind: ErrorKind) -> (StatusCode, &'static str) {
    match kind {
        ErrorKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        ErrorKind::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
        ErrorKind::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        ErrorKind::Conflict => (StatusCode::CONFLICT, "conflict"),
        ErrorKind::Duplicate => (StatusCode::CONFLICT, "duplicate"),
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        ErrorKind::UnsupportedMedia => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported"),
        ErrorKind::Rejected | ErrorKind::Unreachable | ErrorKind::AccountBroken => {
            (StatusCode::UNPROCESSABLE_ENTITY, "rejected")
        }
        ErrorKind::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
        ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        ErrorKind::Timeout => (StatusCode::GATEWAY_TIMEOUT, "timeout"),
        ErrorKind::Damaged => (StatusCode::INTERNAL_SERVER_ERROR, "damaged"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

const fn title_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "The request cannot be read",
        401 => "Sign in",
        403 => "This is not allowed",
        404 => "There is no such thing",
        405 => "This method is not allowed here",
        408 => "The request came too slowly",
        409 => "This clashes with what is stored",
        412 => "The condition does not hold",
        413 => "This is too large",
        415 => "This type of content is not accepted",
        416 => "The file does not reach that far",
        422 => "Something in the request is wrong",
        426 => "Ask for a WebSocket here",
        429 => "Too many requests",
        503 => "Not available at the moment",
        504 => "It took too long",
        507 => "There is no room for this",
        _ => "Something went wrong here",
    }
}

impl Problem {
    /// A problem of a kind, with a sentence for people.
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        let (status, code) = status_of(kind);
        Self::with_status(status, code, detail)
    }

    /// A problem with a status of its own, for what only HTTP knows (a wrong method).
    pub fn with_status(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("{TYPES}{code}"),
            title: title_of(status).to_owned(),
            status: status.as_u16(),
            detail: Some(detail.into()),
            code: code.to_owned(),
            request_id: request_id::current(),
            retry_after_ms: None,
            errors: Vec::new(),
        }
    }

    /// No such route, or no such thing.
    pub fn not_found(what: &str) -> Self {
        Error::not_found(what).into()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, code) = match error.context_value(NO_ROOM) {
            Some(_) => (StatusCode::INSUFFICIENT_STORAGE, NO_ROOM),
            None => status_of(error.kind()),
        };
        let ours = status.is_server_error();
        if ours {
            tracing::error!(?error, code, "a request failed for a fault of ours");
        } else {
            tracing::debug!(?error, code, "a request was refused");
        }
        // What broke inside is for the log; the request's id leads there.
        let detail = match error.kind() {
            ErrorKind::Internal => {
                "Something went wrong on our side. The log has more under this request's id."
            }
            _ => error.message(),
        };
        let mut problem = Self::with_status(status, code, detail);
        problem.errors = error.fields().iter().map(FieldProblem::from).collect();
        if let Retry::After(wait) = error.retry() {
            problem.retry_after_ms = Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after_ms {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.div_ceil(1_000)));
        }
        response
    }
}
