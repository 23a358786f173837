//! Statements of stored files.

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::files::{File, FileReads, Uploaded, Uploaders};
use omnichat_core::id::{FileId, TenantId};
use rusqlite::{Connection, Row, params};

use super::query::{execute, find, first, list, written};
use super::readers::TenantReads;

const INSERT: &str =
    "INSERT INTO files (tenant, id, version, body, blob, size, uploaded_by, created_at, unsent)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const UPDATE: &str =
    "UPDATE files SET version = ?3, body = ?4, blob = ?5, size = ?6, uploaded_by = ?7, created_at = ?8,
         unsent = ?9
     WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const DELETE: &str = "DELETE FROM files WHERE tenant = ?1 AND id = ?2";
const FIND: &str = "SELECT body FROM files WHERE tenant = ?1 AND id = ?2";
// One that is empty is of a row that was damaged when the column came: it may be any.
const IS_USED: &str = "SELECT 1 FROM files WHERE tenant = ?1 AND blob IN (?2, '') LIMIT 1";
const UNSENT: &str = "SELECT id, body FROM files WHERE tenant = ?1 AND unsent = 1 AND created_at < ?2
     ORDER BY created_at, id LIMIT ?3";
const UPLOADED: &str = "SELECT count(*), coalesce(sum(size), 0) FROM files
     WHERE tenant = ?1 AND created_at >= ?2 AND substr(uploaded_by, 1, length(?3)) = ?3";
const UPLOADED_BY: &str = "SELECT count(*), coalesce(sum(size), 0) FROM files
     WHERE tenant = ?1 AND uploaded_by = ?3 AND created_at >= ?2";

pub(super) fn put(connection: &Connection, file: &File, body: &str) -> Result<()> {
    let sql = if file.version == 1 { INSERT } else { UPDATE };
    let (tenant, id) = (file.tenant.uuid().into_bytes(), file.id.uuid().into_bytes());
    written(
        execute(
            connection,
            sql,
            params![
                tenant,
                id,
                file.version as i64,
                body,
                file.blob,
                file.size as i64,
                file.uploaded_by,
                file.created_at.micros(),
                file.conversation.is_none()
            ],
        )?,
        "file",
    )
}

pub(super) fn remove(connection: &Connection, tenant: TenantId, id: FileId) -> Result<()> {
    execute(
        connection,
        DELETE,
        params![tenant.uuid().into_bytes(), id.uuid().into_bytes()],
    )
    .map(|_| ())
}

fn uploaded(row: &Row<'_>) -> rusqlite::Result<Uploaded> {
    Ok(Uploaded {
        files: row.get::<_, i64>(0)? as u64,
        bytes: row.get::<_, i64>(1)? as u64,
    })
}

#[async_trait]
impl FileReads for TenantReads {
    async fn find_file(&self, id: FileId) -> Result<Option<File>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn is_blob_used(&self, digest: &str) -> Result<bool> {
        let found = self
            .readers
            .point(|c| first(c, IS_USED, params![self.key(), digest], |_| Ok(())))
            .await?;
        Ok(found.is_some())
    }

    async fn unsent_files(&self, before: Timestamp, limit: u32) -> Result<Vec<File>> {
        let (tenant, before) = (self.key(), before.micros());
        self.readers
            .read(move |c| list(c, UNSENT, params![tenant, before, limit]))
            .await
    }

    async fn uploaded(&self, by: Uploaders<'_>, since: Timestamp) -> Result<Uploaded> {
        let (tenant, since) = (self.key(), since.micros());
        let (sql, name) = match by {
            Uploaders::One(name) => (UPLOADED_BY, name.to_owned()),
            Uploaders::Begin(begin) => (UPLOADED, begin.to_owned()),
        };
        let found = self
            .readers
            .read(move |c| first(c, sql, params![tenant, since, name], uploaded));
        Ok(found.await?.unwrap_or_default())
    }
}
