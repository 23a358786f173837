//! Everything later is a job: sending, retrying, polling, fetching a file, routing, waking a snoozed conversation.
//!
//! Jobs of one lane run in the order in which they were queued (whatever their due times), and one at a time: the head of
//! a lane that waits for its due time or next try, or that is leased, holds up the rest of that lane and nothing else. A
//! lane belongs to its tenant: equal names of two tenants are two lanes. A worker holds a job by a lease that carries a fencing
//! generation; only the holder of the newest lease can finish it. A job is finished, queued again or followed by others in
//! the same [`crate::change::Changes`] as its effect, so that a crash leaves either both or neither.
//!
//! Time in the queue is the store's: nodes say for how long, and the store counts by its own clock, so that nodes whose clocks
//! differ take nothing from each other and keep nothing back.

pub mod kinds;
pub mod share;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::share::Held;
use crate::clock::{Clock, Timestamp};
use crate::id::{InboxId, JobId, TenantId};

/// A piece of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The tenant.
    pub tenant: TenantId,
    /// What is to be done; the worker's dispatch goes by it.
    pub kind: String,
    /// Jobs of a lane run in order, one at a time.
    pub lane: String,
    /// The inbox that it is work for, if it is for one: a worker may limit how many jobs of an inbox run at once.
    pub inbox: Option<InboxId>,
    /// Not before this. A job that is due when it is made (`due_at` is not after `created_at`) is due at once, even if the clock
    /// of the node that made it is ahead of the store's: the store then puts its own time here.
    pub due_at: Timestamp,
    /// What the worker needs to know.
    pub payload: Value,
    /// While a job of the tenant with this key waits and nobody has leased it, another with the same key is not queued: it
    /// would do the same again. The commit goes through without it. A job whose lease has ended unfinished counts as
    /// leased; one that is given back (retried, repeated) waits again, even beside another with its key.
    pub unique: Option<String>,
    /// When it was queued, or when it last stopped waiting for something outside of it ([`JobChange::Wait`]).
    pub created_at: Timestamp,
}

impl Job {
    /// A job for now.
    pub fn new(
        clock: &dyn Clock,
        tenant: TenantId,
        kind: &str,
        lane: impl Into<String>,
        payload: Value,
    ) -> Self {
        let now = clock.now();
        Self {
            id: JobId::generate(clock),
            tenant,
            kind: kind.to_owned(),
            lane: lane.into(),
            inbox: None,
            due_at: now,
            payload,
            unique: None,
            created_at: now,
        }
    }

    /// The same job, not before a time.
    #[must_use]
    pub fn due(mut self, at: Timestamp) -> Self {
        self.due_at = at;
        self
    }

    /// The same job, as work for an inbox.
    #[must_use]
    pub fn of(mut self, inbox: InboxId) -> Self {
        self.inbox = Some(inbox);
        self
    }

    /// The same job, not queued while one with this key waits.
    #[must_use]
    pub fn unique(mut self, key: impl Into<String>) -> Self {
        self.unique = Some(key.into());
        self
    }
}

/// The right to work on a job until a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: Job,
    /// 1 for the first lease of the job, then one more each.
    pub generation: u64,
    /// How often the job was given back after a failure.
    pub attempts: u32,
    /// The holder before neither finished the job nor gave it back: it may have died in the middle of it.
    pub lost: bool,
    /// How many leases of the job were lost, this one's predecessor included. Counted until the job is repeated or waits.
    pub losses: u32,
    /// Its payload cannot be read and is null here: the disk, or a hand in the database. It can only be given up.
    pub damaged: bool,
    /// When the lease ends: from that very moment another may claim the job. Until another has, the holder may still
    /// finish, give back or extend it, however late.
    pub until: Timestamp,
}

impl Lease {
    /// What a change of the queue needs to name the lease.
    pub fn key(&self) -> LeaseKey {
        LeaseKey {
            job: self.job.id,
            generation: self.generation,
        }
    }
}

/// Names a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseKey {
    /// The job.
    pub job: JobId,
    /// The generation of the lease.
    pub generation: u64,
}

/// A change of the queue, within a commit. A lease is held as long as its generation is the job's newest and the job was not
/// given back; a lease of another tenant's job is not held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobChange {
    /// Queues a job at the end of its lane. `Conflict` if a job with its id is queued already.
    Enqueue(Job),
    /// The job is done; it is removed.
    Finish(LeaseKey),
    /// The job is to be tried again, at the head of its lane. Adds one to `attempts` and gives up the lease.
    Retry {
        /// Which.
        lease: LeaseKey,
        /// In how long.
        after: Duration,
        /// Why, for people.
        error: String,
    },
    /// The job cannot be done for a reason outside of it, which counts for nothing: it waits at the head of its lane as if it were
    /// queued at its next due time. `attempts` and `losses` begin at zero, `created_at` is that time.
    Wait {
        /// Which.
        lease: LeaseKey,
        /// In how long to look again.
        after: Duration,
        /// For what it waits, for people.
        reason: String,
    },
    /// The job goes on later, with another payload, as a new one would: at the end of its lane; `attempts` and `losses` begin at
    /// zero. Generations go on rising. If another job of the tenant with its `unique` key waits already, the job ends instead:
    /// that one does the same.
    Repeat {
        /// Which.
        lease: LeaseKey,
        /// In how long.
        after: Duration,
        /// The payload from now on.
        payload: Value,
    },
}

impl JobChange {
    /// The lease that the change needs.
    pub const fn lease(&self) -> Option<LeaseKey> {
        match self {
            Self::Enqueue(_) => None,
            Self::Finish(lease)
            | Self::Retry { lease, .. }
            | Self::Wait { lease, .. }
            | Self::Repeat { lease, .. } => Some(*lease),
        }
    }
}

impl From<Job> for JobChange {
    fn from(job: Job) -> Self {
        Self::Enqueue(job)
    }
}

/// How a worker asks for jobs.
#[derive(Clone, Debug, Default)]
pub struct ClaimRequest {
    /// How long the leases last, from the store's time now.
    pub lease: Duration,
    /// At most this many.
    pub limit: u32,
    /// Only these kinds; any if empty. A head of another kind holds its lane all the same.
    pub kinds: Vec<String>,
    /// What the caller holds already.
    pub own: Vec<Held>,
    /// The caller may hold no more leases for a tenant at once than this, those in `own` included. Without limit if absent. What
    /// others hold does not count: a tenant gets its part of the places of each node, however many there are.
    pub per_tenant: Option<u32>,
    /// The same for an inbox; see [`Job::inbox`].
    pub per_inbox: Option<u32>,
}

/// What a worker got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claimed {
    /// The leases, in the order of their turns.
    pub leases: Vec<Lease>,
    /// How long until time alone makes another job claimable: the earliest due time, or end of a lease, of any head of a lane that
    /// is still to come. `None` if there is none.
    pub next: Option<Duration>,
}

/// How full the queue is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueDepth {
    /// Jobs whose due time has come, leased or not, whatever their place in a lane.
    pub due: u64,
    /// Jobs whose due time is yet to come.
    pub waiting: u64,
    /// When the oldest due job became due.
    pub oldest_due: Option<Timestamp>,
}
