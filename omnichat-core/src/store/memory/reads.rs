//! What every list of a tenant holds, in which order.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

use super::Shared;
use super::rows::{
    Tables, UniqueKey, chat_place, contact_key, conversation_chat, entity_unique, message_client_key,
    message_external,
};
use crate::audit::{AuditEntry, AuditReads};
use crate::chats::{Chat, ChatReads};
use crate::clock::Timestamp;
use crate::contacts::{Contact, ContactKey, ContactReads};
use crate::conversations::{Conversation, ConversationFilter, ConversationReads, Counts, Sort, Status};
use crate::customers::{Customer, CustomerFilter, CustomerReads};
use crate::entities::{
    Direction, EntityCursor, EntityPage, EntityQuery, EntityReads, EntityRow, IndexKey, KeyRange,
};
use crate::error::Result;
use crate::event::{Envelope, READ_BYTES};
use crate::files::{File, FileReads, Uploaded, Uploaders};
use crate::id::{
    ChatId, ContactId, ConversationId, CustomerId, FileId, InboxId, MessageId, OperatorId, TenantId,
};
use crate::inboxes::{Inbox, InboxReads};
use crate::messages::{Message, MessageReads, Revision};
use crate::operators::{Operator, OperatorReads};
use crate::page::{Cursor, Page, PageRequest};
use crate::records::{Record, RecordReads};
use crate::store::EventReads;

/// Reads of one tenant.
pub(super) struct TenantReads {
    pub(super) tenant: TenantId,
    pub(super) state: Arc<Shared>,
}

/// Which way a list is sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Rising,
    Falling,
}

impl TenantReads {
    /// Calls a function with the tenant's tables.
    fn read<T>(&self, f: impl FnOnce(&Tables) -> T) -> Result<T> {
        self.state
            .with(|state| Ok(f(state.tenants.get(&self.tenant).unwrap_or(&Tables::default()))))
    }
}

/// The row that holds a unique key.
fn holder<R: Clone, K: Ord>(
    tables: &Tables,
    key: &UniqueKey,
    table: &BTreeMap<K, R>,
    id: impl Fn(Uuid) -> K,
) -> Option<R> {
    tables
        .unique
        .get(key)
        .and_then(|uuid| table.get(&id(*uuid)))
        .cloned()
}

/// The page of a list that is sorted by a value and, where values are equal, by id.
fn page<'a, R: Clone + 'a>(
    rows: impl Iterator<Item = &'a R>,
    request: &PageRequest,
    order: Order,
    place: impl Fn(&R) -> (i64, Uuid),
) -> Page<R> {
    let last_seen = request.cursor.as_ref().map(|cursor| (cursor.sort, cursor.id));
    let mut rows: Vec<&R> = rows
        .filter(|row| {
            last_seen.is_none_or(|seen| match order {
                Order::Rising => place(row) > seen,
                Order::Falling => place(row) < seen,
            })
        })
        .collect();
    rows.sort_by_key(|row| place(row));
    if order == Order::Falling {
        rows.reverse();
    }
    let rows = rows
        .into_iter()
        .take(request.limit as usize + 1)
        .cloned()
        .collect();
    Page::from_rows(rows, request.limit, |row| {
        let (sort, id) = place(row);
        Cursor { sort, id }
    })
}

