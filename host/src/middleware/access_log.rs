//! One line in the log and one observation in the metrics for each request. The route's template is logged, never the path
//! with its ids or the query, which may hold a token.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::CONTENT_LENGTH;
use axum::middleware::Next;
use axum::response::Response;

/// Logs and measures the request.
pub async fn layer(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status();
    let took = began.elapsed();
    let labels = [
        ("method", method.as_str().to_owned()),
        ("route", route.to_owned()),
        ("status", status.as_str().to_owned()),
    ];
    metrics::histogram!("omnichat_http_request_seconds", &labels).record(took);
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
        "/health/live" | "/health/ready" | "/metrics" | "/webhooks/{inbox_id}"
    );
    if often && status.is_success() {
        tracing::debug!(%method, route, status = status.as_u16(), ms, bytes, "answered");
    } else {
        tracing::info!(%method, route, status = status.as_u16(), ms, bytes, "answered");
    }
    response
}
