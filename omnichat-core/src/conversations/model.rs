//! A conversation as it is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Permission};
use crate::chats::{ChatKind, Context};
use crate::clock::Timestamp;
use crate::id::{AutomationId, ConversationId, CustomerId, InboxId, MessageId, OperatorId, TenantId};
use crate::messages::{AuthorKind, DeliveryState};

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has looked at it yet.
    New,
    /// Being worked on.
    Open,
    /// Waiting for the customer.
    Pending,
    /// Out of sight until a time.
    Snoozed,
    /// Done; a message from the customer opens it again.
    Resolved,
    /// Done for good; a message from the customer starts a new conversation.
    Closed,
    /// Unwanted; messages are kept without notice.
    Spam,
}

impl Status {
    /// Every status, in the order of the API.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Open,
        Self::Pending,
        Self::Snoozed,
        Self::Resolved,
        Self::Closed,
        Self::Spam,
    ];

    /// Whether it counts as work of its assignee.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Open | Self::Pending)
    }

    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Snoozed => "snoozed",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Spam => "spam",
        }
    }

    /// Reads the stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// How urgent a conversation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Before others.
    High,
    /// At once.
    Urgent,
}

impl Priority {
    /// Every priority, rising.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// Reads the stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name)
    }
}

/// What a list row shows of the newest message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastMessage {
    /// Which message.
    pub id: MessageId,
    /// Who wrote it.
    pub author: AuthorKind,
    /// The author's name.
    pub author_name: String,
    /// The first 140 characters of its text, on one line.
    pub preview: String,
    /// What it is: `text`, an attachment kind, `location`, `contact`, `button`, `unsupported`, `note`, `deleted`.
    pub kind: String,
    /// Its place in the conversation, see [`crate::messages::Message::position`].
    pub position: i64,
    /// When it was written.
    pub at: Timestamp,
    /// How far it got, if it is outgoing.
    pub state: Option<DeliveryState>,
}

/// Why a conversation has its assignee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingDecision {
    /// Who decided: a strategy's name, `operator`, `taken`.
    pub strategy: String,
    /// A sentence for people: "least loaded of 3: 2 of 10".
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// The scenario that answers in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveScenario {
    /// Which.
    pub automation: AutomationId,
    /// Its name, so that lists need not look it up; empty before its first turn.
    pub name: String,
    /// When it began: tells one run of it in a conversation from the next.
    pub since: Timestamp,
}

/// A conversation with a customer on one inbox. At most one that is not closed exists per `(inbox, chat)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// The tenant.
    pub tenant: TenantId,
    /// The inbox.
    pub inbox: InboxId,
    /// The inbox's channel, so that lists need not look it up.
    pub channel: String,
    /// With whom.
    pub customer: CustomerId,
    /// The customer's name when last heard of, so that lists need not look it up.
    pub customer_name: String,
    /// The platform's id of the [chat](crate::chats::Chat) that it belongs to.
    pub chat: String,
    /// The chat's kind, so that lists need not look it up.
    #[serde(default)]
    pub chat_kind: ChatKind,
    /// Where it stands.
    pub status: Status,
    /// How urgent it is.
    pub priority: Priority,
    /// Whose it is.
    pub assignee: Option<OperatorId>,
    /// Invited operators, without the assignee.
    pub participants: Vec<OperatorId>,
    /// The scenario that answers: until it ends or hands over, or a person steps in. As long as one does, the customer
    /// waits for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<ActiveScenario>,
    /// Labels, sorted, without doubles.
    pub tags: Vec<String>,
    /// A title.
    pub subject: Option<String>,
    /// What is spoken of, as the chat last said.
    #[serde(default, skip_serializing_if = "Context::is_empty")]
    pub context: Context,
    /// What an organisation notes of it, by names of its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Messages from the customer since an operator last read it.
    pub unread_count: u32,
    /// Since when the customer waits for an answer of a person.
    pub waiting_since: Option<Timestamp>,
    /// The newest message that is not a system entry.
    pub last_message: Option<LastMessage>,
    /// When the customer last wrote: what a reply window counts from.
    pub last_inbound_at: Option<Timestamp>,
    /// When the customer last read our messages, in the widget.
    pub customer_read_at: Option<Timestamp>,
    /// Why it has its assignee.
    pub routing: Option<RoutingDecision>,
    /// The customer blocked us: nothing can be delivered.
    pub unreachable: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When something was last said.
    pub last_activity_at: Timestamp,
    /// When an operator first answered.
    pub first_response_at: Option<Timestamp>,
    /// When it was resolved or closed.
    pub resolved_at: Option<Timestamp>,
    /// Until when it is out of sight.
    pub snoozed_until: Option<Timestamp>,
    /// Row version, from 1.
    pub version: u64,
}

impl Conversation {
    /// Whether it waits for somebody to take it: no operator has it, and no scenario answers.
    pub fn is_nobodys(&self) -> bool {
        self.assignee.is_none() && self.scenario.is_none()
    }

    /// Whether an operator without the right to see all may see it: one's own, those one was invited to, nobody's.
    pub fn is_for(&self, operator: OperatorId) -> bool {
        self.is_nobodys() || self.assignee == Some(operator) || self.participants.contains(&operator)
    }

    /// Whether an actor may see it: by the inboxes that it reaches and its rights. A customer is no actor and asks as a
    /// [`Visitor`](crate::visitors::Visitor).
    pub fn visible_to(&self, actor: &Actor) -> bool {
        if self.tenant != actor.tenant || !actor.reaches(self.inbox) {
            return false;
        }
        actor.permissions.has(Permission::CONVERSATIONS_READ_ALL)
            || actor.permissions.has(Permission::CONVERSATIONS_READ_OWN)
                && actor.operator_id().is_some_and(|operator| self.is_for(operator))
    }
}

/// How many conversations the standard views hold, each counted up to [`Counts::CAP`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Open and the asker's.
    pub mine: u32,
    /// Open and nobody's.
    pub unassigned: u32,
    /// Open.
    pub open: u32,
    /// Open and the customer waits.
    pub unanswered: u32,
    /// Snoozed.
    pub snoozed: u32,
    /// Spam.
    pub spam: u32,
}

impl Counts {
    /// Counting stops here, so that a view costs the same however many rows it has.
    pub const CAP: u32 = 1_000;
}

/// A change of the plain fields of a conversation; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ConversationPatch {
    /// New priority.
    pub priority: Option<Priority>,
    /// New labels, whole.
    pub tags: Option<Vec<String>>,
    /// New title; `Some(None)` removes it.
    pub subject: Option<Option<String>>,
    /// New attributes, whole.
    pub attributes: Option<BTreeMap<String, String>>,
}
