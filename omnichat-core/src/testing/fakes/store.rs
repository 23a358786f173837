//! A store that fails and waits on cue.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Semaphore, watch};

use super::rounds::Rounds;
use crate::change::Changes;
use crate::clock::Timestamp;
use crate::entities::EntityRow;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{InboxId, TenantId};
use crate::job::{ClaimRequest, Claimed, LeaseKey, QueueDepth};
use crate::operators::Operator;
use crate::store::{Committed, Exclusive, Store, TenantStore};
use crate::tenants::Tenant;

/// How a commit fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written.
    Before,
    /// Everything is written, and the caller does not hear of it.
    After,
    /// Nothing is written: the lease is another's.
    Taken,
}

/// Another store, some of whose commits fail, with `Unavailable` if nothing else is said, or wait.
pub struct FlakyStore {
    inner: Arc<dyn Store>,
    rounds: Option<Arc<Rounds>>,
    faults: Mutex<Faults>,
    /// Lets commits through, one for a permit. None while it stands open.
    gate: Semaphore,
    is_closed: watch::Sender<bool>,
    waiting: watch::Sender<usize>,
}

#[derive(Default)]
struct Faults {
    ending: Option<(Fault, u32)>,
    failed: u32,
    refused: Option<String>,
    refused_tenant: Option<TenantId>,
}

impl std::fmt::Debug for FlakyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FlakyStore").finish_non_exhaustive()
    }
}

impl FlakyStore {
    /// A store that is as good as another until it is told to fail.
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            rounds: None,
            faults: Mutex::default(),
            gate: Semaphore::new(0),
            is_closed: watch::Sender::new(false),
            waiting: watch::Sender::new(0),
        }
    }

    /// The same for one of several nodes, whose rounds are counted; a store that keeps nobody waiting does so then.
    pub fn of_a_node(inner: Arc<dyn Store>, rounds: Arc<Rounds>) -> Self {
        Self {
            rounds: Some(rounds),
            ..Self::new(inner)
        }
    }

    /// The next so many commits that end a job or give it back fail.
    pub fn will_fail_endings(&self, fault: Fault, times: u32) {
        self.faults().ending = Some((fault, times));
    }

    /// How many commits have failed as they were told to.
    pub fn failed(&self) -> u32 {
        self.faults().failed
    }

    /// Every commit that writes an event of this name is refused as out of date, as one that is at fault would be.
    pub fn will_refuse(&self, event: &str) {
        self.faults().refused = Some(event.to_owned());
    }

    /// Commits wait from now on, in their order.
    pub fn close(&self) {
        self.is_closed.send_replace(true);
    }

    /// Lets one commit through that waits, or will.
    pub fn let_through(&self) {
        self.gate.add_permits(1);
    }

    /// No commit waits any more.
    pub fn open(&self) {
        self.is_closed.send_replace(false);
        self.gate.add_permits(*self.waiting.borrow());
    }

    /// Returns when so many commits wait.
    pub async fn waiting(&self, commits: usize) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.waiting.subscribe().wait_for(|now| *now == commits).await;
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass(&self) {
        if !*self.is_closed.borrow() {
            return;
        }
        self.waiting.send_modify(|now| *now += 1);
        if let Ok(permit) = self.gate.acquire().await {
            permit.forget();
        }
        self.waiting.send_modify(|now| *now -= 1);
    }

    /// From now on every commit of this tenant fails with `Internal`.
    pub fn will_refuse_tenant(&self, tenant: TenantId) {
        self.faults().refused_tenant = Some(tenant);
    }

    fn fault(&self, changes: &Changes) -> Option<Fault> {
        let is_ending = changes.jobs.iter().any(|job| job.lease().is_some());
        let mut faults = self.faults();
        let (fault, left) = faults.ending.filter(|(_, left)| is_ending && *left > 0)?;
        faults.ending = Some((fault, left - 1));
        faults.failed += 1;
        Some(fault)
    }

    fn is_refused(&self, changes: &Changes) -> bool {
        let mut faults = self.faults();
        let refused = faults.refused.as_deref();
        let is_refused =
            refused.is_some_and(|name| changes.events.iter().any(|new| new.event.name() == name));
        faults.failed += u32::from(is_refused);
        is_refused
    }
}

