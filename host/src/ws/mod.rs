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
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::app::AppState;
use crate::error::Problem;
use crate::extract::Upgrade;

/// What the consoles that are connected to this node share. Cheap to clone behind an `Arc`; made once for a host.
#[derive(Debug, Default)]
pub struct Live {
    hubs: hub::Hubs,
}

/// The route of the console's WebSocket.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/ws", get(connect))
}

/// Becomes the console's WebSocket. The first frame is a hello with an access token, within five seconds.
#[utoipa::path(get, path = "/ws", tag = "live", operation_id = "connect", security(()),
    responses((status = 101), (status = 426, body = Problem, content_type = "application/problem+json",
        description = "The request does not ask for a WebSocket.")),
    extensions(("x-websocket" = json!(protocol::described("ClientFrameIn", "ServerFrame")))))]
pub(crate) async fn connect(State(state): State<AppState>, Upgrade(upgrade): Upgrade) -> Response {
    wire::small(upgrade).on_upgrade(move |socket| {
        let tasks = state.tasks.clone();
        tasks.track_future(session::run(state, socket))
    })
}
