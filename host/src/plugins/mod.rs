//! Plugins of this host: the library on disk says what shall run, [`Plugins`] does what it says.
//!
//! The console and the command line change the library; a running host follows it. A version is tried before it takes the
//! place of another: it must load, and it must be able to use the settings of every inbox and automation of its kind. If it cannot, it is
//! refused with the reason and what ran before goes on running. Calls that have begun end on the version they began with.

mod running;
mod shelf;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Permission};
use omnichat_core::audit;
use omnichat_core::change::{Changes, Row};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_net::Http;
use omnichat_plugin_library::{Entry, Install, Library, Release, Signature};
use omnichat_plugin_runtime::{Plugin, PluginKind, RecordKeyValue, Runtime, RuntimeOptions};
use running::Running;
use serde_json::{Value, json};
pub use shelf::Shelf;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::keys::HostKey;

/// How often a host looks whether somebody else has changed the library.
const LOOK: Duration = Duration::from_secs(1);

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
}

impl Plugins {
    /// The plugins of a library. Nothing runs before [`Self::apply`].
    pub fn new(engine: Engine, library: Shelf, key: &HostKey, http: Http) -> Self {
        let ports = engine.ports();
        let kv = Arc::new(RecordKeyValue::new(ports.store.clone(), ports.clock.clone()));
        let mut options = RuntimeOptions::new(library.cache(), key.derive("plugin-cache"), http, kv);
        options.clock = ports.clock.clone();
        let built_in = ports
            .channels
            .all()
            .iter()
            .map(|kind| kind.descriptor().kind.clone())
            .collect();
        Self {
            inner: Arc::new(Inner {
                runtime: OnceCell::new(),
                options,
                running: Running::default(),
                turn: tokio::sync::Mutex::default(),
                built_in,
                library,
                engine,
            }),
        }
    }

    async fn runtime(&self) -> Result<&Runtime> {
        let options = self.inner.options.clone();
        self.inner
            .runtime
            .get_or_try_init(async || Runtime::new(options))
            .await
    }

    /// Does what the library says.
    ///
    /// # Errors
    /// If the library cannot be read. What is wrong with a plugin is noted there and is no error.
    pub async fn apply(&self) -> Result<()> {
        let _turn = self.inner.turn.lock().await;
        let lock = self.library(Library::read).await?;
        for id in self.inner.running.ids() {
            if lock
                .plugins
                .get(&id)
                .is_none_or(|entry| !entry.enabled || entry.wanted.is_none())
            {
                self.stop(&id);
            }
        }
        for (id, entry) in lock.plugins {
            if entry.enabled {
                self.apply_one(&id, entry).await?;
            }
        }
        Ok(())
    }

