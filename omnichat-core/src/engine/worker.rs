//! Working off the queue: claim what is due, run it side by side, wait for more.
//!
//! Each pool of places ([`Pool`]) is filled by a loop of its own. A job that fails is given back, one that panics keeps its lease
//! until that ends; one that failed too often, or whose workers did not survive it, is given up, and its kind says what follows.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at, sleep};

use super::Engine;
use super::jobs::{Places, Pool};
use super::running::Running;
use crate::actor::Actor;
use crate::audit;
use crate::change::{Changes, Row};
use crate::entities;
use crate::error::{Error, ErrorKind, Result};
use crate::event::bus::Signal;
use crate::flow::outbound::{back_off, end, retry};
use crate::flow::settling::{PAUSE_MAX, Settling};
use crate::flow::standing;
use crate::job::share::Held;
use crate::job::{ClaimRequest, Claimed, JobChange, Lease};

/// The longest wait without a look at the queue: what no signal told of is found then.
const LOOK: Duration = Duration::from_secs(5);
/// The pause after the store could not be reached.
const AWAY: Duration = Duration::from_secs(1);
/// How many leases of a job may be lost before it is given up: by panics, by deaths of the process, by a store that was away for
/// longer than a lease.
const LOSSES: u32 = 5;
/// After so many more it ends without asking its kind, which seems to be what kills the process.
const LOSSES_GIVING_UP: u32 = 3;
/// How often standing work (polls, watches, a look at who waits) is put back where it is missing.
const RECONCILE_EVERY: Duration = Duration::from_secs(3_600);

impl Engine {
    /// Works off the queue until `stop` ends, then finishes what has begun. Any number of processes may do so at once.
    ///
    /// # Errors
    /// As [`Engine::check_jobs`], before anything is begun.
    pub async fn work(&self, stop: impl Future<Output = ()> + Send) -> Result<()> {
        let stop = stop.shared();
        loop {
            match self.check_jobs().await {
                Ok(()) => break,
                Err(error) if error.kind() == ErrorKind::Rejected => return Err(error),
                Err(error) => {
                    tracing::error!(%error, "the queue cannot be looked at; trying again in a second");
                    tokio::select! {
                        biased;
                        () = stop.clone() => return Ok(()),
                        () = sleep(AWAY) => {}
                    }
                }
            }
        }
        let (stopping, _) = watch::channel(false);
        let pools = self.inner.jobs.pools();
        let pools = pools
            .iter()
            .map(|(pool, kinds)| self.drain(*pool, kinds, stopping.subscribe()));
        let end = async {
            stop.clone().await;
            stopping.send_replace(true);
        };
        tokio::join!(
            futures::future::join_all(pools),
            self.keep_standing(stopping.subscribe()),
            self.consume(stopping.subscribe()),
            end
        );
        Ok(())
    }

    /// Whether every job in the queue is of a kind that this engine runs. A job that nobody runs would lie there for ever, and hold up
    /// its lane.
    ///
    /// # Errors
    /// `Rejected`, with the kinds that nobody runs: an embedder adds them ([`super::EngineBuilder::job`]), uses the version that
    /// queued them, or says that they are to end undone ([`super::EngineBuilder::retired_job`]).
    pub async fn check_jobs(&self) -> Result<()> {
        let unknown: Vec<String> = self
            .ports()
            .store
            .job_kinds()
            .await?
            .into_iter()
            .filter(|kind| self.inner.jobs.find(kind).is_none())
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let kinds = unknown.join(", ");
        let message = format!(
            "the queue holds jobs of kinds that this program does not run: {kinds}. They were queued by another version, or by one \
             with other parts; run that version, or let this one run them or declare them retired"
        );
        Err(Error::new(ErrorKind::Rejected, message).with("kinds", kinds))
    }

    /// Puts back what should always be queued, and is not: polls and watches of inboxes, a look at who waits. [`Engine::work`] does
    /// so by itself at its start and once an hour; to be called when a kind of channel has come back.
    pub async fn reconcile(&self) -> Result<()> {
        standing::reconcile(self.ports()).await
    }

    /// Places entities anew whose kind has a new definition of its indexes. [`Engine::work`] does so by itself, as with
    /// [`Engine::reconcile`]. Each batch is a commit of its own, so it may be broken off anywhere.
    pub async fn fill_indexes(&self) -> Result<()> {
        entities::fill(self.ports()).await
    }

