//! The newest event of each tenant of a group: locked when the group begins, counted in memory, written at its end.
//!
//! The lock makes the commits of a tenant follow each other across nodes, so that numbers have no gaps and appear in order. It
//! is taken before any other, tenants in order, so that groups of two nodes cannot wait for each other.

use std::collections::HashMap;

use omnichat_core::error::{Error, Result};
use omnichat_core::id::TenantId;
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as};
use uuid::Uuid;

use super::error::error;
use super::query::execute;

const LOCK: &str = "SELECT id, head FROM tenants WHERE id = ANY ($1) ORDER BY id FOR UPDATE";
const SAVE: &str = "UPDATE tenants t SET head = n.head FROM unnest($1::uuid[], $2::bigint[]) AS n (id, head)
     WHERE t.id = n.id";

/// The heads of the tenants of a group.
#[derive(Debug)]
pub(super) struct Heads {
    /// The head, and whether it has moved.
    heads: HashMap<TenantId, (u64, bool)>,
}

impl Heads {
    /// Locks and reads the heads of those tenants that exist.
    pub(super) async fn lock(connection: &mut PgConnection, tenants: &[TenantId]) -> Result<Self> {
        let mut wanted: Vec<Uuid> = tenants.iter().map(|tenant| tenant.uuid()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let rows: Vec<(Uuid, i64)> = query_as(LOCK)
            .bind(wanted)
            .fetch_all(connection)
            .await
            .map_err(error)?;
        let heads = rows
            .into_iter()
            .map(|(id, head)| (TenantId::from_uuid(id), (head as u64, false)))
            .collect();
        Ok(Self { heads })
    }

    /// Whether the tenant exists.
    pub(super) fn knows(&self, tenant: TenantId) -> bool {
        self.heads.contains_key(&tenant)
    }

    /// A tenant that was made just now.
    pub(super) fn add(&mut self, tenant: TenantId) {
        self.heads.entry(tenant).or_default();
    }

    /// A tenant that was not made after all.
    pub(super) fn remove(&mut self, tenant: TenantId) {
        self.heads.remove(&tenant);
    }

    /// The number of the next event.
    pub(super) fn next(&self, tenant: TenantId) -> Result<u64> {
        let head = self
            .heads
            .get(&tenant)
            .ok_or_else(|| Error::not_found("tenant").with("tenant", tenant))?;
        Ok(head.0 + 1)
    }

    /// So many numbers were used.
    pub(super) fn advance(&mut self, tenant: TenantId, by: u64) {
        if let Some(head) = self.heads.get_mut(&tenant)
            && by > 0
        {
            *head = (head.0 + by, true);
        }
    }

    /// Writes the heads that moved.
    pub(super) async fn save(&self, connection: &mut PgConnection) -> Result<()> {
        let moved = || self.heads.iter().filter(|(_, (_, has_moved))| *has_moved);
        if moved().next().is_none() {
            return Ok(());
        }
        let statement = query(SAVE)
            .bind(moved().map(|(tenant, _)| tenant.uuid()).collect::<Vec<Uuid>>())
            .bind(moved().map(|(_, (head, _))| *head as i64).collect::<Vec<i64>>());
        execute(connection, statement).await.map(|_| ())
    }
}
