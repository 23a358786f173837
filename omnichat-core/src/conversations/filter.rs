//! Which conversations a list holds, and in which order.

use super::fields;
use super::model::{Conversation, Priority, Status};
use crate::clock::Timestamp;
use crate::condition::{Is, Predicate, TEXT_MAX, Test, Value, put};
use crate::id::{CustomerId, InboxId, OperatorId};

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Newest activity first.
    #[default]
    Activity,
    /// Newest first.
    Created,
    /// Longest waiting first; only conversations in which the customer waits.
    Waiting,
}

impl Sort {
    /// The field that lists are sorted by.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Activity => fields::LAST_ACTIVITY_AT,
            Self::Created => fields::CREATED_AT,
            Self::Waiting => fields::WAITING_SINCE,
        }
    }
}

impl Conversation {
    /// The value that a list is sorted by. [`Sort::Waiting`] rises, the others fall.
    pub fn sort_value(&self, sort: Sort) -> i64 {
        match sort {
            Sort::Activity => self.last_activity_at.micros(),
            Sort::Created => self.created_at.micros(),
            Sort::Waiting => self.waiting_since.map_or(i64::MAX, Timestamp::micros),
        }
    }
}

/// Which conversations are wanted: all, unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Of which this is true, see [`fields`].
    pub condition: Predicate,
    /// Only what this operator may see without the right to see all: its own, those it was invited to, nobody's.
    pub visible_to: Option<OperatorId>,
    /// The order.
    pub sort: Sort,
}

impl ConversationFilter {
    /// Whether a conversation is wanted. The specification of the filter; stores must agree with it.
    pub fn matches(&self, c: &Conversation) -> bool {
        self.condition.matches(c)
            && self.visible_to.is_none_or(|operator| c.is_for(operator))
            && (self.sort != Sort::Waiting || c.waiting_since.is_some())
    }
}

/// Whose conversations are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssigneeFilter {
    /// Nobody's, see [`Conversation::is_nobodys`].
    None,
    /// This operator's.
    Operator(OperatorId),
}

/// The parts of a filter that a store has indexes for, each by its name: every part that is there must hold. What is absent does not
/// restrict. Filters are made of them, and stores take them apart into these, by [`Facets::of`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// One of these; any if empty.
    pub statuses: Vec<Status>,
    /// On this inbox.
    pub inbox: Option<InboxId>,
    /// On this channel.
    pub channel: Option<String>,
    /// Whose.
    pub assignee: Option<AssigneeFilter>,
    /// To which this operator was invited.
    pub participant: Option<OperatorId>,
    /// This urgent.
    pub priority: Option<Priority>,
    /// With this label.
    pub tag: Option<String>,
    /// With this attribute of this value.
    pub attribute: Option<(String, String)>,
    /// Only unread.
    pub unread: bool,
    /// Only those in which the customer waits.
    pub unanswered: bool,
    /// With this customer.
    pub customer: Option<CustomerId>,
    /// The time that the list is sorted by (see [`Conversation::sort_value`]) is this or later.
    pub from: Option<Timestamp>,
    /// That same time is earlier than this.
    pub to: Option<Timestamp>,
    /// Only what this operator may see without the right to see all.
    pub visible_to: Option<OperatorId>,
    /// The order, and which time `from` and `to` are about.
    pub sort: Sort,
}

impl From<Facets> for ConversationFilter {
    fn from(facets: Facets) -> Self {
        let mut all = Vec::new();
        let mut one_of = |field, values: Vec<Value>| {
            if !values.is_empty() {
                all.push(Predicate::one_of(field, values));
            }
        };
        let text = |text: &str| Value::Text(text.to_owned());
        one_of(
            fields::STATUS,
            facets.statuses.iter().map(|status| text(status.name())).collect(),
        );
        one_of(
            fields::INBOX,
            facets.inbox.map(|id| Value::Id(id.uuid())).into_iter().collect(),
        );
        one_of(
            fields::CHANNEL,
            facets.channel.map(Value::Text).into_iter().collect(),
        );
        one_of(
            fields::PARTICIPANTS,
            facets
                .participant
                .map(|id| Value::Id(id.uuid()))
                .into_iter()
                .collect(),
        );
        one_of(
            fields::PRIORITY,
            facets.priority.map(|one| text(one.name())).into_iter().collect(),
        );
        one_of(fields::TAGS, facets.tag.map(Value::Text).into_iter().collect());
        one_of(
            fields::CUSTOMER,
            facets
                .customer
                .map(|id| Value::Id(id.uuid()))
                .into_iter()
                .collect(),
        );
        for (flag, wanted) in [
            (fields::UNREAD, facets.unread),
            (fields::UNANSWERED, facets.unanswered),
        ] {
            if wanted {
                one_of(flag, vec![Value::Flag(true)]);
            }
        }
        match facets.assignee {
            Some(AssigneeFilter::Operator(id)) => one_of(fields::ASSIGNEE, vec![Value::Id(id.uuid())]),
            Some(AssigneeFilter::None) => all.push(Predicate::test(fields::ASSIGNEE, Is::There).negated()),
            None => {}
        }
        all.extend(facets.attribute.map(|(name, value)| {
            Predicate::Test(Test {
                field: fields::ATTRIBUTES,
                attribute: Some(name),
                is: Is::OneOf(vec![Value::Text(value)]),
            })
        }));
        let time = facets.sort.field();
        all.extend(
            facets
                .from
                .map(|from| Predicate::test(time, Is::AtLeast(from.micros()))),
        );
        all.extend(facets.to.map(|to| Predicate::test(time, Is::Below(to.micros()))));
        Self {
            condition: Predicate::All(all),
            visible_to: facets.visible_to,
            sort: facets.sort,
        }
    }
}

