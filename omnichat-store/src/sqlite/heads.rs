//! The newest event of each tenant, kept in memory by the one writer, so that numbering an event reads nothing.

use std::collections::HashMap;

use omnichat_core::error::{Error, Result};
use omnichat_core::id::TenantId;
use rusqlite::Connection;
use uuid::Uuid;

use super::events;
use super::query::all;

const LOAD: &str = "SELECT id, number, head FROM tenants";

/// The state of every log.
#[derive(Debug, Default)]
pub(super) struct Heads {
    logs: HashMap<TenantId, Log>,
    /// What to put back if the transaction, or the commit under way, is taken back.
    before: Vec<(TenantId, Option<Log>)>,
}

#[derive(Clone, Copy, Debug)]
struct Log {
    /// The tenant's number.
    number: i64,
    /// The number of its newest event.
    head: u64,
}

impl Heads {
    /// Reads every head.
    pub(super) fn load(connection: &Connection) -> Result<Self> {
        let rows = all(connection, LOAD, [], |row| {
            let id = TenantId::from_uuid(Uuid::from_bytes(row.get(0)?));
            Ok((
                id,
                Log {
                    number: row.get(1)?,
                    head: row.get::<_, i64>(2)? as u64,
                },
            ))
        })?;
        Ok(Self {
            logs: rows.into_iter().collect(),
            before: Vec::new(),
        })
    }

    /// Whether the tenant exists.
    pub(super) fn knows(&self, tenant: TenantId) -> bool {
        self.logs.contains_key(&tenant)
    }

    /// Every tenant's number.
    pub(super) fn numbers(&self) -> Vec<i64> {
        self.logs.values().map(|log| log.number).collect()
    }

    /// A tenant that was made just now.
    pub(super) fn add(&mut self, tenant: TenantId, number: i64) {
        let before = self.logs.insert(tenant, Log { number, head: 0 });
        self.before.push((tenant, before));
    }

    /// Gives out the next so many numbers. Returns the tenant's number and the first of them.
    pub(super) fn take(&mut self, tenant: TenantId, count: u64) -> Result<(i64, u64)> {
        let log = self
            .logs
            .get_mut(&tenant)
            .ok_or_else(|| Error::not_found("tenant").with("tenant", tenant))?;
        let first = log.head + 1;
        if count > 0 {
            self.before.push((tenant, Some(*log)));
            log.head += count;
        }
        Ok((log.number, first))
    }

    /// A mark to which [`Heads::undo`] goes back.
    pub(super) fn mark(&self) -> usize {
        self.before.len()
    }

    /// Takes back everything since a mark.
    pub(super) fn undo(&mut self, mark: usize) {
        for (tenant, before) in self.before.drain(mark..).rev() {
            match before {
                Some(log) => self.logs.insert(tenant, log),
                None => self.logs.remove(&tenant),
            };
        }
    }

    /// Writes the heads that changed in this transaction.
    pub(super) fn save(&self, connection: &Connection) -> Result<()> {
        let mut changed: Vec<TenantId> = self.before.iter().map(|(tenant, _)| *tenant).collect();
        changed.sort_unstable();
        changed.dedup();
        let logs = changed.iter().filter_map(|tenant| self.logs.get(tenant));
        logs.into_iter()
            .try_for_each(|log| events::save_head(connection, log.number, log.head))
    }

    /// The transaction is durable: nothing is taken back any more.
    pub(super) fn settle(&mut self) {
        self.before.clear();
    }
}
