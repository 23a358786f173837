//! A panic in a handler ends that request, with 500, and nothing else.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use omnichat_core::error::Error;
use tower_http::catch_panic::CatchPanicLayer;

use crate::error::Problem;

type Answer = fn(Box<dyn Any + Send>) -> Response;

/// Turns panics into answers.
pub fn layer() -> CatchPanicLayer<Answer> {
    CatchPanicLayer::custom(answer as Answer)
}

fn answer(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    Problem::from(Error::internal(format!(
        "a handler panicked: {}",
        message.unwrap_or("no message")
    )))
    .into_response()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::routing::get;
    use tower::ServiceExt;

    async fn boom() -> &'static str {
        panic!("the secret is 42")
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_tells_nothing() {
        let router = Router::new().route("/", get(boom)).layer(super::layer());
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), 500);
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        let problem: crate::error::Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.code, "internal");
        assert!(!problem.detail.unwrap().contains("42"));
    }
}
