//! What versions say of themselves, known also before they may run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use omnichat_core::settings::secret_names;
use omnichat_plugin_runtime::Plugin;

/// What a version says of itself.
#[derive(Clone, Debug)]
pub struct Look {
    /// Digest of the version.
    pub digest: String,
    /// Names of the secrets that its settings have.
    pub secrets: Vec<String>,
    /// How an administrator sets it up, in Markdown.
    pub docs: String,
}

impl Look {
    fn at(plugin: &Plugin) -> Self {
        let descriptor = plugin.descriptor();
        let secrets = secret_names(&descriptor.config_schema);
        Self {
            digest: plugin.digest().to_owned(),
            secrets: secrets.into_iter().map(str::to_owned).collect(),
            docs: descriptor.docs.clone(),
        }
    }
}

/// What this host has learnt so far, by the digests of versions.
#[derive(Default)]
pub(super) struct Looks {
    all: Mutex<BTreeMap<String, Look>>,
}

impl Looks {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Look>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has(&self, digest: &str) -> bool {
        self.lock().contains_key(digest)
    }

    pub(super) fn add(&self, plugin: &Arc<Plugin>) {
        self.lock().insert(plugin.digest().to_owned(), Look::at(plugin));
    }

    pub(super) fn of<'a>(&self, digests: impl Iterator<Item = &'a str>) -> Vec<Look> {
        let all = self.lock();
        digests.filter_map(|digest| all.get(digest).cloned()).collect()
    }

    /// Forgets versions that are not kept any more.
    pub(super) fn retain(&self, keep: impl Fn(&str) -> bool) {
        self.lock().retain(|digest, _| keep(digest));
    }
}
