//! Statements of records.

use std::sync::Arc;

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::id::TenantId;
use omnichat_core::records::{Record, RecordReads};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::query::{all, execute, find, list, written};
use super::readers::{Readers, TenantReads};
use crate::prepared::prefix_end;

const INSERT: &str =
    "INSERT INTO records (tenant, kind, key, version, expires_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const UPDATE: &str = "UPDATE records SET version = ?4, expires_at = ?5, body = ?6
     WHERE tenant = ?1 AND kind = ?2 AND key = ?3 AND version = ?4 - 1";
const DELETE: &str = "DELETE FROM records WHERE tenant = ?1 AND kind = ?2 AND key = ?3";
const FIND: &str = "SELECT body FROM records WHERE tenant = ?1 AND kind = ?2 AND key = ?3";
const LIST: &str = "SELECT key, body FROM records
     WHERE tenant = ?1 AND kind = ?2 AND key >= ?3 AND key < ?4 ORDER BY key LIMIT ?5";
const PRUNE: &str =
    "DELETE FROM records WHERE rowid IN (SELECT rowid FROM records WHERE expires_at <= ?1 LIMIT ?2)";

const BEHIND: &str = "SELECT id FROM (
         SELECT t.id, t.head, r.key, CASE WHEN json_valid(r.body) THEN r.body -> '$.body' END AS place
         FROM tenants t LEFT JOIN records r ON r.tenant = t.id AND r.kind = 'consumer' AND r.key = ?1)
     WHERE key IS NULL OR coalesce(place ->> '$.holds_until', 0) < ?2 OR head > coalesce(place ->> '$.seq', -1)
     ORDER BY id";

pub(super) async fn consumers_behind(
    readers: &Arc<Readers>,
    consumer: &str,
    held_before: Timestamp,
) -> Result<Vec<TenantId>> {
    let consumer = consumer.to_owned();
    readers
        .read(move |c| {
            all(c, BEHIND, params![consumer, held_before.micros()], |row| {
                Ok(TenantId::from_uuid(Uuid::from_bytes(row.get(0)?)))
            })
        })
        .await
}

pub(super) fn put(connection: &Connection, record: &Record, body: &str) -> Result<()> {
    let sql = if record.version == 1 { INSERT } else { UPDATE };
    let (tenant, version) = (record.tenant.uuid().into_bytes(), record.version as i64);
    let expires_at = record.expires_at.map(Timestamp::micros);
    let rows = execute(
        connection,
        sql,
        params![tenant, record.kind, record.key, version, expires_at, body],
    )?;
    written(rows, "record")
}

pub(super) fn remove(connection: &Connection, tenant: TenantId, kind: &str, key: &str) -> Result<()> {
    execute(connection, DELETE, params![tenant.uuid().into_bytes(), kind, key]).map(|_| ())
}

/// Removes up to `limit` records whose time is over. Returns how many.
pub(super) fn prune(connection: &Connection, now: Timestamp, limit: u32) -> Result<usize> {
    execute(connection, PRUNE, params![now.micros(), limit])
}

#[async_trait]
impl RecordReads for TenantReads {
    async fn find_record(&self, kind: &str, key: &str) -> Result<Option<Record>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), kind, key]))
            .await
    }

    async fn list_records(&self, kind: &str, prefix: &str, limit: u32) -> Result<Vec<Record>> {
        let (tenant, kind, from, end) = (self.key(), kind.to_owned(), prefix.to_owned(), prefix_end(prefix));
        self.readers
            .read(move |c| list(c, LIST, params![tenant, kind, from, end, limit]))
            .await
    }
}
