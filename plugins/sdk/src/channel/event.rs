//! What happened on a platform. The host acts on each event once, by what it says: the same webhook must give the same ids.

use serde_json::json;

use super::message::put;
use super::{InboundEvent, InboundMessage, Profile};

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
    fn new(kind: &str, peer: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            peer: peer.into(),
            ..Self::default()
        }
    }

    /// Somebody wrote.
    pub fn message(peer: impl Into<String>, message: InboundMessage) -> Self {
        Self {
            message: Some(message),
            ..Self::new("message", peer)
        }
    }

    /// A message has another content since `at`.
    pub fn edited(peer: impl Into<String>, message: InboundMessage, at: u64) -> Self {
        Self {
            message: Some(message),
            ..Self::new("edited", peer)
        }
        .at(Some(at))
    }

    /// Messages were deleted.
    pub fn deleted(peer: impl Into<String>, external_ids: Vec<String>) -> Self {
        Self {
            external_ids,
            ..Self::new("deleted", peer)
        }
    }

    /// A message of ours got further.
    pub fn receipt(peer: impl Into<String>, external_id: String, state: State) -> Self {
        let value = match state {
            State::Sent => "sent",
            State::Delivered => "delivered",
            State::Read => "read",
            State::Failed => "failed",
        };
        Self {
            external_ids: vec![external_id],
            value: Some(value.to_owned()),
            ..Self::new("receipt", peer)
        }
    }

    /// The customer has read everything up to a time.
    pub fn read_up_to(peer: impl Into<String>, at: u64) -> Self {
        Self::new("read", peer).at(Some(at))
    }

    /// The customer's reactions to a message are now these.
    pub fn reactions(peer: impl Into<String>, external_id: String, emoji: Vec<String>) -> Self {
        Self {
            external_ids: vec![external_id],
            values: emoji,
            ..Self::new("reactions", peer)
        }
    }

    /// Of reactions: they are not the customer's, but of another member of the group.
    #[must_use]
    pub fn by(mut self, id: &str, name: &str) -> Self {
        put(&mut self.extra, "by", json!({ "id": id, "name": name }));
        self
    }

    /// So many people whom the platform does not name have reacted with each of these emoji.
    pub fn reaction_counts(peer: impl Into<String>, external_id: String, counts: &[(String, u32)]) -> Self {
        let mut event = Self {
            external_ids: vec![external_id],
            ..Self::new("reaction-counts", peer)
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
    pub fn button(peer: impl Into<String>, press: String, message: Option<String>, data: String) -> Self {
        Self {
            external_ids: [press].into_iter().chain(message).collect(),
            value: Some(data),
            ..Self::new("button", peer)
        }
    }

    /// The customer is writing, or has stopped.
    pub fn typing(peer: impl Into<String>, on: bool) -> Self {
        Self {
            value: Some(if on { "on" } else { "off" }.to_owned()),
            ..Self::new("typing", peer)
        }
    }

    /// The customer can, or can no longer, be reached.
    pub fn reachable(peer: impl Into<String>, reachable: bool) -> Self {
        Self {
            value: Some(if reachable { "yes" } else { "no" }.to_owned()),
            ..Self::new("reachable", peer)
        }
    }

    /// The chat has another id from now on.
    pub fn migrated(peer: impl Into<String>, new_peer: String) -> Self {
        Self {
            value: Some(new_peer),
            ..Self::new("migrated", peer)
        }
    }

    /// When it happened.
    #[must_use]
    pub fn at(mut self, at: Option<u64>) -> Self {
        self.at = at;
        self
    }

    /// Who the customer is.
    #[must_use]
    pub fn with_profile(mut self, profile: Option<Profile>) -> Self {
        self.profile = profile;
        self
    }

    /// Why it is so.
    #[must_use]
    pub fn because(mut self, reason: Option<String>) -> Self {
        self.reason = reason;
        self
    }

    /// Addressing data to be given back with each message to this peer.
    #[must_use]
    pub fn route(mut self, name: &str, value: impl Into<String>) -> Self {
        self.route.push((name.to_owned(), value.into()));
        self
    }
}
