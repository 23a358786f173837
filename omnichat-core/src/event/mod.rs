//! What happened, for everybody who follows: screens, webhooks, analytics, plugins.
//!
//! Each commit appends its events to the tenant's log with the next sequence numbers, without gaps. An event carries the
//! whole current objects, so that a follower needs no second request, and the state after the events equals a fresh fetch.
//! Start with [`Event`]; [`bus`] wakes followers on this and other nodes, [`feed`] gives each of them every event once and
//! in order, and [`ring`] is what it keeps at hand.

pub mod bus;
mod changed;
pub mod feed;
mod origin;
pub mod ring;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::changed::FieldChange;
pub(crate) use self::changed::{Differences, between};
pub use self::origin::{About, Cause, Origin};
use crate::api_keys::ApiKey;
use crate::automations::Automation;
use crate::clock::Timestamp;
use crate::conversations::Conversation;
use crate::customers::Customer;
use crate::entities::Stored;
use crate::id::{AutomationId, InboxId, OperatorId, QuarantineId, TenantId};
use crate::inboxes::Inbox;
use crate::messages::Message;
use crate::operators::Operator;

/// Something that happened. New kinds may come; followers ignore what they do not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A conversation began.
    ConversationCreated {
        /// As it is now.
        conversation: Conversation,
    },
    /// A conversation changed without a message: assignee, status, tags, read.
    ConversationUpdated {
        /// As it is now.
        conversation: Conversation,
    },
    /// A message, note or system entry was added.
    MessageCreated {
        /// The conversation as it is now.
        conversation: Conversation,
        /// The message.
        message: Message,
    },
    /// A message was edited, deleted, delivered, read, reacted to, or its file arrived.
    MessageUpdated {
        /// The message as it is now.
        message: Message,
        /// The conversation as it is now, if it changed too.
        conversation: Option<Conversation>,
    },
    /// A customer was changed.
    CustomerUpdated {
        /// As it is now.
        customer: Customer,
    },
    /// An operator was added or changed, or went online or offline.
    OperatorUpdated {
        /// As it is now; the password hash is left out.
        operator: Operator,
    },
    /// An inbox was added or changed.
    InboxUpdated {
        /// As it is now; its secrets stay encrypted.
        inbox: Inbox,
    },
    /// An inbox was removed.
    InboxDeleted {
        /// Which.
        inbox: InboxId,
    },
    /// A scenario or a toolbox was set up or changed.
    AutomationUpdated {
        /// As it is now; its secrets stay encrypted.
        automation: Stored<Automation>,
    },
    /// A scenario or a toolbox was removed.
    AutomationDeleted {
        /// Which.
        automation: AutomationId,
    },
    /// A key of a program was made, changed, renewed or revoked.
    ApiKeyUpdated {
        /// As it is now, without its secrets.
        key: ApiKey,
    },
    /// An entity was made, changed or deleted, see [`crate::entities`].
    EntityChanged {
        /// Its kind.
        kind: String,
        /// Its id, with the prefix of its type.
        id: String,
        /// Its version; of one that was deleted the last.
        version: u64,
        /// The operator to whom it belongs alone, if it does: nobody else hears of it.
        owner: Option<OperatorId>,
        /// When it was made.
        created_at: Timestamp,
        /// When this was done to it.
        updated_at: Timestamp,
        /// What people wrote into it, as it is now; nothing if it was deleted.
        body: Option<serde_json::Value>,
    },
    /// A webhook could not be understood.
    QuarantineAdded {
        /// Where it came in.
        inbox: InboxId,
        /// Its id.
        id: QuarantineId,
        /// Why.
        reason: String,
    },
    /// What happened cannot be read any more: the stored event is damaged. It keeps its number, so that others go on; whoever
    /// follows does not know what it missed and fetches everything anew. Stores answer it and never write it.
    Damaged,
}

/// A read of the log ends early once it has this many bytes of events; see
/// [`EventReads::events_after`](crate::store::EventReads::events_after).
pub const READ_BYTES: usize = 4 * 1024 * 1024;

impl Event {
    /// The stable name of the kind, as in the API.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ConversationCreated { .. } => "conversation_created",
            Self::ConversationUpdated { .. } => "conversation_updated",
            Self::MessageCreated { .. } => "message_created",
            Self::MessageUpdated { .. } => "message_updated",
            Self::CustomerUpdated { .. } => "customer_updated",
            Self::OperatorUpdated { .. } => "operator_updated",
            Self::InboxUpdated { .. } => "inbox_updated",
            Self::InboxDeleted { .. } => "inbox_deleted",
            Self::AutomationUpdated { .. } => "automation_updated",
            Self::AutomationDeleted { .. } => "automation_deleted",
            Self::ApiKeyUpdated { .. } => "api_key_updated",
            Self::EntityChanged { .. } => "entity_changed",
            Self::QuarantineAdded { .. } => "quarantine_added",
            Self::Damaged => "damaged",
        }
    }
}

/// An event in its place in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    /// The tenant whose log it is.
    pub tenant: TenantId,
    /// Its number: 1 for the first event of a tenant, then one more each.
    pub seq: u64,
    /// When it was committed.
    pub at: Timestamp,
    /// How large it is as JSON, with who, why and what it touched, in bytes.
    pub bytes: usize,
    /// Who did it and why.
    pub origin: Arc<Origin>,
    /// What it touched, of the fields that rules ask about; nothing where something was made.
    pub changed: Vec<FieldChange>,
    /// What happened.
    pub event: Event,
}

/// An event that is to be told.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// What happened.
    pub event: Event,
    /// What it touched.
    pub changed: Vec<FieldChange>,
}

impl From<Event> for NewEvent {
    fn from(event: Event) -> Self {
        Self {
            event,
            changed: Vec::new(),
        }
    }
}

impl Envelope {
    /// Whether it touched a field.
    pub fn touched(&self, field: &str) -> bool {
        self.changed.iter().any(|change| change.field == field)
    }
}

/// Something worth showing and not worth keeping. Has no number and is not delivered again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Ephemeral {
    /// Somebody is writing, or has stopped.
    Typing {
        /// Where.
        conversation: crate::id::ConversationId,
        /// Who.
        author: crate::messages::Author,
        /// Whether it began or ended.
        on: bool,
    },
    /// Who looks at a conversation on one node.
    Viewers {
        /// Which conversation.
        conversation: crate::id::ConversationId,
        /// The node that says so.
        node: uuid::Uuid,
        /// Who looks, and who is writing an answer.
        viewers: Vec<Viewer>,
    },
    /// An operator's screens connected, or the last one went away.
    Presence {
        /// Who.
        operator: crate::id::OperatorId,
        /// Whether any screen is connected.
        connected: bool,
    },
    /// Sessions of an operator were ended: whoever holds one open looks at what is stored.
    SignedOut {
        /// Whose.
        operator: crate::id::OperatorId,
    },
}

/// Somebody who looks at a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Who.
    pub operator: crate::id::OperatorId,
    /// Is writing an answer.
    pub replying: bool,
}
