//! One line in the log and one observation in the metrics for each request. The route's template is logged, never the path
//! with its ids or the query, which may hold a token. Nothing of what a stranger may make up, such as a method, becomes a label:
//! each new value would be a series that is kept for ever.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// Logs and measures the request.
pub async fn layer(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = name_of(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status();
    let took = began.elapsed();
    metrics::histogram!(
        "omnichat_http_request_seconds",
        "method" => method,
        "route" => route.to_owned(),
        "status" => label_of(status),
    )
    .record(took);
    let bytes = response
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("-");
    // Tenths of a millisecond.
    let ms = (took.as_secs_f64() * 10_000.0).round() / 10.0;
    // What machines ask again and again would drown the rest; a webhook's effect is in the event log.
    let often = matches!(
        route,
        "/health/live"
            | "/health/ready"
            | "/metrics"
            | "/webhooks/{inbox_id}"
            | "/webhooks/apps/{kind}/{app}"
    );
    if often && status.is_success() {
        tracing::debug!(method, route, status = status.as_u16(), ms, bytes, "answered");
    } else {
        tracing::info!(method, route, status = status.as_u16(), ms, bytes, "answered");
    }
    response
}

/// The method, if it is one that HTTP knows.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "other",
    }
}

/// The status, if it is one that HTTP knows: the code of a channel may answer a webhook with any number.
fn label_of(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(_) => status.as_str().to_owned(),
        None => "other".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_up_is_no_label() {
        let made_up = Method::from_bytes(b"BREW-1234").unwrap();
        assert_eq!(name_of(&made_up), "other");
        assert_eq!(name_of(&Method::PATCH), "PATCH");
        assert_eq!(label_of(StatusCode::from_u16(799).unwrap()), "other");
        assert_eq!(label_of(StatusCode::NOT_FOUND), "404");
    }
}
