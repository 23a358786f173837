//! What runs on this host.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use omnichat_plugin_runtime::Plugin;

/// The running plugins by id.
#[derive(Default)]
pub(super) struct Running {
    plugins: RwLock<BTreeMap<String, Arc<Plugin>>>,
}

impl Running {
    pub(super) fn ids(&self) -> Vec<String> {
        self.plugins
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .keys()
            .cloned()
            .collect()
    }

    pub(super) fn get(&self, id: &str) -> Option<Arc<Plugin>> {
        self.plugins
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned()
    }

    pub(super) fn put(&self, plugin: Arc<Plugin>) {
        let id = plugin.manifest().id.clone();
        self.plugins
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, plugin);
    }

    pub(super) fn remove(&self, id: &str) -> Option<Arc<Plugin>> {
        self.plugins
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(id)
    }
}
