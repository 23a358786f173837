//! A request that takes too long is given up, so that a slow store or caller cannot pile up work.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use omnichat_core::error::ErrorKind;

use crate::error::Problem;

/// Waits for the answer, but not for ever.
pub async fn layer(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(
                seconds = limit.as_secs(),
                "a request took too long and was given up"
            );
            Problem::new(
                ErrorKind::Timeout,
                "this took too long; it may or may not have taken effect",
            )
            .into_response()
        }
    }
}
