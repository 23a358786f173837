//! The kinds of channels that an engine knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ChannelKind;
use crate::error::{Error, Result};

/// The kinds of channels that an engine knows, by name.
#[derive(Clone, Default)]
pub struct ChannelRegistry {
    kinds: BTreeMap<String, Arc<dyn ChannelKind>>,
}

impl std::fmt::Debug for ChannelRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.kinds.keys()).finish()
    }
}

impl ChannelRegistry {
    /// No kind yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind; a later one of the same name replaces the earlier.
    pub fn register(&mut self, kind: Arc<dyn ChannelKind>) -> &mut Self {
        self.kinds.insert(kind.descriptor().kind.clone(), kind);
        self
    }

    /// A kind by its name. `Invalid` if nobody registered it.
    pub fn get(&self, kind: &str) -> Result<&Arc<dyn ChannelKind>> {
        self.kinds.get(kind).ok_or_else(|| {
            Error::invalid_field("kind", "unknown", format!("there is no channel of kind «{kind}»"))
        })
    }

    /// Every kind, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn ChannelKind>> {
        self.kinds.values()
    }
}
