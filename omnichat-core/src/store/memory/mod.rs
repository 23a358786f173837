//! The memory store: plain collections behind one lock. It is the specification of every store, so it is written to be read,
//! not to be fast, and it forgets everything when it goes.
//!
//! `rows` says how each kind of row is kept and which unique rules it obeys, `commit` how changes become durable or
//! are undone, `queue` which job is next, `reads` what every list holds. `blobs` keeps files for tests.

mod blobs;
mod commit;
mod queue;
mod reads;
mod rows;

pub use blobs::MemoryBlobs;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;

use self::queue::Queue;
use self::reads::TenantReads;
use self::rows::Tables;
use super::{Committed, Exclusive, Store, TenantStore};
use crate::change::Changes;
use crate::clock::{Clock, Timestamp};
use crate::consumers::Place;
use crate::entities::EntityRow;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{InboxId, TenantId};
use crate::inboxes::{AppAccount, Inbox};
use crate::job::{ClaimRequest, Claimed, LeaseKey, QueueDepth};
use crate::operators::Operator;
use crate::records::RecordType;
use crate::tenants::Tenant;

/// Keeps everything in memory. The clock gives events their time, and the queue goes by it.
pub struct MemoryStore {
    clock: Arc<dyn Clock>,
    state: Arc<Shared>,
}

/// The state behind its lock; `None` once the store is closed.
struct Shared(Mutex<Option<State>>);

/// Everything there is.
#[derive(Default)]
struct State {
    tenants: BTreeMap<TenantId, Tables>,
    queue: Queue,
}

impl State {
    /// The tables of a tenant, empty ones if it has none yet.
    fn tables(&mut self, tenant: TenantId) -> &mut Tables {
        self.tenants.entry(tenant).or_default()
    }

    /// The enabled inboxes of an app, of the accounts that are wanted, by id.
    fn of_app(
        &self,
        kind: &str,
        app: &str,
        wanted: impl Fn(&AppAccount) -> bool,
    ) -> Vec<(TenantId, InboxId)> {
        let all = self.tenants.values().flat_map(|tables| tables.inboxes.values());
        let is_wanted = |inbox: &&Inbox| {
            let of = inbox.app.as_ref().filter(|of| of.app == app);
            inbox.enabled && inbox.kind == kind && of.is_some_and(&wanted)
        };
        let mut found: Vec<_> = all
            .filter(is_wanted)
            .map(|inbox| (inbox.tenant, inbox.id))
            .collect();
        found.sort_by_key(|(_, id)| *id);
        found
    }
}

impl Shared {
    /// Calls a function with the state, alone. Fails once the store is closed.
    fn with<T>(&self, f: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        let mut state = self.lock();
        f(state
            .as_mut()
            .ok_or_else(|| Error::new(ErrorKind::Unavailable, "the store is closed"))?)
    }

    fn lock(&self) -> MutexGuard<'_, Option<State>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Arc::new(Shared(Mutex::new(Some(State::default())))),
        }
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryStore(…)")
    }
}

#[async_trait]
impl Store for MemoryStore {
    fn tenant(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        Arc::new(TenantReads {
            tenant,
            state: self.state.clone(),
        })
    }

    async fn commit(&self, changes: Changes) -> Result<Committed> {
        self.state
            .with(|state| commit::commit(state, self.clock.now(), changes))
    }

    async fn exclude(&self, _: TenantId, _: &str) -> Result<Option<Exclusive>> {
        Ok(None)
    }

    fn is_shared(&self) -> bool {
        false
    }

    async fn claim_jobs(&self, request: ClaimRequest) -> Result<Claimed> {
        self.state
            .with(|state| Ok(state.queue.claim(self.clock.now(), &request)))
    }

    async fn extend_lease(&self, lease: LeaseKey, by: Duration) -> Result<()> {
        self.state
            .with(|state| state.queue.extend(self.clock.now(), lease, by))
    }

    async fn now(&self) -> Result<Timestamp> {
        Ok(self.clock.now())
    }

