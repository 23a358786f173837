//! How a conversation changes: pure steps that services and flows put together.

use super::model::{ActiveScenario, Conversation, LastMessage, RoutingDecision, Status};
use crate::clock::Timestamp;
use crate::id::{AutomationId, OperatorId};
use crate::limits;
use crate::messages::{Direction, Message};

/// Most labels of a conversation, and characters of a label.
pub(super) const TAGS: (usize, usize) = (limits::TAGS, limits::TAG);

impl Conversation {
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
                if self.scenario.is_none() {
                    self.waiting_since.get_or_insert(now);
                }
                let written = message.platform_at.unwrap_or(now).min(now);
                self.last_inbound_at = Some(self.last_inbound_at.map_or(written, |at| at.max(written)));
            }
            Direction::Out => {
                self.waiting_since = None;
                if self.scenario.is_none() {
                    self.first_response_at.get_or_insert(now);
                }
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
            self.scenario = None;
        }
        self.routing = operator.map(|_| RoutingDecision {
            strategy: strategy.to_owned(),
            reason,
            at: now,
        });
    }

    /// Has a scenario answer from now on.
    pub fn begin_scenario(&mut self, automation: AutomationId, now: Timestamp) {
        self.scenario = Some(ActiveScenario {
            automation,
            name: String::new(),
            since: now,
        });
    }

    /// Takes it from its scenario and gives it to people: the customer waits from now on.
    pub fn hand_over(&mut self, now: Timestamp) {
        self.scenario = None;
        self.waiting_since.get_or_insert(now);
    }

    /// Adds a label, or says that there is no room for it or that it is none.
    pub fn add_tag(&mut self, tag: &str) -> bool {
        let tag = tag.trim();
        if self.tags.iter().any(|known| known == tag) {
            return true;
        }
        let fits = !tag.is_empty() && tag.chars().count() <= TAGS.1 && self.tags.len() < TAGS.0;
        if fits {
            self.tags.push(tag.to_owned());
            self.tags.sort();
        }
        fits
    }

    /// Puts a label in the place of another; whether it had that one. It has each once, whatever it had before.
    pub fn rename_tag(&mut self, from: &str, to: &str) -> bool {
        if from == to || !self.tags.iter().any(|tag| tag == from) {
            return false;
        }
        self.tags.retain(|tag| tag != from && tag != to);
        self.tags.push(to.to_owned());
        self.tags.sort();
        true
    }

    /// Moves it to a status and sets what belongs to it.
    pub fn move_to(&mut self, status: Status, now: Timestamp) {
        self.status = status;
        self.snoozed_until = None;
        if !status.is_open() {
            self.scenario = None;
        }
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
