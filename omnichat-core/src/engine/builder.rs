//! Putting an engine together.

use std::sync::Arc;
use std::time::Duration;

use super::consumers::Consumers;
use super::jobs::{JobKind, JobKinds, Retired};
use super::{Engine, Inner};
use crate::actor::Permission;
use crate::automations::opened::OpenAutomations;
use crate::automations::{Automation, AutomationKind, AutomationRegistry};
use crate::channel::{ChannelKind, ChannelRegistry};
use crate::clock::{Clock, SystemClock};
use crate::consumers::Consumer;
use crate::conversations::Writers;
use crate::entities::{Document, Entity, EntityKinds, Guard};
use crate::event::bus::{EventBus, LocalBus};
use crate::event::feed::EventFeed;
use crate::files::FileLinks;
use crate::flow::inbound::InboundFlow;
use crate::inboxes::RoutingStrategy;
use crate::inboxes::accounts::Accounts;
use crate::phrases::Phrase;
use crate::ports::Ports;
use crate::quarantine::Quarantined;
use crate::roles::{OwnRole, RoleRules};
use crate::routing::{Router, RouterSet};
use crate::store::Store;
use crate::store::blob::BlobStore;
use crate::store::memory::MemoryBlobs;
use crate::tags::Tag;
use crate::vault::Vault;
use crate::views::View;

/// Numbers that an embedder may want to change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EngineOptions {
    /// Jobs that are worked on at once, downloads and polls apart. Default 32. See [`super::Pool`] for how they are shared out.
    pub workers: usize,
    /// Files of customers that are fetched at once. Default 16.
    pub downloads: usize,
    /// Inboxes that are polled at once. Default 256.
    pub pollers: usize,
    /// How long a job is held without a sign of life before another worker may take it: what a crash delays the work
    /// that it interrupted. Default 20 seconds.
    pub lease: Duration,
    /// Largest file that is fetched from a platform, in bytes. Default 50 MB.
    pub max_file_bytes: u64,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            workers: 32,
            downloads: 16,
            pollers: 256,
            lease: Duration::from_secs(20),
            max_file_bytes: 50_000_000,
        }
    }
}

/// Puts an [`Engine`] together.
pub struct EngineBuilder {
    store: Arc<dyn Store>,
    blobs: Option<Arc<dyn BlobStore>>,
    bus: Option<Arc<dyn EventBus>>,
    clock: Arc<dyn Clock>,
    links: Option<Arc<dyn FileLinks>>,
    vault: Option<Arc<Vault>>,
    channels: ChannelRegistry,
    automations: AutomationRegistry,
    entities: EntityKinds,
    routers: RouterSet,
    jobs: JobKinds,
    consumers: Consumers,
    options: EngineOptions,
}

impl std::fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineBuilder")
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}

/// The kinds of entities and documents of the core itself.
fn own_entities() -> EntityKinds {
    let mut kinds = EntityKinds::default();
    kinds.add::<Phrase>();
    kinds.add::<View>();
    kinds.add_guarded::<OwnRole>(Arc::new(RoleRules));
    kinds.add::<Tag>();
    kinds.add_document::<Automation>();
    kinds.add_document::<Quarantined>();
    kinds
}