    async fn job_kinds(&self) -> Result<Vec<String>> {
        self.state
            .with(|state| Ok(state.queue.kinds().into_iter().collect()))
    }

    async fn queue_depth(&self, now: Timestamp) -> Result<QueueDepth> {
        self.state.with(|state| Ok(state.queue.depth(now)))
    }

    async fn tenants(&self) -> Result<Vec<Tenant>> {
        self.state.with(|state| {
            let mut tenants: Vec<Tenant> = state
                .tenants
                .values()
                .flat_map(|t| t.tenant.values())
                .cloned()
                .collect();
            tenants.sort_by_key(|t| (t.created_at, t.id));
            Ok(tenants)
        })
    }

    async fn inbox_owner(&self, inbox: InboxId) -> Result<Option<TenantId>> {
        self.state.with(|state| {
            Ok(state
                .tenants
                .iter()
                .find(|(_, tables)| tables.inboxes.contains_key(&inbox))
                .map(|(tenant, _)| *tenant))
        })
    }

    async fn inboxes_of_accounts(
        &self,
        kind: &str,
        app: &str,
        accounts: &[String],
        after: Option<InboxId>,
        limit: u32,
    ) -> Result<Vec<(TenantId, InboxId)>> {
        self.state.with(|state| {
            let mut found = state.of_app(kind, app, |of| accounts.contains(&of.account));
            found.retain(|(_, id)| after.is_none_or(|after| *id > after));
            found.truncate(limit as usize);
            Ok(found)
        })
    }

    async fn inboxes_of_app(&self, kind: &str, app: &str, limit: u32) -> Result<Vec<(TenantId, InboxId)>> {
        self.state.with(|state| {
            let mut found = state.of_app(kind, app, |_| true);
            found.truncate(limit as usize);
            Ok(found)
        })
    }

    async fn operators_by_email(&self, email: &str) -> Result<Vec<Operator>> {
        self.state.with(|state| {
            let everybody = state.tenants.values().flat_map(|t| t.operators.values());
            let mut found: Vec<Operator> = everybody.filter(|o| o.email == email).cloned().collect();
            found.sort_by_key(|o| o.id);
            Ok(found)
        })
    }

    async fn outdated_entities(&self, kind: &str, layout: u32, limit: u32) -> Result<Vec<EntityRow>> {
        self.state.with(|state| {
            let all = state.tenants.values().flat_map(|tables| tables.entities.values());
            let mut found: Vec<&EntityRow> = all
                .filter(|row| row.kind == kind && row.layout < layout)
                .collect();
            found.sort_by_key(|row| (row.layout, row.tenant, row.id));
            Ok(found.into_iter().take(limit as usize).cloned().collect())
        })
    }

    async fn consumers_behind(&self, consumer: &str, held_before: Timestamp) -> Result<Vec<TenantId>> {
        self.state.with(|state| {
            let behind = |tables: &Tables| {
                let key = (Place::KIND.to_owned(), consumer.to_owned());
                let place = tables
                    .records
                    .get(&key)
                    .and_then(|record| record.read::<Place>().ok());
                place.is_none_or(|place| {
                    place.holds_until < held_before.micros() || place.seq < tables.event_head
                })
            };
            let tenants = state
                .tenants
                .iter()
                .filter(|(_, tables)| !tables.tenant.is_empty());
            Ok(tenants
                .filter(|(_, tables)| behind(tables))
                .map(|(id, _)| *id)
                .collect())
        })
    }

    async fn prune(&self, now: Timestamp, events_before: Timestamp) -> Result<u64> {
        self.state.with(|state| {
            Ok(state
                .tenants
                .values_mut()
                .map(|tables| tables.prune(now, events_before))
                .sum())
        })
    }

    async fn ping(&self) -> Result<()> {
        self.state.with(|_| Ok(()))
    }

    fn name(&self) -> &'static str {
        "memory"
    }

    async fn close(&self) -> Result<()> {
        *self.state.lock() = None;
        Ok(())
    }
}
