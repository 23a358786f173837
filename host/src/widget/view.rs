//! What a visitor sees: the shapes of the widget's API.

use omnichat_channels::widget::{Locale, Position, PrechatField};
use omnichat_core::clock::Timestamp;
use omnichat_core::conversations::Status;
use omnichat_core::messages::{AttachmentState, Author, Direction, Message, Part, SystemEntry};
use serde::Serialize;

use super::links::Links;
use crate::views::Time;
use crate::views::message::{AttachmentView, ButtonView, PartView, SpanView};

/// How the widget looks and what it asks.
#[derive(Debug, Serialize)]
pub(super) struct ConfigView {
    pub(super) title: String,
    pub(super) greeting: String,
    pub(super) accent: String,
    pub(super) locale: Locale,
    pub(super) position: Position,
    pub(super) prechat: PrechatView,
    pub(super) online: bool,
    pub(super) away_message: String,
    /// While nobody is there, ask for an address to answer to.
    pub(super) offline_form: bool,
    pub(super) max_file_bytes: u64,
    pub(super) branding: bool,
}

/// The form before the chat.
#[derive(Debug, Serialize)]
pub(super) struct PrechatView {
    pub(super) enabled: bool,
    pub(super) fields: Vec<PrechatField>,
}

/// A session as its visitor gets it.
#[derive(Debug, Serialize)]
pub(super) struct SessionView {
    pub(super) token: String,
    pub(super) visitor: KnownView,
    pub(super) conversation: Option<ConversationView>,
    pub(super) messages: Vec<MessageView>,
    pub(super) older: Option<String>,
    pub(super) seq: u64,
    pub(super) online: bool,
}

/// What forms can be filled with.
#[derive(Debug, Serialize)]
pub(super) struct KnownView {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
}

/// A stretch of the conversation, oldest first.
#[derive(Debug, Serialize)]
pub(super) struct PageView {
    pub(super) items: Vec<MessageView>,
    pub(super) older: Option<String>,
}

/// Where the conversation stands, for its visitor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct ConversationView {
    pub(super) id: String,
    pub(super) status: StatusView,
    pub(super) operator: Option<OperatorView>,
    /// Answers that the visitor has not read.
    pub(super) unread: usize,
}

/// Where a conversation stands, for its visitor: what operators do with it behind the scenes is their business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatusView {
    Open,
    Resolved,
    Closed,
}

impl From<Status> for StatusView {
    fn from(status: Status) -> Self {
        match status {
            Status::Resolved => Self::Resolved,
            Status::Closed => Self::Closed,
            Status::New | Status::Open | Status::Pending | Status::Snoozed | Status::Spam => Self::Open,
        }
    }
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct OperatorView {
    pub(super) name: String,
    pub(super) avatar_url: Option<String>,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    Visitor,
    Operator,
    Bot,
    System,
}

/// How far a message of the visitor got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SentState {
    /// Stored.
    Sent,
    /// An operator has read it.
    Read,
}

/// A message as its visitor sees it.
#[derive(Debug, Serialize)]
pub(super) struct MessageView {
    pub(super) id: String,
    from: Side,
    author_name: Option<String>,
    text: String,
    spans: Vec<SpanView>,
    attachments: Vec<AttachmentView>,
    buttons: Vec<Vec<ButtonView>>,
    part: Option<PartView>,
    reply_to: Option<QuoteView>,
    state: Option<SentState>,
    client_key: Option<String>,
    position: i64,
    created_at: Time,
    edited_at: Option<Time>,
    deleted_at: Option<Time>,
    version: u64,
}

/// What a message answers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct QuoteView {
    pub(super) author_name: String,
    pub(super) preview: String,
}

/// Whether a visitor ever sees a message: no notes, and of the time line only who joined and how it ended.
pub(super) fn is_shown(message: &Message) -> bool {
    match message.direction {
        Direction::In | Direction::Out => true,
        Direction::Note => false,
        Direction::System => message
            .content
            .part
            .as_ref()
            .is_some_and(|part| entry(part).is_some()),
    }
}

/// What an entry of the time line tells a visitor. What operators say among themselves is left out.
fn entry(part: &Part) -> Option<Part> {
    let Part::System {
        entry, actor, target, ..
    } = part
    else {
        return None;
    };
    let (entry, actor) = match entry {
        SystemEntry::Joined => (SystemEntry::Joined, actor.clone()),
        SystemEntry::Assigned | SystemEntry::Transferred => (SystemEntry::Joined, target.clone()),
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

impl MessageView {
    /// A message that [`is_shown`]. `read` is whether an operator has read it, `quote` what it answers to if that may be shown.
    pub(super) fn of(
        message: &Message,
        read: bool,
        quote: Option<QuoteView>,
        links: &Links,
        now: Timestamp,
    ) -> Self {
        let from = match (&message.author, message.direction) {
            (_, Direction::In) => Side::Visitor,
            (Author::Operator { .. }, _) => Side::Operator,
            (Author::System, _) | (_, Direction::System) => Side::System,
            (Author::Bot { .. } | Author::Customer { .. }, _) => Side::Bot,
        };
        let content = &message.content;
        let attachments = content.attachments.iter().map(|attachment| {
            let url = match &attachment.state {
                AttachmentState::Ready { file } => Some(links.sign(message.inbox, *file, now)),
                _ => None,
            };
            AttachmentView {
                url,
                ..AttachmentView::from(attachment)
            }
        });
        let part = match message.direction {
            Direction::System => content.part.as_ref().and_then(entry),
            _ => content.part.clone(),
        };
        let own = from == Side::Visitor;
        Self {
            id: message.id.to_string(),
            from,
            author_name: Some(message.author.name().to_owned()).filter(|name| !own && !name.is_empty()),
            text: content.text.clone(),
            spans: content.spans.iter().map(SpanView::from).collect(),
            attachments: attachments.collect(),
            buttons: content
                .buttons
                .iter()
                .map(|row| row.iter().map(ButtonView::from).collect())
                .collect(),
            part: part.map(PartView::from),
            reply_to: quote,
            state: own.then_some(if read { SentState::Read } else { SentState::Sent }),
            client_key: message.client_key.clone().filter(|_| own),
            position: message.position,
            created_at: message.platform_at.unwrap_or(message.created_at).into(),
            edited_at: message.edited_at.map(Time),
            deleted_at: message.deleted_at.map(Time),
            // Being read is a change of its own for the visitor, though not of the row.
            version: message.version * 2 + u64::from(own && read),
        }
    }
}
