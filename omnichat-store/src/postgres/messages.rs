//! Statements of messages and their earlier texts.

use std::collections::HashMap;

use async_trait::async_trait;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{ConversationId, InboxId, MessageId};
use omnichat_core::messages::{Message, MessageReads, Revision};
use omnichat_core::page::{Page, PageRequest};
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::error::error;
use super::paging::{before, rows};
use super::query::{execute, find, list, places, written};
use super::readers::TenantReads;
use crate::body;

const INSERT: &str = "INSERT INTO messages
     (tenant, id, version, conversation, position, unread, client_key, external, body)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::bigint[], $6::bool[], $7::text[],
         $8::text[], $9::text[])";
const UPDATE: &str = "UPDATE messages m
     SET version = n.version, conversation = n.conversation, position = n.position, unread = n.unread,
         client_key = n.client_key, external = n.external, body = n.body
     FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::bigint[], $6::bool[], $7::text[], $8::text[],
         $9::text[]) AS n (tenant, id, version, conversation, position, unread, client_key, external, body)
     WHERE m.tenant = n.tenant AND m.id = n.id AND m.version = n.version - 1";
const EXTERNAL: &str =
    "SELECT m.tenant, m.id, m.external FROM unnest($1::uuid[], $2::uuid[]) AS n (tenant, id)
     JOIN messages m ON m.tenant = n.tenant AND m.id = n.id";
const ADD_IDS: &str = "INSERT INTO message_ids (tenant, inbox, chat, external_id, message)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[])";
const REMOVE_IDS: &str = "DELETE FROM message_ids i
     USING unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS n (tenant, inbox, chat, external_id)
     WHERE i.tenant = n.tenant AND i.inbox = n.inbox AND i.chat = n.chat AND i.external_id = n.external_id";
const HELD: &str = "SELECT i.tenant, i.message, n.message AS wanted_by
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[])
         AS n (tenant, inbox, chat, external_id, message)
     JOIN message_ids i ON i.tenant = n.tenant AND i.inbox = n.inbox AND i.chat = n.chat
         AND i.external_id = n.external_id";
const FIND: &str = "SELECT body FROM messages WHERE tenant = $1 AND id = $2";
const BY_EXTERNAL_ID: &str =
    "SELECT m.body FROM message_ids i JOIN messages m ON m.tenant = i.tenant AND m.id = i.message
     WHERE i.tenant = $1 AND i.inbox = $2 AND i.chat = $3 AND i.external_id = $4";
const BY_CLIENT_KEY: &str =
    "SELECT body FROM messages WHERE tenant = $1 AND conversation = $2 AND client_key = $3";
const LIST: &str =
    "SELECT position, id, body FROM messages WHERE tenant = $1 AND conversation = $2 AND (position, id) < ($3, $4)
     ORDER BY position DESC, id DESC LIMIT $5";
const UNREAD: &str = "SELECT id::text AS named, body FROM messages
     WHERE tenant = $1 AND conversation = $2 AND unread AND position <= $3 ORDER BY position, id LIMIT 200";

const ADD_REVISION: &str = "INSERT INTO revisions (tenant, message, number, body) VALUES ($1, $2, $3, $4)";
const REVISIONS: &str =
    "SELECT number::text AS named, body FROM revisions WHERE tenant = $1 AND message = $2 ORDER BY number";

/// What a message holds in `message_ids`: inbox, chat and each of its ids once.
type Held = (InboxId, String, Vec<String>);

/// What a message is to hold; nothing if the platform has not named it.
fn held(message: &Message) -> Option<Held> {
    let mut ids: Vec<String> = message
        .external_id
        .iter()
        .chain(&message.more_external_ids)
        .cloned()
        .collect();
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    (!ids.is_empty()).then(|| (message.inbox, message.chat.clone(), ids))
}

/// Rows of `message_ids`, column by column.
#[derive(Default)]
struct Ids {
    tenants: Vec<Uuid>,
    inboxes: Vec<Uuid>,
    chats: Vec<String>,
    ids: Vec<String>,
    messages: Vec<Uuid>,
}

impl Ids {
    fn add(&mut self, message: &Message, (inbox, chat, ids): Held) {
        for id in ids {
            self.tenants.push(message.tenant.uuid());
            self.inboxes.push(inbox.uuid());
            self.chats.push(chat.clone());
            self.ids.push(id);
            self.messages.push(message.id.uuid());
        }
    }
}

/// Which of these new messages have an id that another message has already.
pub(super) async fn duplicates(
    connection: &mut PgConnection,
    messages: &[&Message],
) -> Result<Vec<MessageId>> {
    let mut wanted = Ids::default();
    for message in messages {
        held(message)
            .into_iter()
            .for_each(|held| wanted.add(message, held));
    }
    if wanted.ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Uuid, Uuid)> = query_as(HELD)
        .bind(wanted.tenants)
        .bind(wanted.inboxes)
        .bind(wanted.chats)
        .bind(wanted.ids)
        .bind(wanted.messages)
        .fetch_all(connection)
        .await
        .map_err(error)?;
    Ok(rows
        .into_iter()
        .map(|(_, _, wanted_by)| MessageId::from_uuid(wanted_by))
        .collect())
}

