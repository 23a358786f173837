//! Outgoing HTTP, to the granted hosts only.

use super::imports::host_http;
use crate::types::{HttpRequest, HttpResponse, Result};

/// Sends a request and waits for the whole answer. Redirects are answers, too.
///
/// # Errors
/// `denied` for an address that was not granted; `unavailable` or `timeout` with `not_sent` where nothing left the host.
pub fn send(request: &HttpRequest) -> Result<HttpResponse> {
    host_http::send(request)
}
