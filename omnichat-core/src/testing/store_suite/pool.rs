//! Random conversations and filters that often agree.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::scene::Scene;
use crate::chats::ChatKind;
use crate::clock::Timestamp;
use crate::condition::{FieldKind, Is, Predicate, Test, Value};
use crate::conversations::{AssigneeFilter, Conversation, Facets, Priority, Sort, Status, fields};
use crate::id::{CustomerId, InboxId, OperatorId};

/// What random conversations are made of.
pub(super) struct Pool {
    pub(super) rng: StdRng,
    pub(super) inboxes: Vec<InboxId>,
    pub(super) operators: Vec<OperatorId>,
    pub(super) customers: Vec<CustomerId>,
    pub(super) times: Vec<Timestamp>,
}

/// Channels of conversations.
pub(super) const CHANNELS: [&str; 3] = ["telegram", "widget", "ж%_'"];
/// Labels of conversations: some contain others.
pub(super) const TAGS: [&str; 5] = ["vip", "vi", "VIP", "ж%_'\"", "a, b"];
/// An attribute that some conversations have.
pub(super) const CITY: &str = "city.ж";
/// Its values.
pub(super) const CITIES: [&str; 4] = ["Tver", "tver", "ж%_'", "Perm"];

/// Subjects that some conversations have.
const SUBJECTS: [&str; 3] = ["An order", "ЗАКАЗ %_'", "order"];