#[async_trait]
impl ConversationReads for TenantReads {
    async fn find_conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        self.read(|t| t.conversations.get(&id).cloned())
    }

    async fn find_current_conversation(&self, inbox: InboxId, chat: &str) -> Result<Option<Conversation>> {
        self.read(|t| {
            holder(
                t,
                &conversation_chat(inbox, chat),
                &t.conversations,
                ConversationId::from_uuid,
            )
        })
    }

    async fn list_conversations(
        &self,
        filter: &ConversationFilter,
        request: &PageRequest,
    ) -> Result<Page<Conversation>> {
        let order = if filter.sort == Sort::Waiting {
            Order::Rising
        } else {
            Order::Falling
        };
        self.read(|t| {
            let wanted = t.conversations.values().filter(|c| filter.matches(c));
            page(wanted, request, order, |c| {
                (c.sort_value(filter.sort), c.id.uuid())
            })
        })
    }

    async fn count_conversations(&self, operator: OperatorId, visible_only: bool) -> Result<Counts> {
        self.read(|t| {
            let count = |wanted: fn(&Conversation, OperatorId) -> bool| {
                let seen = t
                    .conversations
                    .values()
                    .filter(|c| !visible_only || c.is_for(operator));
                seen.filter(|c| wanted(c, operator))
                    .take(Counts::CAP as usize)
                    .count() as u32
            };
            Counts {
                mine: count(|c, operator| c.status.is_open() && c.assignee == Some(operator)),
                unassigned: count(|c, _| c.status.is_open() && c.is_nobodys()),
                open: count(|c, _| c.status.is_open()),
                unanswered: count(|c, _| c.status.is_open() && c.waiting_since.is_some()),
                snoozed: count(|c, _| c.status == Status::Snoozed),
                spam: count(|c, _| c.status == Status::Spam),
            }
        })
    }

    async fn unassigned_conversations(
        &self,
        inboxes: &[InboxId],
        after: Option<(Timestamp, ConversationId)>,
        limit: u32,
    ) -> Result<Vec<Conversation>> {
        self.read(|t| {
            let all = t.conversations.values();
            let unassigned =
                all.filter(|c| c.status.is_open() && c.is_nobodys() && c.waiting_since.is_some());
            let is_behind = |c: &&Conversation| {
                after.is_none_or(|after| c.waiting_since.is_some_and(|at| (at, c.id) > after))
            };
            let wanted = unassigned.filter(|c| inboxes.contains(&c.inbox));
            let mut wanted: Vec<_> = wanted.filter(is_behind).collect();
            wanted.sort_by_key(|c| (c.waiting_since, c.id));
            wanted.into_iter().take(limit as usize).cloned().collect()
        })
    }

    async fn operator_loads(&self) -> Result<Vec<(OperatorId, u32)>> {
        self.read(|t| {
            let mut loads = BTreeMap::new();
            for operator in t
                .conversations
                .values()
                .filter(|c| c.status.is_open())
                .filter_map(|c| c.assignee)
            {
                *loads.entry(operator).or_insert(0) += 1;
            }
            loads.into_iter().collect()
        })
    }
}

#[async_trait]
impl MessageReads for TenantReads {
    async fn find_message(&self, id: MessageId) -> Result<Option<Message>> {
        self.read(|t| t.messages.get(&id).cloned())
    }

    async fn find_message_by_external_id(
        &self,
        inbox: InboxId,
        chat: &str,
        external_id: &str,
    ) -> Result<Option<Message>> {
        let key = message_external(inbox, chat, external_id);
        self.read(|t| holder(t, &key, &t.messages, MessageId::from_uuid))
    }

    async fn find_message_by_client_key(
        &self,
        conversation: ConversationId,
        key: &str,
    ) -> Result<Option<Message>> {
        self.read(|t| {
            holder(
                t,
                &message_client_key(conversation, key),
                &t.messages,
                MessageId::from_uuid,
            )
        })
    }

    async fn list_messages(
        &self,
        conversation: ConversationId,
        request: &PageRequest,
    ) -> Result<Page<Message>> {
        self.read(|t| {
            let said = t.messages.values().filter(|m| m.conversation == conversation);
            page(said, request, Order::Falling, |m| (m.position, m.id.uuid()))
        })
    }

    async fn unread_outgoing(&self, conversation: ConversationId, up_to: i64) -> Result<Vec<Message>> {
        self.read(|t| {
            let said = t
                .messages
                .values()
                .filter(|m| m.conversation == conversation && m.position <= up_to);
            let mut unread: Vec<_> = said.filter(|m| m.may_be_read()).collect();
            unread.sort_by_key(|m| (m.position, m.id));
            unread.into_iter().take(200).cloned().collect()
        })
    }

    async fn list_revisions(&self, message: MessageId) -> Result<Vec<Revision>> {
        self.read(|t| {
            t.revisions
                .range((message, 0)..=(message, u32::MAX))
                .map(|(_, r)| r.clone())
                .collect()
        })
    }
}

