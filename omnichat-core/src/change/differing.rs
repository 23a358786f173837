//! What differs between two versions, of the fields that rules ask about.

use super::Saved;
use crate::conversations::{Conversation, fields};
use crate::customers::Customer;
use crate::event::{Differences, Event, FieldChange};
use crate::inboxes::Inbox;
use crate::messages::Message;
use crate::operators::Operator;

/// Times and counts that every message moves are not told of: an event brings the conversation itself.
impl Saved for Conversation {
    fn version_mut(&mut self) -> &mut u64 {
        &mut self.version
    }

    fn differing(&self, after: &Self) -> Vec<FieldChange> {
        let scenario = |of: &Self| of.scenario.as_ref().map(|active| active.automation);
        Differences::default()
            .field(fields::STATUS, &self.status, &after.status)
            .field(fields::PRIORITY, &self.priority, &after.priority)
            .field(fields::ASSIGNEE, &self.assignee, &after.assignee)
            .field(fields::SCENARIO, &scenario(self), &scenario(after))
            .field(fields::PARTICIPANTS, &self.participants, &after.participants)
            .field(fields::TAGS, &self.tags, &after.tags)
            .field(fields::CUSTOMER, &self.customer, &after.customer)
            .field(fields::CUSTOMER_NAME, &self.customer_name, &after.customer_name)
            .field(fields::SUBJECT, &self.subject, &after.subject)
            .texts(fields::ATTRIBUTES, &self.attributes, &after.attributes)
            .field(
                fields::UNANSWERED,
                &self.waiting_since.is_some(),
                &after.waiting_since.is_some(),
            )
            .field(fields::UNREACHABLE, &self.unreachable, &after.unreachable)
            .field(
                fields::FIRST_RESPONSE_AT,
                &self.first_response_at,
                &after.first_response_at,
            )
            .field(fields::SNOOZED_UNTIL, &self.snoozed_until, &after.snoozed_until)
            .found()
    }

    fn told(&self, is_new: bool) -> Event {
        let conversation = self.clone();
        match is_new {
            true => Event::ConversationCreated { conversation },
            false => Event::ConversationUpdated { conversation },
        }
    }
}

impl Saved for Customer {
    fn version_mut(&mut self) -> &mut u64 {
        &mut self.version
    }

    fn differing(&self, after: &Self) -> Vec<FieldChange> {
        Differences::default()
            .field("name", &self.name, &after.name)
            .field("email", &self.email, &after.email)
            .field("phone", &self.phone, &after.phone)
            .field("locale", &self.locale, &after.locale)
            .field("note", &self.note, &after.note)
            .field("tags", &self.tags, &after.tags)
            .texts("attributes", &self.attributes, &after.attributes)
            .field("blocked", &self.blocked, &after.blocked)
            .found()
    }

    fn told(&self, _is_new: bool) -> Event {
        Event::CustomerUpdated {
            customer: self.clone(),
        }
    }
}

impl Saved for Operator {
    fn version_mut(&mut self) -> &mut u64 {
        &mut self.version
    }

    fn differing(&self, after: &Self) -> Vec<FieldChange> {
        Differences::default()
            .field("name", &self.name, &after.name)
            .field("email", &self.email, &after.email)
            .field("role", &self.role, &after.role)
            .field("status", &self.status, &after.status)
            .field("capacity", &self.capacity, &after.capacity)
            .field("disabled", &self.disabled, &after.disabled)
            .found()
    }

    fn told(&self, _is_new: bool) -> Event {
        Event::OperatorUpdated {
            operator: self.public(),
        }
    }
}

impl Saved for Inbox {
    fn version_mut(&mut self) -> &mut u64 {
        &mut self.version
    }

    fn differing(&self, after: &Self) -> Vec<FieldChange> {
        Differences::default()
            .field("title", &self.title, &after.title)
            .field("enabled", &self.enabled, &after.enabled)
            .field("scenario", &self.scenario, &after.scenario)
            .field("routing", &self.routing, &after.routing)
            .field("health", &self.health.state, &after.health.state)
            .found()
    }

    fn told(&self, _is_new: bool) -> Event {
        Event::InboxUpdated { inbox: self.clone() }
    }
}

/// What differs in a later version of a message, of the fields that rules ask about. What was said before is in its revisions.
pub(super) fn of_message(before: &Message, after: &Message) -> Vec<FieldChange> {
    Differences::default()
        .field("message.state", &before.state, &after.state)
        .field("message.failure", &before.failure, &after.failure)
        .field("message.edited_at", &before.edited_at, &after.edited_at)
        .field("message.deleted_at", &before.deleted_at, &after.deleted_at)
        .field("message.reactions", &before.reactions, &after.reactions)
        .found()
}
