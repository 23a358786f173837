//! What a visitor missed while they were away.

use super::history::PAGE;
use super::model::Visitor;
use super::service::VisitorService;
use super::shown::{ShownConversation, ShownMessage};
use super::told::Told;
use crate::error::Result;
use crate::event::{Envelope, Event};

/// Events that are read at once: each may be long.
const EVENTS: u32 = 16;

/// A message that came or changed while a visitor was away, as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct MissedMessage {
    /// The number of the event that told of it.
    pub seq: u64,
    /// Whether it came; else it changed.
    pub new: bool,
    /// The message.
    pub message: ShownMessage,
}

/// What some of the events that a visitor missed have for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    /// The messages, in the order of the events.
    pub messages: Vec<MissedMessage>,
    /// Go on after this number.
    pub next: u64,
}

/// Where a visitor's conversation stands when they are back.
#[derive(Clone, Debug, PartialEq)]
pub struct Meanwhile {
    /// Messages of the visitor that an operator may have read meanwhile, newest first.
    pub read: Vec<ShownMessage>,
    /// The conversation.
    pub conversation: ShownConversation,
}

impl VisitorService {
    /// What the next events after a number have for a visitor, of those up to another; none if some of them are gone or cannot be
    /// read, so that everything has to be fetched anew. Ask again from [`Missed::next`] until that is reached.
    pub async fn missed(&self, visitor: &Visitor, after: u64, up_to: u64) -> Result<Option<Missed>> {
        let events = self.store(visitor).events_after(after, EVENTS).await?;
        let follows = events.first().is_some_and(|first| first.seq == after + 1);
        if !follows || events.iter().any(|envelope| envelope.event == Event::Damaged) {
            return Ok(None);
        }
        let mut messages = Vec::new();
        for envelope in events.iter().filter(|envelope| envelope.seq <= up_to) {
            messages.extend(self.missed_message(visitor, envelope).await?);
        }
        Ok(Some(Missed {
            messages,
            next: events.last().map_or(up_to, |last| last.seq),
        }))
    }

    /// Where the conversation stands now, and what an operator has read of it meanwhile; nothing before the first message.
    pub async fn meanwhile(&self, visitor: &Visitor) -> Result<Option<Meanwhile>> {
        let Some(conversation) = self.conversation(visitor).await? else {
            return Ok(None);
        };
        let read = match conversation.unread_count {
            0 => self.read_by_now(visitor, &conversation, PAGE).await?,
            _ => Vec::new(),
        };
        Ok(Some(Meanwhile {
            read,
            conversation: self.standing(visitor, &conversation).await?,
        }))
    }

    async fn missed_message(&self, visitor: &Visitor, envelope: &Envelope) -> Result<Option<MissedMessage>> {
        let told = Told::by(&envelope.event).and_then(|told| told.message);
        let Some((message, new)) = told.filter(|(message, _)| visitor.wrote_at(message)) else {
            return Ok(None);
        };
        // The conversation as it is now, not as the event had it: it says what was read since.
        let shown = self.message(visitor, message, None, false).await?;
        Ok(shown.map(|message| MissedMessage {
            seq: envelope.seq,
            new,
            message,
        }))
    }
}
