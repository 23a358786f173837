//! Whom what happens concerns, among visitors.

use super::model::Visitor;
use crate::conversations::Conversation;
use crate::event::{Ephemeral, Event};
use crate::id::ConversationId;
use crate::messages::{Author, Message};

/// What an event has for a visitor: it concerns one, whose chat it names, and nobody else. Whether the message may be shown at all
/// [`VisitorService::message`](super::VisitorService::message) decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told<'a> {
    /// The conversation as it is by then, if the event says so.
    pub conversation: Option<&'a Conversation>,
    /// The message that came or changed, and whether it is new.
    pub message: Option<(&'a Message, bool)>,
}

impl<'a> Told<'a> {
    /// What an event has for a visitor; nothing if it is none of any visitor's business.
    pub fn by(event: &'a Event) -> Option<Self> {
        let (conversation, message) = match event {
            Event::ConversationCreated { conversation } | Event::ConversationUpdated { conversation } => {
                (Some(conversation), None)
            }
            Event::MessageCreated {
                conversation,
                message,
            } => (Some(conversation), Some((message, true))),
            Event::MessageUpdated {
                message,
                conversation,
            } => (conversation.as_ref(), Some((message, false))),
            _ => return None,
        };
        Some(Self {
            conversation,
            message,
        })
    }

    /// Whom it concerns.
    pub fn visitor(&self) -> Option<Visitor> {
        match (self.conversation, self.message) {
            (Some(conversation), _) => Some(Visitor::of_conversation(conversation)),
            (None, Some((message, _))) => Some(Visitor::of_message(message)),
            (None, None) => None,
        }
    }
}

/// That somebody writes an answer, or has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writing<'a> {
    /// In which conversation.
    pub conversation: ConversationId,
    /// The name that the visitor sees.
    pub name: &'a str,
    /// Whether it began or ended.
    pub on: bool,
}

impl<'a> Writing<'a> {
    /// What a moment has for the visitor of a conversation: people and programs who write. Of others nothing is shown.
    pub fn by(moment: &'a Ephemeral) -> Option<Self> {
        match moment {
            Ephemeral::Typing {
                conversation,
                author: Author::Operator { name, .. } | Author::Service { name, .. },
                on,
            } => Some(Self {
                conversation: *conversation,
                name,
                on: *on,
            }),
            _ => None,
        }
    }
}
