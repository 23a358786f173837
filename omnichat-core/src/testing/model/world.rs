//! A small world: few ids, names and times, so that rows meet each other often.

use std::sync::Arc;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use uuid::Uuid;

use crate::change::{Removal, Row};
use crate::chats::Chat;
use crate::clock::{Clock, ManualClock, Timestamp};
use crate::contacts::{Contact, Scope};
use crate::conversations::{AssigneeFilter, Conversation, Facets, Priority, Sort, Status};
use crate::customers::Customer;
use crate::entities::{self, EntityCursor, EntityQuery, EntityRow, IndexEntry, IndexKey, Part};
use crate::id::{
    AuditId, ChatId, ContactId, ConversationId, CustomerId, FileId, InboxId, JobId, MessageId, OperatorId,
    TenantId,
};
use crate::inboxes::{AppAccount, Inbox};
use crate::messages::{DeliveryState, Direction, Message};
use crate::operators::Operator;
use crate::testing::Builder;

/// Lanes of jobs.
pub(super) const LANES: [&str; 3] = ["a", "b", "c'%"];
/// Kinds of jobs.
pub(super) const JOB_KINDS: [&str; 2] = ["send", "poll"];
/// Unique keys of jobs, client keys of messages.
pub(super) const KEYS: [&str; 3] = ["k", "K", "k%"];
/// Platforms' ids of chats and messages.
pub(super) const EXTERNAL: [&str; 4] = ["1", "2", "12", "ж'"];
/// Names of people, and what is searched for.
pub(super) const NAMES: [&str; 6] = ["Анна", "анна %", "Bob_", "BOB", "О'Хара", ""];
/// Labels.
pub(super) const TAGS: [&str; 3] = ["vip", "VIP", "v"];
/// An attribute of conversations and customers.
pub(super) const ATTRIBUTE: &str = "rank";
/// Kinds and keys of records.
pub(super) const RECORD_KEYS: [&str; 6] = ["a", "a%", "a/b", "A", "ж", ""];
/// Kinds of records.
pub(super) const RECORD_KINDS: [&str; 2] = ["x", "x%"];

/// Kinds of entities.
pub(super) const ENTITY_KINDS: [&str; 2] = ["tag", "TAG"];
/// Their indexes.
pub(super) const INDEXES: [&str; 2] = ["name", "n"];

/// What kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Operator,
    Inbox,
    Customer,
    Contact,
    Chat,
    Conversation,
    Message,
    Revision,
    File,
    Record,
    Entity,
    Audit,
}

impl Kind {
    /// Each kind; those with more rules stand there more often.
    pub(super) const ALL: [Self; 21] = [
        Self::Operator,
        Self::Inbox,
        Self::Customer,
        Self::Customer,
        Self::Contact,
        Self::Contact,
        Self::Chat,
        Self::Conversation,
        Self::Conversation,
        Self::Conversation,
        Self::Conversation,
        Self::Message,
        Self::Message,
        Self::Message,
        Self::Message,
        Self::Revision,
        Self::File,
        Self::Record,
        Self::Entity,
        Self::Entity,
        Self::Audit,
    ];
}

/// Two tenants and everything that they may have.
pub(super) struct World {
    pub(super) clock: Arc<ManualClock>,
    start: Timestamp,
    makers: Vec<Builder>,
}

impl World {
    /// How many tenants there are.
    pub(super) const TENANTS: usize = 2;

    pub(super) fn new(clock: Arc<ManualClock>) -> Self {
        let tenant = |n: usize| TenantId::from_uuid(Uuid::from_u128(0xA000 + n as u128));
        let makers = (0..Self::TENANTS)
            .map(|n| Builder::of(tenant(n), clock.clone()))
            .collect();
        Self {
            start: clock.now(),
            clock,
            makers,
        }
    }

