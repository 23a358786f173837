//! Statements of tenants.

use omnichat_core::error::Result;
use omnichat_core::tenants::Tenant;
use rusqlite::{Connection, params};

use super::query::{execute, list, written};

const INSERT: &str = "INSERT INTO tenants (id, version, created_at, body) VALUES (?1, ?2, ?3, ?4)";
const UPDATE: &str =
    "UPDATE tenants SET version = ?2, created_at = ?3, body = ?4 WHERE id = ?1 AND version = ?2 - 1";
const LIST: &str = "SELECT id, body FROM tenants ORDER BY created_at, id";

pub(super) fn put(connection: &Connection, tenant: &Tenant, body: &str) -> Result<()> {
    let sql = if tenant.version == 1 { INSERT } else { UPDATE };
    let id = tenant.id.uuid().into_bytes();
    let rows = execute(
        connection,
        sql,
        params![id, tenant.version as i64, tenant.created_at.micros(), body],
    )?;
    written(rows, "tenant")
}

pub(super) fn list_all(connection: &Connection) -> Result<Vec<Tenant>> {
    list(connection, LIST, [])
}
