//! A message as it is kept, and how far it got.

use serde::{Deserialize, Serialize};

use super::content::{Content, Part};
use crate::actor::{Actor, Who};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{ApiKeyId, ContactId, ConversationId, CustomerId, InboxId, MessageId, OperatorId, TenantId};

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the customer.
    In,
    /// To the customer.
    Out,
    /// Among operators only.
    Note,
    /// An entry of the time line.
    System,
}

/// What kind of author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// The customer.
    Customer,
    /// An operator.
    Operator,
    /// A program with an API key.
    Service,
    /// A scenario, plugin or AI, or the business's own account on the platform.
    Bot,
    /// The system.
    System,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Author {
    /// The customer; in a group the member who wrote.
    Customer {
        /// Which.
        id: CustomerId,
        /// The name at the time.
        name: String,
        /// The account that it was written from, if the platform says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<ContactId>,
    },
    /// An operator.
    Operator {
        /// Which.
        id: OperatorId,
        /// The name at the time.
        name: String,
    },
    /// A program with an API key.
    Service {
        /// The key.
        id: ApiKeyId,
        /// The key's name at the time.
        name: String,
    },
    /// A scenario, plugin or AI.
    Bot {
        /// Its name.
        name: String,
    },
    /// The system.
    System,
}

impl Author {
    /// The actor as an author; none for those who write nothing themselves.
    pub fn of(actor: &Actor) -> Option<Self> {
        match actor.who.clone() {
            Who::Operator { id, name } => Some(Self::Operator { id, name }),
            Who::Service { id, name } => Some(Self::Service { id, name }),
            Who::Customer { .. } | Who::System { .. } => None,
        }
    }

    /// As [`Author::of`], or [`crate::error::ErrorKind::Forbidden`].
    pub fn require(actor: &Actor) -> Result<Self> {
        Self::of(actor).ok_or_else(|| Error::forbidden("only an operator or a program can do this"))
    }

    /// Whether it is this actor, whatever names were used at the time.
    pub fn is(&self, actor: &Actor) -> bool {
        match (self, &actor.who) {
            (Self::Operator { id, .. }, Who::Operator { id: me, .. }) => id == me,
            (Self::Service { id, .. }, Who::Service { id: me, .. }) => id == me,
            _ => false,
        }
    }

    /// What kind of author it is.
    pub const fn kind(&self) -> AuthorKind {
        match self {
            Self::Customer { .. } => AuthorKind::Customer,
            Self::Operator { .. } => AuthorKind::Operator,
            Self::Service { .. } => AuthorKind::Service,
            Self::Bot { .. } => AuthorKind::Bot,
            Self::System => AuthorKind::System,
        }
    }

    /// The name that people see; empty for the system.
    pub fn name(&self) -> &str {
        match self {
            Self::Customer { name, .. }
            | Self::Operator { name, .. }
            | Self::Service { name, .. }
            | Self::Bot { name } => name,
            Self::System => "",
        }
    }
}

/// How far an outgoing message got. It never moves back, see [`DeliveryState::may_become`]; only an operator may queue a
/// failed or uncertain message again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Stored, waiting for the channel.
    Queued,
    /// The process died in the middle of a send: it may or may not have arrived.
    Uncertain,
    /// The platform or the channel refused it, see [`Failure`].
    Failed,
    /// The platform took it.
    Sent,
    /// It reached the customer's device.
    Delivered,
    /// The customer read it.
    Read,
}

impl DeliveryState {
    /// Whether `next` may follow. Forward only; a failure that a platform reports late may follow `Sent`, but never
    /// `Delivered` or `Read`, and any proof of arrival ends a failure or a doubt.
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Queued, Self::Queued) | (Self::Uncertain, Self::Uncertain) => false,
            (Self::Queued, _) => true,
            (_, Self::Queued | Self::Uncertain) => false,
            (Self::Uncertain, _) => true,
            (Self::Failed, Self::Sent | Self::Delivered | Self::Read) => true,
            (Self::Sent, Self::Failed | Self::Delivered | Self::Read) => true,
            (Self::Delivered, Self::Read) => true,
            _ => false,
        }
    }

    /// Whether a read mark may cover it: the customer has it, and has not read it as far as is known. What has not gone out
    /// cannot have been read, whatever a mark that came in says.
    pub const fn may_be_read(self) -> bool {
        matches!(self, Self::Sent | Self::Delivered)
    }

    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Uncertain => "uncertain",
            Self::Failed => "failed",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }
}

