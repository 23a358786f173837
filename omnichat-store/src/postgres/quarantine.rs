//! Statements of the quarantine.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::id::{QuarantineId, TenantId};
use omnichat_core::page::{Page, PageRequest};
use omnichat_core::quarantine::{QuarantineReads, Quarantined};
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as, query_scalar};

use super::paging::{before, rows};
use super::query::{execute, find, places, written};
use super::readers::TenantReads;
use crate::body;

const INSERT: &str =
    "INSERT INTO quarantine (tenant, id, version, received_at, body) VALUES ($1, $2, $3, $4, $5)";
const UPDATE: &str = "UPDATE quarantine SET version = $3, received_at = $4, body = $5
     WHERE tenant = $1 AND id = $2 AND version = $3 - 1";
const DELETE: &str = "DELETE FROM quarantine WHERE tenant = $1 AND id = $2";
const FIND: &str = "SELECT body FROM quarantine WHERE tenant = $1 AND id = $2";
const LIST: &str =
    "SELECT received_at, id, body FROM quarantine WHERE tenant = $1 AND (received_at, id) < ($2, $3)
     ORDER BY received_at DESC, id DESC LIMIT $4";

pub(super) async fn put(connection: &mut PgConnection, held: &Quarantined, body: &str) -> Result<()> {
    let sql = if held.version == 1 { INSERT } else { UPDATE };
    let statement = query(sql)
        .bind(held.tenant.uuid())
        .bind(held.id.uuid())
        .bind(held.version as i64);
    let statement = statement.bind(held.received_at.micros()).bind(body);
    written(execute(connection, statement).await?, 1, "webhook in quarantine")
}

pub(super) async fn remove(connection: &mut PgConnection, tenant: TenantId, id: QuarantineId) -> Result<()> {
    execute(connection, query(DELETE).bind(tenant.uuid()).bind(id.uuid()))
        .await
        .map(|_| ())
}

#[async_trait]
impl QuarantineReads for TenantReads {
    async fn find_quarantined(&self, id: QuarantineId) -> Result<Option<Quarantined>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }

    async fn list_quarantined(&self, page: &PageRequest) -> Result<Page<Quarantined>> {
        let (sort, id) = before(page);
        let statement = query_as(LIST).bind(self.key()).bind(sort).bind(id);
        let found = places(&self.pool, statement.bind(rows(page))).await?;
        Ok(body::page(found, page.limit, |_| true))
    }
}
