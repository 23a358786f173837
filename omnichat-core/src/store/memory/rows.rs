//! How each kind of row is kept: its table, its key and the unique rules that it obeys.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::audit::AuditEntry;
use crate::change::unique;
use crate::chats::Chat;
use crate::clock::Timestamp;
use crate::consumers::Place;
use crate::contacts::{Contact, ContactKey};
use crate::conversations::{Conversation, Status};
use crate::customers::Customer;
use crate::entities::{EntityRow, IndexKey};
use crate::error::{Error, Result};
use crate::event::Envelope;
use crate::files::File;
use crate::id::{
    AuditId, ChatId, ContactId, ConversationId, CustomerId, FileId, InboxId, MessageId, OperatorId, TenantId,
};
use crate::inboxes::Inbox;
use crate::messages::{Message, Revision};
use crate::operators::Operator;
use crate::records::{Record, RecordType};
use crate::tenants::Tenant;

/// Everything of one tenant.
#[derive(Default)]
pub(super) struct Tables {
    /// The tenant's own row: one, or none before it is made.
    pub(super) tenant: BTreeMap<TenantId, Tenant>,
    pub(super) operators: BTreeMap<OperatorId, Operator>,
    pub(super) inboxes: BTreeMap<InboxId, Inbox>,
    pub(super) customers: BTreeMap<CustomerId, Customer>,
    pub(super) contacts: BTreeMap<ContactId, Contact>,
    pub(super) chats: BTreeMap<ChatId, Chat>,
    pub(super) conversations: BTreeMap<ConversationId, Conversation>,
    pub(super) messages: BTreeMap<MessageId, Message>,
    pub(super) revisions: BTreeMap<(MessageId, u32), Revision>,
    pub(super) files: BTreeMap<FileId, File>,
    pub(super) records: BTreeMap<(String, String), Record>,
    pub(super) entities: BTreeMap<(String, uuid::Uuid), EntityRow>,
    pub(super) audit: BTreeMap<AuditId, AuditEntry>,
    /// Who holds what must be unique.
    pub(super) unique: BTreeMap<UniqueKey, uuid::Uuid>,
    /// The events that are kept, in order.
    pub(super) events: Vec<Arc<Envelope>>,
    /// The number of the newest event, kept or not.
    pub(super) event_head: u64,
}

/// Something that only one row may have: the name of the rule and the values.
pub(super) type UniqueKey = (Cow<'static, str>, Vec<String>);

impl Tables {
    /// Throws away what is over; returns how many rows.
    pub(super) fn prune(&mut self, now: Timestamp, events_before: Timestamp) -> u64 {
        let before = self.records.len() + self.events.len();
        self.records
            .retain(|_, record| record.expires_at.is_none_or(|at| at > now));
        let kept_from = self
            .events
            .iter()
            .position(|e| e.at >= events_before)
            .unwrap_or(self.events.len());
        let places = self.records.values().filter(|record| record.kind == Place::KIND);
        let holding = places.filter_map(|record| match record.read::<Place>() {
            Ok(place) => (place.holds_until > now.micros()).then_some(place.seq),
            Err(_) => Some(0),
        });
        let slowest = holding.min();
        let unread = slowest.map(|seq| self.events.partition_point(|e| e.seq <= seq));
        self.events.drain(..kept_from.min(unread.unwrap_or(kept_from)));
        (before - self.records.len() - self.events.len()) as u64
    }
}

/// A kind of row.
pub(super) trait Kept: Clone + Send + 'static {
    /// What tells rows apart.
    type Key: Ord + Clone + Send;

    /// The noun for error messages.
    const NAME: &'static str;

    /// The key of this row.
    fn key(&self) -> Self::Key;

    /// The version to be written; 1 for rows that are only ever added.
    fn version(&self) -> u64 {
        1
    }

    /// What no other row may have, beside the key.
    fn unique(&self) -> Vec<UniqueKey> {
        Vec::new()
    }

    /// The id that the unique rules point to.
    fn holder(&self) -> uuid::Uuid {
        uuid::Uuid::nil()
    }

    /// The error for a version that does not follow the stored one.
    fn stale(&self) -> Error {
        Error::conflict(Self::NAME)
    }

    /// Where rows of this kind are kept.
    fn table(tables: &mut Tables) -> &mut BTreeMap<Self::Key, Self>;
}

/// Writes a row if its version follows the stored one and no rule is broken. Returns the row that was there before.
pub(super) fn put<R: Kept>(tables: &mut Tables, row: R) -> Result<Option<R>> {
    let key = row.key();
    let stored = R::table(tables).get(&key).cloned();
    // A row that is not there counts as version 0.
    if row.version() != stored.as_ref().map_or(0, R::version) + 1 {
        return Err(row.stale());
    }
    let own = stored.as_ref().map(R::unique).unwrap_or_default();
    if let Some((rule, _)) = row
        .unique()
        .iter()
        .find(|k| tables.unique.contains_key(k) && !own.contains(k))
    {
        return Err(Error::duplicate(rule));
    }
    Ok(replace(tables, key, Some(row)))
}

/// Puts a row, or none, in the place of another, without any check. Returns the row that was there before.
pub(super) fn replace<R: Kept>(tables: &mut Tables, key: R::Key, row: Option<R>) -> Option<R> {
    let (added, holder) = row.as_ref().map(|r| (r.unique(), r.holder())).unwrap_or_default();
    let before = match row {
        Some(row) => R::table(tables).insert(key, row),
        None => R::table(tables).remove(&key),
    };
    for key in before.as_ref().map(R::unique).unwrap_or_default() {
        tables.unique.remove(&key);
    }
    tables.unique.extend(added.into_iter().map(|key| (key, holder)));
    before
}

