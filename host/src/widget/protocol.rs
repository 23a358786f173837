//! The frames of the widget's WebSocket, both ways.

use axum::extract::ws::Utf8Bytes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{ConversationView, MessageView};
use crate::ws::greeting::Greeting;
use crate::ws::protocol::text;

/// What a widget says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = WidgetClientFrameIn)]
pub(crate) enum ClientFrame {
    /// First, within five seconds.
    Hello(Hello),
    /// The visitor is writing, or has stopped.
    Typing {
        /// Which.
        on: bool,
    },
    /// Asks for a pong.
    Ping,
    /// Whatever a newer widget may say. Not a frame of today, so that the document does not offer it.
    #[serde(other, skip_serializing)]
    Unknown,
}

/// Who comes, and where it goes on.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = WidgetHelloIn)]
pub(crate) struct Hello {
    /// The visitor's token.
    pub(super) token: String,
    /// The cursor of the last event that was seen; none to begin with what comes next.
    #[serde(default)]
    pub(super) after: Option<String>,
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

/// What the host says.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = WidgetServerFrame)]
pub(crate) enum ServerFrame<'a> {
    /// First: the connection stands.
    Hello {
        /// Where to go on after it.
        cursor: &'a str,
        /// Whether the visitor meets somebody.
        online: bool,
    },
    /// Something happened in the visitor's conversation.
    Event {
        /// Where to go on after it: `after` of the next hello. It says nothing, and the same place has another each time.
        cursor: &'a str,
        /// What happened.
        event: VisitorEvent<'a>,
    },
    /// An operator is writing, or has stopped.
    Typing {
        /// Whether it is being written.
        on: bool,
        /// Who.
        name: &'a str,
    },
    /// Somebody has come, or nobody is there any more.
    Online {
        /// Whether the visitor meets somebody.
        online: bool,
    },
    /// Too much was missed: begin a session anew.
    Resync,
    /// The answer to a ping.
    Pong,
}

/// Something that happened, as its visitor sees it.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = WidgetEvent)]
pub(crate) enum VisitorEvent<'a> {
    /// A message was added.
    MessageCreated {
        /// The message.
        #[schema(value_type = MessageView)]
        message: &'a MessageView,
    },
    /// A message has changed.
    MessageUpdated {
        /// The message as it is now.
        #[schema(value_type = MessageView)]
        message: &'a MessageView,
    },
    /// The conversation has changed.
    ConversationUpdated {
        /// The conversation as it is now.
        #[schema(value_type = ConversationView)]
        conversation: &'a ConversationView,
    },
}

impl<'a> VisitorEvent<'a> {
    /// A message that was added, or has changed.
    pub(super) fn message(message: &'a MessageView, new: bool) -> Self {
        match new {
            true => Self::MessageCreated { message },
            false => Self::MessageUpdated { message },
        }
    }

    /// The event, with where to go on after it, as it goes over the wire.
    pub(super) fn text(self, cursor: &str) -> Utf8Bytes {
        ServerFrame::Event { cursor, event: self }.text()
    }
}

impl ServerFrame<'_> {
    /// The frame as it goes over the wire.
    pub(super) fn text(&self) -> Utf8Bytes {
        text(self)
    }
}
