//! The queue: jobs in the order in which they were queued, and who holds which.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{JobId, TenantId};
use crate::job::{ClaimRequest, Job, JobChange, Lease, LeaseKey, QueueDepth};

/// A place in the queue; a job that was queued later has a larger one.
type Place = u64;

/// A job in the queue.
#[derive(Clone)]
pub(super) struct Queued {
    job: Job,
    /// The end of its lease, if somebody holds it or let it run out.
    leased_until: Option<Timestamp>,
    generation: u64,
    attempts: u32,
}

impl Queued {
    /// From when it may be claimed, if it is the head of its lane.
    fn claimable_from(&self) -> Timestamp {
        self.leased_until.unwrap_or(self.job.due_at)
    }
}

/// What was at some places before a change.
pub(super) type Before = Vec<(Place, Option<Queued>)>;

/// Every job of every tenant.
#[derive(Default)]
pub(super) struct Queue {
    jobs: BTreeMap<Place, Queued>,
    places: BTreeMap<JobId, Place>,
    lanes: BTreeMap<(TenantId, String), BTreeSet<Place>>,
    last_place: Place,
}

impl Queue {
    /// Leases heads of lanes that are due, longest due first.
    pub(super) fn claim(&mut self, request: &ClaimRequest) -> Vec<Lease> {
        let wanted = |queued: &Queued| {
            queued.job.due_at <= request.now
                && queued.leased_until.is_none_or(|until| until <= request.now)
                && (request.kinds.is_empty() || request.kinds.contains(&queued.job.kind))
        };
        let heads = self.heads().filter(|(_, queued)| wanted(queued));
        let mut due: Vec<(Timestamp, Place)> =
            heads.map(|(place, queued)| (queued.job.due_at, place)).collect();
        due.sort_unstable();
        due.truncate(request.limit as usize);
        due.into_iter()
            .filter_map(|(_, place)| self.lease(place, request.until))
            .collect()
    }

    fn lease(&mut self, place: Place, until: Timestamp) -> Option<Lease> {
        let queued = self.jobs.get_mut(&place)?;
        let lost = queued.leased_until.replace(until).is_some();
        queued.generation += 1;
        Some(Lease {
            job: queued.job.clone(),
            generation: queued.generation,
            attempts: queued.attempts,
            lost,
            until,
        })
    }

    /// Gives a lease another end.
    pub(super) fn extend(&mut self, lease: LeaseKey, until: Timestamp) -> Result<()> {
        let (_, queued) = self.held(lease)?;
        queued.leased_until = Some(until);
        Ok(())
    }

    /// When the next job may be claimed.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.heads().map(|(_, queued)| queued.claimable_from()).min()
    }

    /// How full the queue is.
    pub(super) fn depth(&self, now: Timestamp) -> QueueDepth {
        let due_times = || self.jobs.values().map(|queued| queued.job.due_at);
        QueueDepth {
            due: due_times().filter(|at| *at <= now).count() as u64,
            waiting: due_times().filter(|at| *at > now).count() as u64,
            oldest_due: due_times().filter(|at| *at <= now).min(),
        }
    }

    /// Does what a commit asks. Returns what was there before; `None` if a job with the same unique key waits already,
    /// so that nothing was done.
    pub(super) fn change(&mut self, tenant: TenantId, change: JobChange) -> Result<Option<Before>> {
        match change {
            JobChange::Enqueue(job) => {
                if self.places.contains_key(&job.id) {
                    return Err(Error::conflict("job"));
                }
                let same = |q: &Queued| {
                    q.leased_until.is_none() && q.job.tenant == tenant && q.job.unique == job.unique
                };
                if job.unique.is_some() && self.jobs.values().any(same) {
                    return Ok(None);
                }
                let queued = Queued {
                    job,
                    leased_until: None,
                    generation: 0,
                    attempts: 0,
                };
                let place = self.next_place();
                Ok(Some(vec![(place, self.set(place, Some(queued)))]))
            }
            JobChange::Finish(lease) => {
                let (place, _) = self.held_by(tenant, lease)?;
                Ok(Some(vec![(place, self.set(place, None))]))
            }
            // The reason is for people who look at a durable queue.
            JobChange::Retry {
                lease,
                due_at,
                error: _,
            } => {
                let (place, mut queued) = self.held_by(tenant, lease)?;
                queued.leased_until = None;
                queued.attempts += 1;
                queued.job.due_at = due_at;
                Ok(Some(vec![(place, self.set(place, Some(queued)))]))
            }
            JobChange::Repeat {
                lease,
                due_at,
                payload,
            } => {
                let (place, mut queued) = self.held_by(tenant, lease)?;
                queued.leased_until = None;
                queued.attempts = 0;
                queued.job.due_at = due_at;
                queued.job.payload = payload;
                let before = self.set(place, None);
                let end = self.next_place();
                Ok(Some(vec![(place, before), (end, self.set(end, Some(queued)))]))
            }
        }
    }

    /// Takes a change back.
    pub(super) fn undo(&mut self, before: Before) {
        for (place, queued) in before.into_iter().rev() {
            self.set(place, queued);
        }
    }

    /// The first job of each lane.
    fn heads(&self) -> impl Iterator<Item = (Place, &Queued)> {
        self.lanes
            .values()
            .filter_map(|places| places.first())
            .map(|place| (*place, &self.jobs[place]))
    }

    fn next_place(&mut self) -> Place {
        self.last_place += 1;
        self.last_place
    }

    /// The job of a lease that is held.
    fn held(&mut self, lease: LeaseKey) -> Result<(Place, &mut Queued)> {
        let place = self.places.get(&lease.job).copied();
        place
            .and_then(|place| Some((place, self.jobs.get_mut(&place)?)))
            .filter(|(_, queued)| queued.generation == lease.generation && queued.leased_until.is_some())
            .ok_or_else(|| Error::conflict("lease"))
    }

    /// A copy of the job of a lease that is held, if it is the tenant's.
    fn held_by(&mut self, tenant: TenantId, lease: LeaseKey) -> Result<(Place, Queued)> {
        let (place, queued) = self.held(lease)?;
        if queued.job.tenant != tenant {
            return Err(Error::conflict("lease"));
        }
        Ok((place, queued.clone()))
    }

    /// Puts a job, or none, at a place. Returns what was there.
    fn set(&mut self, place: Place, queued: Option<Queued>) -> Option<Queued> {
        let before = self.jobs.remove(&place);
        if let Some(Queued { job, .. }) = &before {
            self.places.remove(&job.id);
            let lane = (job.tenant, job.lane.clone());
            if let Some(places) = self.lanes.get_mut(&lane) {
                places.remove(&place);
                if places.is_empty() {
                    self.lanes.remove(&lane);
                }
            }
        }
        if let Some(queued) = queued {
            self.places.insert(queued.job.id, place);
            self.lanes
                .entry((queued.job.tenant, queued.job.lane.clone()))
                .or_default()
                .insert(place);
            self.jobs.insert(place, queued);
        }
        before
    }
}
