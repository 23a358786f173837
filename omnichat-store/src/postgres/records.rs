//! Statements of records.

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::id::TenantId;
use omnichat_core::records::{Record, RecordReads};
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::error::error;
use super::query::{execute, find, list, written};
use super::readers::TenantReads;
use crate::prepared::prefix_end;

const INSERT: &str =
    "INSERT INTO records (tenant, kind, key, version, expires_at, body) VALUES ($1, $2, $3, $4, $5, $6)";
const UPDATE: &str = "UPDATE records SET version = $4, expires_at = $5, body = $6
     WHERE tenant = $1 AND kind = $2 AND key = $3 AND version = $4 - 1";
const DELETE: &str = "DELETE FROM records WHERE tenant = $1 AND kind = $2 AND key = $3";
const FIND: &str = "SELECT body FROM records WHERE tenant = $1 AND kind = $2 AND key = $3";
const LIST: &str = "SELECT key, body FROM records
     WHERE tenant = $1 AND kind = $2 AND key >= $3 AND key < $4 ORDER BY key LIMIT $5";
const PRUNE: &str = "DELETE FROM records WHERE ctid = ANY (ARRAY (
     SELECT ctid FROM records WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))";

// A damaged row is no JSON, so the numbers are read as text: in a row that can be read no text before them has a bare quote.
const BEHIND: &str = r#"SELECT t.id FROM tenants t LEFT JOIN records r ON r.tenant = t.id AND r.kind = 'consumer' AND r.key = $1
     WHERE r.key IS NULL
         OR coalesce(substring(r.body from '"holds_until":(-?[0-9]{1,18})')::bigint, 0) < $2
         OR t.head > coalesce(substring(r.body from '"seq":([0-9]{1,18})')::bigint, -1)
     ORDER BY t.id"#;

pub(super) async fn consumers_behind(
    pool: &PgPool,
    consumer: &str,
    held_before: Timestamp,
) -> Result<Vec<TenantId>> {
    let behind = query_scalar(BEHIND).bind(consumer).bind(held_before.micros());
    let tenants: Vec<Uuid> = behind.fetch_all(pool).await.map_err(error)?;
    Ok(tenants.into_iter().map(TenantId::from_uuid).collect())
}

pub(super) async fn put(connection: &mut PgConnection, record: &Record, body: &str) -> Result<()> {
    let sql = if record.version == 1 { INSERT } else { UPDATE };
    let statement = query(sql)
        .bind(record.tenant.uuid())
        .bind(&record.kind)
        .bind(&record.key);
    let statement = statement
        .bind(record.version as i64)
        .bind(record.expires_at.map(Timestamp::micros))
        .bind(body);
    written(execute(connection, statement).await?, 1, "record")
}

pub(super) async fn remove(
    connection: &mut PgConnection,
    tenant: TenantId,
    kind: &str,
    key: &str,
) -> Result<()> {
    execute(connection, query(DELETE).bind(tenant.uuid()).bind(kind).bind(key))
        .await
        .map(|_| ())
}

/// Removes up to `limit` records whose time is over. Returns how many.
pub(super) async fn prune(connection: &mut PgConnection, now: Timestamp, limit: i64) -> Result<u64> {
    execute(connection, query(PRUNE).bind(now.micros()).bind(limit)).await
}

#[async_trait]
impl RecordReads for TenantReads {
    async fn find_record(&self, kind: &str, key: &str) -> Result<Option<Record>> {
        find(
            &self.pool,
            query_scalar(FIND).bind(self.key()).bind(kind).bind(key),
        )
        .await
    }

    async fn list_records(&self, kind: &str, prefix: &str, limit: u32) -> Result<Vec<Record>> {
        let statement = query_as(LIST)
            .bind(self.key())
            .bind(kind)
            .bind(prefix)
            .bind(prefix_end(prefix));
        list(&self.pool, statement.bind(i64::from(limit))).await
    }
}