#[async_trait]
impl ContactReads for TenantReads {
    async fn find_contact(&self, id: ContactId) -> Result<Option<Contact>> {
        self.read(|t| t.contacts.get(&id).cloned())
    }

    async fn find_contact_by_key(&self, key: &ContactKey) -> Result<Option<Contact>> {
        self.read(|t| holder(t, &contact_key(key), &t.contacts, ContactId::from_uuid))
    }

    async fn list_contacts(&self, customers: &[CustomerId]) -> Result<Vec<Contact>> {
        self.read(|t| {
            let of_customer = t.contacts.values().filter(|c| customers.contains(&c.customer));
            let mut contacts: Vec<_> = of_customer.cloned().collect();
            contacts.sort_by_key(|c| (c.created_at, c.id));
            contacts
        })
    }
}

#[async_trait]
impl ChatReads for TenantReads {
    async fn find_chat(&self, inbox: InboxId, external_id: &str) -> Result<Option<Chat>> {
        self.read(|t| holder(t, &chat_place(inbox, external_id), &t.chats, ChatId::from_uuid))
    }

    async fn list_chats(&self, customers: &[CustomerId]) -> Result<Vec<Chat>> {
        self.read(|t| {
            let of_customer = t.chats.values().filter(|c| customers.contains(&c.customer));
            let mut chats: Vec<_> = of_customer.cloned().collect();
            chats.sort_by_key(|c| (c.created_at, c.id));
            chats
        })
    }
}

#[async_trait]
impl CustomerReads for TenantReads {
    async fn find_customer(&self, id: CustomerId) -> Result<Option<Customer>> {
        self.read(|t| t.customers.get(&id).cloned())
    }

    async fn list_customers(&self, filter: &CustomerFilter, request: &PageRequest) -> Result<Page<Customer>> {
        self.read(|t| {
            let wanted = t.customers.values().filter(|c| filter.condition.matches(*c));
            page(wanted, request, Order::Falling, |c| {
                (c.sort_value(filter.sort), c.id.uuid())
            })
        })
    }
}

#[async_trait]
impl InboxReads for TenantReads {
    async fn find_inbox(&self, id: InboxId) -> Result<Option<Inbox>> {
        self.read(|t| t.inboxes.get(&id).cloned())
    }

    async fn list_inboxes(&self) -> Result<Vec<Inbox>> {
        self.read(|t| {
            let mut inboxes: Vec<_> = t.inboxes.values().cloned().collect();
            inboxes.sort_by_key(|i| (i.created_at, i.id));
            inboxes
        })
    }
}

#[async_trait]
impl OperatorReads for TenantReads {
    async fn find_operator(&self, id: OperatorId) -> Result<Option<Operator>> {
        self.read(|t| t.operators.get(&id).cloned())
    }

    async fn list_operators(&self) -> Result<Vec<Operator>> {
        self.read(|t| {
            let mut operators: Vec<_> = t.operators.values().cloned().collect();
            operators.sort_by_key(|o| (o.created_at, o.id));
            operators
        })
    }
}

#[async_trait]
impl FileReads for TenantReads {
    async fn find_file(&self, id: FileId) -> Result<Option<File>> {
        self.read(|t| t.files.get(&id).cloned())
    }

    async fn is_blob_used(&self, digest: &str) -> Result<bool> {
        self.read(|t| t.files.values().any(|file| file.blob == digest))
    }

    async fn unsent_files(&self, before: Timestamp, limit: u32) -> Result<Vec<File>> {
        self.read(|t| {
            let mut files: Vec<_> = t
                .files
                .values()
                .filter(|file| file.conversation.is_none() && file.created_at < before)
                .cloned()
                .collect();
            files.sort_by_key(|file| (file.created_at, file.id));
            files.truncate(limit as usize);
            files
        })
    }

    async fn uploaded(&self, by: Uploaders<'_>, since: Timestamp) -> Result<Uploaded> {
        let is_by = |file: &File| match by {
            Uploaders::One(name) => file.uploaded_by == name,
            Uploaders::Begin(begin) => file.uploaded_by.starts_with(begin),
        };
        self.read(|t| {
            t.files
                .values()
                .filter(|file| file.created_at >= since && is_by(file))
                .fold(Uploaded::default(), |so_far, file| Uploaded {
                    files: so_far.files + 1,
                    bytes: so_far.bytes + file.size,
                })
        })
    }
}