fn away<T>() -> Result<T> {
    Err(Error::new(ErrorKind::Unavailable, "the store was told to fail"))
}

#[async_trait]
impl Store for FlakyStore {
    fn tenant(&self, tenant: TenantId) -> Arc<dyn TenantStore> {
        self.inner.tenant(tenant)
    }

    async fn commit(&self, changes: Changes) -> Result<Committed> {
        self.pass().await;
        if self.faults().refused_tenant == Some(changes.tenant) {
            return Err(Error::internal("the store was told to refuse"));
        }
        if self.is_refused(&changes) {
            return Err(Error::conflict("the row"));
        }
        match self.fault(&changes) {
            Some(Fault::Taken) => Err(Error::conflict("lease")),
            None => self.inner.commit(changes).await,
            Some(Fault::Before) => away(),
            Some(Fault::After) => {
                self.inner.commit(changes).await?;
                away()
            }
        }
    }

    async fn exclude(&self, tenant: TenantId, key: &str) -> Result<Option<Exclusive>> {
        let by_store = self.inner.exclude(tenant, key).await?;
        Ok(match &self.rounds {
            Some(rounds) => Some(rounds.clone().begin(by_store).await),
            None => by_store,
        })
    }

    fn is_shared(&self) -> bool {
        self.rounds.is_some() || self.inner.is_shared()
    }

    async fn claim_jobs(&self, request: ClaimRequest) -> Result<Claimed> {
        self.inner.claim_jobs(request).await
    }

    async fn extend_lease(&self, lease: LeaseKey, by: Duration) -> Result<()> {
        self.inner.extend_lease(lease, by).await
    }

    async fn now(&self) -> Result<Timestamp> {
        self.inner.now().await
    }

    async fn job_kinds(&self) -> Result<Vec<String>> {
        self.inner.job_kinds().await
    }

    async fn queue_depth(&self, now: Timestamp) -> Result<QueueDepth> {
        self.inner.queue_depth(now).await
    }

    async fn tenants(&self) -> Result<Vec<Tenant>> {
        self.inner.tenants().await
    }

    async fn inbox_owner(&self, inbox: InboxId) -> Result<Option<TenantId>> {
        self.inner.inbox_owner(inbox).await
    }

    async fn inboxes_of_accounts(
        &self,
        kind: &str,
        app: &str,
        accounts: &[String],
        after: Option<InboxId>,
        limit: u32,
    ) -> Result<Vec<(TenantId, InboxId)>> {
        self.inner
            .inboxes_of_accounts(kind, app, accounts, after, limit)
            .await
    }

    async fn inboxes_of_app(&self, kind: &str, app: &str, limit: u32) -> Result<Vec<(TenantId, InboxId)>> {
        self.inner.inboxes_of_app(kind, app, limit).await
    }

    async fn operators_by_email(&self, email: &str) -> Result<Vec<Operator>> {
        self.inner.operators_by_email(email).await
    }

    async fn outdated_entities(&self, kind: &str, layout: u32, limit: u32) -> Result<Vec<EntityRow>> {
        self.inner.outdated_entities(kind, layout, limit).await
    }

    async fn consumers_behind(&self, consumer: &str, held_before: Timestamp) -> Result<Vec<TenantId>> {
        self.inner.consumers_behind(consumer, held_before).await
    }

    async fn prune(&self, now: Timestamp, events_before: Timestamp) -> Result<u64> {
        self.inner.prune(now, events_before).await
    }

    async fn ping(&self) -> Result<()> {
        self.inner.ping().await
    }

    fn name(&self) -> &'static str {
        "flaky"
    }

    async fn close(&self) -> Result<()> {
        self.inner.close().await
    }
}
