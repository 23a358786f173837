//! Statements of tenants.

use omnichat_core::error::Result;
use omnichat_core::tenants::Tenant;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{query, query_as};

use super::query::{execute, list, written};

const INSERT: &str = "INSERT INTO tenants (id, version, created_at, body) VALUES ($1, $2, $3, $4)";
const UPDATE: &str =
    "UPDATE tenants SET version = $2, created_at = $3, body = $4 WHERE id = $1 AND version = $2 - 1";
const LIST: &str = "SELECT id::text AS named, body FROM tenants ORDER BY created_at, id";

pub(super) async fn put(connection: &mut PgConnection, tenant: &Tenant, body: &str) -> Result<()> {
    let sql = if tenant.version == 1 { INSERT } else { UPDATE };
    let statement = query(sql)
        .bind(tenant.id.uuid())
        .bind(tenant.version as i64)
        .bind(tenant.created_at.micros());
    written(execute(connection, statement.bind(body)).await?, 1, "tenant")
}

pub(super) async fn list_all(pool: &PgPool) -> Result<Vec<Tenant>> {
    list(pool, query_as(LIST)).await
}
