//! Statements of the audit log.

use async_trait::async_trait;
use omnichat_core::audit::{AuditEntry, AuditReads};
use omnichat_core::error::Result;
use omnichat_core::page::{Page, PageRequest};
use rusqlite::{Connection, params};

use super::paging::{before, rows};
use super::query::{execute, places, written};
use super::readers::TenantReads;
use crate::body;

const INSERT: &str = "INSERT INTO audit (tenant, id, at, body) VALUES (?1, ?2, ?3, ?4)";
const LIST: &str = "SELECT at, id, body FROM audit WHERE tenant = ?1 AND (at, id) < (?2, ?3) ORDER BY at DESC, id DESC LIMIT ?4";

pub(super) fn put(connection: &Connection, entry: &AuditEntry, body: &str) -> Result<()> {
    let (tenant, id) = (entry.tenant.uuid().into_bytes(), entry.id.uuid().into_bytes());
    written(
        execute(connection, INSERT, params![tenant, id, entry.at.micros(), body])?,
        "audit entry",
    )
}

#[async_trait]
impl AuditReads for TenantReads {
    async fn list_audit(&self, page: &PageRequest) -> Result<Page<AuditEntry>> {
        let (tenant, (sort, id), limit) = (self.key(), before(page), page.limit);
        let rows = rows(page);
        let found = self
            .readers
            .read(move |c| places(c, LIST, params![tenant, sort, id, rows]))
            .await?;
        Ok(body::page(found, limit))
    }
}
