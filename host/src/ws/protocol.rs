//! The frames of the console's WebSocket, both ways, and the codes with which it closes.

use axum::extract::ws::Utf8Bytes;
use omnichat_core::event::{Envelope, Viewer};
use omnichat_core::id::{ConversationId, OperatorId};
use omnichat_core::operators::OperatorStatus;
use serde::{Deserialize, Serialize};

use crate::error::Problem;
use crate::views::Time;
use crate::views::event::EventView;
use crate::views::message::AuthorView;

/// Going down: connect again, to this host or another.
pub(crate) const GOING_AWAY: u16 = 1001;
/// The client broke the protocol.
pub(crate) const POLICY: u16 = 1008;
/// The token is wrong or over.
pub(crate) const UNAUTHENTICATED: u16 = 4401;
/// No hello came in time.
pub(crate) const NO_HELLO: u16 = 4408;
/// The client reads too slowly: connect again with `after`.
pub(crate) const TOO_SLOW: u16 = 4429;

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ClientFrame {
    /// First, within five seconds.
    Hello {
        /// An access token.
        token: String,
        /// The last event that was seen; none to begin with what comes next.
        #[serde(default)]
        after: Option<u64>,
    },
    /// A fresh access token of the same operator.
    Token {
        /// The token.
        token: String,
    },
    /// Asks for a pong.
    Ping,
    /// The operator is writing, or has stopped.
    Typing {
        /// Where.
        conversation_id: ConversationId,
        /// Which.
        on: bool,
    },
    /// Which conversation is on the screen.
    Viewing {
        /// Which; none if none is.
        conversation_id: Option<ConversationId>,
        /// An answer is being written.
        #[serde(default)]
        replying: bool,
    },
    /// Whatever a newer client may say.
    #[serde(other)]
    Unknown,
}

/// What the host says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ServerFrame<'a> {
    Hello {
        seq: u64,
        session: &'a str,
        heartbeat_s: u64,
    },
    Resync {
        seq: u64,
    },
    Typing {
        conversation_id: ConversationId,
        author: AuthorView,
        on: bool,
    },
    Viewers {
        conversation_id: ConversationId,
        viewers: Vec<ViewerView>,
    },
    Presence {
        operator_id: OperatorId,
        status: OperatorStatus,
        connected: bool,
    },
    Pong,
    Error {
        problem: &'a Problem,
    },
}

/// Somebody who looks at a conversation.
#[derive(Debug, Serialize)]
pub(crate) struct ViewerView {
    operator_id: OperatorId,
    replying: bool,
}

impl From<&Viewer> for ViewerView {
    fn from(viewer: &Viewer) -> Self {
        Self {
            operator_id: viewer.operator,
            replying: viewer.replying,
        }
    }
}

impl ServerFrame<'_> {
    /// The frame as it goes over the wire.
    pub(crate) fn text(&self) -> Utf8Bytes {
        text(self)
    }
}

/// An event of the log as it goes over the wire.
#[derive(Serialize)]
#[serde(tag = "type", rename = "event")]
struct EventFrame {
    seq: u64,
    at: Time,
    event: EventView,
}

/// An event of the log as it goes over the wire.
pub(crate) fn event_frame(envelope: &Envelope, event: EventView) -> Utf8Bytes {
    text(&EventFrame {
        seq: envelope.seq,
        at: envelope.at.into(),
        event,
    })
}

/// JSON text. Our own types always have one; an empty object would be ignored by every client.
pub(crate) fn text(frame: &impl Serialize) -> Utf8Bytes {
    serde_json::to_string(frame)
        .unwrap_or_else(|_| "{}".to_owned())
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_client_is_not_refused() {
        assert!(matches!(
            serde_json::from_str(r#"{"type":"wave","hand":1}"#),
            Ok(ClientFrame::Unknown)
        ));
    }

    #[test]
    fn a_hello_may_leave_out_where_to_go_on() {
        let frame = serde_json::from_str(r#"{"type":"hello","token":"t"}"#).unwrap();
        assert!(matches!(frame, ClientFrame::Hello { after: None, .. }));
    }
}