#[async_trait]
impl AuditReads for TenantReads {
    async fn list_audit(&self, request: &PageRequest) -> Result<Page<AuditEntry>> {
        self.read(|t| {
            page(t.audit.values(), request, Order::Falling, |a| {
                (a.at.micros(), a.id.uuid())
            })
        })
    }
}

#[async_trait]
impl RecordReads for TenantReads {
    async fn find_record(&self, kind: &str, key: &str) -> Result<Option<Record>> {
        self.read(|t| t.records.get(&(kind.to_owned(), key.to_owned())).cloned())
    }

    async fn list_records(&self, kind: &str, prefix: &str, limit: u32) -> Result<Vec<Record>> {
        self.read(|t| {
            let of_kind = t
                .records
                .values()
                .filter(|r| r.kind == kind && r.key.starts_with(prefix));
            of_kind.take(limit as usize).cloned().collect()
        })
    }
}

#[async_trait]
impl EntityReads for TenantReads {
    async fn find_entity(&self, kind: &str, id: Uuid) -> Result<Option<EntityRow>> {
        self.read(|t| t.entities.get(&(kind.to_owned(), id)).cloned())
    }

    async fn find_unique_entity(&self, kind: &str, index: &str, key: &IndexKey) -> Result<Option<EntityRow>> {
        let id = |id| (kind.to_owned(), id);
        self.read(|t| holder(t, &entity_unique(kind, index, key), &t.entities, id))
    }

    async fn page_entities(&self, query: &EntityQuery) -> Result<EntityPage> {
        self.read(|t| {
            let mut rows = index(t, &query.kind, &query.index, &query.range);
            if query.direction == Direction::Falling {
                rows.reverse();
            }
            let is_before = |place: &EntityCursor, after: &EntityCursor| match query.direction {
                Direction::Rising => place <= after,
                Direction::Falling => place >= after,
            };
            if let Some(after) = &query.after {
                rows.retain(|(place, _)| !is_before(place, after));
            }
            EntityPage::from_places(rows, query.limit)
        })
    }

    async fn count_entities(&self, kind: &str, name: &str, range: &KeyRange, cap: u32) -> Result<u32> {
        self.read(|t| {
            u32::try_from(index(t, kind, name, range).len())
                .unwrap_or(u32::MAX)
                .min(cap)
        })
    }
}

/// A stretch of an index, in order.
fn index(tables: &Tables, kind: &str, name: &str, range: &KeyRange) -> Vec<(EntityCursor, EntityRow)> {
    let of_kind = tables.entities.values().filter(|row| row.kind == kind);
    let mut places: Vec<(EntityCursor, EntityRow)> = of_kind
        .flat_map(|row| row.entries.iter().map(move |entry| (entry, row)))
        .filter(|(entry, _)| entry.index == name && range.contains(&entry.key))
        .map(|(entry, row)| {
            let place = EntityCursor {
                key: entry.key.clone(),
                id: (!entry.unique).then_some(row.id),
            };
            (place, row.clone())
        })
        .collect();
    places.sort_by(|(one, _), (two, _)| one.cmp(two));
    places
}

#[async_trait]
impl EventReads for TenantReads {
    async fn event_head(&self) -> Result<u64> {
        self.read(|t| t.event_head)
    }

    async fn event_tail(&self) -> Result<u64> {
        self.read(|t| t.events.first().map_or(t.event_head + 1, |e| e.seq))
    }

    async fn events_after(&self, seq: u64, limit: u32) -> Result<Vec<Envelope>> {
        self.read(|t| {
            let later = t.events.iter().filter(|e| e.seq > seq);
            let mut bytes = 0;
            let enough = |envelope: &&Arc<Envelope>| {
                let before = bytes;
                bytes += envelope.bytes;
                before < READ_BYTES
            };
            let read = later.take(limit as usize).take_while(enough);
            read.map(|e| Envelope::clone(e)).collect()
        })
    }
}
