//! What nobody answers is answered as a problem document too.

use axum::http::StatusCode;

use crate::error::Problem;

/// There is no such route.
pub async fn not_found() -> Problem {
    Problem::not_found("page")
}

/// There is such a route, but not for this method.
pub async fn method_not_allowed() -> Problem {
    Problem::with_status(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "this route takes another method",
    )
}
