//! What can be set up as an automation, and what it is when it is open.

use std::sync::Arc;

use serde_json::Value;

use super::model::AutomationRole;
use super::scenario::Scenario;
use super::tool::Toolbox;
use crate::error::Result;
use crate::id::{AutomationId, TenantId};
use crate::settings::{Kind, Registry};

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

/// The kinds of automations that an engine knows.
pub type AutomationRegistry = Registry<dyn AutomationKind>;