impl Pool {
    pub(super) fn new(scene: &Scene, seed: u64) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            inboxes: (0..3).map(|_| InboxId::generate(scene.clock())).collect(),
            operators: (0..3).map(|_| OperatorId::generate(scene.clock())).collect(),
            customers: (0..3).map(|_| CustomerId::generate(scene.clock())).collect(),
            // Few, so that many conversations share them.
            times: (0..6).map(|n| scene.in_secs(n * 7)).collect(),
        }
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from.choose(&mut self.rng)
            .expect("there is something to pick")
            .clone()
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.rng.random_bool(0.5) {
            Some(value(self))
        } else {
            None
        }
    }

    fn some_of<T: Clone>(&mut self, from: &[T]) -> Vec<T> {
        from.iter()
            .filter(|_| self.rng.random_bool(0.3))
            .cloned()
            .collect()
    }

    fn time(&mut self) -> Timestamp {
        let times = self.times.clone();
        self.pick(&times)
    }

    fn operator(&mut self) -> OperatorId {
        let operators = self.operators.clone();
        self.pick(&operators)
    }

    pub(super) fn conversation(&mut self, scene: &Scene, chat: &str) -> Conversation {
        let (inboxes, customers, operators) = (
            self.inboxes.clone(),
            self.customers.clone(),
            self.operators.clone(),
        );
        let inbox = self.pick(&inboxes);
        Conversation {
            channel: self.pick(&CHANNELS).to_owned(),
            customer: self.pick(&customers),
            status: self.pick(&Status::ALL),
            priority: self.pick(&Priority::ALL),
            assignee: self.maybe(Self::operator),
            scenario: self.rng.random_bool(0.3).then(|| scene.active_scenario()),
            participants: self.some_of(&operators),
            tags: self.some_of(&TAGS.map(str::to_owned)),
            attributes: self
                .maybe(|pool| (CITY.to_owned(), pool.pick(&CITIES).to_owned()))
                .into_iter()
                .collect(),
            subject: self.maybe(|pool| pool.pick(&SUBJECTS).to_owned()),
            chat_kind: self.pick(&ChatKind::ALL),
            first_response_at: self.maybe(Self::time),
            unreachable: self.rng.random_bool(0.2),
            unread_count: self.rng.random_range(0..3),
            waiting_since: self.maybe(Self::time),
            created_at: self.time(),
            last_activity_at: self.time(),
            ..scene.conversation(inbox, chat)
        }
    }

    /// A filter of which each part is there with the given probability.
    pub(super) fn filter(&mut self, sort: Sort, probability: f64) -> Facets {
        let (inboxes, customers) = (self.inboxes.clone(), self.customers.clone());
        let mut on = {
            let rng = &mut self.rng;
            std::array::from_fn::<bool, 14, _>(|_| rng.random_bool(probability)).into_iter()
        };
        let mut on = || on.next().expect("there are enough");
        Facets {
            statuses: if on() {
                self.some_of(&Status::ALL)
            } else {
                Vec::new()
            },
            inbox: on().then(|| self.pick(&inboxes)),
            channel: on().then(|| self.pick(&CHANNELS).to_owned()),
            assignee: on().then(|| match self.maybe(Self::operator) {
                Some(operator) => AssigneeFilter::Operator(operator),
                None => AssigneeFilter::None,
            }),
            participant: on().then(|| self.operator()),
            priority: on().then(|| self.pick(&Priority::ALL)),
            tag: on().then(|| self.pick(&TAGS).to_owned()),
            attribute: on().then(|| (CITY.to_owned(), self.pick(&CITIES).to_owned())),
            unread: on(),
            unanswered: on(),
            customer: on().then(|| self.pick(&customers)),
            from: on().then(|| self.time()),
            to: on().then(|| self.time()),
            visible_to: on().then(|| self.operator()),
            sort,
        }
    }

    /// A tree of tests, at most so deep.
    pub(super) fn condition(&mut self, depth: u32) -> Predicate {
        let parts = |pool: &mut Self| {
            let count = pool.rng.random_range(0..4);
            (0..count).map(|_| pool.condition(depth - 1)).collect()
        };
        match self.rng.random_range(0..if depth == 0 { 1 } else { 5 }) {
            1 | 2 => Predicate::All(parts(self)),
            3 => Predicate::Any(parts(self)),
            4 => self.condition(depth - 1).negated(),
            _ => Predicate::Test(self.test()),
        }
    }

    /// A test of any field, some of which fit the field's values.
    fn test(&mut self) -> Test {
        let field = self.pick(fields::FIELDS);
        let text = |text: &str| Value::Text(text.to_owned());
        let ids: Vec<_> = match field.name {
            fields::INBOX => self.inboxes.iter().map(|id| id.uuid()).collect(),
            fields::CUSTOMER => self.customers.iter().map(|id| id.uuid()).collect(),
            _ => self.operators.iter().map(|id| id.uuid()).collect(),
        };
        let values: Vec<Value> = match field.kind {
            FieldKind::Choice(names) => names.iter().map(|name| text(name)).collect(),
            FieldKind::Id(_) | FieldKind::Operator | FieldKind::Operators => {
                ids.into_iter().map(Value::Id).collect()
            }
            FieldKind::Name => CHANNELS.map(text).to_vec(),
            FieldKind::Texts => TAGS.map(text).to_vec(),
            FieldKind::Text => SUBJECTS.map(text).to_vec(),
            FieldKind::Attributes => CITIES.map(text).to_vec(),
            FieldKind::Flag => vec![Value::Flag(true), Value::Flag(false)],
            FieldKind::Number => (0..3).map(Value::Number).collect(),
            FieldKind::Time => self.times.iter().map(|at| Value::Number(at.micros())).collect(),
        };
        let value = self.pick(&values);
        let is = match (self.rng.random_range(0..4), value) {
            (0, _) if field.optional => Is::There,
            (1, Value::Text(part)) if field.kind == FieldKind::Text => Is::Containing(part.to_lowercase()),
            (2, Value::Text(part)) if field.kind == FieldKind::Text => Is::Beginning(part.to_lowercase()),
            (0 | 1, Value::Number(number)) => Is::AtLeast(number),
            (2, Value::Number(number)) => Is::Below(number),
            (3, _) => Is::OneOf(self.some_of(&values)),
            (_, value) => Is::OneOf(vec![value]),
        };
        Test {
            field: field.name,
            attribute: (field.kind == FieldKind::Attributes).then(|| CITY.to_owned()),
            is,
        }
    }
}
