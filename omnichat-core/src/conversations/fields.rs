//! What conditions can ask of a conversation.

use super::model::{Conversation, Priority, Status};
use crate::chats::ChatKind;
use crate::clock::Timestamp;
use crate::condition::{Field, FieldKind, Fields, Found, Subject};
use crate::id::{CustomerId, InboxId};

const STATUSES: [&str; Status::ALL.len()] = {
    let mut names = [""; Status::ALL.len()];
    let mut n = 0;
    while n < names.len() {
        names[n] = Status::ALL[n].name();
        n += 1;
    }
    names
};
const PRIORITIES: [&str; Priority::ALL.len()] = {
    let mut names = [""; Priority::ALL.len()];
    let mut n = 0;
    while n < names.len() {
        names[n] = Priority::ALL[n].name();
        n += 1;
    }
    names
};
const CHAT_KINDS: [&str; ChatKind::ALL.len()] = {
    let mut names = [""; ChatKind::ALL.len()];
    let mut n = 0;
    while n < names.len() {
        names[n] = ChatKind::ALL[n].name();
        n += 1;
    }
    names
};

/// Where it stands.
pub const STATUS: &str = "status";
/// How urgent it is.
pub const PRIORITY: &str = "priority";
/// Its inbox.
pub const INBOX: &str = "inbox";
/// Its inbox's channel.
pub const CHANNEL: &str = "channel";
/// Its chat's kind.
pub const CHAT_KIND: &str = "chat_kind";
/// Whose it is. A scenario that answers counts as somebody who is no operator.
pub const ASSIGNEE: &str = "assignee";
/// Whether a scenario answers.
pub const SCENARIO: &str = "scenario";
/// Invited operators.
pub const PARTICIPANTS: &str = "participants";
/// Labels.
pub const TAGS: &str = "tags";
/// With whom.
pub const CUSTOMER: &str = "customer";
/// The customer's name.
pub const CUSTOMER_NAME: &str = "customer_name";
/// Its title.
pub const SUBJECT: &str = "subject";
/// What an organisation notes of it.
pub const ATTRIBUTES: &str = "attributes";
/// Whether there are unread messages.
pub const UNREAD: &str = "unread";
/// How many there are.
pub const UNREAD_COUNT: &str = "unread_count";
/// Whether the customer waits.
pub const UNANSWERED: &str = "unanswered";
/// Whether nothing can be delivered.
pub const UNREACHABLE: &str = "unreachable";
/// When it began.
pub const CREATED_AT: &str = "created_at";
/// When something was last said.
pub const LAST_ACTIVITY_AT: &str = "last_activity_at";
/// Since when the customer waits.
pub const WAITING_SINCE: &str = "waiting_since";
/// When the customer last wrote.
pub const LAST_INBOUND_AT: &str = "last_inbound_at";
/// When an operator first answered.
pub const FIRST_RESPONSE_AT: &str = "first_response_at";
/// When it was resolved or closed.
pub const RESOLVED_AT: &str = "resolved_at";
/// Until when it is out of sight.
pub const SNOOZED_UNTIL: &str = "snoozed_until";

/// All of them.
pub const FIELDS: &Fields = &[
    Field::new(STATUS, FieldKind::Choice(&STATUSES)),
    Field::new(PRIORITY, FieldKind::Choice(&PRIORITIES)),
    Field::new(INBOX, FieldKind::Id(InboxId::PREFIX)),
    Field::new(CHANNEL, FieldKind::Name),
    Field::new(CHAT_KIND, FieldKind::Choice(&CHAT_KINDS)),
    Field::optional(ASSIGNEE, FieldKind::Operator),
    Field::new(SCENARIO, FieldKind::Flag),
    Field::optional(PARTICIPANTS, FieldKind::Operators),
    Field::optional(TAGS, FieldKind::Texts),
    Field::new(CUSTOMER, FieldKind::Id(CustomerId::PREFIX)),
    Field::new(CUSTOMER_NAME, FieldKind::Text),
    Field::optional(SUBJECT, FieldKind::Text),
    Field::optional(ATTRIBUTES, FieldKind::Attributes),
    Field::new(UNREAD, FieldKind::Flag),
    Field::new(UNREAD_COUNT, FieldKind::Number),
    Field::new(UNANSWERED, FieldKind::Flag),
    Field::new(UNREACHABLE, FieldKind::Flag),
    Field::new(CREATED_AT, FieldKind::Time),
    Field::new(LAST_ACTIVITY_AT, FieldKind::Time),
    Field::optional(WAITING_SINCE, FieldKind::Time),
    Field::optional(LAST_INBOUND_AT, FieldKind::Time),
    Field::optional(FIRST_RESPONSE_AT, FieldKind::Time),
    Field::optional(RESOLVED_AT, FieldKind::Time),
    Field::optional(SNOOZED_UNTIL, FieldKind::Time),
];

impl Subject for Conversation {
    const FIELDS: &'static Fields = FIELDS;
    const SCHEMA: &'static str = "ConversationCondition";

    fn field(&self, name: &str, attribute: Option<&str>) -> Found<'_> {
        let time = |at: Option<Timestamp>| at.map_or(Found::Nothing, |at| Found::Number(at.micros()));
        match name {
            STATUS => Found::Text(self.status.name()),
            PRIORITY => Found::Text(self.priority.name()),
            INBOX => Found::Id(self.inbox.uuid()),
            CHANNEL => Found::Text(&self.channel),
            CHAT_KIND => Found::Text(self.chat_kind.name()),
            ASSIGNEE => match (self.assignee, &self.scenario) {
                (Some(operator), _) => Found::Id(operator.uuid()),
                (None, Some(_)) => Found::Something,
                (None, None) => Found::Nothing,
            },
            SCENARIO => Found::Flag(self.scenario.is_some()),
            PARTICIPANTS => Found::Operators(&self.participants),
            TAGS => Found::Texts(&self.tags),
            CUSTOMER => Found::Id(self.customer.uuid()),
            CUSTOMER_NAME => Found::Text(&self.customer_name),
            SUBJECT => text(self.subject.as_ref()),
            ATTRIBUTES => text(attribute.and_then(|name| self.attributes.get(name))),
            UNREAD => Found::Flag(self.unread_count > 0),
            UNREAD_COUNT => Found::Number(self.unread_count.into()),
            UNANSWERED => Found::Flag(self.waiting_since.is_some()),
            UNREACHABLE => Found::Flag(self.unreachable),
            CREATED_AT => Found::Number(self.created_at.micros()),
            LAST_ACTIVITY_AT => Found::Number(self.last_activity_at.micros()),
            WAITING_SINCE => time(self.waiting_since),
            LAST_INBOUND_AT => time(self.last_inbound_at),
            FIRST_RESPONSE_AT => time(self.first_response_at),
            RESOLVED_AT => time(self.resolved_at),
            SNOOZED_UNTIL => time(self.snoozed_until),
            _ => Found::Nothing,
        }
    }
}

fn text(text: Option<&String>) -> Found<'_> {
    text.map_or(Found::Nothing, |text| Found::Text(text))
}
