//! What happened on a platform. The host acts on each event once, by what it says: the same webhook must give the same ids.

use serde_json::json;

use super::message::put;
use super::{Chat, InboundEvent, InboundMessage, Person};

/// How far a message of ours got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The platform took it.
    Sent,
    /// It is on the customer's device.
    Delivered,
    /// The customer has seen it.
    Read,
    /// It will not arrive.
    Failed,
}

impl InboundEvent {
    fn new(kind: &str, chat: impl Into<Chat>) -> Self {
        Self {
            kind: kind.to_owned(),
            chat: chat.into(),
            ..Self::default()
        }
    }

    /// Somebody wrote.
    pub fn message(chat: impl Into<Chat>, message: InboundMessage) -> Self {
        Self {
            message: Some(message),
            ..Self::new("message", chat)
        }
    }

    /// A message has another content since `at`.
    pub fn edited(chat: impl Into<Chat>, message: InboundMessage, at: u64) -> Self {
        Self {
            message: Some(message),
            ..Self::new("edited", chat)
        }
        .at(Some(at))
    }

    /// Messages were deleted.
    pub fn deleted(chat: impl Into<Chat>, external_ids: Vec<String>) -> Self {
        Self {
            external_ids,
            ..Self::new("deleted", chat)
        }
    }

    /// A message of ours got further.
    pub fn receipt(chat: impl Into<Chat>, external_id: String, state: State) -> Self {
        let value = match state {
            State::Sent => "sent",
            State::Delivered => "delivered",
            State::Read => "read",
            State::Failed => "failed",
        };
        Self {
            external_ids: vec![external_id],
            value: Some(value.to_owned()),
            ..Self::new("receipt", chat)
        }
    }

    /// The customer has read everything up to a time.
    pub fn read_up_to(chat: impl Into<Chat>, at: u64) -> Self {
        Self::new("read", chat).at(Some(at))
    }

    /// The customer's reactions to a message are now these.
    pub fn reactions(chat: impl Into<Chat>, external_id: String, emoji: Vec<String>) -> Self {
        Self {
            external_ids: vec![external_id],
            values: emoji,
            ..Self::new("reactions", chat)
        }
    }

    /// So many people whom the platform does not name have reacted with each of these emoji.
    pub fn reaction_counts(chat: impl Into<Chat>, external_id: String, counts: &[(String, u32)]) -> Self {
        let mut event = Self {
            external_ids: vec![external_id],
            ..Self::new("reaction-counts", chat)
        };
        put(&mut event.extra, "counts", json!(counts));
        event
    }

    /// Of a pressed button: its label, as the customer reads it.
    #[must_use]
    pub fn labelled(mut self, label: Option<String>) -> Self {
        self.values = label.into_iter().collect();
        self
    }

    /// The customer pressed a button with this data: the ids of the press and, if known, of the message.
    pub fn button(chat: impl Into<Chat>, press: String, message: Option<String>, data: String) -> Self {
        Self {
            external_ids: [press].into_iter().chain(message).collect(),
            value: Some(data),
            ..Self::new("button", chat)
        }
    }

    /// The customer is writing, or has stopped.
    pub fn typing(chat: impl Into<Chat>, on: bool) -> Self {
        Self {
            value: Some(if on { "on" } else { "off" }.to_owned()),
            ..Self::new("typing", chat)
        }
    }

    /// The customer can, or can no longer, be reached.
    pub fn reachable(chat: impl Into<Chat>, reachable: bool) -> Self {
        Self {
            value: Some(if reachable { "yes" } else { "no" }.to_owned()),
            ..Self::new("reachable", chat)
        }
    }

    /// The chat has another id from now on.
    pub fn migrated(chat: impl Into<Chat>, new_chat: String) -> Self {
        Self {
            value: Some(new_chat),
            ..Self::new("migrated", chat)
        }
    }

    /// When it happened.
    #[must_use]
    pub fn at(mut self, at: Option<u64>) -> Self {
        self.at = at;
        self
    }

    /// Who it is: the person of a private chat, else the member who did it.
    #[must_use]
    pub fn by(mut self, person: impl Into<Option<Person>>) -> Self {
        self.person = person.into();
        self
    }

    /// Why it is so.
    #[must_use]
    pub fn because(mut self, reason: Option<String>) -> Self {
        self.reason = reason;
        self
    }
}

impl Chat {
    /// A private chat.
    pub fn private(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// A chat with several people.
    pub fn group(id: impl Into<String>, title: Option<String>) -> Self {
        Self {
            kind: "group".to_owned(),
            title,
            ..Self::private(id)
        }
    }

    /// Addressing data to be given back with each message to this chat.
    #[must_use]
    pub fn route(mut self, name: &str, value: impl Into<String>) -> Self {
        self.route.push((name.to_owned(), value.into()));
        self
    }
}

impl From<String> for Chat {
    fn from(id: String) -> Self {
        Self::private(id)
    }
}

impl From<&str> for Chat {
    fn from(id: &str) -> Self {
        Self::private(id)
    }
}

impl Person {
    /// Somebody who is known by an id on every account of a platform.
    pub fn on_platform(platform: &str, id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            scope: format!("platform:{platform}"),
            ..Self::default()
        }
    }
}