macro_rules! kept {
    ($($type:ty, $name:literal, $key:ty, $table:ident $(, $unique:expr)?;)*) => {
        $(impl Kept for $type {
            type Key = $key;
            const NAME: &'static str = $name;

            fn key(&self) -> $key {
                self.id
            }

            fn version(&self) -> u64 {
                self.version
            }

            fn holder(&self) -> uuid::Uuid {
                self.id.uuid()
            }

            $(fn unique(&self) -> Vec<UniqueKey> {
                let rules: fn(&$type) -> Vec<UniqueKey> = $unique;
                rules(self)
            })?

            fn table(tables: &mut Tables) -> &mut BTreeMap<$key, $type> {
                &mut tables.$table
            }
        })*
    };
}

kept! {
    Tenant, "tenant", TenantId, tenant;
    Operator, "operator", OperatorId, operators, |o| vec![operator_email(&o.email)];
    Inbox, "inbox", InboxId, inboxes;
    Customer, "customer", CustomerId, customers;
    Contact, "contact", ContactId, contacts, |c| vec![contact_key(&c.key())];
    Chat, "chat", ChatId, chats, |c| vec![chat_place(c.inbox, &c.external_id)];
    Conversation, "conversation", ConversationId, conversations, |c| match c.status {
        Status::Closed => Vec::new(),
        _ => vec![conversation_chat(c.inbox, &c.chat)],
    };
    Message, "message", MessageId, messages, |m| {
        let ids = m.external_id.iter().chain(&m.more_external_ids);
        let keys = m.client_key.iter();
        ids.map(|id| message_external(m.inbox, &m.chat, id))
            .chain(keys.map(|key| message_client_key(m.conversation, key)))
            .collect()
    };
    File, "file", FileId, files;
}

impl Kept for Record {
    type Key = (String, String);
    const NAME: &'static str = "record";

    fn key(&self) -> Self::Key {
        (self.kind.clone(), self.key.clone())
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn table(tables: &mut Tables) -> &mut BTreeMap<Self::Key, Self> {
        &mut tables.records
    }
}

impl Kept for EntityRow {
    type Key = (String, uuid::Uuid);
    const NAME: &'static str = "entity";

    fn key(&self) -> Self::Key {
        (self.kind.clone(), self.id)
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn holder(&self) -> uuid::Uuid {
        self.id
    }

    fn unique(&self) -> Vec<UniqueKey> {
        let unique = self.entries.iter().filter(|entry| entry.unique);
        unique
            .map(|entry| entity_unique(&self.kind, &entry.index, &entry.key))
            .collect()
    }

    fn table(tables: &mut Tables) -> &mut BTreeMap<Self::Key, Self> {
        &mut tables.entities
    }
}

impl Kept for Revision {
    type Key = (MessageId, u32);
    const NAME: &'static str = "revision";

    fn key(&self) -> Self::Key {
        (self.message, self.number)
    }

    fn stale(&self) -> Error {
        Error::duplicate(unique::REVISION)
    }

    fn table(tables: &mut Tables) -> &mut BTreeMap<Self::Key, Self> {
        &mut tables.revisions
    }
}

impl Kept for AuditEntry {
    type Key = AuditId;
    const NAME: &'static str = "audit entry";

    fn key(&self) -> AuditId {
        self.id
    }

    fn table(tables: &mut Tables) -> &mut BTreeMap<AuditId, Self> {
        &mut tables.audit
    }
}

/// The key of [`unique::OPERATOR_EMAIL`].
pub(super) fn operator_email(email: &str) -> UniqueKey {
    (unique::OPERATOR_EMAIL.into(), vec![email.to_owned()])
}

/// The key of [`unique::CONTACT_KEY`].
pub(super) fn contact_key(key: &ContactKey) -> UniqueKey {
    (
        unique::CONTACT_KEY.into(),
        vec![key.space(), key.external_id.clone(), key.claimed.to_string()],
    )
}

/// The key of [`unique::CHAT`].
pub(super) fn chat_place(inbox: InboxId, external_id: &str) -> UniqueKey {
    (
        unique::CHAT.into(),
        vec![inbox.to_string(), external_id.to_owned()],
    )
}

/// The key of [`unique::CONVERSATION_CHAT`].
pub(super) fn conversation_chat(inbox: InboxId, chat: &str) -> UniqueKey {
    (
        unique::CONVERSATION_CHAT.into(),
        vec![inbox.to_string(), chat.to_owned()],
    )
}

/// The key of [`unique::MESSAGE_EXTERNAL`].
pub(super) fn message_external(inbox: InboxId, chat: &str, external_id: &str) -> UniqueKey {
    (
        unique::MESSAGE_EXTERNAL.into(),
        vec![inbox.to_string(), chat.to_owned(), external_id.to_owned()],
    )
}

/// The key of [`unique::MESSAGE_CLIENT_KEY`].
pub(super) fn message_client_key(conversation: ConversationId, key: &str) -> UniqueKey {
    (
        unique::MESSAGE_CLIENT_KEY.into(),
        vec![conversation.to_string(), key.to_owned()],
    )
}

/// The key of a unique entry, under [`EntityRow::rule`].
pub(super) fn entity_unique(kind: &str, index: &str, key: &IndexKey) -> UniqueKey {
    (
        EntityRow::rule(kind, index).into(),
        vec![hex::encode(key.as_bytes())],
    )
}
