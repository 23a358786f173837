//! How a conversation changes: pure steps that services and flows put together.

use super::model::{Conversation, LastMessage, RoutingDecision, Status};
use crate::clock::Timestamp;
use crate::id::OperatorId;
use crate::messages::{Direction, Message};

impl Conversation {
    /// The next version of the row. Call once per commit, after the last step.
    pub fn bump(&mut self) {
        self.version += 1;
    }

    /// Takes note of a message that was added: preview, times, unread and waiting marks.
    pub fn note_message(&mut self, message: &Message, now: Timestamp) {
        if message.direction == Direction::System {
            return;
        }
        self.note_preview(message);
        self.last_activity_at = self.last_activity_at.max(now);
        match message.direction {
            Direction::In => {
                self.unread_count = self.unread_count.saturating_add(1);
                self.waiting_since.get_or_insert(now);
                let written = message.platform_at.unwrap_or(now).min(now);
                self.last_inbound_at = Some(self.last_inbound_at.map_or(written, |at| at.max(written)));
            }
            Direction::Out => {
                self.waiting_since = None;
                self.first_response_at.get_or_insert(now);
                if self.status == Status::New {
                    self.status = Status::Open;
                }
            }
            Direction::Note | Direction::System => {}
        }
    }

    /// Takes note of a message that is new, or that changed and is the one shown in lists.
    pub fn note_preview(&mut self, message: &Message) {
        if self
            .last_message
            .as_ref()
            .is_some_and(|last| last.position > message.position && last.id != message.id)
        {
            return;
        }
        self.last_message = Some(LastMessage {
            id: message.id,
            author: message.author.kind(),
            author_name: message.author.name().to_owned(),
            preview: message.content.preview(),
            kind: match (message.deleted_at, message.direction) {
                (Some(_), _) => "deleted".to_owned(),
                (None, Direction::Note) => "note".to_owned(),
                (None, _) => message.content.kind().to_owned(),
            },
            position: message.position,
            at: message.platform_at.unwrap_or(message.created_at),
            state: message.state,
        });
    }

    /// Whether this message is the one shown in lists.
    pub fn shows(&self, message: &Message) -> bool {
        self.last_message
            .as_ref()
            .is_some_and(|last| last.id == message.id)
    }

    /// Gives it to an operator, or to nobody.
    pub fn assign(&mut self, operator: Option<OperatorId>, strategy: &str, reason: String, now: Timestamp) {
        self.assignee = operator;
        if let Some(operator) = operator {
            self.participants.retain(|p| *p != operator);
        }
        self.routing = operator.map(|_| RoutingDecision {
            strategy: strategy.to_owned(),
            reason,
            at: now,
        });
    }

    /// Moves it to a status and sets what belongs to it.
    pub fn move_to(&mut self, status: Status, now: Timestamp) {
        self.status = status;
        self.snoozed_until = None;
        match status {
            Status::Resolved | Status::Closed => {
                self.resolved_at = Some(now);
                self.waiting_since = None;
                self.unread_count = 0;
            }
            Status::Spam => {
                self.waiting_since = None;
                self.unread_count = 0;
            }
            _ => self.resolved_at = None,
        }
    }
}
