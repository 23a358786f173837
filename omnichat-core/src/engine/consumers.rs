//! Running the consumers: each tenant's log is read on when something was committed to it, by whoever is there.
//!
//! Each consumer has a loop and places of its own, so that one that hangs takes nothing from the others.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::join_all;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::Engine;
use super::agenda::Agenda;
use super::worker::stopped;
use crate::change::Changes;
use crate::consumers::{Begins, Consumer, Place, Reaction};
use crate::error::{Error, ErrorKind, Result};
use crate::event::bus::Signal;
use crate::event::{Origin, READ_BYTES};
use crate::id::TenantId;
use crate::records::{Record, RecordType};

/// Events are gathered for so long before a consumer is woken: many messages then cost one more commit.
const GATHER: Duration = Duration::from_millis(50);
/// What another node has committed is first left to the consumer there.
const LEFT_TO_OTHERS: Duration = Duration::from_secs(2);
/// How often all logs are looked at for what no signal told of.
const LOOK: Duration = Duration::from_secs(30);
/// Events that are handed over at once.
const BATCH: u32 = 500;
/// Batches of one log before others have a turn.
const TURN: usize = 20;
/// How long a reaction may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// The pause after the first failure; it doubles with each.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(60);
/// Logs in which one consumer reacts at once.
const AT_ONCE: usize = 8;

/// The consumers of an engine.
#[derive(Default)]
pub(super) struct Consumers {
    all: Vec<Arc<Followed>>,
}

/// A consumer, and how it does.
struct Followed {
    consumer: Arc<dyn Consumer>,
    /// Logs in which it fails.
    failing: Mutex<HashMap<TenantId, Failing>>,
    /// In how many logs there was something to do at the last look.
    behind: Mutex<u64>,
}

#[derive(Clone, Debug, Default)]
struct Failing {
    times: u32,
    why: String,
}

/// How a consumer does in a tenant's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerHealth {
    /// Its name.
    pub name: String,
    /// Events that it has yet to react to.
    pub behind: u64,
    /// Why it does not get on, if it does not.
    pub failing: Option<String>,
}

/// How a consumer does in all logs together, as this process knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerTotals {
    /// Its name.
    pub name: String,
    /// Logs in which there was something to do when all were last looked at, up to half a minute ago.
    pub logs_behind: u64,
    /// Logs in which it fails.
    pub logs_failing: u64,
}

/// How far reading on has come.
enum Read {
    /// To the end.
    Whole,
    /// There is more.
    More,
    /// It failed, and is to be tried again.
    Failed,
}

impl Consumers {
    pub(super) fn add(&mut self, consumer: Arc<dyn Consumer>) {
        self.all.retain(|other| other.consumer.name() != consumer.name());
        self.all.push(Arc::new(Followed {
            consumer,
            failing: Mutex::default(),
            behind: Mutex::default(),
        }));
    }

    pub(super) fn names(&self) -> Vec<String> {
        let names = self.all.iter().map(|followed| followed.consumer.name());
        names.map(str::to_owned).collect()
    }
}

impl Followed {
    fn failing(&self) -> MutexGuard<'_, HashMap<TenantId, Failing>> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn behind(&self) -> MutexGuard<'_, u64> {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fails(&self, tenant: TenantId) -> bool {
        self.failing().contains_key(&tenant)
    }

    /// Takes note of a failure; how long to wait before the next try.
    fn failed(&self, tenant: TenantId, error: &Error) -> Duration {
        let mut failing = self.failing();
        let one = failing.entry(tenant).or_default();
        one.times += 1;
        error.message().clone_into(&mut one.why);
        pause(one.times)
    }

    fn pause(&self, tenant: TenantId) -> Duration {
        pause(self.failing().get(&tenant).map_or(1, |failing| failing.times))
    }
}

fn pause(times: u32) -> Duration {
    PAUSE_MAX.min(PAUSE * 2_u32.saturating_pow(times.clamp(1, 16) - 1))
}

impl Engine {
    /// How every consumer does in a tenant's log, as this process knows.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn consumers(&self, tenant: TenantId) -> Result<Vec<ConsumerHealth>> {
        let store = self.ports().tenant(tenant);
        let head = store.event_head().await?;
        let mut found = Vec::new();
        for followed in &self.inner.consumers.all {
            let name = followed.consumer.name();
            let failing = followed.failing().get(&tenant).map(|failing| failing.why.clone());
            let place = store.find_record(Place::KIND, name).await;
            let place = place.and_then(|record| record.map(|record| record.read::<Place>()).transpose());
            let (behind, failing) = match place {
                Ok(place) => (place.map_or(0, |place| head.saturating_sub(place.seq)), failing),
                Err(error) if error.kind() == ErrorKind::Unavailable => return Err(error),
                Err(error) => (head, failing.or(Some(error.message().to_owned()))),
            };
            found.push(ConsumerHealth {
                name: name.to_owned(),
                behind,
                failing,
            });
        }
        Ok(found)
    }

