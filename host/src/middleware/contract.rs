//! Queries are held against the OpenAPI document before anything else is done, see [`crate::openapi::check_query`].

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Problem;
use crate::openapi;

/// Refuses parameters that the document does not allow.
pub async fn layer(request: Request, next: Next) -> Response {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        let query = request.uri().query().unwrap_or_default();
        if let Err(error) = openapi::check_query(path.as_str(), request.method(), query) {
            return Problem::from(error).into_response();
        }
    }
    next.run(request).await
}