    /// Tries the wanted version, and the one that ran before if it cannot run.
    async fn apply_one(&self, id: &str, mut entry: Entry) -> Result<()> {
        while let Some(release) = entry.wanted_release().cloned() {
            let version = release.manifest.version.clone();
            let runs = self.inner.running.get(id);
            if runs.is_some_and(|plugin| {
                plugin.digest() == release.digest && Some(plugin.grants()) == entry.granted.as_ref()
            }) {
                return Ok(());
            }
            match self.start(&entry, &release).await {
                Ok(()) => {
                    tracing::info!(
                        plugin = id,
                        version,
                        digest = &release.digest[..8],
                        "a plugin runs"
                    );
                    let id = id.to_owned();
                    self.library(move |library| library.activated(&id, &version))
                        .await?;
                    return Ok(());
                }
                Err(error) => {
                    tracing::error!(plugin = id, version, %error, "a plugin cannot run");
                    let (id, tried) = (id.to_owned(), version.clone());
                    let (reason, now) = (said(&error), self.inner.engine.ports().now());
                    entry = self
                        .library(move |library| library.refused(&id, &tried, &reason, now))
                        .await?;
                    if entry.wanted.as_ref() == Some(&version) {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    async fn start(&self, entry: &Entry, release: &Release) -> Result<()> {
        let inner = &self.inner;
        let id = &release.manifest.id;
        if release.manifest.kind == PluginKind::Channel && inner.built_in.contains(id) {
            let message = format!("a channel called «{id}» is built in: the plugin needs another id");
            return Err(Error::invalid_field("id", "taken", message));
        }
        let kept = release.clone();
        let wasm = self.library(move |library| library.component(&kept)).await?;
        let granted = entry.granted.clone().unwrap_or_default();
        let plugin = self.runtime().await?.load(Bytes::from(wasm), granted).await?;
        let ports = inner.engine.ports();
        match release.manifest.kind {
            PluginKind::Channel => {
                let kind = plugin.channel_kind()?;
                inner.engine.inboxes().rehearse(&*kind).await?;
                ports.channels.register(kind);
            }
            PluginKind::Scenario | PluginKind::Tool => {
                let kind = plugin.automation_kind()?;
                inner.engine.automations().rehearse(&*kind).await?;
                ports.automations.register(kind);
            }
        }
        inner.running.put(plugin);
        Ok(())
    }

    fn stop(&self, id: &str) {
        if let Some(plugin) = self.inner.running.remove(id) {
            let ports = self.inner.engine.ports();
            match plugin.manifest().kind {
                PluginKind::Channel => drop(ports.channels.remove(id)),
                PluginKind::Scenario | PluginKind::Tool => drop(ports.automations.remove(id)),
            }
            tracing::info!(plugin = id, "a plugin was switched off");
        }
    }

    /// Follows the library until the host goes down.
    pub async fn follow(self, closing: CancellationToken) {
        let mut seen = None;
        let mut looks = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                _ = looks.tick() => {}
            }
            let stamp = self.inner.library.stamp();
            if stamp == seen {
                continue;
            }
            seen = stamp;
            if let Err(error) = self.apply().await {
                tracing::error!(%error, "the plugin library cannot be followed");
            }
        }
    }

    /// Every plugin of the host, by id.
    ///
    /// # Errors
    /// `Forbidden`, see [`Self::require`]; `Invalid` if the library is damaged.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Seen>> {
        self.require(actor).await?;
        let lock = self.library(Library::read).await?;
        let seen = |(id, entry): (String, Entry)| Seen {
            running: self.inner.running.get(&id),
            id,
            entry,
        };
        Ok(lock.plugins.into_iter().map(seen).collect())
    }

    /// One plugin.
    ///
    /// # Errors
    /// As [`Self::list`], and `NotFound`.
    pub async fn get(&self, actor: &Actor, id: &str) -> Result<Seen> {
        self.require(actor).await?;
        self.see(id).await
    }

    /// Installs a plugin or another version of one, and tries it at once if it asks for nothing that was not granted.
    ///
    /// # Errors
    /// `Invalid` with a sentence that says what is wrong with the file or the signature.
    pub async fn install(
        &self,
        actor: &Actor,
        wasm: Bytes,
        signature: Option<&str>,
        approve: bool,
    ) -> Result<Seen> {
        self.require(actor).await?;
        let signature: Option<Signature> = signature.map(str::parse).transpose()?;
        let manifest = omnichat_plugin_runtime::inspect(&wasm)?;
        if manifest.kind == PluginKind::Channel && self.inner.built_in.contains(&manifest.id) {
            let message = format!(
                "a channel called «{}» is built in: the plugin needs another id",
                manifest.id
            );
            return Err(Error::invalid_field("id", "taken", message));
        }
        let now = self.inner.engine.ports().now();
        let installed = self
            .library(move |library| {
                let install = Install {
                    wasm: &wasm,
                    manifest,
                    signature,
                    approve,
                    replace: false,
                };
                library.install(install, now)
            })
            .await?;
        let manifest = &installed.release.manifest;
        let details = json!({ "version": manifest.version, "digest": installed.release.digest });
        self.changed(actor, "plugin.installed", &manifest.id, details)
            .await?;
        self.see(&manifest.id).await
    }

    /// Grants a version what it asks for and tries it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn approve(&self, actor: &Actor, id: &str, version: Option<String>) -> Result<Seen> {
        self.require(actor).await?;
        let key = id.to_owned();
        let entry = self
            .library(move |library| library.approve(&key, version.as_deref()))
            .await?;
        let details = json!({ "version": entry.wanted, "granted": entry.granted });
        self.changed(actor, "plugin.approved", id, details).await?;
        self.see(id).await
    }

    /// Switches a plugin on or off.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn set_enabled(&self, actor: &Actor, id: &str, enabled: bool) -> Result<Seen> {
        self.require(actor).await?;
        let key = id.to_owned();
        self.library(move |library| library.set_enabled(&key, enabled))
            .await?;
        let action = if enabled {
            "plugin.enabled"
        } else {
            "plugin.disabled"
        };
        self.changed(actor, action, id, json!({})).await?;
        self.see(id).await
    }

    /// Brings back the version that ran before.
    ///
    /// # Errors
    /// `NotFound`; `Rejected` if none ran before.
    pub async fn roll_back(&self, actor: &Actor, id: &str) -> Result<Seen> {
        self.require(actor).await?;
        let key = id.to_owned();
        let entry = self.library(move |library| library.roll_back(&key)).await?;
        self.changed(
            actor,
            "plugin.rolled_back",
            id,
            json!({ "version": entry.wanted }),
        )
        .await?;
        self.see(id).await
    }

    /// Removes a plugin. Its inboxes stay, and work again when it is installed again.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove(&self, actor: &Actor, id: &str) -> Result<()> {
        self.require(actor).await?;
        let key = id.to_owned();
        self.library(move |library| library.remove(&key)).await?;
        self.changed(actor, "plugin.removed", id, json!({})).await
    }

    /// Whether somebody may look after the plugins of this host. They run for every tenant, so only the administrators of
    /// the tenant that was there first may.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn require(&self, actor: &Actor) -> Result<()> {
        actor.require(Permission::PluginsManage)?;
        let tenants = self.inner.engine.ports().store.tenants().await?;
        let first = tenants.iter().min_by_key(|tenant| (tenant.created_at, tenant.id));
        if first.is_some_and(|first| first.id == actor.tenant) {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Forbidden,
            "plugins run for every organisation of this host: ask whoever runs it",
        ))
    }

    /// Notes who did it, and does what the library says now.
    async fn changed(&self, actor: &Actor, action: &str, id: &str, details: Value) -> Result<()> {
        let ports = self.inner.engine.ports();
        let mut changes = Changes::new(actor.tenant);
        changes.put(Row::Audit(audit::entry(
            &*ports.clock,
            actor,
            action,
            id,
            details,
        )));
        ports.commit(changes).await?;
        self.apply().await
    }

    async fn see(&self, id: &str) -> Result<Seen> {
        let key = id.to_owned();
        let entry = self.library(move |library| library.find(&key)).await?;
        Ok(Seen {
            running: self.inner.running.get(id),
            id: id.to_owned(),
            entry,
        })
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

/// An error as one sentence, with its fields.
fn said(error: &Error) -> String {
    let fields: BTreeMap<&str, &str> = error
        .fields()
        .iter()
        .filter(|field| field.message != error.message())
        .map(|field| (field.field.as_str(), field.message.as_str()))
        .collect();
    let mut text = error.message().to_owned();
    for (field, message) in fields {
        text.push_str(&format!("; {field}: {message}"));
    }
    text
}
