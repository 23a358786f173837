//! The feed gives each follower every event of a tenant once and in order, whatever the bus loses, repeats or swaps.
//!
//! Per tenant there is one hub with the newest events in a ring. A task follows the bus: events that continue the ring are
//! appended as they come; at a gap the missing ones are read from the store. A look at the log each second closes what the
//! bus never told. Followers read from the ring, or from the store if they are far behind. How much rings keep is bounded in
//! bytes, and a follower holds on to nothing: how slow it is does not matter.
//!
//! A log whose numbers have gone back is that of a database that was restored: followers are told to fetch everything anew.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use super::bus::{EventBus, Signal};
use super::ring::{Limits, Ring, Shelf};
use super::{Envelope, Ephemeral};
use crate::error::Result;
use crate::id::TenantId;
use crate::store::Store;

/// What a hub keeps at hand, in bytes of JSON.
const RING: Limits = Limits {
    entries: 4_096,
    bytes: 16 * 1024 * 1024,
    share: 256 * 1024,
};
/// What the hubs of all tenants keep together, but for their shares.
const ALL: usize = 64 * 1024 * 1024;
/// Events that are read from the store, or handed to a follower, at once.
const BATCH: u32 = 500;
/// A follower is handed no more once it has so many bytes.
const HANDED: usize = 1024 * 1024;

/// How often the log is looked at for what the bus never told.
const LOOK: Duration = Duration::from_secs(1);

/// Hands out subscriptions to tenants' logs.
#[derive(Clone)]
pub struct EventFeed {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn Store>,
    bus: Arc<dyn EventBus>,
    hubs: Mutex<HashMap<TenantId, Weak<Hub>>>,
    shelf: Arc<Shelf>,
}

struct Hub {
    tenant: TenantId,
    store: Arc<dyn Store>,
    ring: Mutex<Ring<Arc<Envelope>>>,
    head: watch::Sender<u64>,
    ephemeral: broadcast::Sender<Ephemeral>,
    /// Serialises reading from the store, so that a gap is read once.
    catching_up: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for EventFeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EventFeed")
    }
}

impl EventFeed {
    /// A feed over a store and a bus.
    pub fn new(store: Arc<dyn Store>, bus: Arc<dyn EventBus>) -> Self {
        Self {
            shared: Arc::new(Shared {
                store,
                bus,
                hubs: Mutex::default(),
                shelf: Arc::new(Shelf::new(ALL)),
            }),
        }
    }

    /// Bytes of events that are kept at hand for all tenants.
    pub fn held(&self) -> usize {
        self.shared.shelf.held()
    }

    /// Follows a tenant's log after a number; from now on if none is given.
    pub async fn follow(&self, tenant: TenantId, after: Option<u64>) -> Result<Follower> {
        let hub = self.hub(tenant).await?;
        let head = hub.head.subscribe();
        // The bus may not have told yet of what the follower has seen elsewhere.
        if after.is_some_and(|after| after > *head.borrow()) {
            hub.look().await?;
        }
        let next = after.unwrap_or_else(|| *head.borrow()).saturating_add(1);
        Ok(Follower {
            ephemeral: hub.ephemeral.subscribe(),
            hub,
            head,
            next,
        })
    }

    async fn hub(&self, tenant: TenantId) -> Result<Arc<Hub>> {
        if let Some(hub) = self.known(tenant) {
            return Ok(hub);
        }
        // Subscribe before the head is read: what is committed in between is then heard, not missed.
        let signals = self.shared.bus.subscribe();
        let base = self.shared.store.tenant(tenant).event_head().await?;
        let hub = {
            let mut hubs = self.shared.hubs.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(hub) = hubs.get(&tenant).and_then(Weak::upgrade) {
                return Ok(hub);
            }
            let hub = Arc::new(Hub {
                tenant,
                store: self.shared.store.clone(),
                ring: Mutex::new(Ring::new(base, RING, self.shared.shelf.clone())),
                head: watch::Sender::new(base),
                ephemeral: broadcast::Sender::new(1_024),
                catching_up: tokio::sync::Mutex::default(),
            });
            hubs.retain(|_, hub| hub.strong_count() > 0);
            hubs.insert(tenant, Arc::downgrade(&hub));
            hub
        };
        tokio::spawn(keep_pumping(Arc::downgrade(&hub), signals));
        Ok(hub)
    }

    fn known(&self, tenant: TenantId) -> Option<Arc<Hub>> {
        self.shared
            .hubs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&tenant)
            .and_then(Weak::upgrade)
    }
}

/// Pumps until nobody holds the hub any more. A panic must not leave followers waiting for ever: what was missed meanwhile is
/// found in the log.
async fn keep_pumping(hub: Weak<Hub>, mut signals: broadcast::Receiver<Signal>) {
    while AssertUnwindSafe(pump(hub.clone(), &mut signals))
        .catch_unwind()
        .await
        .is_err()
    {
        tracing::error!("following the bus panicked; it goes on from the log in a second");
        tokio::time::sleep(LOOK).await;
    }
}

