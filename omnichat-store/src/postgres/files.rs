//! Statements of stored files.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::files::{File, FileReads};
use omnichat_core::id::FileId;
use sqlx::postgres::PgConnection;
use sqlx::{query, query_scalar};

use super::query::{execute, find, written};
use super::readers::TenantReads;

const INSERT: &str = "INSERT INTO files (tenant, id, version, body) VALUES ($1, $2, $3, $4)";
const UPDATE: &str =
    "UPDATE files SET version = $3, body = $4 WHERE tenant = $1 AND id = $2 AND version = $3 - 1";
const FIND: &str = "SELECT body FROM files WHERE tenant = $1 AND id = $2";

pub(super) async fn put(connection: &mut PgConnection, file: &File, body: &str) -> Result<()> {
    let sql = if file.version == 1 { INSERT } else { UPDATE };
    let statement = query(sql)
        .bind(file.tenant.uuid())
        .bind(file.id.uuid())
        .bind(file.version as i64)
        .bind(body);
    written(execute(connection, statement).await?, 1, "file")
}

#[async_trait]
impl FileReads for TenantReads {
    async fn find_file(&self, id: FileId) -> Result<Option<File>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }
}
