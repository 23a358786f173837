//! What a host asks of an engine as a whole: its time, its secrets, its signals, its store's health. Nothing here is an answer to
//! somebody; those come from services. What crosses tenants is for the host's own work only.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;

use super::{Engine, EngineBuilder};
use crate::automations::AutomationRegistry;
use crate::channel::ChannelRegistry;
use crate::clock::{Clock, Timestamp};
use crate::error::Result;
use crate::event::Ephemeral;
use crate::event::bus::Signal;
use crate::id::TenantId;
use crate::job::QueueDepth;
use crate::vault::Vault;

impl Engine {
    /// The time.
    pub fn now(&self) -> Timestamp {
        self.ports().now()
    }

    /// Time and ids.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.ports().clock
    }

    /// What secrets are sealed with.
    pub fn vault(&self) -> &Vault {
        &self.ports().vault
    }

    /// The kinds of channels. One that is put in or taken out is so for every inbox at its next use.
    pub fn channels(&self) -> &ChannelRegistry {
        &self.ports().channels
    }

    /// The kinds of scenarios and toolboxes, as [`Engine::channels`].
    pub fn automation_kinds(&self) -> &AutomationRegistry {
        &self.ports().automations
    }

    /// Hears everything that is said on the bus from now on. Crosses tenants: only the host's own work may do so.
    pub fn signals(&self) -> broadcast::Receiver<Signal> {
        self.ports().bus.subscribe()
    }

    /// Tells the followers of a tenant's log something that is shown and not kept.
    pub async fn tell(&self, tenant: TenantId, ephemeral: Ephemeral) {
        self.ports().signal(Signal::Ephemeral { tenant, ephemeral }).await;
    }

    /// What the store is, for people.
    pub fn store_name(&self) -> &'static str {
        self.ports().store.name()
    }

    /// Whether the store can be reached and written to, see [`Store::ping`](crate::store::Store::ping).
    pub async fn ping(&self) -> Result<()> {
        self.ports().store.ping().await
    }

    /// Closes the store. Whatever is asked of the engine after this fails with `Unavailable`.
    pub async fn close(&self) -> Result<()> {
        self.ports().store.close().await
    }

    /// How full the queue is at a time. Crosses tenants: only the host's own work may do so.
    pub async fn queue_depth(&self, now: Timestamp) -> Result<QueueDepth> {
        self.ports().store.queue_depth(now).await
    }

    /// Throws away records whose time is over and events that are older than this, by the store's clock, see
    /// [`Store::prune`](crate::store::Store::prune). Returns how many rows went. Crosses tenants: only the host's own work may do so.
    pub async fn prune(&self, events_kept: Duration) -> Result<u64> {
        let store = &self.ports().store;
        // Marks on bytes end by the store's time, whatever this host's clock says.
        let now = store.now().await?;
        store.prune(now, now.before(events_kept)).await
    }

    /// The beginning of another engine over the same store, files and bus, with the same channels. What else is needed has to be given
    /// again, the vault among it.
    pub fn beside(&self) -> EngineBuilder {
        let ports = self.ports();
        Self::builder(ports.store.clone())
            .blobs(ports.blobs.clone())
            .bus(ports.bus.clone())
            .channels(&ports.channels)
    }
}
