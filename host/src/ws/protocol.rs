//! The frames of the console's WebSocket, both ways, and the codes with which it closes.

use std::collections::BTreeMap;

use axum::extract::ws::Utf8Bytes;
use omnichat_core::event::Viewer;
use omnichat_core::id::{ConversationId, OperatorId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::greeting::{Greeting, Hello};
use crate::error::Problem;
use crate::views::Time;
use crate::views::event::EventView;
use crate::views::message::AuthorView;
use crate::views::operator::OperatorStatus;

/// Going down: connect again, to this host or another.
pub(crate) const GOING_AWAY: u16 = 1001;
/// A text frame is not UTF-8.
pub(crate) const NOT_TEXT: u16 = 1007;
/// The client broke the protocol.
pub(crate) const POLICY: u16 = 1008;
/// A frame is longer than any that a client needs.
pub(crate) const TOO_LONG: u16 = 1009;
/// The token is wrong or over.
pub(crate) const UNAUTHENTICATED: u16 = 4401;
/// No hello came in time.
pub(crate) const NO_HELLO: u16 = 4408;
/// A newer connection of the same sign-in or visitor has taken this one's place: connect again when it is needed.
pub(crate) const TAKEN_OVER: u16 = 4409;
/// The client reads too slowly: connect again with `after`.
pub(crate) const TOO_SLOW: u16 = 4429;

/// A WebSocket as the document describes it: which frames go which way, and with which codes it closes. OpenAPI has no words for
/// it, so this is an extension.
pub(crate) fn described(client: &str, server: &str) -> Value {
    let schema = |name| json!({ "$ref": format!("#/components/schemas/{name}") });
    let close = [
        (GOING_AWAY, "The host is going down: connect again."),
        (NOT_TEXT, "A frame was not UTF-8."),
        (POLICY, "A frame was none, or too many came."),
        (TOO_LONG, "A frame was too long."),
        (UNAUTHENTICATED, "The token is wrong or over."),
        (NO_HELLO, "No hello came within five seconds."),
        (
            TAKEN_OVER,
            "A newer connection has taken this one's place: connect again when it is needed.",
        ),
        (
            TOO_SLOW,
            "Frames are read too slowly: connect again with `after`.",
        ),
    ];
    let close: BTreeMap<String, &str> = close.map(|(code, why)| (code.to_string(), why)).into();
    json!({ "client": schema(client), "server": schema(server), "close": close })
}

/// What a client of the WebSocket `/api/v1/ws` says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = ClientFrameIn)]
pub(crate) enum ClientFrame {
    /// First, within five seconds.
    Hello(Hello),
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
        #[schema(value_type = String)]
        conversation_id: ConversationId,
        /// Whether it is being written.
        on: bool,
    },
    /// Which conversation is on the screen.
    Viewing {
        /// Which; none if none is.
        #[schema(value_type = Option<String>)]
        conversation_id: Option<ConversationId>,
        /// An answer is being written.
        #[serde(default)]
        replying: bool,
    },
    /// Whatever a newer client may say. Not a frame of today, so that the document does not offer it.
    #[serde(other, skip_serializing)]
    Unknown,
}

impl Greeting for ClientFrame {
    type Hello = Hello;

    fn hello(self) -> Option<Hello> {
        match self {
            Self::Hello(hello) => Some(hello),
            _ => None,
        }
    }
}

/// What the host says over the WebSocket `/api/v1/ws`. Clients ignore types that they do not know.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ServerFrame<'a> {
    /// First: the connection stands.
    Hello {
        /// Number of the newest event.
        seq: u64,
        /// Names the log, to be said together with a number. Another text each time; what it says is for the host alone.
        epoch: &'a str,
        /// The connection's id.
        session: &'a str,
        /// How often the client should say something, in seconds.
        heartbeat_s: u64,
    },
    /// An event of the log.
    Event {
        /// Its number, rising by one from event to event.
        seq: u64,
        /// When it happened.
        at: Time,
        /// What happened.
        #[schema(value_type = EventView)]
        event: &'a EventView,
    },
    /// Too much was missed: everything is to be fetched anew, and events go on after this number.
    Resync {
        /// Number of the newest event.
        seq: u64,
    },
    /// What one may do has changed, and with it what there is to see: `GET /me` says what it is now.
    RightsChanged,
    /// Somebody is writing, or has stopped.
    Typing {
        /// Where.
        #[schema(value_type = String)]
        conversation_id: ConversationId,
        /// Who.
        author: AuthorView,
        /// Whether it is being written.
        on: bool,
    },
    /// Who looks at a conversation now.
    Viewers {
        /// The conversation.
        #[schema(value_type = String)]
        conversation_id: ConversationId,
        /// All of them.
        viewers: Vec<ViewerView>,
    },
    /// A colleague came or went.
    Presence {
        /// Who.
        #[schema(value_type = String)]
        operator_id: OperatorId,
        /// Whether they take conversations.
        status: OperatorStatus,
        /// Whether a console of theirs is connected.
        connected: bool,
    },
    /// The answer to a ping.
    Pong,
    /// Why the connection ends.
    Error {
        /// What is wrong.
        #[schema(value_type = Problem)]
        problem: &'a Problem,
    },
}

/// Somebody who looks at a conversation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Viewer)]
pub(crate) struct ViewerView {
    /// Who.
    #[schema(value_type = String)]
    operator_id: OperatorId,
    /// An answer is being written.
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
        let hello = ClientFrame::hello(frame).unwrap();
        assert_eq!((hello.token.as_str(), hello.after), ("t", None));
    }
}
