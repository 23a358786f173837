//! Statements of operators.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::id::OperatorId;
use omnichat_core::operators::{Operator, OperatorReads};
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{query, query_as, query_scalar};

use super::query::{execute, find, list, written};
use super::readers::TenantReads;

const INSERT: &str =
    "INSERT INTO operators (tenant, id, version, email, created_at, body) VALUES ($1, $2, $3, $4, $5, $6)";
const UPDATE: &str = "UPDATE operators SET version = $3, email = $4, created_at = $5, body = $6
     WHERE tenant = $1 AND id = $2 AND version = $3 - 1";
const FIND: &str = "SELECT body FROM operators WHERE tenant = $1 AND id = $2";
const LIST: &str = "SELECT id::text AS named, body FROM operators WHERE tenant = $1 ORDER BY created_at, id";
const BY_EMAIL: &str = "SELECT id::text AS named, body FROM operators WHERE email = $1 ORDER BY id";

pub(super) async fn put(connection: &mut PgConnection, operator: &Operator, body: &str) -> Result<()> {
    let sql = if operator.version == 1 { INSERT } else { UPDATE };
    let statement = query(sql)
        .bind(operator.tenant.uuid())
        .bind(operator.id.uuid())
        .bind(operator.version as i64);
    let statement = statement
        .bind(&operator.email)
        .bind(operator.created_at.micros())
        .bind(body);
    written(execute(connection, statement).await?, 1, "operator")
}

pub(super) async fn by_email(pool: &PgPool, email: &str) -> Result<Vec<Operator>> {
    list(pool, query_as(BY_EMAIL).bind(email)).await
}

#[async_trait]
impl OperatorReads for TenantReads {
    async fn find_operator(&self, id: OperatorId) -> Result<Option<Operator>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }

    async fn list_operators(&self) -> Result<Vec<Operator>> {
        list(&self.pool, query_as(LIST).bind(self.key())).await
    }
}
