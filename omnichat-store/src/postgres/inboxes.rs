//! Statements of inboxes.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::inboxes::{Inbox, InboxReads};
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{query, query_as, query_scalar};

use super::query::{execute, find, list, value, written};
use super::readers::TenantReads;

const INSERT: &str =
    "INSERT INTO inboxes (tenant, id, version, created_at, body) VALUES ($1, $2, $3, $4, $5)";
const UPDATE: &str = "UPDATE inboxes SET version = $3, created_at = $4, body = $5
     WHERE tenant = $1 AND id = $2 AND version = $3 - 1";
const DELETE: &str = "DELETE FROM inboxes WHERE tenant = $1 AND id = $2";
const FIND: &str = "SELECT body FROM inboxes WHERE tenant = $1 AND id = $2";
const LIST: &str = "SELECT id::text AS named, body FROM inboxes WHERE tenant = $1 ORDER BY created_at, id";
const OWNER: &str = "SELECT tenant FROM inboxes WHERE id = $1";

pub(super) async fn put(connection: &mut PgConnection, inbox: &Inbox, body: &str) -> Result<()> {
    let sql = if inbox.version == 1 { INSERT } else { UPDATE };
    let statement = query(sql)
        .bind(inbox.tenant.uuid())
        .bind(inbox.id.uuid())
        .bind(inbox.version as i64);
    written(
        execute(connection, statement.bind(inbox.created_at.micros()).bind(body)).await?,
        1,
        "inbox",
    )
}

pub(super) async fn remove(connection: &mut PgConnection, tenant: TenantId, id: InboxId) -> Result<()> {
    execute(connection, query(DELETE).bind(tenant.uuid()).bind(id.uuid()))
        .await
        .map(|_| ())
}

pub(super) async fn owner(pool: &PgPool, id: InboxId) -> Result<Option<TenantId>> {
    let owner = value(pool, query_scalar(OWNER).bind(id.uuid())).await?;
    Ok(owner.map(TenantId::from_uuid))
}

#[async_trait]
impl InboxReads for TenantReads {
    async fn find_inbox(&self, id: InboxId) -> Result<Option<Inbox>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }

    async fn list_inboxes(&self) -> Result<Vec<Inbox>> {
        list(&self.pool, query_as(LIST).bind(self.key())).await
    }
}
