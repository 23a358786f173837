//! The kinds of one sort that an engine knows. They may come and go while it runs: plugins are installed, upgraded, removed.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::kind::Kind;
use crate::error::{Error, Result};

/// The kinds of one sort (of channels, of automations) that an engine knows, by name. Clones share one set.
///
/// What is open notices a change of its kind at its next use; calls that have begun end on the kind that they began with.
pub struct Registry<K: ?Sized> {
    kinds: Arc<RwLock<BTreeMap<String, Arc<K>>>>,
}

impl<K: ?Sized> Clone for Registry<K> {
    fn clone(&self) -> Self {
        Self {
            kinds: self.kinds.clone(),
        }
    }
}

impl<K: ?Sized> Default for Registry<K> {
    fn default() -> Self {
        Self {
            kinds: Arc::default(),
        }
    }
}

impl<K: Kind + ?Sized> std::fmt::Debug for Registry<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.all().iter().map(|kind| kind.descriptor().kind.clone()))
            .finish()
    }
}

impl<K: Kind + ?Sized> Registry<K> {
    /// No kind yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind; a later one of the same name replaces the earlier.
    pub fn register(&self, kind: Arc<K>) -> &Self {
        let name = kind.descriptor().kind.clone();
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.insert(name, kind);
        self
    }

    /// Takes a kind out; what was set up of it cannot be opened until one of the same name is registered.
    pub fn remove(&self, kind: &str) -> Option<Arc<K>> {
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.remove(kind)
    }

    /// A kind by its name, if it is there.
    pub fn find(&self, kind: &str) -> Option<Arc<K>> {
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        kinds.get(kind).cloned()
    }

    /// A kind by its name. `Invalid` if nobody registered it.
    pub fn get(&self, kind: &str) -> Result<Arc<K>> {
        self.find(kind).ok_or_else(|| {
            let all = self.all();
            let known: Vec<&str> = all.iter().map(|kind| kind.descriptor().kind.as_str()).collect();
            let message = match known.is_empty() {
                true => format!("there is no kind «{kind}», nor any other"),
                false => format!("there is no kind «{kind}»: it is one of {}", known.join(", ")),
            };
            Error::invalid_field("kind", "unknown", message)
        })
    }

    /// Every kind, by name.
    pub fn all(&self) -> Vec<Arc<K>> {
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        kinds.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{ChannelKind, ChannelRegistry};
    use crate::testing::FakeKind;

    #[test]
    fn a_kind_is_replaced_and_removed_for_all_who_share_the_set() {
        let registry = ChannelRegistry::new();
        let shared = registry.clone();
        let first: Arc<dyn ChannelKind> = Arc::new(FakeKind::default());
        let name = first.descriptor().kind.clone();
        registry.register(first.clone());
        assert!(Arc::ptr_eq(&shared.get(&name).unwrap(), &first));
        let second: Arc<dyn ChannelKind> = Arc::new(FakeKind::default());
        shared.register(second.clone());
        assert!(Arc::ptr_eq(&registry.get(&name).unwrap(), &second));
        assert_eq!(registry.all().len(), 1);
        assert!(registry.remove(&name).is_some() && shared.find(&name).is_none());
        assert!(registry.get(&name).is_err());
    }
}
