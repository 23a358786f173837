//! Statements of the quarantine.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::id::{QuarantineId, TenantId};
use omnichat_core::page::{Page, PageRequest};
use omnichat_core::quarantine::{QuarantineReads, Quarantined};
use rusqlite::{Connection, params};

use super::paging::{before, rows};
use super::query::{execute, find, places, written};
use super::readers::TenantReads;
use crate::body;

const INSERT: &str =
    "INSERT INTO quarantine (tenant, id, version, received_at, body) VALUES (?1, ?2, ?3, ?4, ?5)";
const UPDATE: &str = "UPDATE quarantine SET version = ?3, received_at = ?4, body = ?5
     WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const DELETE: &str = "DELETE FROM quarantine WHERE tenant = ?1 AND id = ?2";
const FIND: &str = "SELECT body FROM quarantine WHERE tenant = ?1 AND id = ?2";
const LIST: &str =
    "SELECT received_at, id, body FROM quarantine WHERE tenant = ?1 AND (received_at, id) < (?2, ?3)
     ORDER BY received_at DESC, id DESC LIMIT ?4";

pub(super) fn put(connection: &Connection, held: &Quarantined, body: &str) -> Result<()> {
    let sql = if held.version == 1 { INSERT } else { UPDATE };
    let (tenant, id) = (held.tenant.uuid().into_bytes(), held.id.uuid().into_bytes());
    let (version, received_at) = (held.version as i64, held.received_at.micros());
    written(
        execute(connection, sql, params![tenant, id, version, received_at, body])?,
        "webhook in quarantine",
    )
}

pub(super) fn remove(connection: &Connection, tenant: TenantId, id: QuarantineId) -> Result<()> {
    execute(
        connection,
        DELETE,
        params![tenant.uuid().into_bytes(), id.uuid().into_bytes()],
    )
    .map(|_| ())
}

#[async_trait]
impl QuarantineReads for TenantReads {
    async fn find_quarantined(&self, id: QuarantineId) -> Result<Option<Quarantined>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn list_quarantined(&self, page: &PageRequest) -> Result<Page<Quarantined>> {
        let (tenant, (sort, id), limit) = (self.key(), before(page), page.limit);
        let rows = rows(page);
        let found = self
            .readers
            .read(move |c| places(c, LIST, params![tenant, sort, id, rows]))
            .await?;
        Ok(body::page(found, limit, |_| true))
    }
}
