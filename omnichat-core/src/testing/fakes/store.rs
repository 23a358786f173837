//! A store that fails on cue.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use crate::change::Changes;
use crate::clock::Timestamp;
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
}

/// Another store, some of whose commits fail with `Unavailable`.
pub struct FlakyStore {
    inner: Arc<dyn Store>,
    faults: Mutex<(Option<Fault>, u32)>,
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
            faults: Mutex::new((None, 0)),
        }
    }

    /// The next so many commits that end a job or give it back fail.
    pub fn will_fail_endings(&self, fault: Fault, times: u32) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = (Some(fault), times);
    }

    fn fault(&self, changes: &Changes) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let is_ending = changes.jobs.iter().any(|job| job.lease().is_some());
        if !is_ending || faults.1 == 0 {
            return None;
        }
        faults.1 -= 1;
        faults.0
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
        match self.fault(&changes) {
            None => self.inner.commit(changes).await,
            Some(Fault::Before) => away(),
            Some(Fault::After) => {
                self.inner.commit(changes).await?;
                away()
            }
        }
    }

    async fn exclude(&self, tenant: TenantId, key: &str) -> Result<Option<Exclusive>> {
        self.inner.exclude(tenant, key).await
    }

    async fn claim_jobs(&self, request: ClaimRequest) -> Result<Claimed> {
        self.inner.claim_jobs(request).await
    }

    async fn extend_lease(&self, lease: LeaseKey, by: Duration) -> Result<()> {
        self.inner.extend_lease(lease, by).await
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

    async fn operators_by_email(&self, email: &str) -> Result<Vec<Operator>> {
        self.inner.operators_by_email(email).await
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
