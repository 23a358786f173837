//! Working off the queue: claim what is due, run it side by side, wait for more.

use std::future::Future;
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::task::JoinSet;

use super::Engine;
use crate::change::Changes;
use crate::error::{ErrorKind, Result};
use crate::event::bus::Signal;
use crate::flow::{media, outbound, polling, reactions, scenarios, watching};
use crate::job::{ClaimRequest, JobChange, Lease, kinds};

/// The longest wait without a look at the queue: what no signal told of is found then.
const LOOK: Duration = Duration::from_secs(5);
/// A job that failed so often for a fault of ours is given up, so that its lane goes on.
const GIVE_UP: u32 = 200;

/// Every kind that is not a poll. Polls wait for a platform most of the time and have places of their own.
const WORK: [&str; 13] = [
    kinds::SEND,
    kinds::EDIT,
    kinds::DELETE,
    kinds::FETCH,
    kinds::ROUTE,
    kinds::WATCH,
    kinds::REPLAY,
    kinds::WAKE,
    kinds::ACKNOWLEDGE,
    kinds::INBOUND,
    kinds::TURN,
    kinds::TIMER,
    kinds::TOOL,
];

impl Engine {
    /// Works off the queue until `stop` ends, then finishes what has begun. Any number of processes may do so at once.
    pub async fn work(&self, stop: impl Future<Output = ()> + Send) {
        let (stopping, _) = tokio::sync::watch::channel(false);
        let (work, polls) = (stopping.subscribe(), stopping.subscribe());
        let options = &self.inner.options;
        let work = self.drain(&WORK, options.workers, work);
        let polls = self.drain(&[kinds::POLL], options.pollers, polls);
        let end = async {
            stop.await;
            stopping.send_replace(true);
        };
        tokio::join!(work, polls, end);
    }

    async fn drain(&self, kinds: &[&str], places: usize, mut stopping: tokio::sync::watch::Receiver<bool>) {
        let mut signals = self.inner.ports.bus.subscribe();
        let mut running = JoinSet::new();
        while !*stopping.borrow() {
            let free = places.saturating_sub(running.len());
            let claimed = match self.claim(kinds, free).await {
                Ok(leases) => leases,
                Err(error) => {
                    tracing::error!(%error, "jobs could not be claimed; trying again in a second");
                    tokio::select! {
                        () = tokio::time::sleep(Duration::from_secs(1)) => {}
                        _ = stopping.changed() => {}
                    }
                    continue;
                }
            };
            let full = claimed.len() >= free;
            for lease in claimed {
                let engine = self.clone();
                running.spawn(async move { engine.run_held(lease).await });
            }
            if full && running.len() < places {
                continue;
            }
            let wait = self.until_next(kinds).await;
            tokio::select! {
                () = tokio::time::sleep(wait), if running.len() < places => {}
                () = jobs_signal(&mut signals), if running.len() < places => {}
                // The next job of the lane, or a free place.
                Some(_) = running.join_next(), if !running.is_empty() => while running.try_join_next().is_some() {},
                _ = stopping.changed() => {}
            }
        }
        // A poll may be dropped at any moment; what else has begun is finished.
        if kinds == [kinds::POLL] {
            running.abort_all();
        }
        while running.join_next().await.is_some() {}
    }

    async fn until_next(&self, _kinds: &[&str]) -> Duration {
        match self.inner.ports.store.next_job_due().await {
            Ok(Some(due)) => due
                .since(self.inner.ports.now())
                .clamp(Duration::from_millis(20), LOOK),
            _ => LOOK,
        }
    }