impl EngineBuilder {
    pub(super) fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            blobs: None,
            bus: None,
            clock: Arc::new(SystemClock),
            links: None,
            vault: None,
            channels: ChannelRegistry::new(),
            automations: AutomationRegistry::default(),
            entities: own_entities(),
            routers: RouterSet::default(),
            jobs: JobKinds::own(),
            consumers: Consumers::default(),
            options: EngineOptions::default(),
        }
    }

    /// Where the bytes of files are kept. Default: in memory.
    #[must_use]
    pub fn blobs(mut self, blobs: Arc<dyn BlobStore>) -> Self {
        self.blobs = Some(blobs);
        self
    }

    /// What wakes followers. Default: a bus within this process.
    #[must_use]
    pub fn bus(mut self, bus: Arc<dyn EventBus>) -> Self {
        self.bus = Some(bus);
        self
    }

    /// Time and ids. Default: the machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// What gives files public addresses. Default: nothing, so channels whose platform fetches files cannot send any.
    #[must_use]
    pub fn file_links(mut self, links: Arc<dyn FileLinks>) -> Self {
        self.links = Some(links);
        self
    }

    /// What encrypts secrets. Default: a key that is gone with the process.
    #[must_use]
    pub fn vault(mut self, vault: Vault) -> Self {
        self.vault = Some(Arc::new(vault));
        self
    }

    /// Adds a kind of channel.
    #[must_use]
    pub fn channel(self, kind: Arc<dyn ChannelKind>) -> Self {
        self.channels.register(kind);
        self
    }

    /// Adds every kind of a registry.
    #[must_use]
    pub fn channels(self, registry: &ChannelRegistry) -> Self {
        for kind in registry.all() {
            self.channels.register(kind);
        }
        self
    }

    /// Adds a kind of automation: a scenario that answers customers, or tools.
    #[must_use]
    pub fn automation(self, kind: Arc<dyn AutomationKind>) -> Self {
        self.automations.register(kind);
        self
    }

    /// Adds a kind of entity, see [`Entity`].
    #[must_use]
    pub fn entity<E: Entity>(mut self) -> Self {
        self.entities.add::<E>();
        self
    }

    /// Adds a kind of entity with rules beyond its own fields, see [`Guard`].
    #[must_use]
    pub fn guarded_entity<E: Entity>(mut self, guard: Arc<dyn Guard<E>>) -> Self {
        self.entities.add_guarded(guard);
        self
    }

    /// Adds a kind of document that is no kind of entity, see [`Document`].
    #[must_use]
    pub fn document<D: Document>(mut self) -> Self {
        self.entities.add_document::<D>();
        self
    }

    /// Declares a right of an embedder's own that no entity asks for, so that it is listed and can be given. Those that entities ask for
    /// are known without.
    #[must_use]
    pub fn permission(mut self, right: Permission) -> Self {
        self.entities.declare(right);
        self
    }

    /// Puts another router in place of a strategy's own.
    #[must_use]
    pub fn router(mut self, strategy: RoutingStrategy, router: Arc<dyn Router>) -> Self {
        self.routers.replace(strategy, router);
        self
    }

    /// Adds a kind of job, see [`JobKind`].
    #[must_use]
    pub fn job(mut self, kind: Arc<dyn JobKind>) -> Self {
        self.jobs.add(kind);
        self
    }

    /// Adds a consumer, in place of one of the same name, see [`Consumer`].
    #[must_use]
    pub fn consumer(mut self, consumer: Arc<dyn Consumer>) -> Self {
        self.consumers.add(consumer);
        self
    }

    /// Says that jobs of a kind which an earlier version queued are no longer of use: those that still lie in the queue end undone,
    /// instead of keeping [`Engine::work`] from beginning.
    #[must_use]
    pub fn retired_job(self, name: &str) -> Self {
        self.job(Arc::new(Retired(name.to_owned())))
    }

    /// Other numbers than the defaults.
    #[must_use]
    pub fn options(mut self, options: EngineOptions) -> Self {
        self.options = options;
        self
    }

    /// The engine. Nothing runs yet: [`Engine::work`] does the work that is due.
    pub fn build(self) -> Engine {
        let bus = self.bus.unwrap_or_else(|| Arc::new(LocalBus::new()));
        let ports = Arc::new(Ports {
            store: self.store.clone(),
            blobs: self.blobs.unwrap_or_else(|| Arc::new(MemoryBlobs::default())),
            bus: bus.clone(),
            clock: self.clock,
            links: self.links,
            vault: self.vault.unwrap_or_else(|| Arc::new(Vault::ephemeral())),
            channels: self.channels,
            accounts: Accounts::default(),
            automations: self.automations,
            open_automations: OpenAutomations::default(),
            entities: self.entities,
            writers: Writers::default(),
            consumers: self.consumers.names(),
        });
        Engine {
            inner: Arc::new(Inner {
                inbound: InboundFlow::new(ports.clone()),
                feed: EventFeed::new(self.store, bus),
                routers: self.routers,
                jobs: self.jobs,
                consumers: self.consumers,
                options: self.options,
                ports,
            }),
        }
    }
}
