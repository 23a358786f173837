//! The frames of the widget's WebSocket, both ways.

use axum::extract::ws::Utf8Bytes;
use serde::{Deserialize, Serialize};

use super::view::{ConversationView, MessageView};
use crate::ws::greeting::{Greeting, Hello};
use crate::ws::protocol::text;

/// What a widget says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ClientFrame {
    /// First, within five seconds.
    Hello(Hello),
    /// The visitor is writing, or has stopped.
    Typing {
        /// Which.
        on: bool,
    },
    /// Asks for a pong.
    Ping,
    /// Whatever a newer widget may say.
    #[serde(other)]
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
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerFrame<'a> {
    Hello { seq: u64, online: bool },
    Event { seq: u64, event: VisitorEvent<'a> },
    Typing { on: bool, name: &'a str },
    Online { online: bool },
    Resync { seq: u64 },
    Pong,
}

/// Something that happened, as its visitor sees it.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum VisitorEvent<'a> {
    MessageCreated { message: &'a MessageView },
    MessageUpdated { message: &'a MessageView },
    ConversationUpdated { conversation: &'a ConversationView },
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