/// Follows the bus for a hub until nobody holds the hub any more.
async fn pump(hub: Weak<Hub>, signals: &mut broadcast::Receiver<Signal>) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let signal = tokio::select! {
            signal = signals.recv() => Some(signal),
            _ = look.tick() => None,
        };
        let Some(hub) = hub.upgrade() else { return };
        let outcome = match signal {
            Some(Ok(Signal::Committed { tenant, events })) if tenant == hub.tenant => {
                hub.append(&events).await
            }
            Some(Ok(Signal::Head { tenant, seq })) if tenant == hub.tenant => hub.catch_up(seq).await,
            Some(Ok(Signal::Ephemeral { tenant, ephemeral })) if tenant == hub.tenant => {
                let _ = hub.ephemeral.send(ephemeral);
                Ok(())
            }
            Some(Ok(_)) => Ok(()),
            Some(Err(RecvError::Closed)) => return,
            None | Some(Err(RecvError::Lagged(_))) => hub.look().await,
        };
        if let Err(error) = outcome {
            tracing::warn!(tenant = %hub.tenant, %error, "the event log could not be read; trying again in a second");
        }
    }
}

impl Hub {
    async fn append(&self, events: &[Arc<Envelope>]) -> Result<()> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return Ok(());
        };
        {
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            let head = ring.head();
            if last.seq <= head {
                return Ok(());
            }
            if first.seq <= head + 1 {
                for envelope in events.iter().filter(|e| e.seq > head) {
                    ring.push(envelope.seq, envelope.clone(), envelope.bytes);
                }
                // Under the lock, so that nobody reads further in the ring than the head says.
                self.head.send_replace(ring.head());
                return Ok(());
            }
        }
        self.catch_up(last.seq).await
    }

    async fn look(&self) -> Result<()> {
        let one_at_a_time = self.catching_up.lock().await;
        let known = *self.head.borrow();
        let head = self.store.tenant(self.tenant).event_head().await?;
        {
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            ring.trim();
            if head < known {
                tracing::warn!(tenant = %self.tenant, known, head, "the numbers of the event log went back; followers fetch everything anew");
                ring.restart(head);
                self.head.send_replace(head);
                return Ok(());
            }
        }
        drop(one_at_a_time);
        self.catch_up(head).await
    }

    async fn catch_up(&self, to: u64) -> Result<()> {
        let _one_at_a_time = self.catching_up.lock().await;
        loop {
            let from = self.ring.lock().unwrap_or_else(PoisonError::into_inner).head();
            if from >= to {
                return Ok(());
            }
            let missing = self.store.tenant(self.tenant).events_after(from, BATCH).await?;
            if missing.is_empty() {
                return Ok(());
            }
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            // Pruned events leave a gap below the tail; the ring begins anew above it.
            for envelope in missing.into_iter().map(Arc::new) {
                if envelope.seq > ring.head() {
                    ring.push(envelope.seq, envelope.clone(), envelope.bytes);
                }
            }
            self.head.send_replace(ring.head());
        }
    }
}

/// One follower of a tenant's log.
pub struct Follower {
    hub: Arc<Hub>,
    head: watch::Receiver<u64>,
    ephemeral: broadcast::Receiver<Ephemeral>,
    next: u64,
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Follower")
            .field("tenant", &self.hub.tenant)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

/// What a follower is given.
#[derive(Clone, Debug)]
pub enum Followed {
    /// The next events, in order and without gaps.
    Events(Vec<Arc<Envelope>>),
    /// Something that is shown and not kept.
    Ephemeral(Ephemeral),
    /// Events after the follower's place have been thrown away, or it is of another database: it must fetch everything anew
    /// and go on after this number.
    Resync(u64),
}

impl Follower {
    /// The number of the newest event.
    pub fn head(&self) -> u64 {
        *self.head.borrow()
    }

    /// Waits for what comes next. Safe to drop and call again: nothing is lost.
    pub async fn next(&mut self) -> Result<Followed> {
        loop {
            let head = *self.head.borrow_and_update();
            if self.next <= head {
                return self.read(head).await;
            }
            if self.next > head.saturating_add(1) {
                self.next = head + 1;
                return Ok(Followed::Resync(head));
            }
            tokio::select! {
                biased;
                changed = self.head.changed() => {
                    if changed.is_err() {
                        return Err(crate::error::Error::new(crate::error::ErrorKind::Unavailable, "the event feed has ended"));
                    }
                }
                ephemeral = self.ephemeral.recv() => {
                    if let Ok(ephemeral) = ephemeral {
                        return Ok(Followed::Ephemeral(ephemeral));
                    }
                }
            }
        }
    }

    /// Up to `head`: the store may be ahead of it, and whoever has read on would seem to come from another log.
    async fn read(&mut self, head: u64) -> Result<Followed> {
        let at_hand = {
            let ring = self.hub.ring.lock().unwrap_or_else(PoisonError::into_inner);
            ring.after(self.next - 1, BATCH as usize, HANDED)
        };
        let events = match at_hand {
            Some(events) => events,
            None => {
                let store = self.hub.store.tenant(self.hub.tenant);
                let events = store.events_after(self.next - 1, BATCH).await?;
                if events.first().is_none_or(|e| e.seq != self.next) {
                    let head = self.head();
                    self.next = head + 1;
                    return Ok(Followed::Resync(head));
                }
                let known = events.into_iter().filter(|event| event.seq <= head);
                known.map(Arc::new).collect()
            }
        };
        if let Some(last) = events.last() {
            self.next = last.seq + 1;
        }
        Ok(Followed::Events(events))
    }
}
