//! The frames of the widget's WebSocket, both ways.

use axum::extract::ws::Utf8Bytes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{ConversationView, MessageView};
use crate::ws::greeting::{Greeting, Hello};
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

impl Greeting for ClientFrame {
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
        /// Number of the newest event.
        seq: u64,
        /// Whether the visitor meets somebody.
        online: bool,
    },
    /// Something happened in the visitor's conversation.
    Event {
        /// Its number; numbers of other conversations' events are missing between.
        seq: u64,
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
    /// Too much was missed: begin a session anew, and events go on after this number.
    Resync {
        /// Number of the newest event.
        seq: u64,
    },
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

    /// The event in its place in the log, as it goes over the wire.
    pub(super) fn text(self, seq: u64) -> Utf8Bytes {
        ServerFrame::Event { seq, event: self }.text()
    }
}

impl ServerFrame<'_> {
    /// The frame as it goes over the wire.
    pub(super) fn text(&self) -> Utf8Bytes {
        text(self)
    }
}
