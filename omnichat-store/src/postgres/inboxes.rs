//! Statements of inboxes.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::inboxes::{Inbox, InboxReads};
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::query::{execute, find, list, rows, value, written};
use super::readers::TenantReads;

const INSERT: &str = "INSERT INTO inboxes (tenant, id, version, created_at, body, kind, app, account) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const UPDATE: &str =
    "UPDATE inboxes SET version = $3, created_at = $4, body = $5, kind = $6, app = $7, account = $8
     WHERE tenant = $1 AND id = $2 AND version = $3 - 1";
const DELETE: &str = "DELETE FROM inboxes WHERE tenant = $1 AND id = $2";
const FIND: &str = "SELECT body FROM inboxes WHERE tenant = $1 AND id = $2";
const LIST: &str = "SELECT id::text AS named, body FROM inboxes WHERE tenant = $1 ORDER BY created_at, id";
const OWNER: &str = "SELECT tenant FROM inboxes WHERE id = $1";
const OF_ACCOUNTS: &str = "SELECT tenant, id FROM inboxes
     WHERE kind = $1 AND app = $2 AND account = ANY($3) AND id > $4 ORDER BY id LIMIT $5";
const OF_APP: &str = "SELECT tenant, id FROM inboxes WHERE kind = $1 AND app = $2 ORDER BY id LIMIT $3";

pub(super) async fn put(connection: &mut PgConnection, inbox: &Inbox, body: &str) -> Result<()> {
    let sql = if inbox.version == 1 { INSERT } else { UPDATE };
    // Where webhooks of an app look for it.
    let of = inbox.app.as_ref().filter(|_| inbox.enabled);
    let statement = query(sql)
        .bind(inbox.tenant.uuid())
        .bind(inbox.id.uuid())
        .bind(inbox.version as i64)
        .bind(inbox.created_at.micros())
        .bind(body)
        .bind(of.map(|_| inbox.kind.as_str()))
        .bind(of.map(|of| of.app.as_str()))
        .bind(of.map(|of| of.account.as_str()));
    written(execute(connection, statement).await?, 1, "inbox")
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

/// The enabled inboxes of accounts of an app, by id.
pub(super) async fn of_accounts(
    pool: &PgPool,
    kind: &str,
    app: &str,
    accounts: &[String],
    after: Option<InboxId>,
    limit: u32,
) -> Result<Vec<(TenantId, InboxId)>> {
    // No inbox has the smallest id there is.
    let after = after.map(|id| id.uuid()).unwrap_or_default();
    let statement = query_as(OF_ACCOUNTS)
        .bind(kind)
        .bind(app)
        .bind(accounts)
        .bind(after)
        .bind(i64::from(limit));
    Ok(places(rows(pool, statement).await?))
}

/// The enabled inboxes of an app, by id.
pub(super) async fn of_app(
    pool: &PgPool,
    kind: &str,
    app: &str,
    limit: u32,
) -> Result<Vec<(TenantId, InboxId)>> {
    let statement = query_as(OF_APP).bind(kind).bind(app).bind(i64::from(limit));
    Ok(places(rows(pool, statement).await?))
}

/// Whose inboxes are, and which.
fn places(rows: Vec<(Uuid, Uuid)>) -> Vec<(TenantId, InboxId)> {
    let place = |(tenant, id)| (TenantId::from_uuid(tenant), InboxId::from_uuid(id));
    rows.into_iter().map(place).collect()
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
