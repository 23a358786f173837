//! The kinds of channels that an engine knows. They may come and go while it runs: plugins are installed, upgraded, removed.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::ChannelKind;
use crate::error::{Error, Result};

/// The kinds of channels that an engine knows, by name. Clones share one set.
///
/// Opened accounts notice a change of their kind at their next use (see [`crate::inboxes::accounts::Accounts`]); calls
/// that have begun end on the kind that they began with.
#[derive(Clone, Default)]
pub struct ChannelRegistry {
    kinds: Arc<RwLock<BTreeMap<String, Arc<dyn ChannelKind>>>>,
}

impl std::fmt::Debug for ChannelRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.all().iter().map(|kind| kind.descriptor().kind.clone()))
            .finish()
    }
}

impl ChannelRegistry {
    /// No kind yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind; a later one of the same name replaces the earlier.
    pub fn register(&self, kind: Arc<dyn ChannelKind>) -> &Self {
        let name = kind.descriptor().kind.clone();
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.insert(name, kind);
        self
    }

    /// Takes a kind out; its inboxes cannot be opened until one of the same name is registered.
    pub fn remove(&self, kind: &str) -> Option<Arc<dyn ChannelKind>> {
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.remove(kind)
    }

    /// A kind by its name, if it is there.
    pub fn find(&self, kind: &str) -> Option<Arc<dyn ChannelKind>> {
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        kinds.get(kind).cloned()
    }

    /// A kind by its name. `Invalid` if nobody registered it.
    pub fn get(&self, kind: &str) -> Result<Arc<dyn ChannelKind>> {
        self.find(kind).ok_or_else(|| {
            Error::invalid_field("kind", "unknown", format!("there is no channel of kind «{kind}»"))
        })
    }

    /// Every kind, by name.
    pub fn all(&self) -> Vec<Arc<dyn ChannelKind>> {
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        kinds.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