impl Facets {
    /// The parts of a filter that indexes can answer, and what is left to test: nothing in most cases.
    pub fn of(filter: &ConversationFilter) -> (Self, Predicate) {
        let mut facets = Self {
            visible_to: filter.visible_to,
            sort: filter.sort,
            ..Self::default()
        };
        let mut rest = Vec::new();
        facets.take(&filter.condition, &mut rest);
        (facets, Predicate::All(rest))
    }

    fn take(&mut self, condition: &Predicate, rest: &mut Vec<Predicate>) {
        let taken = match condition {
            Predicate::All(all) => {
                all.iter().for_each(|one| self.take(one, rest));
                true
            }
            Predicate::Test(test) => self.takes(test),
            Predicate::Not(not) => match &**not {
                Predicate::Test(test) => self.takes_opposite(test),
                _ => false,
            },
            Predicate::Any(_) => false,
        };
        if !taken {
            rest.push(condition.clone());
        }
    }

    /// Takes a test in, if there is a place for it that is still free.
    fn takes(&mut self, test: &Test) -> bool {
        match (test.field, &test.is) {
            (field, Is::AtLeast(at)) if field == self.sort.field() => {
                let at = Timestamp::from_micros(*at);
                self.from = Some(self.from.map_or(at, |from| from.max(at)));
                true
            }
            (field, Is::Below(at)) if field == self.sort.field() => {
                let at = Timestamp::from_micros(*at);
                self.to = Some(self.to.map_or(at, |to| to.min(at)));
                true
            }
            (fields::WAITING_SINCE, Is::There) => put_flag(&mut self.unanswered),
            (fields::STATUS, Is::OneOf(values)) if self.statuses.is_empty() => {
                let named = values.iter().filter_map(text_of).filter_map(Status::from_name);
                self.statuses = named.collect();
                !self.statuses.is_empty()
            }
            (_, Is::OneOf(values)) => match &values[..] {
                [value] => self.takes_value(test, value),
                _ => false,
            },
            _ => false,
        }
    }

    fn takes_value(&mut self, test: &Test, value: &Value) -> bool {
        match (test.field, value) {
            (fields::INBOX, Value::Id(id)) => put(&mut self.inbox, InboxId::from_uuid(*id)),
            (fields::CHANNEL, Value::Text(name)) => put(&mut self.channel, name.clone()),
            // This id stands in stores for scenarios that answer, and is nobody's.
            (fields::ASSIGNEE, Value::Id(id)) if *id != uuid::Uuid::max() => put(
                &mut self.assignee,
                AssigneeFilter::Operator(OperatorId::from_uuid(*id)),
            ),
            (fields::PARTICIPANTS, Value::Id(id)) => put(&mut self.participant, OperatorId::from_uuid(*id)),
            (fields::PRIORITY, Value::Text(name)) => {
                Priority::from_name(name).is_some_and(|priority| put(&mut self.priority, priority))
            }
            (fields::TAGS, Value::Text(tag)) => put(&mut self.tag, tag.clone()),
            (fields::CUSTOMER, Value::Id(id)) => put(&mut self.customer, CustomerId::from_uuid(*id)),
            (fields::UNREAD, Value::Flag(true)) => put_flag(&mut self.unread),
            (fields::UNANSWERED, Value::Flag(true)) => put_flag(&mut self.unanswered),
            (fields::ATTRIBUTES, Value::Text(text)) if text.chars().count() <= TEXT_MAX => {
                let name = test.attribute.clone().unwrap_or_default();
                put(&mut self.attribute, (name, text.clone()))
            }
            _ => false,
        }
    }

    fn takes_opposite(&mut self, test: &Test) -> bool {
        match (test.field, &test.is) {
            (fields::ASSIGNEE, Is::There) => put(&mut self.assignee, AssigneeFilter::None),
            (fields::STATUS, Is::OneOf(values)) if self.statuses.is_empty() => {
                let unwanted: Vec<_> = values.iter().filter_map(text_of).collect();
                let wanted = Status::ALL
                    .into_iter()
                    .filter(|status| !unwanted.contains(&status.name()));
                self.statuses = wanted.collect();
                !self.statuses.is_empty()
            }
            _ => false,
        }
    }
}

fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn put_flag(place: &mut bool) -> bool {
    *place = true;
    true
}
