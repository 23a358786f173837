//! What a visitor is shown of conversations and messages: whatever is not here stays inside.

use crate::clock::Timestamp;
use crate::conversations::Status;
use crate::id::{ConversationId, FileId, MessageId};
use crate::messages::{Author, Content, Direction, Message, Part, ReplyTo, SystemEntry};

/// Where a conversation stands, for its visitor: what operators do with it behind the scenes is their business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownStatus {
    /// Being worked on, or waiting.
    Open,
    /// Resolved: a message opens it again.
    Resolved,
    /// Closed: a message starts a new one.
    Closed,
}

impl From<Status> for ShownStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Resolved => Self::Resolved,
            Status::Closed => Self::Closed,
            // Whom we take for a spammer need not know.
            Status::New | Status::Open | Status::Pending | Status::Snoozed | Status::Spam => Self::Open,
        }
    }
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownOperator {
    /// The name.
    pub name: String,
    /// The picture.
    pub avatar: Option<FileId>,
}

/// A conversation as its visitor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownConversation {
    /// Its id.
    pub id: ConversationId,
    /// Where it stands.
    pub status: ShownStatus,
    /// Who answers.
    pub operator: Option<ShownOperator>,
    /// Answers that the visitor has not read.
    pub unread: usize,
}

/// Whose a message is, for a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The visitor's.
    Visitor,
    /// An operator's.
    Operator,
    /// A scenario's or a program's.
    Bot,
    /// The time line's.
    System,
}

impl Side {
    fn of(message: &Message) -> Self {
        match (&message.author, message.direction) {
            (_, Direction::In) => Self::Visitor,
            (Author::Operator { .. }, _) => Self::Operator,
            (Author::System, _) | (_, Direction::System) => Self::System,
            (Author::Bot { .. } | Author::Service { .. } | Author::Customer { .. }, _) => Self::Bot,
        }
    }
}

/// What a message answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownQuote {
    /// Who wrote it.
    pub author_name: String,
    /// What was quoted, or its beginning.
    pub preview: String,
}

impl From<ReplyTo> for ShownQuote {
    fn from(reply: ReplyTo) -> Self {
        Self {
            author_name: reply.author_name,
            preview: reply.preview,
        }
    }
}

/// A message as its visitor sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownMessage {
    /// Its id.
    pub id: MessageId,
    /// Whose it is.
    pub side: Side,
    /// The name of who wrote it; none of the visitor's own, and of the time line.
    pub author_name: Option<String>,
    /// What is said. Of an entry of the time line only what customers are told.
    pub content: Content,
    /// What it answers to, if that may be shown.
    pub quote: Option<ShownQuote>,
    /// Whether an operator has read it; only of the visitor's own.
    pub read: Option<bool>,
    /// The sender's key; only of the visitor's own.
    pub client_key: Option<String>,
    /// Its place in the conversation, in microseconds, see [`Message::position`].
    pub position: i64,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// The row's version. Being read is not a change of the row.
    pub version: u64,
}

impl ShownMessage {
    /// A message that its visitor [may see](super::Visitor::may_see). `read` is whether an operator has read it, `quote` what it answers
    /// to if that may be shown.
    pub(super) fn of(message: Message, read: bool, quote: Option<ShownQuote>) -> Self {
        let side = Side::of(&message);
        let own = side == Side::Visitor;
        let author = message.author.name();
        let author_name = (!own && !author.is_empty()).then(|| author.to_owned());
        let mut content = message.content;
        if message.direction == Direction::System {
            content.part = content.part.and_then(entry);
        }
        Self {
            id: message.id,
            side,
            author_name,
            content,
            quote,
            read: own.then_some(read),
            client_key: message.client_key.filter(|_| own),
            position: message.position,
            written_at: message.platform_at.unwrap_or(message.created_at),
            edited_at: message.edited_at,
            deleted_at: message.deleted_at,
            version: message.version,
        }
    }
}

/// What an entry of the time line tells a visitor. What operators say among themselves is left out.
fn entry(part: Part) -> Option<Part> {
    let Part::System {
        entry, actor, target, ..
    } = part
    else {
        return None;
    };
    let (entry, actor) = match entry {
        SystemEntry::Joined => (SystemEntry::Joined, actor),
        SystemEntry::Assigned | SystemEntry::Transferred => (SystemEntry::Joined, target),
        SystemEntry::Resolved => (SystemEntry::Resolved, None),
        SystemEntry::Closed => (SystemEntry::Closed, None),
        _ => return None,
    };
    Some(Part::System {
        entry,
        actor,
        target: None,
        comment: None,
    })
}
