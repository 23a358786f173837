//! An automation as it is kept.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entities::{Document, Entries};
use crate::id::AutomationId;
use crate::settings::Settings;

/// What an automation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutomationRole {
    /// It answers customers.
    Scenario,
    /// Scenarios and AI call it.
    Tools,
}

impl AutomationRole {
    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Tools => "tools",
        }
    }
}

/// A scenario or a toolbox that a tenant has set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Automation {
    /// The kind: a plugin's id.
    pub kind: String,
    /// What it is for.
    pub role: AutomationRole,
    /// The name that operators see; a scenario's customers see it too.
    pub title: String,
    /// Whether it works. Conversations of a scenario that is off go to people.
    pub enabled: bool,
    /// Its settings.
    #[serde(flatten)]
    pub settings: Settings,
}

impl Automation {
    /// The index of all, oldest first.
    pub const ALL: &'static str = "all";
    /// The index of the toolboxes, each by its kind: at most one is set up of each, since tools are called by its name.
    pub const TOOLS: &'static str = "tools";
}

impl Document for Automation {
    type Id = AutomationId;
    const KIND: &'static str = "automation";
    const LAYOUT: u32 = 1;
    /// Its settings have been limited where they came in, sealed and in clear.
    const BODY_MAX: usize = 4 * 1_024 * 1_024;

    fn index(&self, entries: &mut Entries) {
        let created_at = entries.created_at();
        entries.list(Self::ALL, &[created_at.into()]);
        if self.role == AutomationRole::Tools {
            entries.unique(Self::TOOLS, &[self.kind.as_str().into()]);
        }
    }
}

/// The input for a new automation. `config` holds public and secret settings together, as the form sends them.
#[derive(Clone, Debug)]
pub struct NewAutomation {
    /// The kind.
    pub kind: String,
    /// The name that people see.
    pub title: String,
    /// All settings.
    pub config: Value,
}

/// A change of an automation; what is absent stays. A secret given as `{"set": true}` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct AutomationPatch {
    /// New name.
    pub title: Option<String>,
    /// On or off.
    pub enabled: Option<bool>,
    /// New settings, whole.
    pub config: Option<Value>,
    /// The version on which the change is based; not checked if absent.
    pub version: Option<u64>,
}