    async fn keep_standing(&self, mut stopping: watch::Receiver<bool>) {
        let mut rounds = interval(RECONCILE_EVERY);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = stopped(&mut stopping) => return,
                _ = rounds.tick() => {}
            }
            if let Err(error) = self.reconcile().await {
                tracing::warn!(%error, "standing work could not be looked after; trying again in a minute");
                rounds.reset_after(Duration::from_secs(60));
                continue;
            }
            let filled = tokio::select! {
                biased;
                () = stopped(&mut stopping) => return,
                filled = self.fill_indexes() => filled,
            };
            if let Err(error) = filled {
                tracing::warn!(%error, "not every index of entities could be filled; trying again in a minute");
                rounds.reset_after(Duration::from_secs(60));
            }
        }
    }

    async fn drain(&self, pool: Pool, kinds: &[String], mut stopping: watch::Receiver<bool>) {
        let places = pool.places(&self.inner.options);
        let mut signals = self.ports().bus.subscribe();
        let mut running = Running::default();
        while !*stopping.borrow() {
            let free = (places.all as usize).saturating_sub(running.len());
            let claimed = match self.claim(kinds, places, free, running.held()).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(%error, "jobs could not be claimed; trying again in a second");
                    tokio::select! {
                        biased;
                        _ = stopping.changed() => {}
                        () = self.store_is_back() => {}
                    }
                    continue;
                }
            };
            let full = claimed.leases.len() >= free;
            for lease in claimed.leases {
                let (engine, stopping) = (self.clone(), stopping.clone());
                let (tenant, inbox) = (lease.job.tenant, lease.job.inbox);
                let task = async move { engine.run_held(lease, pool, stopping).await };
                running.spawn(tenant, inbox, task);
            }
            let has_places = running.len() < places.all as usize;
            if full && has_places {
                continue;
            }
            let wait = claimed.next.unwrap_or(LOOK).clamp(Duration::from_millis(1), LOOK);
            tokio::select! {
                biased;
                _ = stopping.changed() => {}
                // The next job of the lane, or a free place.
                () = running.one_has_ended(), if running.len() > 0 => {}
                () = jobs_signal(&mut signals), if has_places => {}
                () = sleep(wait), if has_places => {}
            }
        }
        while running.len() > 0 {
            running.one_has_ended().await;
        }
    }

    /// Waits until the store answers again, and then long enough for those who have something to write down: a job whose lease ran
    /// out meanwhile is not taken from its holder while that says what came of it.
    async fn store_is_back(&self) {
        loop {
            sleep(AWAY).await;
            if self.ports().store.ping().await.is_ok() {
                break;
            }
        }
        sleep(2 * PAUSE_MAX).await;
    }

    async fn claim(&self, kinds: &[String], places: Places, free: usize, own: Vec<Held>) -> Result<Claimed> {
        if free == 0 {
            return Ok(Claimed::default());
        }
        let request = ClaimRequest {
            lease: self.inner.options.lease,
            limit: u32::try_from(free).unwrap_or(u32::MAX),
            kinds: kinds.to_vec(),
            own,
            per_tenant: Some(places.per_tenant),
            per_inbox: Some(places.per_inbox),
        };
        self.ports().store.claim_jobs(request).await
    }

    /// Works off everything that is due now, one after the other, and returns how many jobs it were; consumers react to what is new
    /// before and after. For tests and tools; a host uses [`Engine::work`].
    pub async fn run_due(&self) -> Result<usize> {
        let mut done = 0;
        loop {
            self.catch_up().await?;
            let request = ClaimRequest {
                lease: self.inner.options.lease,
                limit: 16,
                kinds: self.inner.jobs.names(),
                ..ClaimRequest::default()
            };
            let leases = self.ports().store.claim_jobs(request).await?.leases;
            if leases.is_empty() {
                return Ok(done);
            }
            for lease in leases {
                self.run(&lease).await;
                done += 1;
            }
        }
    }

    /// Runs a job and shows signs of life while it does.
    async fn run_held(&self, lease: Lease, pool: Pool, mut stopping: watch::Receiver<bool>) {
        let key = lease.key();
        let time = self.inner.options.lease;
        // Room for two that fail.
        let every = time / 4;
        let mut alive = interval_at(Instant::now() + every, every);
        alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_held = true;
        let run = self.run(&lease);
        tokio::pin!(run);
        loop {
            tokio::select! {
                biased;
                () = &mut run => return,
                () = stopped(&mut stopping), if pool.may_be_broken_off() => break,
                _ = alive.tick(), if is_held => {
                    match self.ports().store.extend_lease(key, time).await {
                        Ok(()) => {}
                        Err(error) if error.is_lost_lease() => is_held = false,
                        Err(error) => tracing::warn!(job = %key.job, %error, "a lease could not be prolonged"),
                    }
                }
            }
        }
        // Somebody else, or this program when it is back, goes on at once.
        let mut changes = Changes::in_job(&lease.job);
        changes.job(JobChange::Wait {
            lease: key,
            after: Duration::ZERO,
            reason: "the program stops".to_owned(),
        });
        if let Err(error) = self.ports().commit(changes).await {
            tracing::debug!(job = %key.job, %error, "a job that was broken off waits for the end of its lease");
        }
    }

    async fn run(&self, lease: &Lease) {
        let job = &lease.job;
        let Some(kind) = self.inner.jobs.find(&job.kind) else {
            return;
        };
        if lease.damaged {
            let why = Error::new(
                ErrorKind::Damaged,
                "the job is damaged in the database and cannot be read",
            );
            return self.give_up(lease, &why).await;
        }
        if lease.losses >= LOSSES {
            let why = format!("it was begun {} times and never ended", lease.losses);
            return self.give_up(lease, &Error::internal(why)).await;
        }
        let error = match AssertUnwindSafe(kind.run(self, lease)).catch_unwind().await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error,
            Err(panic) => {
                let said = said(panic);
                return self.broke(lease, &said).await;
            }
        };
        if error.is_lost_lease() {
            tracing::warn!(job = %job.id, kind = job.kind, "another worker has taken the job over");
            return;
        }
        tracing::warn!(job = %job.id, kind = job.kind, attempts = lease.attempts, %error, "a job failed");
        if lease.attempts + 1 >= kind.tries() {
            return self.give_up(lease, &error).await;
        }
        let after = back_off(lease.attempts, job.id.uuid().as_u128());
        // Nothing has happened that may not happen twice, else there would have been no error. It always ends without one.
        let _ = end(self.ports(), lease, retry(lease, after, &error)).await;
    }

    /// A job panicked: nobody knows how far it got. It is not given back, so that the next who holds it sees that it was lost; the
    /// lease only ends sooner or later by how often that was.
    async fn broke(&self, lease: &Lease, said: &str) {
        let job = &lease.job;
        tracing::error!(job = %job.id, kind = job.kind, tenant = %job.tenant, lane = job.lane, losses = lease.losses, panic = said,
            "a job panicked");
        let pause = back_off(lease.losses, job.id.uuid().as_u128());
        if let Err(error) = self.ports().store.extend_lease(lease.key(), pause).await {
            tracing::debug!(job = %job.id, %error, "a job that panicked waits for the end of its lease");
        }
    }

    /// Ends a job that will not be done, with whatever its kind has to say to that, and a line in the audit log.
    async fn give_up(&self, lease: &Lease, why: &Error) {
        let job = &lease.job;
        tracing::error!(job = %job.id, kind = job.kind, tenant = %job.tenant, attempts = lease.attempts, losses = lease.losses,
            %why, "a job is given up");
        let mut settling = Settling::new(self.ports(), lease);
        loop {
            let mut planned = self.plan_to_give_up(lease, why).await;
            if let Ok(changes) = &mut planned {
                let details = serde_json::json!({
                    "kind": job.kind, "lane": job.lane, "attempts": lease.attempts, "losses": lease.losses, "reason": why.message(),
                });
                let by = Actor::system(job.tenant, "jobs");
                let entry = audit::entry(&*self.ports().clock, &by, "job.given_up", job.id, details);
                changes.put(Row::Audit(entry)).job(JobChange::Finish(lease.key()));
            }
            if settling.write(planned).await.is_some() {
                return;
            }
        }
    }

    async fn plan_to_give_up(&self, lease: &Lease, why: &Error) -> Result<Changes> {
        let nothing = Changes::in_job(&lease.job);
        let kind = self.inner.jobs.find(&lease.job.kind);
        let Some(kind) = kind.filter(|_| lease.losses < LOSSES + LOSSES_GIVING_UP) else {
            return Ok(nothing);
        };
        let planned = AssertUnwindSafe(kind.given_up(self, lease, why))
            .catch_unwind()
            .await;
        let broke = |_| Err(Error::new(ErrorKind::Rejected, "giving it up panicked"));
        match planned.unwrap_or_else(broke) {
            Err(error)
                if !matches!(
                    error.kind(),
                    ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Conflict
                ) =>
            {
                tracing::error!(job = %lease.job.id, %error, "a job that is given up ends without further effect");
                Ok(nothing)
            }
            planned => planned,
        }
    }
}

/// Returns when the engine is to stop.
pub(super) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error says that nobody is left who could tell.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// What a panic said. Where it was, the hook of the process has said already.
fn said(panic: Box<dyn std::any::Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic
            .downcast::<&str>()
            .map_or("no text", |text| *text)
            .to_owned(),
    }
}

/// Waits until somebody says that jobs have come, or may have.
async fn jobs_signal(signals: &mut broadcast::Receiver<Signal>) {
    loop {
        match signals.recv().await {
            Ok(Signal::Jobs) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}
