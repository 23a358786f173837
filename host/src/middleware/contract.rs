//! What a request may ask for at all is looked at before anything else is done: its query against the OpenAPI document, see
//! [`crate::openapi::check_query`], and conditions that the host does not know.

use axum::extract::{MatchedPath, Request};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Problem;
use crate::openapi;

/// Refuses parameters that the document does not allow, and changes under a condition that cannot hold.
pub async fn layer(request: Request, next: Next) -> Response {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        let query = request.uri().query().unwrap_or_default();
        if let Err(error) = openapi::check_query(path.as_str(), request.method(), query) {
            return Problem::from(error).into_response();
        }
    }
    let path = request.extensions().get::<MatchedPath>();
    let has_tags = path.is_some_and(|path| openapi::has_entity_tags(path.as_str()));
    if !has_tags && is_under_unknown_condition(&request) {
        return Problem::with_status(
            StatusCode::PRECONDITION_FAILED,
            "precondition_failed",
            "`If-Match` names an entity tag, and what can be changed has none: name the version that you saw as `version` in the body",
        )
        .into_response();
    }
    next.run(request).await
}

/// What is no entity has no entity tag, so none matches (RFC 9110, section 13.1.1); `*` matches whatever there is.
fn is_under_unknown_condition(request: &Request) -> bool {
    let changes = !request.method().is_safe();
    let named = request.headers().get_all(header::IF_MATCH).iter();
    changes
        && named
            .map(|tags| tags.as_bytes().trim_ascii())
            .any(|tags| tags != b"*")
}
