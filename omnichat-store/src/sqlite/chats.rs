//! Statements of chats.

use async_trait::async_trait;
use omnichat_core::chats::{Chat, ChatReads};
use omnichat_core::error::Result;
use omnichat_core::id::{CustomerId, InboxId};
use rusqlite::{Connection, params};

use super::query::{execute, find, ids, list, written};
use super::readers::TenantReads;

const INSERT: &str = "INSERT INTO chats (tenant, id, version, customer, inbox, external_id, created_at, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const UPDATE: &str = "UPDATE chats
     SET version = ?3, customer = ?4, inbox = ?5, external_id = ?6, created_at = ?7, body = ?8
     WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const FIND: &str = "SELECT body FROM chats WHERE tenant = ?1 AND inbox = ?2 AND external_id = ?3";
const LIST: &str = "SELECT id, body FROM chats
     WHERE tenant = ?1 AND customer IN (SELECT unhex(value) FROM json_each(?2)) ORDER BY created_at, id";

pub(super) fn put(connection: &Connection, chat: &Chat, body: &str) -> Result<()> {
    let sql = if chat.version == 1 { INSERT } else { UPDATE };
    let values = params![
        chat.tenant.uuid().into_bytes(),
        chat.id.uuid().into_bytes(),
        chat.version as i64,
        chat.customer.uuid().into_bytes(),
        chat.inbox.uuid().into_bytes(),
        chat.external_id,
        chat.created_at.micros(),
        body
    ];
    written(execute(connection, sql, values)?, "chat")
}

#[async_trait]
impl ChatReads for TenantReads {
    async fn find_chat(&self, inbox: InboxId, external_id: &str) -> Result<Option<Chat>> {
        self.readers
            .point(|c| {
                find(
                    c,
                    FIND,
                    params![self.key(), inbox.uuid().into_bytes(), external_id],
                )
            })
            .await
    }

    async fn list_chats(&self, customers: &[CustomerId]) -> Result<Vec<Chat>> {
        let (tenant, customers) = (self.key(), ids(customers));
        self.readers
            .read(move |c| list(c, LIST, params![tenant, customers]))
            .await
    }
}