    async fn claim(&self, kinds: &[&str], limit: usize) -> Result<Vec<Lease>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let now = self.inner.ports.now();
        let request = ClaimRequest {
            now,
            until: now.after(self.inner.options.lease),
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        };
        self.inner.ports.store.claim_jobs(request).await
    }

    /// Works off everything that is due now, one after the other, and returns how much it was. For tests and tools; a host
    /// uses [`Engine::work`].
    pub async fn run_due(&self) -> Result<usize> {
        let mut done = 0;
        loop {
            let leases = self.claim(&[], 16).await?;
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
    async fn run_held(&self, mut lease: Lease) {
        let key = lease.key();
        let third = self.inner.options.lease / 3;
        // Room for slow commits behind the last sign of life.
        lease.until = self.inner.ports.now().after(self.inner.options.lease);
        let run = self.run(&lease);
        tokio::pin!(run);
        let mut alive = tokio::time::interval_at(tokio::time::Instant::now() + third, third);
        loop {
            tokio::select! {
                () = &mut run => return,
                _ = alive.tick() => {
                    let until = self.inner.ports.now().after(self.inner.options.lease);
                    if let Err(error) = self.inner.ports.store.extend_lease(key, until).await {
                        tracing::warn!(job = %key.job, %error, "a lease could not be prolonged");
                    }
                }
            }
        }
    }

    async fn run(&self, lease: &Lease) {
        let Err(error) = self.dispatch(lease).await else {
            return;
        };
        let job = &lease.job;
        if error.is_lost_lease() {
            tracing::warn!(job = %job.id, kind = job.kind, "another worker has taken the job over");
            return;
        }
        tracing::warn!(job = %job.id, kind = job.kind, attempts = lease.attempts, %error, "a job failed");
        let mut changes = Changes::new(job.tenant);
        if lease.attempts >= GIVE_UP {
            tracing::error!(job = %job.id, kind = job.kind, %error, "a job is given up");
            changes.job(JobChange::Finish(lease.key()));
        } else {
            let due_at = self
                .inner
                .ports
                .now()
                .after(outbound::back_off(lease.attempts, job.id.uuid().as_u128()));
            changes.job(JobChange::Retry {
                lease: lease.key(),
                due_at,
                error: error.message().to_owned(),
            });
        }
        if let Err(error) = self.inner.ports.commit(changes).await {
            tracing::warn!(job = %job.id, %error, "a failed job stays leased until its lease ends");
        }
    }

    async fn dispatch(&self, lease: &Lease) -> Result<()> {
        let inner = &*self.inner;
        match lease.job.kind.as_str() {
            kinds::SEND => outbound::run_send(&inner.ports, lease).await,
            kinds::EDIT | kinds::DELETE => outbound::run_change(&inner.ports, lease).await,
            kinds::ACKNOWLEDGE => outbound::run_acknowledge(&inner.ports, lease).await,
            kinds::FETCH => media::run_fetch(&inner.ports, inner.options.max_file_bytes, lease).await,
            kinds::ROUTE => reactions::run_route(&inner.ports, &inner.routers, lease).await,
            kinds::WATCH => watching::run_watch(&inner.ports, lease).await,
            kinds::WAKE => reactions::run_wake(&inner.ports, lease).await,
            kinds::TURN => scenarios::run_turn(&inner.ports, lease).await,
            kinds::TIMER => scenarios::run_timer(&inner.ports, lease).await,
            kinds::TOOL => scenarios::run_tool(&inner.ports, lease).await,
            kinds::POLL => polling::run_poll(&inner.ports, &inner.inbound, lease).await,
            kinds::INBOUND => self.run_deferred(lease).await,
            kinds::REPLAY => self.run_replay(lease).await,
            other => {
                tracing::error!(job = %lease.job.id, kind = other, "nobody knows this kind of job");
                outbound::finish(&inner.ports, lease).await
            }
        }
    }

    async fn run_replay(&self, lease: &Lease) -> Result<()> {
        let about: kinds::AboutInbox = kinds::payload(&lease.job)?;
        match self.inboxes().account(about.inbox).await {
            Ok(account) => self.inner.inbound.replay_all(&account).await?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        outbound::finish(&self.inner.ports, lease).await
    }

    async fn run_deferred(&self, lease: &Lease) -> Result<()> {
        let deferred: kinds::Deferred = kinds::payload(&lease.job)?;
        match self.inboxes().account(deferred.inbox).await {
            Ok(account) => self.inner.inbound.run_deferred(&account, lease).await,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                outbound::finish(&self.inner.ports, lease).await
            }
            Err(error) => Err(error),
        }
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
