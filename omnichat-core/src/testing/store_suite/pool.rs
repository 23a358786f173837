//! Random conversations and filters that often agree.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::scene::Scene;
use crate::clock::Timestamp;
use crate::conversations::{AssigneeFilter, Conversation, ConversationFilter, Priority, Sort, Status};
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
            unread_count: self.rng.random_range(0..3),
            waiting_since: self.maybe(Self::time),
            created_at: self.time(),
            last_activity_at: self.time(),
            ..scene.conversation(inbox, chat)
        }
    }

    /// A filter of which each part is there with the given probability.
    pub(super) fn filter(&mut self, sort: Sort, probability: f64) -> ConversationFilter {
        let (inboxes, customers) = (self.inboxes.clone(), self.customers.clone());
        let mut on = {
            let rng = &mut self.rng;
            std::array::from_fn::<bool, 13, _>(|_| rng.random_bool(probability)).into_iter()
        };
        let mut on = || on.next().expect("there are enough");
        ConversationFilter {
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
            unread: on(),
            unanswered: on(),
            customer: on().then(|| self.pick(&customers)),
            from: on().then(|| self.time()),
            to: on().then(|| self.time()),
            visible_to: on().then(|| self.operator()),
            sort,
        }
    }
}
