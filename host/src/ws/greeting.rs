//! The first word of every connection, a console's or a widget's: hello within its time, or the connection ends.

use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures::StreamExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::wire::End;
use crate::app::AppState;

/// A client that has not said hello by then is let go.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who comes, and where it goes on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = HelloIn)]
pub(crate) struct Hello {
    /// A token: an operator's access token, or an API key.
    pub(crate) token: String,
    /// The last event that was seen; none to begin with what comes next.
    #[serde(default)]
    pub(crate) after: Option<u64>,
    /// What the host's hello named the log by in which it was seen.
    #[serde(default)]
    pub(crate) epoch: Option<String>,
}

/// A client's frame that may be a hello.
pub(crate) trait Greeting: DeserializeOwned {
    /// What a hello says.
    type Hello;

    /// The hello, if the frame is one.
    fn hello(self) -> Option<Self::Hello>;
}

/// Waits for the hello of a client whose frames are `F`.
pub(crate) async fn greeting<F: Greeting>(state: &AppState, socket: &mut WebSocket) -> Result<F::Hello, End> {
    tokio::select! {
        hello = timeout(PATIENCE, first::<F>(socket)) => hello.unwrap_or(Err(End::NoHello)),
        () = state.closing.cancelled() => Err(End::Closing),
    }
}

async fn first<F: Greeting>(socket: &mut WebSocket) -> Result<F::Hello, End> {
    while let Some(message) = socket.next().await {
        match message {
            Ok(Message::Text(text)) => {
                let frame: Option<F> = serde_json::from_str(&text).ok();
                return frame
                    .and_then(F::hello)
                    .ok_or(End::Broken("the first frame must be a hello"));
            }
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
            Ok(Message::Binary(_)) => return Err(End::Broken("frames are text")),
            Ok(Message::Close(_)) => return Err(End::Gone),
            Err(error) => return Err(error.into()),
        }
    }
    Err(End::Gone)
}