    pub(super) fn make(&self, tenant: usize) -> &Builder {
        &self.makers[tenant]
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn in_secs(&self, secs: i64) -> Timestamp {
        Timestamp::from_micros(self.now().micros() + secs * 1_000_000)
    }

    pub(super) fn unknown_job(&self) -> JobId {
        JobId::from_uuid(Uuid::from_u128(1))
    }

    pub(super) fn inbox(&self, tenant: usize, slot: u8) -> InboxId {
        InboxId::from_uuid(uuid(tenant, 1, slot % 2))
    }

    pub(super) fn operator(&self, tenant: usize, slot: u8) -> OperatorId {
        OperatorId::from_uuid(uuid(tenant, 2, slot % 3))
    }

    pub(super) fn customer(&self, tenant: usize, slot: u8) -> CustomerId {
        CustomerId::from_uuid(uuid(tenant, 3, slot % 4))
    }

    pub(super) fn contact(&self, tenant: usize, slot: u8) -> ContactId {
        ContactId::from_uuid(uuid(tenant, 11, slot % 4))
    }

    pub(super) fn conversation(&self, tenant: usize, slot: u8) -> ConversationId {
        ConversationId::from_uuid(uuid(tenant, 4, slot))
    }

    pub(super) fn message(&self, tenant: usize, slot: u8) -> MessageId {
        MessageId::from_uuid(uuid(tenant, 5, slot))
    }

    pub(super) fn file(&self, tenant: usize, slot: u8) -> FileId {
        FileId::from_uuid(uuid(tenant, 7, slot))
    }

    /// What a step removes, if rows of the kind can be removed.
    pub(super) fn removal(&self, tenant: usize, kind: Kind, slot: u8) -> Option<Removal> {
        match kind {
            Kind::Inbox => Some(Removal::Inbox(self.inbox(tenant, slot))),
            Kind::Entity => Some(Removal::Entity {
                kind: ENTITY_KINDS[slot as usize % 2].to_owned(),
                id: uuid(tenant, 10, slot),
            }),
            _ => {
                let (kind, key) = record_name(slot);
                Some(Removal::Record {
                    kind: kind.to_owned(),
                    key: key.to_owned(),
                })
            }
        }
    }

    /// A row of a kind under the id of a slot, with other values for each seed.
    pub(super) fn row(&self, tenant: usize, kind: Kind, slot: u8, seed: u64) -> Row {
        let make = self.make(tenant);
        let rng = &mut StdRng::seed_from_u64(seed);
        let inbox = self.inbox(tenant, rng.random());
        match kind {
            Kind::Operator => Row::from(Operator {
                id: self.operator(tenant, slot),
                name: pick(rng, &NAMES).to_owned(),
                email: format!("{}@example.org", pick(rng, &EXTERNAL)),
                ..make.operator()
            }),
            Kind::Inbox => {
                let title = pick(rng, &NAMES).to_owned();
                Inbox {
                    id: self.inbox(tenant, slot),
                    title,
                    enabled: rng.random(),
                    app: maybe(rng, |rng| AppAccount {
                        app: "app".to_owned(),
                        account: pick(rng, &EXTERNAL).to_owned(),
                    }),
                    ..make.inbox()
                }
                .into()
            }
            Kind::Customer => Row::from(Customer {
                id: self.customer(tenant, slot),
                name: pick(rng, &NAMES).to_owned(),
                email: maybe(rng, |rng| format!("{}@example.org", pick(rng, &NAMES))),
                phone: maybe(rng, |rng| pick(rng, &EXTERNAL).to_owned()),
                tags: some_of(rng, &TAGS.map(str::to_owned)),
                attributes: maybe(rng, |rng| (ATTRIBUTE.to_owned(), pick(rng, &TAGS).to_owned()))
                    .into_iter()
                    .collect(),
                blocked: rng.random(),
                created_at: self.time(rng),
                last_seen_at: self.time(rng),
                ..make.customer()
            }),
            Kind::Contact => {
                let scope = match rng.random_range(0..3) {
                    0 => Scope::Inbox,
                    1 => Scope::platform("somewhere"),
                    _ => Scope::Email,
                };
                Row::from(Contact {
                    id: self.contact(tenant, slot),
                    inbox: (scope == Scope::Inbox).then_some(inbox),
                    scope,
                    claimed: rng.random(),
                    ..make.contact(self.customer(tenant, rng.random()), inbox, pick(rng, &EXTERNAL))
                })
            }
            Kind::Chat => Row::from(Chat {
                id: ChatId::from_uuid(uuid(tenant, 8, slot)),
                ..make.chat(self.customer(tenant, rng.random()), inbox, pick(rng, &EXTERNAL))
            }),
            Kind::Conversation => self.conversation_row(tenant, slot, rng).into(),
            Kind::Message => self.message_row(tenant, slot, rng).into(),
            Kind::Revision => make
                .revision(self.message(tenant, slot), rng.random_range(1..4))
                .into(),
            Kind::File => {
                let name = pick(rng, &NAMES).to_owned();
                crate::files::File {
                    id: self.file(tenant, slot),
                    name,
                    ..make.file()
                }
                .into()
            }
            Kind::Record => {
                let (kind, key) = record_name(slot);
                let mut record = make.record(kind, key, json!({ "seed": seed }));
                record.expires_at = maybe(rng, |rng| self.time(rng));
                record.into()
            }
            Kind::Entity => self.entity_row(tenant, slot, rng).into(),
            Kind::Audit => {
                let id = AuditId::from_uuid(uuid(tenant, 9, slot));
                crate::audit::AuditEntry {
                    id,
                    at: self.time(rng),
                    ..make.audit("done")
                }
                .into()
            }
        }
    }

    /// A filter with a few of its parts.
    pub(super) fn filter(&self, tenant: usize, seed: u64) -> Facets {
        let rng = &mut StdRng::seed_from_u64(seed);
        let mut filter = Facets {
            sort: self.sort(rng),
            ..Facets::default()
        };
        for _ in 0..rng.random_range(0..3) {
            let operator = self.operator(tenant, rng.random());
            match rng.random_range(0..13) {
                0 => filter.statuses = some_of(rng, &Status::ALL),
                1 => filter.inbox = Some(self.inbox(tenant, rng.random())),
                2 => filter.assignee = Some(AssigneeFilter::None),
                3 => filter.assignee = Some(AssigneeFilter::Operator(operator)),
                4 => filter.participant = Some(operator),
                5 => filter.priority = Some(pick(rng, &Priority::ALL)),
                6 => filter.tag = Some(pick(rng, &TAGS).to_owned()),
                12 => filter.attribute = Some((ATTRIBUTE.to_owned(), pick(rng, &TAGS).to_owned())),
                7 => filter.unread = true,
                8 => filter.unanswered = true,
                9 => filter.customer = Some(self.customer(tenant, rng.random())),
                10 => (filter.from, filter.to) = (Some(self.time(rng)), Some(self.time(rng))),
                _ => filter.visible_to = Some(operator),
            }
        }
        filter
    }

    fn sort(&self, rng: &mut StdRng) -> Sort {
        pick(rng, &[Sort::Activity, Sort::Created, Sort::Waiting])
    }

    fn conversation_row(&self, tenant: usize, slot: u8, rng: &mut StdRng) -> Conversation {
        let operators = [0, 1, 2].map(|slot| self.operator(tenant, slot));
        let inbox = self.inbox(tenant, rng.random());
        let created = self.in_secs(0).micros() - self.start.micros();
        Conversation {
            id: self.conversation(tenant, slot),
            customer: self.customer(tenant, rng.random()),
            status: pick(rng, &Status::ALL),
            priority: pick(rng, &Priority::ALL),
            assignee: maybe(rng, |rng| pick(rng, &operators)),
            scenario: rng.random_bool(0.3).then(|| self.make(tenant).active_scenario()),
            participants: some_of(rng, &operators),
            tags: some_of(rng, &TAGS.map(str::to_owned)),
            attributes: maybe(rng, |rng| (ATTRIBUTE.to_owned(), pick(rng, &TAGS).to_owned()))
                .into_iter()
                .collect(),
            unread_count: rng.random_range(0..2),
            waiting_since: maybe(rng, |rng| self.time(rng)),
            last_activity_at: self.time(rng),
            created_at: Timestamp::from_micros(self.start.micros() + created / 2),
            ..self.make(tenant).conversation(inbox, pick(rng, &EXTERNAL))
        }
    }

    fn message_row(&self, tenant: usize, slot: u8, rng: &mut StdRng) -> Message {
        // A message's chat is given by its slot: a message does not move.
        let mut conversation = self
            .make(tenant)
            .conversation(self.inbox(tenant, slot), EXTERNAL[slot as usize % 2]);
        conversation.id = self.conversation(tenant, slot % 2);
        let direction = pick(
            rng,
            &[Direction::In, Direction::Out, Direction::Out, Direction::Note],
        );
        let states = [
            DeliveryState::Queued,
            DeliveryState::Failed,
            DeliveryState::Sent,
            DeliveryState::Read,
        ];
        let state = pick(rng, &states);
        let mut more: Vec<String> = some_of(rng, &EXTERNAL.map(str::to_owned));
        more.truncate(1);
        Message {
            id: self.message(tenant, slot),
            direction,
            external_id: maybe(rng, |rng| pick(rng, &EXTERNAL).to_owned()),
            more_external_ids: more,
            client_key: maybe(rng, |rng| pick(rng, &KEYS).to_owned()),
            state: (direction == Direction::Out).then_some(state),
            position: rng.random_range(-2..3),
            ..self.make(tenant).message(&conversation, pick(rng, &NAMES))
        }
    }

    fn entity_row(&self, tenant: usize, slot: u8, rng: &mut StdRng) -> EntityRow {
        let mut row = self.make(tenant).entity(ENTITY_KINDS[slot as usize % 2]);
        row.id = uuid(tenant, 10, slot);
        row.layout = rng.random_range(0..3);
        row.body = json!({ "seed": rng.random::<u32>() }).to_string();
        for _ in 0..rng.random_range(0..4) {
            row.entries.insert(IndexEntry {
                index: pick(rng, &INDEXES).to_owned(),
                key: self.entity_key(rng),
                unique: rng.random_bool(0.3),
            });
        }
        row
    }

    /// One of few keys.
    pub(super) fn entity_key(&self, rng: &mut StdRng) -> IndexKey {
        let part = match rng.random_range(0..4) {
            0 => Part::Absent,
            1 => Part::Number(rng.random_range(-1..2)),
            2 => Part::Time(self.time(rng)),
            _ => Part::Text(pick(rng, &NAMES)),
        };
        IndexKey::of(&[part]).expect("the key is short")
    }

    /// A query with a few of its parts, and after what it goes on.
    pub(super) fn entity_query(&self, seed: u64) -> EntityQuery {
        let rng = &mut StdRng::seed_from_u64(seed);
        let mut query = EntityQuery::first(
            pick(rng, &ENTITY_KINDS),
            pick(rng, &INDEXES),
            1 + (seed % 3) as u32,
        );
        if rng.random_bool(0.5) {
            query.direction = entities::Direction::Falling;
        }
        query.range.from = maybe(rng, |rng| self.entity_key(rng));
        query.range.until = maybe(rng, |rng| self.entity_key(rng));
        if rng.random_bool(0.3) {
            query.after = Some(EntityCursor {
                key: self.entity_key(rng),
                id: maybe(rng, |rng| uuid(0, 10, rng.random_range(0..6))),
            });
        }
        query
    }

    /// One of few moments.
    pub(super) fn time(&self, rng: &mut StdRng) -> Timestamp {
        Timestamp::from_micros(self.start.micros() + rng.random_range(0..5) * 5_000_000)
    }
}

/// The version of a row; 1 for kinds that have none.
pub(super) fn version(row: &Row) -> u64 {
    match row {
        Row::Tenant(row) => row.version,
        Row::Operator(row) => row.version,
        Row::Inbox(row) => row.version,
        Row::Customer(row) => row.version,
        Row::Contact(row) => row.version,
        Row::Chat(row) => row.version,
        Row::Conversation(row) => row.version,
        Row::Message(row) => row.version,
        Row::File(row) => row.version,
        Row::Record(row) => row.version,
        Row::Entity(row) => row.version,
        Row::Revision(_) | Row::Audit(_) => 1,
    }
}

/// The row in another version.
pub(super) fn with_version(mut row: Row, version: u64) -> Row {
    match &mut row {
        Row::Tenant(row) => row.version = version,
        Row::Operator(row) => row.version = version,
        Row::Inbox(row) => row.version = version,
        Row::Customer(row) => row.version = version,
        Row::Contact(row) => row.version = version,
        Row::Chat(row) => row.version = version,
        Row::Conversation(row) => row.version = version,
        Row::Message(row) => row.version = version,
        Row::File(row) => row.version = version,
        Row::Record(row) => row.version = version,
        Row::Entity(row) => row.version = version,
        Row::Revision(_) | Row::Audit(_) => {}
    }
    row
}

/// Whether two rows are the same row in other versions.
pub(super) fn same_key(one: &Row, two: &Row) -> bool {
    match (one, two) {
        (Row::Operator(a), Row::Operator(b)) => a.id == b.id,
        (Row::Inbox(a), Row::Inbox(b)) => a.id == b.id,
        (Row::Customer(a), Row::Customer(b)) => a.id == b.id,
        (Row::Contact(a), Row::Contact(b)) => a.id == b.id,
        (Row::Chat(a), Row::Chat(b)) => a.id == b.id,
        (Row::Conversation(a), Row::Conversation(b)) => a.id == b.id,
        (Row::Message(a), Row::Message(b)) => a.id == b.id,
        (Row::File(a), Row::File(b)) => a.id == b.id,
        (Row::Entity(a), Row::Entity(b)) => (&a.kind, a.id) == (&b.kind, b.id),
        (Row::Record(a), Row::Record(b)) => (&a.kind, &a.key) == (&b.kind, &b.key),
        _ => false,
    }
}

fn record_name(slot: u8) -> (&'static str, &'static str) {
    (RECORD_KINDS[slot as usize % 2], RECORD_KEYS[slot as usize % 6])
}

fn uuid(tenant: usize, kind: u8, slot: u8) -> Uuid {
    // The slot comes first in some and last in others, so that ids are not always in the order of slots.
    let spread = u128::from(slot.wrapping_mul(97)) << 96;
    Uuid::from_u128(spread | (tenant as u128) << 16 | u128::from(kind) << 8 | u128::from(slot) | 1 << 64)
}

pub(super) fn pick<T: Clone>(rng: &mut StdRng, from: &[T]) -> T {
    from.choose(rng).expect("there is something to pick").clone()
}

fn maybe<T>(rng: &mut StdRng, value: impl FnOnce(&mut StdRng) -> T) -> Option<T> {
    if rng.random_bool(0.5) {
        Some(value(rng))
    } else {
        None
    }
}

fn some_of<T: Clone>(rng: &mut StdRng, from: &[T]) -> Vec<T> {
    from.iter().filter(|_| rng.random_bool(0.3)).cloned().collect()
}
