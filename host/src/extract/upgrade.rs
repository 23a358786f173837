//! The change to a WebSocket.

use axum::extract::{FromRequestParts, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::error::Problem;
use crate::throttle::Throttle;

/// A request that becomes a WebSocket. 426 for one that does not ask to.
#[derive(Debug)]
pub struct Upgrade {
    upgrade: WebSocketUpgrade,
    throttle: Throttle,
}

impl Upgrade {
    /// The change itself: from here on the connection is read no faster than clients have anything to say.
    pub fn begin(self) -> WebSocketUpgrade {
        self.throttle.turn_on();
        self.upgrade
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let upgrade = WebSocketUpgrade::from_request_parts(parts, state).await;
        let throttle = parts.extensions.get().cloned().unwrap_or_default();
        let upgrade = upgrade.map(|upgrade| Self { upgrade, throttle });
        upgrade.map_err(|rejection| {
            Problem::with_status(
                StatusCode::UPGRADE_REQUIRED,
                "upgrade_required",
                format!("this address speaks WebSocket: {}", rejection.body_text()),
            )
        })
    }
}