/// Why a message was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Stable code, see [`crate::error::ErrorKind::code`].
    pub code: String,
    /// A sentence for the operator.
    pub message: String,
    /// Whether sending again may help.
    pub retryable: bool,
}

/// What a message answers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// The message, if it is known here.
    pub message: Option<MessageId>,
    /// The platform's id of it.
    pub external_id: Option<String>,
    /// Who wrote it.
    pub author_name: String,
    /// What was quoted, or its beginning. Of a message that is not known here, as much as the platform told, up to 1,000
    /// characters: nobody can look it up.
    pub preview: String,
    /// What it is, as [`Content::kind`] says; empty if nobody knows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
}

/// A reaction to a message: one person's emoji, or how many people whom the platform does not name have chosen it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// What kind of author reacted.
    pub by: AuthorKind,
    /// Who, by the platform's id; nobody knows if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The name of who reacted, at the time; empty if nobody knows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How many, where the platform does not name them; else 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: u32,
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_one(count: &u32) -> bool {
    *count == 1
}

/// A message, note or system entry of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The tenant.
    pub tenant: TenantId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The conversation's inbox.
    pub inbox: InboxId,
    /// The conversation's chat, since platforms number messages within a chat.
    pub chat: String,
    /// Which way it goes.
    pub direction: Direction,
    /// Who wrote it.
    pub author: Author,
    /// What is said.
    pub content: Content,
    /// What it answers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// Whose words were passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded_from: Option<String>,
    /// Messages of one album share this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The platform's id. `(inbox, chat, external_id)` is unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// More ids of the same message, where the platform needed several (an album, a long text).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_external_ids: Vec<String>,
    /// The sender's key. `(conversation, client_key)` is unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<String>,
    /// Digest of the request that came with the client key, to tell a repetition from a mistake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_digest: Option<String>,
    /// How far it got; only for [`Direction::Out`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DeliveryState>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Reactions to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// Its place in the conversation: microseconds of the platform's clock, see [`crate::messages::position()`].
    pub position: i64,
    /// When it was stored.
    pub created_at: Timestamp,
    /// When it was written, by the platform's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_at: Option<Timestamp>,
    /// When it was last edited, by the platform's clock where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// When it was deleted. The content is kept as a revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// How many earlier texts are kept.
    #[serde(default)]
    pub revisions: u32,
    /// Row version, from 1.
    pub version: u64,
}

impl Message {
    /// Whether a read mark may cover it, see [`DeliveryState::may_be_read`].
    pub fn may_be_read(&self) -> bool {
        self.direction == Direction::Out && self.state.is_some_and(DeliveryState::may_be_read)
    }

    /// Whether customers ever see it: no notes, and of the time line only [some](super::SystemEntry::is_for_customers).
    pub fn is_for_customers(&self) -> bool {
        match self.direction {
            Direction::In | Direction::Out => true,
            Direction::Note => false,
            Direction::System => {
                matches!(&self.content.part, Some(Part::System { entry, .. }) if entry.is_for_customers())
            }
        }
    }

    /// Whether an actor who sees its conversation may see it: whoever works on it sees all that is said there. What customers see
    /// [`Visitor::may_see`](crate::visitors::Visitor::may_see) decides.
    pub fn visible_to(&self, actor: &Actor) -> bool {
        self.tenant == actor.tenant
    }
}

/// An earlier text of a message, kept when it was edited or deleted. `(message, number)` is unique.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// The tenant.
    pub tenant: TenantId,
    /// Of which message.
    pub message: MessageId,
    /// From 1, in order.
    pub number: u32,
    /// What was said before.
    pub content: Content,
    /// When it was replaced.
    pub replaced_at: Timestamp,
    /// Who replaced it.
    pub replaced_by: Author,
    /// It was replaced by nothing: the message was deleted.
    pub deleted: bool,
}