/// Writes messages; no two of them are the same.
pub(super) async fn put_all(connection: &mut PgConnection, messages: &[(&Message, &str)]) -> Result<()> {
    let (new, changed): (Vec<_>, Vec<_>) = messages.iter().copied().partition(|(m, _)| m.version == 1);
    let mut let_go = Ids::default();
    let mut taken = Ids::default();
    let mut stored = stored_externals(connection, &changed).await?;
    for (message, _) in &changed {
        let key = (message.tenant.uuid(), message.id.uuid());
        let before = stored.remove(&key).ok_or_else(|| Error::conflict("message"))?;
        let held = held(message);
        if before != held {
            before.into_iter().for_each(|held| let_go.add(message, held));
            held.into_iter().for_each(|held| taken.add(message, held));
        }
    }
    for (message, _) in &new {
        held(message)
            .into_iter()
            .for_each(|held| taken.add(message, held));
    }
    if !let_go.ids.is_empty() {
        let statement = query(REMOVE_IDS)
            .bind(let_go.tenants)
            .bind(let_go.inboxes)
            .bind(let_go.chats)
            .bind(let_go.ids);
        execute(connection, statement).await?;
    }
    if !taken.ids.is_empty() {
        let statement = query(ADD_IDS)
            .bind(taken.tenants)
            .bind(taken.inboxes)
            .bind(taken.chats)
            .bind(taken.ids);
        execute(connection, statement.bind(taken.messages)).await?;
    }
    write(connection, UPDATE, &changed).await?;
    write(connection, INSERT, &new).await
}

async fn stored_externals(
    connection: &mut PgConnection,
    messages: &[(&Message, &str)],
) -> Result<HashMap<(Uuid, Uuid), Option<Held>>> {
    if messages.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Uuid, Option<String>)> = query_as(EXTERNAL)
        .bind(
            messages
                .iter()
                .map(|(m, _)| m.tenant.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .bind(messages.iter().map(|(m, _)| m.id.uuid()).collect::<Vec<Uuid>>())
        .fetch_all(connection)
        .await
        .map_err(error)?;
    rows.into_iter()
        .map(|(tenant, id, external)| Ok(((tenant, id), external.as_deref().map(body::decode).transpose()?)))
        .collect()
}

async fn write(
    connection: &mut PgConnection,
    sql: &'static str,
    messages: &[(&Message, &str)],
) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let external = |m: &Message| held(m).as_ref().map(body::encode).transpose();
    let statement = query(sql)
        .bind(
            messages
                .iter()
                .map(|(m, _)| m.tenant.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .bind(messages.iter().map(|(m, _)| m.id.uuid()).collect::<Vec<Uuid>>())
        .bind(
            messages
                .iter()
                .map(|(m, _)| m.version as i64)
                .collect::<Vec<i64>>(),
        )
        .bind(
            messages
                .iter()
                .map(|(m, _)| m.conversation.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .bind(messages.iter().map(|(m, _)| m.position).collect::<Vec<i64>>())
        .bind(
            messages
                .iter()
                .map(|(m, _)| m.may_be_read())
                .collect::<Vec<bool>>(),
        )
        .bind(
            messages
                .iter()
                .map(|(m, _)| m.client_key.as_deref())
                .collect::<Vec<Option<&str>>>(),
        )
        .bind(
            messages
                .iter()
                .map(|(m, _)| external(m))
                .collect::<Result<Vec<Option<String>>>>()?,
        )
        .bind(messages.iter().map(|(_, body)| *body).collect::<Vec<&str>>());
    written(execute(connection, statement).await?, messages.len(), "message")
}

pub(super) async fn add_revision(
    connection: &mut PgConnection,
    revision: &Revision,
    body: &str,
) -> Result<()> {
    let statement = query(ADD_REVISION)
        .bind(revision.tenant.uuid())
        .bind(revision.message.uuid());
    let statement = statement.bind(i64::from(revision.number)).bind(body);
    written(execute(connection, statement).await?, 1, "revision")
}

#[async_trait]
impl MessageReads for TenantReads {
    async fn find_message(&self, id: MessageId) -> Result<Option<Message>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }

    async fn find_message_by_external_id(
        &self,
        inbox: InboxId,
        chat: &str,
        external_id: &str,
    ) -> Result<Option<Message>> {
        let bodies = query_scalar(BY_EXTERNAL_ID)
            .bind(self.key())
            .bind(inbox.uuid())
            .bind(chat)
            .bind(external_id);
        find(&self.pool, bodies).await
    }

    async fn find_message_by_client_key(
        &self,
        conversation: ConversationId,
        key: &str,
    ) -> Result<Option<Message>> {
        find(
            &self.pool,
            query_scalar(BY_CLIENT_KEY)
                .bind(self.key())
                .bind(conversation.uuid())
                .bind(key),
        )
        .await
    }

    async fn list_messages(&self, conversation: ConversationId, page: &PageRequest) -> Result<Page<Message>> {
        let (sort, id) = before(page);
        let statement = query_as(LIST)
            .bind(self.key())
            .bind(conversation.uuid())
            .bind(sort)
            .bind(id);
        let found = places(&self.pool, statement.bind(rows(page))).await?;
        Ok(body::page(found, page.limit))
    }

    async fn unread_outgoing(&self, conversation: ConversationId, up_to: i64) -> Result<Vec<Message>> {
        list(
            &self.pool,
            query_as(UNREAD)
                .bind(self.key())
                .bind(conversation.uuid())
                .bind(up_to),
        )
        .await
    }

    async fn list_revisions(&self, message: MessageId) -> Result<Vec<Revision>> {
        list(
            &self.pool,
            query_as(REVISIONS).bind(self.key()).bind(message.uuid()),
        )
        .await
    }
}
