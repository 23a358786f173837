//! Statements of stored files.

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::files::{File, FileReads, Uploaded, Uploaders};
use omnichat_core::id::{FileId, TenantId};
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as, query_scalar};

use super::query::{execute, find, list, rows, value, written};
use super::readers::TenantReads;

const INSERT: &str =
    "INSERT INTO files (tenant, id, version, body, blob, size, uploaded_by, created_at, unsent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const UPDATE: &str =
    "UPDATE files SET version = $3, body = $4, blob = $5, size = $6, uploaded_by = $7, created_at = $8,
         unsent = $9
     WHERE tenant = $1 AND id = $2 AND version = $3 - 1";
const DELETE: &str = "DELETE FROM files WHERE tenant = $1 AND id = $2";
const FIND: &str = "SELECT body FROM files WHERE tenant = $1 AND id = $2";
// One that is empty is of a row that was damaged when the column came: it may be any.
const IS_USED: &str = "SELECT EXISTS (SELECT FROM files WHERE tenant = $1 AND blob IN ($2, ''))";
const UNSENT: &str =
    "SELECT id::text AS named, body FROM files WHERE tenant = $1 AND unsent AND created_at < $2
     ORDER BY created_at, id LIMIT $3";
const UPLOADED: &str = "SELECT count(*), coalesce(sum(size), 0)::bigint FROM files
     WHERE tenant = $1 AND created_at >= $2 AND starts_with(uploaded_by, $3)";
const UPLOADED_BY: &str = "SELECT count(*), coalesce(sum(size), 0)::bigint FROM files
     WHERE tenant = $1 AND created_at >= $2 AND uploaded_by = $3";

pub(super) async fn put(connection: &mut PgConnection, file: &File, body: &str) -> Result<()> {
    let sql = if file.version == 1 { INSERT } else { UPDATE };
    let statement = query(sql)
        .bind(file.tenant.uuid())
        .bind(file.id.uuid())
        .bind(file.version as i64)
        .bind(body)
        .bind(&file.blob)
        .bind(file.size as i64)
        .bind(&file.uploaded_by)
        .bind(file.created_at.micros())
        .bind(file.conversation.is_none());
    written(execute(connection, statement).await?, 1, "file")
}

pub(super) async fn remove(connection: &mut PgConnection, tenant: TenantId, id: FileId) -> Result<()> {
    let statement = query(DELETE).bind(tenant.uuid()).bind(id.uuid());
    execute(connection, statement).await.map(|_| ())
}

#[async_trait]
impl FileReads for TenantReads {
    async fn find_file(&self, id: FileId) -> Result<Option<File>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }

    async fn is_blob_used(&self, digest: &str) -> Result<bool> {
        let used: Option<bool> =
            value(&self.pool, query_scalar(IS_USED).bind(self.key()).bind(digest)).await?;
        Ok(used.unwrap_or(false))
    }

    async fn unsent_files(&self, before: Timestamp, limit: u32) -> Result<Vec<File>> {
        let statement = query_as(UNSENT)
            .bind(self.key())
            .bind(before.micros())
            .bind(i64::from(limit));
        list(&self.pool, statement).await
    }

    async fn uploaded(&self, by: Uploaders<'_>, since: Timestamp) -> Result<Uploaded> {
        let (sql, name) = match by {
            Uploaders::One(name) => (UPLOADED_BY, name),
            Uploaders::Begin(begin) => (UPLOADED, begin),
        };
        let statement = query_as(sql).bind(self.key()).bind(since.micros()).bind(name);
        let found: Vec<(i64, i64)> = rows(&self.pool, statement).await?;
        let (files, bytes) = found.first().copied().unwrap_or_default();
        Ok(Uploaded {
            files: files as u64,
            bytes: bytes as u64,
        })
    }
}
