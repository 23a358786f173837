//! What runs on this host, and what ran before it.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use omnichat_plugin_runtime::{Plugin, PluginStatus};

/// The running plugins by id.
#[derive(Default)]
pub(super) struct Running {
    inner: RwLock<Inner>,
}

#[derive(Default)]
struct Inner {
    plugins: BTreeMap<String, Arc<Plugin>>,
    /// Of those that were switched off: what went wrong is looked for afterwards.
    stopped: BTreeMap<String, Past>,
}

/// A version that ran before.
#[derive(Clone, Debug)]
pub(super) struct Past {
    /// SHA-256 of its file in hex.
    pub(super) digest: String,
    /// What was known of it at last.
    pub(super) status: PluginStatus,
}

impl Past {
    fn of(plugin: &Plugin) -> Self {
        Self {
            digest: plugin.digest().to_owned(),
            status: plugin.status(),
        }
    }
}

impl Running {
    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.read().plugins.keys().cloned().collect()
    }

    pub(super) fn all(&self) -> Vec<Arc<Plugin>> {
        self.read().plugins.values().cloned().collect()
    }

    pub(super) fn get(&self, id: &str) -> Option<Arc<Plugin>> {
        self.read().plugins.get(id).cloned()
    }

    /// The version of a plugin that runs, or ran last since the host started.
    pub(super) fn past(&self, id: &str) -> Option<Past> {
        let inner = self.read();
        let running = inner.plugins.get(id).map(|plugin| Past::of(plugin));
        running.or_else(|| inner.stopped.get(id).cloned())
    }

    pub(super) fn put(&self, plugin: Arc<Plugin>) {
        let id = plugin.manifest().id.clone();
        let mut inner = self.write();
        inner.stopped.remove(&id);
        inner.plugins.insert(id, plugin);
    }

    pub(super) fn remove(&self, id: &str) -> Option<Arc<Plugin>> {
        let mut inner = self.write();
        let plugin = inner.plugins.remove(id)?;
        inner.stopped.insert(id.to_owned(), Past::of(&plugin));
        Some(plugin)
    }
}