    /// How every consumer does in all logs together: for the host's own figures.
    pub fn consumer_totals(&self) -> Vec<ConsumerTotals> {
        let all = self.inner.consumers.all.iter();
        let totals = all.map(|followed| ConsumerTotals {
            name: followed.consumer.name().to_owned(),
            logs_behind: *followed.behind(),
            logs_failing: followed.failing().len() as u64,
        });
        totals.collect()
    }

    /// Runs the consumers until the engine stops.
    pub(super) async fn consume(&self, stopping: watch::Receiver<bool>) {
        let loops = self.inner.consumers.all.iter();
        join_all(loops.map(|followed| self.follow_with(followed, stopping.clone()))).await;
    }

    async fn follow_with(&self, followed: &Arc<Followed>, mut stopping: watch::Receiver<bool>) {
        // Before the first look, so that what is committed in between is heard.
        let mut signals = Some(self.ports().bus.subscribe());
        let mut agenda = Agenda::default();
        let mut reading: JoinSet<(TenantId, Read)> = JoinSet::new();
        let mut looking: JoinSet<Result<Vec<TenantId>>> = JoinSet::new();
        let mut look = Instant::now();
        loop {
            let now = Instant::now();
            while reading.len() < AT_ONCE
                && let Some(tenant) = agenda.next(now)
            {
                let (engine, followed) = (self.clone(), followed.clone());
                reading.spawn(async move { (tenant, engine.read_on(&followed, tenant).await) });
            }
            if look <= now && looking.is_empty() {
                look = now + LOOK;
                let (engine, followed) = (self.clone(), followed.clone());
                looking.spawn(async move { engine.look(&followed).await });
            }
            let due = agenda.due().filter(|_| reading.len() < AT_ONCE);
            let wake = due.map_or(look, |due| due.min(look));
            tokio::select! {
                biased;
                () = stopped(&mut stopping) => break,
                Some(Ok((tenant, read))) = reading.join_next() => {
                    agenda.busy.remove(&tenant);
                    match read {
                        Read::Whole => {}
                        Read::More => agenda.by(tenant, Instant::now()),
                        // News of the log do not cut the pause short.
                        Read::Failed => agenda.at(tenant, Instant::now() + followed.pause(tenant)),
                    }
                }
                Some(Ok(found)) = looking.join_next() => match found {
                    Ok(tenants) => {
                        *followed.behind() = tenants.len() as u64;
                        let now = Instant::now();
                        let new = tenants.into_iter().filter(|tenant| !followed.fails(*tenant));
                        new.for_each(|tenant| agenda.by(tenant, now));
                    }
                    Err(error) => {
                        let consumer = followed.consumer.name();
                        tracing::warn!(consumer, %error, "how far a consumer has read cannot be looked at; trying again later");
                    }
                },
                signal = heard(&mut signals) => match signal {
                    Some(Ok(Signal::Committed { tenant, .. })) => self.wake(followed, &mut agenda, tenant),
                    Some(Ok(Signal::Head { tenant, .. })) if !self.ports().store.is_shared() => {
                        self.wake(followed, &mut agenda, tenant);
                    }
                    // One look finds all that others may have left.
                    Some(Ok(Signal::Head { .. })) => look = look.min(Instant::now() + LEFT_TO_OTHERS),
                    Some(Ok(_)) => {}
                    Some(Err(RecvError::Lagged(_))) => look = look.min(Instant::now() + GATHER),
                    // Nobody says anything any more: looks go on.
                    Some(Err(RecvError::Closed)) | None => signals = None,
                },
                () = sleep_until(wake) => {}
            }
        }
        // A reaction is a commit or none: it may be broken off anywhere.
        reading.shutdown().await;
        looking.shutdown().await;
    }

