//! Statements of operators.

use async_trait::async_trait;
use omnichat_core::error::Result;
use omnichat_core::id::OperatorId;
use omnichat_core::operators::{Operator, OperatorReads};
use rusqlite::{Connection, params};

use super::query::{execute, find, list, written};
use super::readers::TenantReads;

const INSERT: &str =
    "INSERT INTO operators (tenant, id, version, email, created_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const UPDATE: &str = "UPDATE operators SET version = ?3, email = ?4, created_at = ?5, body = ?6
     WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
const FIND: &str = "SELECT body FROM operators WHERE tenant = ?1 AND id = ?2";
const LIST: &str = "SELECT id, body FROM operators WHERE tenant = ?1 ORDER BY created_at, id";
const BY_EMAIL: &str = "SELECT id, body FROM operators WHERE email = ?1 ORDER BY id";

pub(super) fn put(connection: &Connection, operator: &Operator, body: &str) -> Result<()> {
    let sql = if operator.version == 1 { INSERT } else { UPDATE };
    let (tenant, id) = (
        operator.tenant.uuid().into_bytes(),
        operator.id.uuid().into_bytes(),
    );
    let (version, created_at) = (operator.version as i64, operator.created_at.micros());
    written(
        execute(
            connection,
            sql,
            params![tenant, id, version, operator.email, created_at, body],
        )?,
        "operator",
    )
}

pub(super) fn by_email(connection: &Connection, email: &str) -> Result<Vec<Operator>> {
    list(connection, BY_EMAIL, [email])
}

#[async_trait]
impl OperatorReads for TenantReads {
    async fn find_operator(&self, id: OperatorId) -> Result<Option<Operator>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn list_operators(&self) -> Result<Vec<Operator>> {
        let tenant = self.key();
        self.readers.read(move |c| list(c, LIST, [tenant])).await
    }
}
