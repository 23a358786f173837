//! Statements of inboxes.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::inboxes::{Inbox, InboxReads};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::query::{all, execute, find, first, list, written};
use super::readers::TenantReads;

const INSERT: &str = "INSERT INTO inboxes (tenant, id, version, created_at, body, kind, app, account) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const UPDATE: &str =
    "UPDATE inboxes SET version = ?3, created_at = ?4, body = ?5, kind = ?6, app = ?7, account = ?8
     WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const DELETE: &str = "DELETE FROM inboxes WHERE tenant = ?1 AND id = ?2";
const FIND: &str = "SELECT body FROM inboxes WHERE tenant = ?1 AND id = ?2";
const LIST: &str = "SELECT id, body FROM inboxes WHERE tenant = ?1 ORDER BY created_at, id";
const OWNER: &str = "SELECT tenant FROM inboxes WHERE id = ?1";
const OF_ACCOUNTS: &str = "SELECT tenant, id FROM inboxes
     WHERE kind = ?1 AND app = ?2 AND account IN (SELECT value FROM json_each(?3)) AND id > ?4 ORDER BY id LIMIT ?5";
const OF_APP: &str = "SELECT tenant, id FROM inboxes WHERE kind = ?1 AND app = ?2 ORDER BY id LIMIT ?3";

pub(super) fn put(connection: &Connection, inbox: &Inbox, body: &str) -> Result<()> {
    let sql = if inbox.version == 1 { INSERT } else { UPDATE };
    let (tenant, id) = (inbox.tenant.uuid().into_bytes(), inbox.id.uuid().into_bytes());
    let (version, created_at) = (inbox.version as i64, inbox.created_at.micros());
    // Where webhooks of an app look for it.
    let of = inbox.app.as_ref().filter(|_| inbox.enabled);
    let (kind, app, account) = (
        of.map(|_| &inbox.kind),
        of.map(|of| &of.app),
        of.map(|of| &of.account),
    );
    let values = params![tenant, id, version, created_at, body, kind, app, account];
    written(execute(connection, sql, values)?, "inbox")
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

/// The enabled inboxes of accounts of an app, by id.
pub(super) fn of_accounts(
    connection: &Connection,
    kind: &str,
    app: &str,
    accounts: &str,
    after: Option<InboxId>,
    limit: u32,
) -> Result<Vec<(TenantId, InboxId)>> {
    // No inbox has the smallest id there is.
    let after = after.map(|id| id.uuid()).unwrap_or_default().into_bytes();
    let values = params![kind, app, accounts, after, limit];
    all(connection, OF_ACCOUNTS, values, place)
}

/// The enabled inboxes of an app, by id.
pub(super) fn of_app(
    connection: &Connection,
    kind: &str,
    app: &str,
    limit: u32,
) -> Result<Vec<(TenantId, InboxId)>> {
    all(connection, OF_APP, params![kind, app, limit], place)
}

/// Whose an inbox is, and which.
fn place(row: &Row<'_>) -> rusqlite::Result<(TenantId, InboxId)> {
    let (tenant, id) = (Uuid::from_bytes(row.get(0)?), Uuid::from_bytes(row.get(1)?));
    Ok((TenantId::from_uuid(tenant), InboxId::from_uuid(id)))
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