    /// Has a consumer read on in a log to which something was committed.
    fn wake(&self, followed: &Followed, agenda: &mut Agenda, tenant: TenantId) {
        let is_paused = followed.fails(tenant) && agenda.has(tenant);
        if !is_paused {
            agenda.by(tenant, Instant::now() + GATHER);
        }
    }

    /// Lets each consumer react to all that is new.
    ///
    /// # Errors
    /// Those of the store, and the first of a consumer.
    pub(super) async fn catch_up(&self) -> Result<()> {
        let mut was_behind = true;
        while std::mem::take(&mut was_behind) {
            for followed in &self.inner.consumers.all {
                let consumer = &*followed.consumer;
                for tenant in self.look(followed).await? {
                    was_behind = true;
                    while let Read::More = self
                        .react(consumer, tenant, self.place(consumer, tenant).await?)
                        .await?
                    {}
                }
            }
        }
        Ok(())
    }

    /// The logs that a consumer has yet to read on in, or where it is to give a sign of life.
    async fn look(&self, followed: &Followed) -> Result<Vec<TenantId>> {
        let ports = self.ports();
        let soon = Place::renewed_before(ports.now());
        ports.store.consumers_behind(followed.consumer.name(), soon).await
    }

    /// Lets a consumer react to what is new in a log.
    async fn read_on(&self, followed: &Followed, tenant: TenantId) -> Read {
        let consumer = &*followed.consumer;
        let before = self.place(consumer, tenant).await;
        let version = before
            .as_ref()
            .map(|record| record.as_ref().map(|record| record.version));
        let version = version.ok();
        let reading = async { self.react(consumer, tenant, before?).await };
        let read = AssertUnwindSafe(reading).catch_unwind().await;
        let error = match read.unwrap_or_else(|_| Err(Error::internal("the consumer panicked"))) {
            Ok(read) => {
                followed.failing().remove(&tenant);
                return read;
            }
            Err(error) => error,
        };
        let place = self.place(consumer, tenant).await.ok();
        let now = place
            .as_ref()
            .map(|record| record.as_ref().map(|record| record.version));
        // If the place has moved, it was moved here before this batch, or somebody else was quicker: what is left is read from there.
        if version.is_some() && now.is_some() && version != now {
            return Read::More;
        }
        let pause = followed.failed(tenant, &error);
        tracing::warn!(consumer = consumer.name(), %tenant, %error, ?pause, "a consumer failed; the same events come again");
        if let Some(record) = place.flatten()
            && let Err(error) = self.sign_of_life(&record).await
        {
            tracing::debug!(consumer = consumer.name(), %tenant, %error, "its place could not be renewed");
        }
        Read::Failed
    }

    async fn place(&self, consumer: &dyn Consumer, tenant: TenantId) -> Result<Option<Record>> {
        let store = self.ports().tenant(tenant);
        store.find_record(Place::KIND, consumer.name()).await
    }

    /// Holds the log for a consumer that tries and fails.
    async fn sign_of_life(&self, record: &Record) -> Result<()> {
        let place: Place = record.read()?;
        match place.holds_until < Place::renewed_before(self.ports().now()).micros() {
            true => self.stand(record, place.seq).await,
            false => Ok(()),
        }
    }

