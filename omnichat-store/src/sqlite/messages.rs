//! Statements of messages and their earlier texts.

use async_trait::async_trait;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{ConversationId, InboxId, MessageId};
use omnichat_core::messages::{Message, MessageReads, Revision};
use omnichat_core::page::{Page, PageRequest};
use rusqlite::{Connection, params};

use super::paging::{before, rows};
use super::query::{execute, find, first, list, places, written};
use super::readers::TenantReads;
use crate::body;

const INSERT: &str = "INSERT INTO messages
     (tenant, id, version, conversation, position, unread, client_key, external, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const STORED: &str = "SELECT number, conversation, position, client_key, external FROM messages
     WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
// Most changes touch no index but that of unread messages.
const UPDATE: &str =
    "UPDATE messages SET version = ?2, unread = ?3, external = ?4, body = ?5 WHERE number = ?1";
const MOVE: &str = "UPDATE messages SET conversation = ?2, position = ?3, client_key = ?4 WHERE number = ?1";
const ADD_ID: &str =
    "INSERT INTO message_ids (tenant, inbox, chat, external_id, message) VALUES (?1, ?2, ?3, ?4, ?5)";
const REMOVE_ID: &str =
    "DELETE FROM message_ids WHERE tenant = ?1 AND inbox = ?2 AND chat = ?3 AND external_id = ?4";
const FIND: &str = "SELECT body FROM messages WHERE tenant = ?1 AND id = ?2";
const BY_EXTERNAL_ID: &str =
    "SELECT m.body FROM message_ids i JOIN messages m ON m.tenant = i.tenant AND m.id = i.message
     WHERE i.tenant = ?1 AND i.inbox = ?2 AND i.chat = ?3 AND i.external_id = ?4";
const HOLDER: &str =
    "SELECT message FROM message_ids WHERE tenant = ?1 AND inbox = ?2 AND chat = ?3 AND external_id = ?4";
const BY_CLIENT_KEY: &str =
    "SELECT body FROM messages WHERE tenant = ?1 AND conversation = ?2 AND client_key = ?3";
const LIST: &str =
    "SELECT position, id, body FROM messages WHERE tenant = ?1 AND conversation = ?2 AND (position, id) < (?3, ?4)
     ORDER BY position DESC, id DESC LIMIT ?5";
const UNREAD: &str = "SELECT id, body FROM messages INDEXED BY messages_unread
     WHERE tenant = ?1 AND conversation = ?2 AND unread = 1 AND position <= ?3 ORDER BY position, id LIMIT 200";

const ADD_REVISION: &str = "INSERT INTO revisions (tenant, message, number, body) VALUES (?1, ?2, ?3, ?4)";
const REVISIONS: &str =
    "SELECT number, body FROM revisions WHERE tenant = ?1 AND message = ?2 ORDER BY number";

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

/// Whether another message has one of the ids already.
pub(super) fn is_duplicate(connection: &Connection, message: &Message) -> Result<bool> {
    let Some((inbox, chat, ids)) = held(message) else {
        return Ok(false);
    };
    let (tenant, inbox) = (message.tenant.uuid().into_bytes(), inbox.uuid().into_bytes());
    for id in ids {
        let holder = first(connection, HOLDER, params![tenant, inbox, chat, id], |row| {
            row.get::<_, [u8; 16]>(0)
        })?;
        if holder.is_some_and(|holder| holder != message.id.uuid().into_bytes()) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn put(connection: &Connection, message: &Message, body: &str) -> Result<()> {
    let (tenant, id) = (message.tenant.uuid().into_bytes(), message.id.uuid().into_bytes());
    let (version, conversation) = (message.version as i64, message.conversation.uuid().into_bytes());
    let unread = message.may_be_read();
    let held = held(message);
    let external = held.as_ref().map(body::encode).transpose()?;
    if message.version == 1 {
        hold(connection, message, held)?;
        let key = &message.client_key;
        let values = params![
            tenant,
            id,
            version,
            conversation,
            message.position,
            unread,
            key,
            external,
            body
        ];
        return execute(connection, INSERT, values).map(|_| ());
    }
    let stored = first(connection, STORED, params![tenant, id, version], |row| {
        let place: (i64, [u8; 16], i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok((
            place,
            row.get::<_, Option<String>>(3)?,
            row.get::<_, Option<String>>(4)?,
        ))
    })?;
    let ((number, old_conversation, old_position), old_key, old_external) =
        stored.ok_or_else(|| Error::conflict("message"))?;
    if external != old_external {
        let_go(connection, message, old_external)?;
        hold(connection, message, held)?;
    }
    execute(
        connection,
        UPDATE,
        params![number, version, unread, external, body],
    )?;
    if (conversation, message.position) != (old_conversation, old_position) || message.client_key != old_key {
        execute(
            connection,
            MOVE,
            params![number, conversation, message.position, message.client_key],
        )?;
    }
    Ok(())
}

fn hold(connection: &Connection, message: &Message, held: Option<Held>) -> Result<()> {
    let Some((inbox, chat, ids)) = held else {
        return Ok(());
    };
    let (tenant, inbox) = (message.tenant.uuid().into_bytes(), inbox.uuid().into_bytes());
    for id in ids {
        execute(
            connection,
            ADD_ID,
            params![tenant, inbox, chat, id, message.id.uuid().into_bytes()],
        )?;
    }
    Ok(())
}

fn let_go(connection: &Connection, message: &Message, external: Option<String>) -> Result<()> {
    let Some(external) = external else { return Ok(()) };
    let (inbox, chat, ids): Held = body::decode(&external)?;
    for id in ids {
        let tenant = message.tenant.uuid().into_bytes();
        execute(
            connection,
            REMOVE_ID,
            params![tenant, inbox.uuid().into_bytes(), chat, id],
        )?;
    }
    Ok(())
}

pub(super) fn add_revision(connection: &Connection, revision: &Revision, body: &str) -> Result<()> {
    let (tenant, message) = (
        revision.tenant.uuid().into_bytes(),
        revision.message.uuid().into_bytes(),
    );
    written(
        execute(
            connection,
            ADD_REVISION,
            params![tenant, message, revision.number, body],
        )?,
        "revision",
    )
}

#[async_trait]
impl MessageReads for TenantReads {
    async fn find_message(&self, id: MessageId) -> Result<Option<Message>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn find_message_by_external_id(
        &self,
        inbox: InboxId,
        chat: &str,
        external_id: &str,
    ) -> Result<Option<Message>> {
        let inbox = inbox.uuid().into_bytes();
        self.readers
            .point(|c| find(c, BY_EXTERNAL_ID, params![self.key(), inbox, chat, external_id]))
            .await
    }

    async fn find_message_by_client_key(
        &self,
        conversation: ConversationId,
        key: &str,
    ) -> Result<Option<Message>> {
        let conversation = conversation.uuid().into_bytes();
        self.readers
            .point(|c| find(c, BY_CLIENT_KEY, params![self.key(), conversation, key]))
            .await
    }

    async fn list_messages(&self, conversation: ConversationId, page: &PageRequest) -> Result<Page<Message>> {
        let (tenant, conversation) = (self.key(), conversation.uuid().into_bytes());
        let ((sort, id), rows, limit) = (before(page), rows(page), page.limit);
        let values = (tenant, conversation, sort, id, rows);
        let found = self.readers.read(move |c| places(c, LIST, values)).await?;
        Ok(body::page(found, limit))
    }

    async fn unread_outgoing(&self, conversation: ConversationId, up_to: i64) -> Result<Vec<Message>> {
        let values = (self.key(), conversation.uuid().into_bytes(), up_to);
        self.readers.read(move |c| list(c, UNREAD, values)).await
    }

    async fn list_revisions(&self, message: MessageId) -> Result<Vec<Revision>> {
        let values = (self.key(), message.uuid().into_bytes());
        self.readers.read(move |c| list(c, REVISIONS, values)).await
    }
}
