//! Automations on the wire.

use omnichat_core::automations::{Automation, AutomationKind, ToolSpec};
use omnichat_core::entities::Stored;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Time;
use super::names::wire_enum;

wire_enum! {
    /// What an automation is for.
    AutomationRole is omnichat_core::automations::AutomationRole {
        /// It answers customers.
        Scenario,
        /// Scenarios and AI call it.
        Tools,
    }
}

/// A kind of automation that can be set up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AutomationKind)]
pub struct AutomationKindView {
    /// Stable name: a plugin's id.
    pub kind: String,
    /// What it is for.
    pub role: AutomationRole,
    /// The name that people see.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// JSON Schema (2020-12) of the settings, with hints for a form (`x-secret`, `x-order`, `x-i18n`, …).
    #[schema(value_type = Object)]
    pub config_schema: Value,
    /// How to set it up, in Markdown.
    pub docs: String,
}

/// A scenario or a toolbox that is set up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Automation)]
pub struct AutomationView {
    /// Its id.
    pub id: String,
    /// The kind: a plugin's id.
    pub kind: String,
    /// What it is for.
    pub role: AutomationRole,
    /// The name that operators see; a scenario's customers see it too.
    pub title: String,
    /// Whether it works. Conversations of a scenario that is off go to people.
    pub enabled: bool,
    /// The settings by the kind's schema. A secret that is set reads `{"set": true}`.
    #[schema(value_type = Object)]
    pub config: Value,
    /// Its tools; empty for a scenario, and where its plugin does not run.
    pub tools: Vec<ToolView>,
    /// When it was set up.
    pub created_at: Time,
    /// Rises with each change.
    pub version: u64,
}

/// A tool.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Tool)]
pub struct ToolView {
    /// What it is called by: the kind, a slash, the tool's own name.
    pub name: String,
    /// One sentence that says when to use it.
    pub description: String,
    /// It changes nothing anywhere.
    pub read_only: bool,
}

impl From<&dyn AutomationKind> for AutomationKindView {
    fn from(kind: &dyn AutomationKind) -> Self {
        let descriptor = kind.descriptor();
        Self {
            kind: descriptor.kind.clone(),
            role: kind.role().into(),
            title: descriptor.title.clone(),
            summary: descriptor.summary.clone(),
            config_schema: descriptor.config_schema.clone(),
            docs: descriptor.docs.clone(),
        }
    }
}

impl AutomationView {
    /// An automation with its tools.
    pub fn of(automation: &Stored<Automation>, tools: Vec<ToolSpec>) -> Self {
        let value = &automation.value;
        let tool = |tool: ToolSpec| ToolView {
            name: format!("{}/{}", value.kind, tool.name),
            description: tool.description,
            read_only: tool.read_only,
        };
        Self {
            id: automation.id.to_string(),
            kind: value.kind.clone(),
            role: value.role.into(),
            title: value.title.clone(),
            enabled: value.enabled,
            config: value.settings.shown(),
            tools: tools.into_iter().map(tool).collect(),
            created_at: automation.created_at.into(),
            version: automation.version,
        }
    }
}