    /// Reads on from a place. What comes to the log meanwhile wakes the consumer again, so a batch that is not full ends the reading:
    /// under load a consumer then commits as often as it is woken, and not after every few events.
    async fn react(&self, consumer: &dyn Consumer, tenant: TenantId, place: Option<Record>) -> Result<Read> {
        let ports = self.ports();
        let store = ports.tenant(tenant);
        let Some(mut record) = place else {
            self.begin(consumer, tenant).await?;
            return Ok(Read::More);
        };
        let reaction = Reaction {
            tenant,
            consumer: consumer.name().to_owned(),
            ports: ports.clone(),
        };
        for _ in 0..TURN {
            let place: Place = record.read()?;
            let events = store.events_after(place.seq, BATCH).await?;
            let (Some(first), Some(last)) = (events.first(), events.last()) else {
                let head = store.event_head().await?;
                if head < place.seq {
                    // The database was restored: the numbers from here on are given out anew.
                    tracing::warn!(consumer = consumer.name(), %tenant, seq = place.seq, head, "the log is shorter than it was; the consumer goes on at its end");
                    self.stand(&record, head).await?;
                } else if head > place.seq {
                    // Something came since, or everything up to the head is gone.
                    if !store.events_after(place.seq, 1).await?.is_empty() {
                        return Ok(Read::More);
                    }
                    missed(consumer, tenant, place.seq + 1, head);
                    self.stand(&record, head).await?;
                } else if place.holds_until < Place::renewed_before(ports.now()).micros() {
                    self.stand(&record, place.seq).await?;
                }
                return Ok(Read::Whole);
            };
            if first.seq > place.seq + 1 {
                missed(consumer, tenant, place.seq + 1, first.seq - 1);
            }
            let last = last.seq;
            let bytes: usize = events.iter().map(|event| event.bytes).sum();
            let is_all = events.len() < BATCH as usize && bytes < READ_BYTES;
            let events: Vec<_> = events.into_iter().map(Arc::new).collect();
            let reacted = timeout(PATIENCE, consumer.react(&reaction, &events)).await;
            let slow = |_| Error::new(ErrorKind::Timeout, "the consumer took more than a minute");
            let mut changes = reacted.map_err(slow)??;
            if changes.tenant != tenant {
                return Err(Error::internal(
                    "the consumer answered with changes of another tenant",
                ));
            }
            let next = record.next(&Place::at(last, tenant, ports.now()), ports.now())?;
            changes.put(next.clone());
            ports.commit(changes).await?;
            if is_all {
                return Ok(Read::Whole);
            }
            record = next;
        }
        Ok(Read::More)
    }

    /// Gives a consumer its first place in a log.
    async fn begin(&self, consumer: &dyn Consumer, tenant: TenantId) -> Result<()> {
        let (store, now) = (self.ports().tenant(tenant), self.ports().now());
        let seq = match consumer.begins() {
            Begins::Now => store.event_head().await?,
            Begins::AtTheOldest => store.event_tail().await?.saturating_sub(1),
        };
        tracing::info!(consumer = consumer.name(), %tenant, seq, "a consumer begins in a log");
        let mut changes = Changes::new(tenant, Origin::consumer(consumer.name()));
        changes.put(Place::at(seq, tenant, now).begun(tenant, consumer.name(), now)?);
        self.ports().commit(changes).await.map(|_| ())
    }

    async fn stand(&self, record: &Record, seq: u64) -> Result<()> {
        let now = self.ports().now();
        let mut changes = Changes::new(record.tenant, Origin::consumer(&record.key));
        changes.put(record.next(&Place::at(seq, record.tenant, now), now)?);
        self.ports().commit(changes).await.map(|_| ())
    }
}

fn missed(consumer: &dyn Consumer, tenant: TenantId, from: u64, to: u64) {
    let consumer = consumer.name();
    tracing::warn!(consumer, %tenant, from, to, "events were pruned before a consumer came to them");
}

/// The next signal; none, ever, once nobody says anything any more.
async fn heard(
    signals: &mut Option<broadcast::Receiver<Signal>>,
) -> Option<std::result::Result<Signal, RecvError>> {
    match signals {
        Some(signals) => Some(signals.recv().await),
        None => std::future::pending().await,
    }
}
