//! Headers that keep browsers careful. A route that needs another policy (the widget's frame, the API's browser) sets its
//! own, and that stays.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::AppState;

/// What pages of the console may load: nothing from another host.
pub const CONSOLE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'self'; object-src 'none'";

/// Adds what a route has not set itself.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/") || request.uri().path().starts_with("/widget/v1/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let framed = headers.contains_key(CONTENT_SECURITY_POLICY);
    let mut add = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(CONTENT_SECURITY_POLICY, CONSOLE_POLICY);
    // A route with a policy of its own says there who may frame it.
    if !framed {
        add(X_FRAME_OPTIONS, "DENY");
    }
    add(X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(REFERRER_POLICY, "same-origin");
    add(
        HeaderName::from_static("permissions-policy"),
        "geolocation=(self), camera=(), payment=(), usb=()",
    );
    add(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    if is_api {
        add(CACHE_CONTROL, "no-store");
    }
    if state.config.server.is_https() {
        add(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}
