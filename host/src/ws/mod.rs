//! The console's WebSocket, `/api/v1/ws`: the log of the tenant from where the client left off, and what is of the moment.
//!
//! [`protocol`] are the frames, [`greeting`] the first of them, [`access`] what a token opens, [`session`] one connection,
//! [`hub`] what the connections of a tenant share, [`sight`] who may see what, [`wire`] writing with patience and closing with
//! a reason.

mod access;
pub(crate) mod greeting;
mod hub;
pub(crate) mod protocol;
mod session;
mod sight;
mod viewers;
pub(crate) mod wire;

use axum::Router;
use axum::extract::{State, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::any;

use crate::app::AppState;

/// What the consoles that are connected to this node share. Cheap to clone behind an `Arc`; made once for a host.
#[derive(Debug, Default)]
pub struct Live {
    hubs: hub::Hubs,
}

/// The route of the console's WebSocket.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/ws", any(connect))
}

async fn connect(State(state): State<AppState>, upgrade: WebSocketUpgrade) -> Response {
    wire::small(upgrade).on_upgrade(move |socket| {
        let tasks = state.tasks.clone();
        tasks.track_future(session::run(state, socket))
    })
}
