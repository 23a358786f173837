//! Statements of stored files.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::files::{File, FileReads};
use omnichat_core::id::FileId;
use rusqlite::{Connection, params};

use super::query::{execute, find, written};
use super::readers::TenantReads;

const INSERT: &str = "INSERT INTO files (tenant, id, version, body) VALUES (?1, ?2, ?3, ?4)";
const UPDATE: &str =
    "UPDATE files SET version = ?3, body = ?4 WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const FIND: &str = "SELECT body FROM files WHERE tenant = ?1 AND id = ?2";

pub(super) fn put(connection: &Connection, file: &File, body: &str) -> Result<()> {
    let sql = if file.version == 1 { INSERT } else { UPDATE };
    let (tenant, id) = (file.tenant.uuid().into_bytes(), file.id.uuid().into_bytes());
    written(
        execute(connection, sql, params![tenant, id, file.version as i64, body])?,
        "file",
    )
}

#[async_trait]
impl FileReads for TenantReads {
    async fn find_file(&self, id: FileId) -> Result<Option<File>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }
}
