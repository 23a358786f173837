//! The console's WebSocket, `/api/v1/ws`: the log of the tenant from where the client left off, and what is of the moment.
//!
//! [`protocol`] are the frames, [`greeting`] the first of them, [`access`] what a token opens, [`session`] one connection,
//! [`hub`] what the connections of a tenant share, [`pace`] how much a client may say, [`wire`] writing with patience and closing with
//! a reason.

mod access;
pub(crate) mod greeting;
mod hub;
pub(crate) mod pace;
pub(crate) mod protocol;
mod session;
mod viewers;
pub(crate) mod wire;

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use omnichat_core::error::{Error, ErrorKind, Result, Retry};
use uuid::Uuid;

use crate::app::AppState;
use crate::config::RealtimeConfig;
use crate::error::{ApiResult, Problem};
use crate::extract::{ClientAddress, LimitKey, Upgrade};
use crate::places::{Place, Places};

/// When an address that has too many sockets may try again.
const AGAIN: Duration = Duration::from_secs(30);

/// What the consoles that are connected to this node share. Cheap to clone behind an `Arc`; made once for a host.
#[derive(Debug)]
pub struct Live {
    hubs: hub::Hubs,
    /// By the client's address: of consoles and widgets together.
    from_address: Places<LimitKey>,
    of_session: Places<Uuid>,
}

impl Live {
    /// Nobody is connected yet.
    pub fn new(config: &RealtimeConfig) -> Self {
        Self {
            hubs: hub::Hubs::default(),
            from_address: Places::new(config.sockets_per_address),
            of_session: Places::new(config.sockets_per_session),
        }
    }

    /// A place for a socket, which it holds until its end.
    ///
    /// # Errors
    /// `RateLimited` if the address has too many.
    pub(crate) fn admit(&self, from: ClientAddress) -> Result<Place<LimitKey>> {
        let place = self.from_address.take(from.limit_key());
        place.ok_or_else(|| {
            Error::new(
                ErrorKind::RateLimited,
                "too many connections are open from this address",
            )
            .with_retry(Retry::After(AGAIN))
        })
    }
}

/// The route of the console's WebSocket.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/ws", get(connect))
}

/// Becomes the console's WebSocket. The first frame is a hello with an access token, within five seconds.
#[utoipa::path(get, path = "/ws", tag = "live", operation_id = "connect", security(()),
    responses((status = 101),
        (status = 426, body = Problem, content_type = "application/problem+json",
            description = "The request does not ask for a WebSocket."),
        (status = 429, body = Problem, content_type = "application/problem+json",
            description = "Too many connections are open from this address.")),
    extensions(("x-websocket" = json!(protocol::described("ClientFrameIn", "ServerFrame")))))]
pub(crate) async fn connect(
    State(state): State<AppState>,
    from: ClientAddress,
    upgrade: Upgrade,
) -> ApiResult<Response> {
    let place = state.live.admit(from)?;
    Ok(wire::small(upgrade).on_upgrade(move |socket| {
        let tasks = state.tasks.clone();
        tasks.track_future(async move {
            session::run(state, socket).await;
            drop(place);
        })
    }))
}
