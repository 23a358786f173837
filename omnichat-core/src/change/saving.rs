//! Rows with their versions and events, in one step: what is written is told, and what is told is written.

use super::{Changes, Row, differing};
use crate::conversations::Conversation;
use crate::event::{Event, FieldChange};
use crate::messages::Message;

/// Something whose every version is told of.
pub(crate) trait Saved: Clone + Into<Row> {
    /// Its row version.
    fn version_mut(&mut self) -> &mut u64;

    /// What differs in a later version, of the fields that rules ask about.
    fn differing(&self, after: &Self) -> Vec<FieldChange>;

    /// What is told of it.
    fn told(&self, is_new: bool) -> Event;
}

/// What differs, and the version that follows; a new one is the first, and differs from nothing.
fn follow<T: Saved>(before: Option<&T>, after: &mut T) -> Vec<FieldChange> {
    match before {
        Some(before) => {
            *after.version_mut() = *before.clone().version_mut() + 1;
            before.differing(after)
        }
        None => {
            *after.version_mut() = 1;
            Vec::new()
        }
    }
}

impl Changes {
    /// Writes the version after `before`, and tells of it. Returns it with its number.
    pub(crate) fn save<T: Saved>(&mut self, before: Option<&T>, mut after: T) -> T {
        let changed = follow(before, &mut after);
        self.put(after.clone());
        self.tell(after.told(before.is_none()), changed);
        after
    }

    /// Writes a conversation's next version with a message that it brings, in one event.
    pub(crate) fn save_with(
        &mut self,
        before: Option<&Conversation>,
        mut after: Conversation,
        message: Message,
    ) -> Conversation {
        let changed = follow(before, &mut after);
        self.put(after.clone());
        if before.is_none() {
            self.event(after.told(true));
        }
        self.put(message.clone());
        let conversation = after.clone();
        self.tell(
            Event::MessageCreated {
                conversation,
                message,
            },
            changed,
        );
        after
    }

    /// Writes a message beside a conversation that is written already.
    pub(crate) fn add_message(&mut self, conversation: &Conversation, message: Message) {
        self.put(message.clone());
        self.event(Event::MessageCreated {
            conversation: conversation.clone(),
            message,
        });
    }

    /// Writes a message's next version, and its conversation's where lists show the message or something else of the conversation
    /// has changed. Returns both with their numbers; the conversation as it was where it is not written.
    pub(crate) fn save_message(
        &mut self,
        before: &Message,
        message: Message,
        conversation: Option<(&Conversation, Conversation)>,
    ) -> (Message, Option<Conversation>) {
        let message = Message {
            version: before.version + 1,
            ..message
        };
        let mut changed = differing::of_message(before, &message);
        let (mut left, mut shown) = (None, None);
        if let Some((before, mut after)) = conversation {
            if after.shows(&message) {
                after.note_preview(&message);
            }
            if after != *before {
                changed.extend(follow(Some(before), &mut after));
                self.put(after.clone());
                shown = Some(after.clone());
            }
            left = Some(after);
        }
        self.put(message.clone());
        let told = Event::MessageUpdated {
            message: message.clone(),
            conversation: shown,
        };
        self.tell(told, changed);
        (message, left)
    }
}
