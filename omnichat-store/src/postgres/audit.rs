//! Statements of the audit log.

use async_trait::async_trait;
use omnichat_core::audit::{AuditEntry, AuditReads};
use omnichat_core::error::Result;
use omnichat_core::page::{Page, PageRequest};
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as};

use super::paging::{before, rows};
use super::query::{execute, places, written};
use super::readers::TenantReads;
use crate::body;

const INSERT: &str = "INSERT INTO audit (tenant, id, at, body) VALUES ($1, $2, $3, $4)";
const LIST: &str = "SELECT at, id, body FROM audit WHERE tenant = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4";

pub(super) async fn put(connection: &mut PgConnection, entry: &AuditEntry, body: &str) -> Result<()> {
    let statement = query(INSERT)
        .bind(entry.tenant.uuid())
        .bind(entry.id.uuid())
        .bind(entry.at.micros())
        .bind(body);
    written(execute(connection, statement).await?, 1, "audit entry")
}

#[async_trait]
impl AuditReads for TenantReads {
    async fn list_audit(&self, page: &PageRequest) -> Result<Page<AuditEntry>> {
        let (sort, id) = before(page);
        let statement = query_as(LIST).bind(self.key()).bind(sort).bind(id);
        let found = places(&self.pool, statement.bind(rows(page))).await?;
        Ok(body::page(found, page.limit))
    }
}
