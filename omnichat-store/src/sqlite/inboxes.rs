//! Statements of inboxes.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::inboxes::{Inbox, InboxReads};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::query::{execute, find, first, list, written};
use super::readers::TenantReads;

const INSERT: &str =
    "INSERT INTO inboxes (tenant, id, version, created_at, body) VALUES (?1, ?2, ?3, ?4, ?5)";
const UPDATE: &str = "UPDATE inboxes SET version = ?3, created_at = ?4, body = ?5
     WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const DELETE: &str = "DELETE FROM inboxes WHERE tenant = ?1 AND id = ?2";
const FIND: &str = "SELECT body FROM inboxes WHERE tenant = ?1 AND id = ?2";
const LIST: &str = "SELECT id, body FROM inboxes WHERE tenant = ?1 ORDER BY created_at, id";
const OWNER: &str = "SELECT tenant FROM inboxes WHERE id = ?1";

pub(super) fn put(connection: &Connection, inbox: &Inbox, body: &str) -> Result<()> {
    let sql = if inbox.version == 1 { INSERT } else { UPDATE };
    let (tenant, id) = (inbox.tenant.uuid().into_bytes(), inbox.id.uuid().into_bytes());
    let (version, created_at) = (inbox.version as i64, inbox.created_at.micros());
    written(
        execute(connection, sql, params![tenant, id, version, created_at, body])?,
        "inbox",
    )
}

pub(super) fn remove(connection: &Connection, tenant: TenantId, id: InboxId) -> Result<()> {
    execute(
        connection,
        DELETE,
        params![tenant.uuid().into_bytes(), id.uuid().into_bytes()],
    )
    .map(|_| ())
}

pub(super) fn owner(connection: &Connection, id: InboxId) -> Result<Option<TenantId>> {
    let owner = first(connection, OWNER, [id.uuid().into_bytes()], |row| {
        row.get::<_, [u8; 16]>(0)
    })?;
    Ok(owner.map(|bytes| TenantId::from_uuid(Uuid::from_bytes(bytes))))
}

#[async_trait]
impl InboxReads for TenantReads {
    async fn find_inbox(&self, id: InboxId) -> Result<Option<Inbox>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn list_inboxes(&self) -> Result<Vec<Inbox>> {
        let tenant = self.key();
        self.readers.read(move |c| list(c, LIST, [tenant])).await
    }
}
