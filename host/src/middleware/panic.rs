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
