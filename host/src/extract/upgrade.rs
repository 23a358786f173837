//! The change to a WebSocket.

use axum::extract::{FromRequestParts, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::error::Problem;

/// A request that becomes a WebSocket. 426 for one that does not ask to.
#[derive(Debug)]
pub struct Upgrade(pub WebSocketUpgrade);

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let upgrade = WebSocketUpgrade::from_request_parts(parts, state).await;
        upgrade.map(Self).map_err(|rejection| {
            Problem::with_status(
                StatusCode::UPGRADE_REQUIRED,
                "upgrade_required",
                format!("this address speaks WebSocket: {}", rejection.body_text()),
            )
        })
    }
}
