//! The kinds of automations that an engine knows. They may come and go while it runs: plugins are installed, upgraded,
//! removed.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use super::model::AutomationRole;
use super::scenario::Scenario;
use super::tool::Toolbox;
use crate::error::{Error, Result};
use crate::id::{AutomationId, TenantId};
use crate::settings::Kind;

/// What an automation is opened with.
#[derive(Clone)]
pub struct AutomationConfig {
    /// Which it is.
    pub id: AutomationId,
    /// Whose it is.
    pub tenant: TenantId,
    /// All settings, secrets included, valid by the kind's schema.
    pub config: Value,
}

impl std::fmt::Debug for AutomationConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AutomationConfig")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// An opened automation. Cheap to clone.
#[derive(Clone)]
pub enum Opened {
    /// A scenario.
    Scenario(Arc<dyn Scenario>),
    /// A set of tools.
    Tools(Arc<dyn Toolbox>),
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Scenario(_) => "Scenario",
            Self::Tools(_) => "Tools",
        })
    }
}

/// A kind of automation: a scenario or a toolbox, built in or a plugin. The capabilities of its descriptor say nothing.
pub trait AutomationKind: Kind {
    /// What it is for.
    fn role(&self) -> AutomationRole;

    /// Opens what a tenant has set up. No I/O.
    ///
    /// # Errors
    /// `Invalid` with the field for settings that the schema cannot express as wrong.
    fn open(&self, automation: AutomationConfig) -> Result<Opened>;
}

/// The kinds of automations that an engine knows, by name. Clones share one set.
#[derive(Clone, Default)]
pub struct AutomationRegistry {
    kinds: Arc<RwLock<BTreeMap<String, Arc<dyn AutomationKind>>>>,
}

impl std::fmt::Debug for AutomationRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.all().iter().map(|kind| kind.descriptor().kind.clone()))
            .finish()
    }
}

impl AutomationRegistry {
    /// Adds a kind; a later one of the same name replaces the earlier.
    pub fn register(&self, kind: Arc<dyn AutomationKind>) -> &Self {
        let name = kind.descriptor().kind.clone();
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.insert(name, kind);
        self
    }

    /// Takes a kind out; what was set up of it waits until one of the same name is registered.
    pub fn remove(&self, kind: &str) -> Option<Arc<dyn AutomationKind>> {
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.remove(kind)
    }

    /// A kind by its name, if it is there.
    pub fn find(&self, kind: &str) -> Option<Arc<dyn AutomationKind>> {
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        kinds.get(kind).cloned()
    }

    /// A kind by its name. `Invalid` if nobody registered it.
    pub fn get(&self, kind: &str) -> Result<Arc<dyn AutomationKind>> {
        self.find(kind).ok_or_else(|| {
            let message = format!("there is no automation of kind «{kind}»");
            Error::invalid_field("kind", "unknown", message)
        })
    }

    /// Every kind, by name.
    pub fn all(&self) -> Vec<Arc<dyn AutomationKind>> {
        let kinds = self.kinds.read().unwrap_or_else(PoisonError::into_inner);
        kinds.values().cloned().collect()
    }
}
