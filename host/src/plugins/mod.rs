//! Plugins of this host: the library on disk says what shall run, [`Plugins`] does what it says.
//!
//! The console and the command line change the library; a running host follows it. A version is tried before it takes the
//! place of another: it must load, and it must be able to use the settings of every inbox and automation of its kind. If it cannot, it is
//! refused with the reason and what ran before goes on running. A passing failure, such as a store that is down, is no refusal: it is
//! tried again. Calls that have begun end on the version they began with.

mod apply;
mod delays;
mod follow;
mod looks;
mod manage;
mod running;
mod shelf;
mod sweep;

use std::sync::Arc;

pub use delays::Delay;
use delays::Delays;
pub use looks::Look;
use looks::Looks;
pub use manage::Upload;
use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Permission};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_net::Http;
use omnichat_plugin_library::{Entry, Library};
use omnichat_plugin_runtime::{Plugin, PluginStatus, RecordKeyValue, Runtime, RuntimeOptions};
use running::Running;
pub use shelf::Shelf;
use sweep::Swept;
use tokio::sync::OnceCell;

use crate::keys::HostKey;

/// The plugins of this host.
#[derive(Clone)]
pub struct Plugins {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    library: Shelf,
    /// Made when the first plugin comes: a host without plugins pays nothing for them.
    runtime: OnceCell<Runtime>,
    options: RuntimeOptions,
    /// Kinds of channels that are built in: no plugin may take their names.
    built_in: Vec<String>,
    running: Running,
    delays: Delays,
    looks: Looks,
    swept: Swept,
    /// One change at a time.
    turn: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Plugins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugins")
            .field("library", &self.inner.library)
            .finish_non_exhaustive()
    }
}

/// A plugin as a host sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// What the library says of it.
    pub entry: Entry,
    /// The version that runs here, if one does.
    pub running: Option<Arc<Plugin>>,
    /// What is known of the version that runs, or ran last since the host started: faults, errors, log.
    pub story: PluginStatus,
    /// What keeps a version from starting for the time being.
    pub delay: Option<Delay>,
    /// What this host has learnt of its versions.
    pub looks: Vec<Look>,
}

impl Seen {
    /// What this host has learnt of a version, by its digest.
    pub fn look(&self, digest: &str) -> Option<&Look> {
        self.looks.iter().find(|look| look.digest == digest)
    }
}

impl Plugins {
    /// The plugins of a library. Nothing runs before [`Self::apply`].
    pub fn new(engine: Engine, library: Shelf, key: &HostKey, http: Http) -> Self {
        let clock = engine.clock().clone();
        let kv = Arc::new(RecordKeyValue::new(engine.ports().store.clone(), clock.clone()));
        let mut options = RuntimeOptions::new(library.cache(), key.derive("plugin-cache"), http, kv);
        options.clock = clock;
        let built_in = engine
            .channels()
            .all()
            .iter()
            .map(|kind| kind.descriptor().kind.clone())
            .collect();
        Self {
            inner: Arc::new(Inner {
                runtime: OnceCell::new(),
                options,
                running: Running::default(),
                delays: Delays::default(),
                looks: Looks::default(),
                swept: Swept::default(),
                turn: tokio::sync::Mutex::default(),
                built_in,
                library,
                engine,
            }),
        }
    }

    /// Every plugin of the host, by id.
    ///
    /// # Errors
    /// `Forbidden`, see [`Self::require`]; `Invalid` if the library is damaged.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Seen>> {
        self.require(actor).await?;
        let lock = self.library(Library::read).await?;
        let plugins = lock.plugins.into_iter();
        Ok(plugins.map(|(id, entry)| self.seen(id, entry)).collect())
    }

    /// One plugin.
    ///
    /// # Errors
    /// As [`Self::list`], and `NotFound`.
    pub async fn get(&self, actor: &Actor, id: &str) -> Result<Seen> {
        self.require(actor).await?;
        self.see(id).await
    }

    /// Whether somebody may look after the plugins of this host. They run for every tenant, so only the administrators of
    /// the tenant that was there first may.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn require(&self, actor: &Actor) -> Result<()> {
        actor.require(Permission::PLUGINS_MANAGE)?;
        let tenants = self.inner.engine.tenants().list().await?;
        let first = tenants.iter().min_by_key(|tenant| (tenant.created_at, tenant.id));
        if first.is_some_and(|first| first.id == actor.tenant) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Forbidden,
            "plugins run for every organisation of this host: ask whoever runs it",
        ))
    }

    /// Tells the recorder of metrics what can only be looked at.
    pub fn tell_gauges(&self) {
        for plugin in self.inner.running.all() {
            plugin.tell_gauges();
        }
    }

    async fn see(&self, id: &str) -> Result<Seen> {
        let key = id.to_owned();
        let entry = self.library(move |library| library.find(&key)).await?;
        Ok(self.seen(id.to_owned(), entry))
    }

    fn seen(&self, id: String, entry: Entry) -> Seen {
        let digests = entry.releases.iter().map(|release| release.digest.as_str());
        Seen {
            running: self.inner.running.get(&id),
            story: self
                .inner
                .running
                .past(&id)
                .map(|past| past.status)
                .unwrap_or_default(),
            delay: self.inner.delays.get(&id),
            looks: self.inner.looks.of(digests),
            id,
            entry,
        }
    }

    /// Works on the library apart from the threads that serve requests: it waits for the disk and for other processes.
    async fn library<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Library) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let library = Library::clone(&self.inner.library);
        tokio::task::spawn_blocking(move || work(&library))
            .await
            .map_err(|error| Error::internal("work on the plugin library broke off").caused_by(error))?
    }
}
