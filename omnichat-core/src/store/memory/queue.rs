//! The queue: jobs in the order in which they were queued, and who holds which.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{JobId, TenantId};
use crate::job::share::{Held, Waiting, choose};
use crate::job::{ClaimRequest, Claimed, Job, JobChange, Lease, LeaseKey, QueueDepth};

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
    losses: u32,
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
    /// Leases heads of lanes that are due.
    pub(super) fn claim(&mut self, now: Timestamp, request: &ClaimRequest) -> Claimed {
        let wanted = |queued: &Queued| request.kinds.is_empty() || request.kinds.contains(&queued.job.kind);
        let is_held = |queued: &Queued| queued.leased_until.is_some_and(|until| until > now);
        let of_wanted = || self.heads().filter(|(_, queued)| wanted(queued));
        let held = of_wanted().filter(|(_, queued)| is_held(queued));
        let held = held.map(|(_, queued)| Held {
            tenant: queued.job.tenant,
            inbox: queued.job.inbox,
            count: 1,
        });
        let due = of_wanted().filter(|(_, queued)| !is_held(queued) && queued.job.due_at <= now);
        let due = due.map(|(place, queued)| Waiting {
            tenant: queued.job.tenant,
            inbox: queued.job.inbox,
            due_at: queued.job.due_at,
            place,
        });
        let chosen = choose(request, held, due.collect());
        let until = now.after(request.lease);
        let leases = chosen
            .into_iter()
            .filter_map(|place| self.lease(place, until))
            .collect();
        let times = self.heads().map(|(_, queued)| queued.claimable_from());
        let next = times.filter(|at| *at > now).min().map(|at| at.since(now));
        Claimed { leases, next }
    }

    fn lease(&mut self, place: Place, until: Timestamp) -> Option<Lease> {
        let queued = self.jobs.get_mut(&place)?;
        let lost = queued.leased_until.replace(until).is_some();
        queued.generation += 1;
        queued.losses += u32::from(lost);
        Some(Lease {
            job: queued.job.clone(),
            generation: queued.generation,
            attempts: queued.attempts,
            lost,
            losses: queued.losses,
            damaged: false,
            until,
        })
    }

    /// Gives a lease another end.
    pub(super) fn extend(&mut self, now: Timestamp, lease: LeaseKey, by: Duration) -> Result<()> {
        let (_, queued) = self.held(lease)?;
        queued.leased_until = Some(now.after(by));
        Ok(())
    }

    /// The kinds of the jobs there are.
    pub(super) fn kinds(&self) -> BTreeSet<String> {
        self.jobs.values().map(|queued| queued.job.kind.clone()).collect()
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
    pub(super) fn change(
        &mut self,
        now: Timestamp,
        tenant: TenantId,
        change: JobChange,
    ) -> Result<Option<Before>> {
        let Some(lease) = change.lease() else {
            let JobChange::Enqueue(job) = change else {
                return Ok(None);
            };
            return self.enqueue(now, tenant, job);
        };
        let (place, mut queued) = self.held_by(tenant, lease)?;
        queued.leased_until = None;
        match change {
            JobChange::Enqueue(_) | JobChange::Finish(_) => Ok(Some(vec![(place, self.set(place, None))])),
            // Reasons are for people who look at a durable queue.
            JobChange::Retry { after, error: _, .. } => {
                queued.attempts += 1;
                queued.job.due_at = now.after(after);
                Ok(Some(vec![(place, self.set(place, Some(queued)))]))
            }
            JobChange::Wait { after, reason: _, .. } => {
                (queued.attempts, queued.losses) = (0, 0);
                queued.job.due_at = now.after(after);
                queued.job.created_at = queued.job.due_at;
                Ok(Some(vec![(place, self.set(place, Some(queued)))]))
            }
            JobChange::Repeat { after, payload, .. } => {
                if self.waits(tenant, queued.job.unique.as_ref()) {
                    return Ok(Some(vec![(place, self.set(place, None))]));
                }
                (queued.attempts, queued.losses) = (0, 0);
                queued.job.due_at = now.after(after);
                queued.job.payload = payload;
                let before = self.set(place, None);
                let end = self.next_place();
                Ok(Some(vec![(place, before), (end, self.set(end, Some(queued)))]))
            }
        }
    }

    fn enqueue(&mut self, now: Timestamp, tenant: TenantId, mut job: Job) -> Result<Option<Before>> {
        if self.places.contains_key(&job.id) {
            return Err(Error::conflict("job"));
        }
        if self.waits(tenant, job.unique.as_ref()) {
            return Ok(None);
        }
        if job.due_at <= job.created_at {
            job.due_at = job.due_at.min(now);
        }
        let queued = Queued {
            job,
            leased_until: None,
            generation: 0,
            attempts: 0,
            losses: 0,
        };
        let place = self.next_place();
        Ok(Some(vec![(place, self.set(place, Some(queued)))]))
    }

    /// Whether a job of the tenant with a key waits.
    fn waits(&self, tenant: TenantId, unique: Option<&String>) -> bool {
        let same = |queued: &Queued| {
            queued.leased_until.is_none()
                && queued.job.tenant == tenant
                && queued.job.unique.as_ref() == unique
        };
        unique.is_some() && self.jobs.values().any(same)
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
