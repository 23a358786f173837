//! Kinds of jobs: what the workers can do, and in which pool of places.
//!
//! The engine brings its own kinds; an embedder adds others through [`crate::EngineBuilder::job`]:
//!
//! ```
//! use std::sync::Arc;
//!
//! use async_trait::async_trait;
//! use omnichat_core::change::Changes;
//! use omnichat_core::clock::SystemClock;
//! use omnichat_core::engine::{Engine, JobKind};
//! use omnichat_core::error::{Error, Result};
//! use omnichat_core::event::Origin;
//! use omnichat_core::job::{Job, JobChange, Lease};
//! use omnichat_core::store::memory::MemoryStore;
//!
//! /// Sends an organisation its weekly report.
//! struct Report;
//!
//! #[async_trait]
//! impl JobKind for Report {
//!     fn name(&self) -> &str {
//!         "example.report"
//!     }
//!
//!     async fn run(&self, engine: &Engine, lease: &Lease) -> Result<()> {
//!         // ... write and send it, then end the job in one commit with whatever is to be kept:
//!         let mut changes = Changes::in_job(&lease.job);
//!         changes.job(JobChange::Finish(lease.key()));
//!         engine.ports().commit(changes).await.map(|_| ())
//!     }
//!
//!     async fn given_up(&self, _: &Engine, lease: &Lease, why: &Error) -> Result<Changes> {
//!         // What is to be written when it has failed for good; the audit log says so by itself.
//!         tracing::warn!(%why, "no report this week");
//!         Ok(Changes::in_job(&lease.job))
//!     }
//! }
//!
//! let store = Arc::new(MemoryStore::new(Arc::new(SystemClock)));
//! let engine = Engine::builder(store).job(Arc::new(Report)).build();
//! # let tenant = omnichat_core::id::TenantId::generate(&SystemClock);
//! // Queued beside whatever gives the reason for it:
//! let job = Job::new(&*engine.ports().clock, tenant, "example.report", "example.report", serde_json::json!({}));
//! let mut changes = Changes::new(tenant, Origin::system("example.report"));
//! changes.job(job.unique("example.report"));
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use super::{Engine, EngineOptions};
use crate::change::Changes;
use crate::error::{Error, Result};
use crate::job::{JobChange, Lease};

/// How often a job may fail for faults of ours before it is given up: some five hours.
const TRIES: u32 = 200;

/// A kind of job.
///
/// A job may be run more than once: its worker may die in the middle, or not be able to write down what came of it.
/// [`Lease::losses`] tells how often that has happened.
#[async_trait]
pub trait JobKind: Send + Sync + 'static {
    /// The name under which jobs of the kind are queued. An embedder's has a dot, which no name of the engine's has.
    fn name(&self) -> &str;

    /// Where it runs.
    fn pool(&self) -> Pool {
        Pool::Work
    }

    /// After how many failures it is given up.
    fn tries(&self) -> u32 {
        TRIES
    }

    /// Does the work and ends the job or gives it back, in one commit with its effect. While it runs, its lease is prolonged.
    ///
    /// # Errors
    /// Any: the job is given back and comes again after a pause, until it is given up. So an error must not be answered once
    /// something has happened that may not happen twice.
    async fn run(&self, engine: &Engine, lease: &Lease) -> Result<()>;

    /// What is to be written when a job is given up, because it failed too often or its workers did not survive it: whatever waits
    /// for it must not wait for ever, and somebody should see it. The job ends in the same commit.
    ///
    /// # Errors
    /// One that may pass is tried again. After any other the job ends without further effect.
    async fn given_up(&self, engine: &Engine, lease: &Lease, why: &Error) -> Result<Changes>;
}

/// Places for jobs that run at once. Pools do not take places from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Pool {
    /// Work of seconds: [`EngineOptions::workers`] places.
    Work,
    /// Downloads of customers' files, which a slow or hostile server can draw out: [`EngineOptions::downloads`] places.
    Downloads,
    /// Waiting for platforms' news: [`EngineOptions::pollers`] places. May be broken off at any moment, and is when the engine
    /// stops.
    Polls,
    /// A pool of an embedder's own.
    Own {
        /// Its name; kinds that give the same share its places.
        name: &'static str,
        /// How many.
        places: u32,
    },
}

/// How the places of a pool are shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) all: u32,
    /// What a tenant may have of them.
    pub(super) per_tenant: u32,
    /// What an inbox may have of them.
    pub(super) per_inbox: u32,
}

impl Pool {
    /// Its places: a tenant gets three quarters at most and an inbox a half, of downloads a half and a quarter, so that nobody's
    /// platform that hangs stops the work for others.
    pub(super) fn places(self, options: &EngineOptions) -> Places {
        let all = match self {
            Self::Work => options.workers,
            Self::Downloads => options.downloads,
            Self::Polls => options.pollers,
            Self::Own { places, .. } => places as usize,
        };
        let all = u32::try_from(all).unwrap_or(u32::MAX).max(1);
        let share = |part: u32, of: u32| (u64::from(all) * u64::from(part)).div_ceil(u64::from(of)) as u32;
        let (per_tenant, per_inbox) = match self {
            Self::Downloads => (share(1, 2), share(1, 4)),
            _ => (share(3, 4), share(1, 2)),
        };
        Places {
            all,
            per_tenant,
            per_inbox,
        }
    }

    /// Whether its jobs may be broken off when the engine stops.
    pub(super) const fn may_be_broken_off(self) -> bool {
        matches!(self, Self::Polls)
    }
}

/// The kinds that an engine runs, by name.
#[derive(Clone)]
pub(super) struct JobKinds {
    kinds: BTreeMap<String, Arc<dyn JobKind>>,
}

impl std::fmt::Debug for JobKinds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.kinds.keys()).finish()
    }
}

impl JobKinds {
    /// The engine's own.
    pub(super) fn own() -> Self {
        let kinds = super::own_jobs::all();
        Self {
            kinds: kinds
                .into_iter()
                .map(|kind| (kind.name().to_owned(), kind))
                .collect(),
        }
    }

    /// Adds a kind; a later one of the same name replaces the earlier.
    pub(super) fn add(&mut self, kind: Arc<dyn JobKind>) {
        self.kinds.insert(kind.name().to_owned(), kind);
    }

    pub(super) fn find(&self, name: &str) -> Option<&Arc<dyn JobKind>> {
        self.kinds.get(name)
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.kinds.keys().cloned().collect()
    }

    /// The names of the kinds of each pool.
    pub(super) fn pools(&self) -> BTreeMap<Pool, Vec<String>> {
        let mut pools: BTreeMap<Pool, Vec<String>> = BTreeMap::new();
        for (name, kind) in &self.kinds {
            pools.entry(kind.pool()).or_default().push(name.clone());
        }
        pools
    }
}

/// A kind that no version from this one on has any use for: its jobs end undone.
pub(super) struct Retired(pub(super) String);

#[async_trait]
impl JobKind for Retired {
    fn name(&self) -> &str {
        &self.0
    }

    async fn run(&self, engine: &Engine, lease: &Lease) -> Result<()> {
        tracing::warn!(job = %lease.job.id, kind = lease.job.kind, "a job of a retired kind ends undone");
        let mut changes = Changes::in_job(&lease.job);
        changes.job(JobChange::Finish(lease.key()));
        engine.ports().commit(changes).await.map(|_| ())
    }

    async fn given_up(&self, _: &Engine, lease: &Lease, _: &Error) -> Result<Changes> {
        Ok(Changes::in_job(&lease.job))
    }
}
